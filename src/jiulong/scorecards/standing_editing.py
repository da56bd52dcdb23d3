"""A scheme as a form: its figures and groups by path; and what two versions differ in."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jiulong.scorecards.engine.schemes import Scheme

Path = tuple[str | int, ...]
#: Keys whose figures a form changes, and what they are called.
FIGURES: Final[dict[str, str | Promise]] = {
    "weight": _("Weight"),
    "cap": _("Cap (1.2 = 120 %)"),
    "floor": _("Floor"),
    "zero_below": _("Nothing below"),
    "zero": _("Figure that gets nothing"),
    "full": _("Figure that gets full marks"),
    "first": _("First gets %"),
    "last": _("Last gets %"),
    "step": _("Less with each place, %"),
    "best": _("Best gets %"),
    "worst": _("Worst gets %"),
    "growth_percent": _("Growth counts %"),
    "percent": _("Gets %"),
    "at": _("From"),
    "otherwise": _("Otherwise %"),
    "each": _("Points for one"),
    "limit": _("At most"),
    "base": _("Base"),
    "minimum": _("Judges at least"),
    "trim": _("Left out at each end"),
    "days": pgettext_lazy("of a consequence", "Working days"),
    "places": _("Places"),
    "to": _("Up to % of the group"),
    "dispute_days": _("Working days for objections"),
    "out_of": _("Full marks"),
    "highest": _("Highest score"),
    "lowest": _("Lowest score"),
    "decimals": _("Decimals"),
}
DATES: Final[dict[str, str | Promise]] = {
    "effective_from": _("In force from"),
    "effective_to": _("In force until"),
}
SUBJECTS: Final = "subjects"


class Slot(NamedTuple):
    """One field of the form."""

    name: str  # its path with points
    path: Path
    label: str
    value: str
    kind: str  # number, date or words
    part: str  # heading under which it stands


def slots(spec: Mapping[str, Any]) -> list[Slot]:
    """Every field that the form offers, in the order of the scheme."""
    return list(_walk(spec, (), ""))


def _walk(node: Any, path: Path, part: str) -> Iterator[Slot]:
    if isinstance(node, Mapping):
        part = _name(node) or part if path else part
        for key, value in node.items():
            here = (*path, key)
            if key == SUBJECTS and isinstance(value, list):
                yield Slot(_dotted(here), here, str(_("Subjects")), ", ".join(value), "words", part)
            elif key in DATES and not isinstance(value, Mapping):
                yield Slot(_dotted(here), here, str(DATES[key]), value or "", "date", part)
            elif key in FIGURES and _is_figure(value):
                yield Slot(_dotted(here), here, str(FIGURES[key]), _plain(value), "number", part)
            elif isinstance(value, (Mapping, list)):
                yield from _walk(value, here, part)
    elif isinstance(node, list):
        for n, value in enumerate(node):
            inside = isinstance(value, Mapping)
            own = _name(value) if inside else ""
            yield from _walk(value, (*path, n), own or (f"{part} {n + 1}" if inside else part))


def _name(node: Mapping[str, Any]) -> str:
    """What a part of a scheme is called in the reader's language."""
    name = node.get("name") or node.get("title")
    if isinstance(name, Mapping):
        chinese = (get_language() or "zh").startswith("zh")
        return str(name.get("zh") if chinese or not name.get("en") else name["en"])
    return str(node.get("class") or "")


def _is_figure(value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _plain(value: Any) -> str:
    return f"{Decimal(str(value)).normalize():f}"


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def changed(spec: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """The spec with the form's values put in.

    Raises:
        ValueError: a figure or a day is none; the argument is the field's name.
    """
    found: dict[str, Any] = copy.deepcopy(dict(spec))
    for slot in slots(spec):
        if slot.name not in given or given[slot.name].strip() == slot.value:
            continue
        *way, last = slot.path
        node: Any = found
        for step in way:
            node = node[step]
        node[last] = _read(slot, given[slot.name].strip())
    return found


def _read(slot: Slot, text: str) -> Any:
    try:
        if slot.kind == "words":
            return [one for word in text.split(",") if (one := word.strip())]
        if slot.kind == "date":
            return date.fromisoformat(text).isoformat() if text else None
        number = Decimal(text)
    except (ValueError, InvalidOperation) as error:
        raise ValueError(slot.name) from error
    if not number.is_finite():
        raise ValueError(slot.name)
    return int(number) if number == number.to_integral_value() else str(number)


class Difference(NamedTuple):
    """Something that two versions say differently; empty: it is not there."""

    where: str
    before: str
    after: str


def differences(before: Scheme, after: Scheme) -> list[Difference]:
    """What differs, by the names of contests and criteria where there are any."""
    old = dict(_leaves(before.model_dump(mode="json", by_alias=True), ""))
    new = dict(_leaves(after.model_dump(mode="json", by_alias=True), ""))
    keys = [*old, *(key for key in new if key not in old)]
    return [
        Difference(key, old.get(key, ""), new.get(key, ""))
        for key in keys
        if old.get(key, "") != new.get(key, "")
    ]


def _leaves(node: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            label = str(FIGURES.get(key) or DATES.get(key) or key)
            yield from _leaves(value, f"{where} › {label}" if where else label)
    elif isinstance(node, list):
        for n, value in enumerate(node):
            own = _name(value) or value.get("key", "") if isinstance(value, Mapping) else ""
            yield from _leaves(value, f"{where} › {own or n + 1}")
    elif node is not None:
        shown = _plain(node) if _is_figure(node) and not isinstance(node, bool) else str(node)
        yield where, shown
