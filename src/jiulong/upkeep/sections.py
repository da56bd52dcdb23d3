"""The sections `mark_kinds`, `qc_limits`, `upkeep_forms` and `upkeep_clocks` of packs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiulong.calendar.clocks import Limit
from jiulong.packs.sections import Change, Context, Fault, Section, differences, no_such, register
from jiulong.upkeep.models import Provision
from jiulong.upkeep.provisions import MODELS, ClockItem, built_in

LABELS: Final[Mapping[str, str | Promise]] = {
    "mark_kinds": _("Kinds of marks"),
    "qc_limits": _("Limits of checks"),
    "upkeep_forms": _("Forms of maintenance"),
    "upkeep_clocks": _("Clocks of upkeep"),
}


def _json(item: Any) -> dict[str, Any]:
    return dict(item.model_dump(mode="json"))


def _section(key: str) -> Section:
    def plan(items: Sequence[Any], context: Context) -> Sequence[Change]:
        rows = Provision.objects.filter(section=key)
        stored = {row.code: row.content for row in rows}
        return differences(
            items, stored, held=context.held.get(key, frozenset()), wanted=_json,
            code=lambda item: str(item.key),
        )  # fmt: skip

    def apply(changes: Sequence[Change], context: Context) -> None:
        for change in changes:
            if change.kind == "retire":
                Provision.objects.filter(section=key, code=change.key).delete()
            elif change.kind != "same":
                values = {"pack": context.pack, "content": _json(change.item)}
                Provision.objects.update_or_create(section=key, code=change.key, defaults=values)

    def export(pack: str) -> Sequence[dict[str, Any]]:
        return [row.content for row in Provision.objects.filter(section=key, pack=pack)]

    return Section(
        key=key, model=MODELS[key], order=45, plan=plan, apply=apply, export=export,
        check=_check_clocks if key == "upkeep_clocks" else _nothing, label=LABELS[key],
    )  # fmt: skip


def _nothing(_items: Sequence[Any], _context: Context) -> Iterator[Fault]:
    yield from ()


def _check_clocks(items: Sequence[ClockItem], _context: Context) -> Iterator[Fault]:
    """A clock must be one that something goes by, and be written as the one in the box is."""
    known: Mapping[str, Any] = built_in()["upkeep_clocks"]
    for index, item in enumerate(items):
        if item.key not in known:
            yield Fault((index, "key"), no_such(_t("the clocks of upkeep"), item.key, known))
        elif not _alike(item.value, known[item.key].value):
            told = _t("“%(value)s” is not written like “%(example)s”")
            example = known[item.key].value
            fault = told % {"value": item.value, "example": example}
            yield Fault((index, "value"), fault)


def _alike(value: str, example: str) -> bool:
    """Whether both are counts, times of day or limits."""
    return _shape(value) == _shape(example) != ""


def _shape(value: str) -> str:
    if value.isascii() and value.isdecimal():
        return "count"
    hours, colon, minutes = value.partition(":")
    if colon:
        fine = hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60
        return "time" if fine and len(hours) == len(minutes) == 2 else ""
    try:
        Limit.parse(value)
    except ValueError:
        return ""
    return "limit"


def register_sections() -> None:
    """Offer the provisions of upkeep to packs."""
    for key in MODELS:
        register(_section(key))
