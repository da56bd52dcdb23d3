"""The month or the year that an account is about, in local days."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, Self, cast

from django.utils import timezone

Kind = Literal["month", "year"]


@dataclass(frozen=True, slots=True)
class Span:
    """`first` is the first day of its month or year."""

    kind: Kind
    first: date

    @classmethod
    def of(cls, kind: str, day: date) -> Self:
        """The month or year that the day lies in.

        Raises:
            ValueError: no such kind.
        """
        if kind not in {"month", "year"}:
            raise ValueError(kind)
        first = day.replace(day=1) if kind == "month" else date(day.year, 1, 1)
        return cls(cast("Kind", kind), first)

    @property
    def last(self) -> date:
        """Its last day."""
        if self.kind == "year":
            return date(self.first.year, 12, 31)
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def start(self) -> datetime:
        """Local midnight at which it begins."""
        return timezone.make_aware(datetime.combine(self.first, time()))

    @property
    def end(self) -> datetime:
        """Local midnight at which the next one begins."""
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time()))

    @property
    def before(self) -> Span:
        """The month or year before it."""
        return Span.of(self.kind, self.first - timedelta(days=1))

    @property
    def year_before(self) -> Span:
        """The same month a year ago; of a year the year before."""
        return Span(self.kind, self.first.replace(year=self.first.year - 1))

    def pieces(self) -> Iterator[date]:
        """The days of a month, the firsts of the months of a year: what figures run along."""
        if self.kind == "year":
            yield from (date(self.first.year, month, 1) for month in range(1, 13))
        else:
            yield from (
                self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)
            )

    def piece_of(self, day: date) -> date:
        """The piece that a day lies in."""
        return day.replace(day=1) if self.kind == "year" else day
