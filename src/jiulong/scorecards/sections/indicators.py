"""The section `indicators`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.organisation.models import Unit
from jiulong.packs.sections import (
    Change,
    Context,
    Fault,
    RefusedError,
    Section,
    differences,
    no_such,
    register,
)
from jiulong.scorecards import metrics
from jiulong.scorecards.computing import circle, names_in
from jiulong.scorecards.models import Indicator
from jiulong.scorecards.sections.items import IndicatorItem

INDICATORS: Final = "indicators"
NUMBERS: Final = ("least", "most", "near")
_PLAIN: Final = (
    "measure", "direction", "every", "cumulative", "kind", "metric", "formula", "decimals",
    "may_fall", "january_with_february", "category", "note",
)  # fmt: skip


def _check(items: Sequence[IndicatorItem], context: Context) -> Iterator[Fault]:
    uses: dict[str, set[str]] = {
        item.code: names_in(item.formula) for item in context.known.items(INDICATORS)
        if item.formula and _readable(item.formula)
    }  # fmt: skip
    for n, item in enumerate(items):
        if item.owner:
            yield from context.unknown((n, "owner"), "units", item.owner)
        if item.metric and item.metric not in metrics.registered():
            told = no_such(_("the metrics"), item.metric, list(metrics.registered()))
            yield Fault((n, "metric"), told)
        if item.formula:
            yield from _formula_faults(n, item, uses, context)


def _readable(formula: str) -> bool:
    try:
        names_in(formula)
    except ValueError:
        return False
    return True


def _formula_faults(
    n: int, item: IndicatorItem, uses: dict[str, set[str]], context: Context
) -> Iterator[Fault]:
    try:
        names = names_in(item.formula)
    except ValueError as error:
        yield Fault((n, "formula"), str(error))
        return
    for name in sorted(names):
        yield from context.unknown((n, "formula"), INDICATORS, name.partition("@")[0])
    if found := circle(item.code, uses):
        told = _("a circle: %(circle)s; an indicator cannot be reckoned from itself")
        yield Fault((n, "formula"), told % {"circle": " → ".join(found)})


def _wanted(item: IndicatorItem) -> dict[str, Any]:
    return dict(item.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def _row_json(row: Indicator) -> dict[str, Any]:
    """A stored indicator as its pack would write it."""
    values = {name: getattr(row, name) for name in _PLAIN}
    for name in NUMBERS:  # the column keeps six decimals, people write as many as they need
        number = getattr(row, name)
        values[name] = None if number is None else Decimal(format(number.normalize(), "f"))
    return _wanted(
        IndicatorItem(
            code=row.code, name=row.names, owner=row.owner.code if row.owner else "",
            order=row.position, **values,
        )
    )  # fmt: skip


def _normal(item: IndicatorItem) -> dict[str, Any]:
    wanted = _wanted(item)
    for name in NUMBERS:
        if (number := getattr(item, name)) is not None:
            wanted[name] = format(number.normalize(), "f")
    return wanted


def _stored() -> dict[str, dict[str, Any]]:
    rows = Indicator.objects.filter(retired_at=None).select_related("owner")
    return {row.code: _row_json(row) for row in rows}


def _plan(items: Sequence[IndicatorItem], context: Context) -> Sequence[Change]:
    held = context.held.get(INDICATORS, frozenset())
    return differences(items, _stored(), held=held, wanted=_normal)


def _apply(changes: Sequence[Change], context: Context) -> None:
    units = dict(Unit.objects.values_list("code", "pk"))
    for change in changes:
        if change.kind == "retire":
            Indicator.objects.filter(code=change.key).update(retired_at=context.now)
        elif change.kind != "same":
            _write(change.item, context, units)


def _write(item: IndicatorItem, context: Context, units: dict[str, int]) -> None:
    if item.owner and item.owner not in units:
        raise RefusedError([_("there is no unit “%(code)s”") % {"code": item.owner}])
    source = Indicator.Source.METRIC if item.metric else Indicator.Source.REPORTED
    values = {name: getattr(item, name) for name in _PLAIN} | {
        "names": {"zh": item.name.zh, **({"en": item.name.en} if item.name.en else {})},
        "source": Indicator.Source.FORMULA if item.formula else source,
        "owner_id": units.get(item.owner), "position": item.order, "near": item.near,
        "least": item.least, "most": item.most, "pack": context.pack, "retired_at": None,
    }  # fmt: skip
    Indicator.objects.update_or_create(code=item.code, defaults=values)


def _export(pack: str) -> Sequence[dict[str, Any]]:
    rows = Indicator.objects.filter(pack=pack, retired_at=None).select_related("owner")
    return [_row_json(row) for row in rows]


def register_section() -> None:
    register(
        Section(
            key=INDICATORS, label=gettext_lazy("Indicators"), model=IndicatorItem, order=74,
            check=_check, plan=_plan, apply=_apply, export=_export,
        )
    )  # fmt: skip
