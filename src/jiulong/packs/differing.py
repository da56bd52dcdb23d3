"""What differs between two stored values, part by part: `clocks.handle.critical: 4h → 2h`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from jiulong.packs.text import Text

#: A longer value is cut in a list of differences.
LONGEST: Final = 120
EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})


class Difference(NamedTuple):
    """One part that differs: its path with dots, and its value before and after, in words."""

    path: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.path}: {self.before} → {self.after}"


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The parts that differ, in the order of `after`, then what is only in `before`.

    Things of a list are told apart by their `key` or `code`, else by their place from 1.
    """
    return list(_parts("", before, after))


def _parts(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after or (before in EMPTY and after in EMPTY):
        return
    if _is_text(before) and _is_text(after) and value(before) != value(after):
        yield Difference(path, value(before), value(after))
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in [*after, *(key for key in before if key not in after)]:
            yield from _parts(f"{path}.{key}".lstrip("."), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and _has_things(before + after):
        yield from _things(path, before, after)
    else:
        yield Difference(path, value(before), value(after))


def _things(path: str, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    old, new = _named(before, after), _named(after, before)
    yield from _parts(path, old, new)
    kept = [[name for name in one if name in other] for one, other in ((old, new), (new, old))]
    if kept[0] != kept[1]:
        order = _("order")
        yield Difference(f"{path} ({order})", ", ".join(kept[0]), ", ".join(kept[1]))


def _named(things: list[Any], others: list[Any]) -> dict[str, Any]:
    """Things by a name that is theirs alone, in both lists."""
    for name in ("key", "code"):
        if all(isinstance(one, Mapping) and one.get(name) for one in things + others):
            found = {str(one[name]): one for one in things}
            if len(found) == len(things) and len({one[name] for one in others}) == len(others):
                return found
    return {str(n): one for n, one in enumerate(things, 1)}


def _has_things(items: list[Any]) -> bool:
    return any(isinstance(one, Mapping | list) for one in items)


def _is_text(stored: Any) -> bool:
    return isinstance(stored, Mapping) and "zh" in stored and stored.keys() <= {"zh", "en"}


def name_of(fields: Mapping[str, Any]) -> str:
    """What people call the thing."""
    for key in ("name", "title", "names", "label"):
        if fields.get(key):
            return value(fields[key])
    return ""


def value(stored: Any) -> str:
    """A value in words, short."""
    text = _words(stored)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _words(stored: Any) -> str:
    if stored in EMPTY:
        return "—"
    if isinstance(stored, bool):
        return _("yes") if stored else _("no")
    if _is_text(stored):
        return Text.of(stored).show()
    if isinstance(stored, Mapping):
        told = (f"{key}: {_words(one)}" for key, one in stored.items() if one not in EMPTY)
        return name_of(stored) or ", ".join(told)
    if isinstance(stored, list):
        return ", ".join(_words(one) for one in stored)
    return str(stored)
