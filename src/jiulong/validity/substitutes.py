"""What stands in for loads that are missing: manual data, or the greatest of the days before."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from jiulong.rounding import rounded
from jiulong.upkeep.models import QcTest
from jiulong.upkeep.queries import ManualDay, manual_days
from jiulong.validity import sql
from jiulong.validity.engine.model import Day
from jiulong.validity.engine.numbers import KEPT, quotient
from jiulong.validity.engine.rules import RuleSet
from jiulong.validity.engine.substitution import Manual, load_of
from jiulong.validity.runs import midnight

GRAMS = 1000

Load = tuple[date, Decimal]


@dataclass(slots=True)
class Substitutes:
    """Looks up what may stand in, and remembers it. Most days need none."""

    manual: dict[tuple[int, int, date], ManualDay]
    _passes: dict[int, dict[int, list[datetime]]] = field(default_factory=dict)
    _earlier: dict[tuple[int, int, date], list[Load]] = field(default_factory=dict)

    @classmethod
    def between(cls, points: Collection[int], start: datetime, end: datetime) -> Substitutes:
        """For days of these points. One query."""
        return cls(manual_days(points, start, end))

    def complete(  # noqa: PLR0917 - one day, and what is known of the days before
        self, point: int, since: date, rules: RuleSet, factor: int, day: Day, loads: Sequence[Load]
    ) -> Day:
        """The day with the load that stands in.

        Args:
            loads: loads of their own of the days from `since` on; what lies before is looked up.
        """
        if day.load_kg is not None or not rules.substitutes:
            return day
        passed = self._last_pass(point, factor, day.on)
        before = min(passed or day.on, day.on)
        known = sorted(load for load in loads if load[0] < before)[-rules.substitute_of :]
        if len(known) < rules.substitute_of:
            most = rules.substitute_of
            known = self._before(point, factor, min(before, since), most) + known
        manual = self._manual(point, factor, day)
        return load_of(day, loads=known, last_pass=passed, manual=manual, rules=rules)

    def _manual(self, point: int, factor: int, day: Day) -> Manual | None:
        found = self.manual.get((point, factor, day.on))
        if found is None or not found.enough:
            return None
        load = None if found.load_kg is None else rounded(found.load_kg, KEPT)
        if load is None and day.flow_m3 is not None:
            load = quotient(found.mean * day.flow_m3, GRAMS)
        # As it is kept: a day that is computed again must be equal to the row that stands.
        return Manual(mean=rounded(found.mean, KEPT), load=load, n=found.count)

    def _last_pass(self, point: int, factor: int, day: date) -> date | None:
        """The local day of the last check that was passed before a day."""
        if point not in self._passes:
            passes = self._passes[point] = {}
            tests = QcTest.objects.filter(point=point, passed=True, withdrawn_at=None)
            for of, at in tests.order_by("at").values_list("factor_id", "at"):
                passes.setdefault(of, []).append(at)
        passed = self._passes[point].get(factor, [])
        place = bisect_left(passed, midnight(day))
        return passed[place - 1].astimezone(midnight(day).tzinfo).date() if place else None

    def _before(self, point: int, factor: int, day: date, most: int) -> list[Load]:
        key = (point, factor, day)
        if key not in self._earlier:
            parameters: dict[str, Any] = {
                "point": point, "factor": factor, "before": day, "most": most,
            }  # fmt: skip
            with connection.cursor() as cursor:
                cursor.execute(sql.LOADS, parameters)
                self._earlier[key] = cursor.fetchall()
        return self._earlier[key]
