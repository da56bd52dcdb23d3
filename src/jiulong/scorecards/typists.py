"""Who typed what into a sheet: each cell of the draft says by whom, and when it became so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from jiulong.organisation.models import User
from jiulong.scorecards.models import Sheet

#: A cell as the draft keeps it.
Kept = Mapping[str, Any]
#: Who, when, and whose the value is where that is somebody else.
KEPT: Final = ("by", "at", "typed")


class Typist(NamedTuple):
    """Somebody whose cells stand in the draft."""

    user: int
    name: str
    cells: int
    last: datetime


def cell(before: Kept | None, value: str, note: str, user: User, now: datetime) -> dict[str, Any]:
    """The cell as it is to be kept: whose it is changes only with what stands in it.

    Who changes the note alone answers for the note; whose the value was stays known (`typed`).
    """
    stood = before or {}
    fresh: dict[str, Any] = {"value": value, "note": note}
    if (stood.get("value", ""), stood.get("note", "")) == (value, note):
        return fresh | {name: stood[name] for name in KEPT if name in stood}
    fresh |= {"by": user.pk, "at": now.isoformat(timespec="seconds")}
    typed = stood.get("typed", stood.get("by")) if value and value == stood.get("value") else None
    return fresh | ({} if typed in {None, user.pk} else {"typed": typed})


def hands(sheet: Sheet) -> set[int]:
    """Ids of those whose typing stands in the draft."""
    return {one[name] for one in _cells(sheet) for name in ("by", "typed") if name in one}


def typists(sheet: Sheet) -> list[Typist]:
    """Those whose typing stands, who typed last first; one query where there are any."""
    counts: dict[int, int] = {}
    last: dict[int, str] = {}
    for one in _cells(sheet):
        counts[one["by"]] = counts.get(one["by"], 0) + 1
        last[one["by"]] = max(last.get(one["by"], ""), one["at"])
    names = User.objects.in_bulk(counts) if counts else {}
    found = [
        Typist(pk, str(names[pk]), n, datetime.fromisoformat(last[pk]))
        for pk, n in counts.items()
        if pk in names
    ]
    return sorted(found, key=lambda one: one.last, reverse=True)


def counted(sheet: Sheet) -> dict[str, int]:
    """Name → cells, for the record; of two of the same name the second bears a number."""
    found: dict[str, int] = {}
    for one in typists(sheet):
        found[f"{one.name} #{one.user}" if one.name in found else one.name] = one.cells
    return found


def _cells(sheet: Sheet) -> Iterator[Kept]:
    for row in sheet.draft.values():
        yield from (one for one in row.values() if "by" in one)
