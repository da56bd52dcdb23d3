"""The section `sheets`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy

from jiulong.packs.sections import Change, Context, Fault, Section, differences, register
from jiulong.scorecards.models import SheetPlan
from jiulong.scorecards.sections.indicators import INDICATORS
from jiulong.scorecards.sections.items import SheetItem

SHEETS: Final = "sheets"


def _check(items: Sequence[SheetItem], context: Context) -> Iterator[Fault]:
    for n, item in enumerate(items):
        for m, code in enumerate(item.indicators):
            yield from context.unknown((n, "indicators", m), INDICATORS, code)
        for m, code in enumerate(item.filled_by):
            if code != "$subject":
                yield from context.unknown((n, "filled_by", m), "units", code)
        for m, level in enumerate(item.levels):
            if level.unit not in {"$unit", "$above"}:
                yield from context.unknown((n, "levels", m, "unit"), "units", level.unit)


def _json(item: Any) -> dict[str, Any]:
    return dict(item.model_dump(mode="json", by_alias=True))


def _plan(items: Sequence[SheetItem], context: Context) -> Sequence[Change]:
    stored = {row.code: row.spec for row in SheetPlan.objects.filter(retired_at=None)}
    held = context.held.get(SHEETS, frozenset())
    return differences(items, stored, held=held, wanted=_json)


def _apply(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "retire":
            SheetPlan.objects.filter(code=change.key).update(retired_at=context.now)
        elif change.kind != "same":
            values = {"pack": context.pack, "spec": _json(change.item), "retired_at": None}
            SheetPlan.objects.update_or_create(code=change.key, defaults=values)


def _export(pack: str) -> Sequence[dict[str, Any]]:
    rows = SheetPlan.objects.filter(pack=pack, retired_at=None)
    return [SheetItem.model_validate(row.spec).model_dump(mode="json", exclude_defaults=True)
            for row in rows]  # fmt: skip


def register_section() -> None:
    register(
        Section(
            key=SHEETS, label=gettext_lazy("Sheets to report"), model=SheetItem, order=78,
            check=_check, plan=_plan, apply=_apply, export=_export,
        )
    )  # fmt: skip
