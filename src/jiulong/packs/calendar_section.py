"""Section `calendar`: days on which a district works or rests otherwise than the state's notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, StringConstraints

from jiulong.calendar.actions import edit_day
from jiulong.calendar.models import CalendarDay
from jiulong.packs.sections import Change, Context, Fault, Item, Section, differences, register

SATURDAY: Final = 5


class CalendarItem(Item):
    """A day that is off or worked by the district's own decision.

    The state's holidays and make-up days are in the box and need no item.
    """

    date: Annotated[date, Field(description="the day")]
    kind: Literal["holiday", "workday"] = Field(description="off · worked although a weekend")
    name: Annotated[str, StringConstraints(max_length=40)] = Field(
        default="", description="what the day is called"
    )


def _code(item: CalendarItem) -> str:
    return item.date.isoformat()


def _row(item: CalendarItem) -> dict[str, Any]:
    return {"kind": item.kind, "name": item.name}


def _plan(items: Sequence[CalendarItem], context: Context) -> Sequence[Change]:
    held = context.held.get("calendar", frozenset())
    days = CalendarDay.objects.filter(date__in=[*held, *map(_code, items)])
    stored = {str(day.date): {"kind": day.kind, "name": day.name} for day in days}
    return differences(items, stored, held=held, code=_code, wanted=_row)


def _apply(changes: Sequence[Change], context: Context) -> None:
    source = _("pack %(name)s") % {"name": context.pack}
    for change in changes:
        on = date.fromisoformat(change.key)
        if change.kind == "retire":
            edit_day(actor=None, on=on, kind=None)
        elif change.kind != "same":
            edit_day(actor=None, on=on, source=source, **_row(change.item))


def _check(items: Sequence[CalendarItem], _context: Context) -> Iterator[Fault]:
    for index, item in enumerate(items):
        if item.kind == "workday" and item.date.weekday() < SATURDAY:
            told = _("%(date)s is a weekday, worked anyway; expected a Saturday or Sunday")
            yield Fault((index, "date"), told % {"date": item.date})


def register_section() -> None:
    """Offer the calendar's days."""
    register(Section(
        key="calendar", label=gettext_lazy("Calendar"), model=CalendarItem, order=30, code=_code,
        check=_check, plan=_plan, apply=_apply,
    ))  # fmt: skip
