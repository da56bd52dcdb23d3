"""The sections `matters`, `triggers` and `demo_cases` of packs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiulong.cases.demo_cases import apply_demo, plan_demo
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case, MatterType, TriggerRule
from jiulong.cases.pack_checks import check_demo, check_matters, check_triggers
from jiulong.cases.schema import DemoCase, MatterSpec, TriggerItem
from jiulong.packs.sections import Change, Context, Section, differences, register

MATTERS: Final = "matters"
TRIGGERS: Final = "triggers"


def code_of(item: Any) -> str:
    return str(item.key)


def _plan_matters(items: Sequence[MatterSpec], context: Context) -> Sequence[Change]:
    rows = MatterType.objects.filter(retired_at=None)
    stored = {row.code: row.spec for row in rows}
    held = context.held.get(MATTERS, frozenset())
    return differences(items, stored, held=held, code=code_of, wanted=_json)


def _plan_triggers(items: Sequence[TriggerItem], context: Context) -> Sequence[Change]:
    stored = {row.code: row.spec for row in TriggerRule.objects.filter(retired_at=None)}
    held = context.held.get(TRIGGERS, frozenset())
    return differences(items, stored, held=held, code=code_of, wanted=_json)


def _json(item: Any) -> dict[str, Any]:
    # None is said, not left out: `verify: null` is another matter than the usual verification.
    return dict(item.model_dump(mode="json", by_alias=True))


def _apply_matters(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "retire":
            MatterType.objects.filter(code=change.key).update(retired_at=context.now)
        elif change.kind != "same":
            values = {
                "pack": context.pack,
                "spec": _json(change.item),
                "position": change.item.order,
                "retired_at": None,
            }
            MatterType.objects.update_or_create(code=change.key, defaults=values)


def _apply_triggers(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "retire":
            TriggerRule.objects.filter(code=change.key).update(retired_at=context.now)
        elif change.kind != "same":
            values = {"pack": context.pack, "spec": _json(change.item), "retired_at": None}
            TriggerRule.objects.update_or_create(code=change.key, defaults=values)


def _strands(changes: Sequence[Change], _context: Context) -> Iterable[str]:
    """Open cases keep their matter, and what their stage still asks for."""
    for change in changes:
        if change.kind == "retire":
            yield from _open_of(change.key)
        elif change.kind == "change" and change.item is not None:
            yield from _lost_severities(change)


def _open_of(code: str) -> Iterable[str]:
    count = Case.objects.filter(matter__code=code, stage__in=OPEN).count()
    if count:
        told = ngettext(
            "%(count)s case of “%(matter)s” is still open: close or withdraw it first",
            "%(count)s cases of “%(matter)s” are still open: close or withdraw them first",
            count,
        )
        yield told % {"count": count, "matter": code}


def _lost_severities(change: Change) -> Iterable[str]:
    spec: MatterSpec = change.item
    known = {severity.key for severity in spec.severities}
    used = Case.objects.filter(matter__code=change.key, stage__in=OPEN).exclude(severity="")
    lost = sorted(set(used.order_by().values_list("severity", flat=True).distinct()) - known)
    if lost:
        told = _("open cases of “%(matter)s” have the severity %(lost)s, which would be gone")
        yield told % {"matter": change.key, "lost": "、".join(lost)}


def _export_matters(pack: str) -> Sequence[dict[str, Any]]:
    rows = MatterType.objects.filter(pack=pack, retired_at=None)
    return [row.spec for row in rows]


def _export_triggers(pack: str) -> Sequence[dict[str, Any]]:
    rows = TriggerRule.objects.filter(pack=pack, retired_at=None).order_by("code")
    return [row.spec for row in rows]


def _demo_code(item: DemoCase) -> str:
    return f"{item.matter}/{item.title}"


def register_sections() -> None:
    """Offer the sections to packs."""
    register(
        Section(
            key=MATTERS, label=gettext_lazy("Matters"), model=MatterSpec, order=60,
            code=code_of, plan=_plan_matters, apply=_apply_matters, check=check_matters,
            strands=_strands, export=_export_matters,
        )
    )  # fmt: skip
    register(
        Section(
            key=TRIGGERS, label=gettext_lazy("Triggers"), model=TriggerItem, order=70,
            code=code_of, plan=_plan_triggers, apply=_apply_triggers, check=check_triggers,
            export=_export_triggers,
        )
    )  # fmt: skip
    register(
        Section(
            key="demo_cases", label=gettext_lazy("Demo cases"), model=DemoCase, order=95,
            code=_demo_code, plan=plan_demo, apply=apply_demo, check=check_demo, demo=True,
        )
    )  # fmt: skip
