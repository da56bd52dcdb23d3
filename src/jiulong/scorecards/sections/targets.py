"""The sections `targets` and `demo_targets`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.packs.sections import Change, Context, Fault, RefusedError, Section, no_such, register
from jiulong.scorecards.actions.targets import place_targets
from jiulong.scorecards.dating import absolute
from jiulong.scorecards.engine.periods import is_period
from jiulong.scorecards.models import Indicator, Subject, Target
from jiulong.scorecards.sections.indicators import INDICATORS
from jiulong.scorecards.sections.items import Aim, KindOfChange, TargetItem

TARGETS: Final = "targets"
DEMO_TARGETS: Final = "demo_targets"


def code_of(item: TargetItem) -> str:
    return f"{item.indicator}@{item.period}"


def _check(items: Sequence[TargetItem], context: Context) -> Iterator[Fault]:
    for n, item in enumerate(items):
        yield from context.unknown((n, "indicator"), INDICATORS, item.indicator)
        if not is_period(item.period):
            told = _("a target that holds has a period of its own; relative ones are for a demo")
            yield Fault((n, "period"), told)


def _check_demo(items: Sequence[TargetItem], context: Context) -> Iterator[Fault]:
    for n, item in enumerate(items):
        yield from context.unknown((n, "indicator"), INDICATORS, item.indicator)


def _json(aim: Aim) -> dict[str, Any]:
    value = None if aim.value is None else format(aim.value.normalize(), "f")
    return {"value": value, "tolerance": aim.tolerance, "words": aim.words,
            "gap_reason": aim.gap_reason}  # fmt: skip


def _stored(item: TargetItem, period: str) -> dict[str, dict[str, Any]]:
    rows = Target.objects.filter(
        indicator__code=item.indicator, period=period, current=True, subject__code__in=item.of
    ).select_related("subject")
    return {row.subject.code: _json(_aim(row)) for row in rows}


def _plan(items: Sequence[TargetItem], context: Context) -> Sequence[Change]:
    today = timezone.localtime(context.now).date()
    changes = []
    for item in items:
        before = _stored(item, absolute(item.period, today))
        after = {code: _json(aim) for code, aim in item.aims().items()}
        other = [code for code in after if before.get(code) != after[code]]
        kind: KindOfChange = "same" if not other else "change" if before else "add"
        changes.append(
            Change(kind, code_of(item), {code: before[code] for code in other if code in before},
                   {code: after[code] for code in other}, item)
        )  # fmt: skip
    return changes


def _apply(changes: Sequence[Change], context: Context) -> None:
    subjects = dict(Subject.objects.values_list("code", "pk"))
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    today = timezone.localtime(context.now).date()
    rows = []
    for change in changes:
        if change.kind == "same":
            continue
        item: TargetItem = change.item
        if unknown := [code for code in change.after if code not in subjects]:
            told = no_such(_("the subjects"), unknown[0], subjects)
            raise RefusedError([f"{change.key}: {told}"])
        for code, aim in item.aims().items():
            if code in change.after:
                rows.append(Target(
                    indicator_id=indicators[item.indicator], subject_id=subjects[code],
                    period=absolute(item.period, today), value=aim.value,
                    tolerance=aim.tolerance or "", words=aim.words, gap_reason=aim.gap_reason,
                    source=item.source, pack=context.pack,
                ))  # fmt: skip
    place_targets(actor=None, rows=rows, now=context.now)


def _export(pack: str) -> Sequence[dict[str, Any]]:
    """What the pack set and nobody changed since."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    rows = Target.objects.filter(pack=pack, current=True).select_related("indicator", "subject")
    for row in rows:
        key = (row.indicator.code, row.period, row.source)
        aim = {name: value for name, value in _json(_aim(row)).items() if value}
        if isinstance(aim.get("value"), str):
            aim["value"] = Decimal(str(aim["value"]))
        item = found.setdefault(
            key, {"indicator": key[0], "period": key[1], "source": key[2], "of": {}}
        )
        item["of"][row.subject.code] = aim
    return [_short(item) for item in found.values()]


def _short(item: dict[str, Any]) -> dict[str, Any]:
    """The tolerance that most share is said once; an aim that says no more is its number."""
    aims: dict[str, dict[str, Any]] = item["of"]
    common = Counter(aim["tolerance"] for aim in aims.values() if "value" in aim).most_common(1)
    shared = common[0][0] if common else TargetItem.model_fields["tolerance"].default
    of: dict[str, Any] = {}
    for code, aim in aims.items():
        if aim["tolerance"] == (shared if "value" in aim else Target.Tolerance.DONE):
            del aim["tolerance"]
        of[code] = aim["value"] if aim.keys() == {"value"} else aim
    return item | {"tolerance": shared, "of": of}


def _aim(row: Target) -> Aim:
    told = {"value": row.value, "tolerance": row.tolerance, "words": row.words}
    return Aim.model_validate({**told, "gap_reason": row.gap_reason})


def register_sections() -> None:
    register(
        Section(
            key=TARGETS, label=gettext_lazy("Targets"), model=TargetItem, order=76,
            code=code_of, check=_check, plan=_plan, apply=_apply, export=_export,
        )
    )  # fmt: skip
    register(
        Section(
            key=DEMO_TARGETS, label=gettext_lazy("Invented targets"), model=TargetItem, order=91,
            code=code_of, check=_check_demo, plan=_plan, apply=_apply, demo=True,
        )
    )  # fmt: skip
