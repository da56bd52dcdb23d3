"""What holds for a piece of work: factors, rule sets, and when a day is settled. Three queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from jiulong.upkeep.provisions import rulebook
from jiulong.validity.engine.rules import RuleSet
from jiulong.validity.rule_sets import known, rule_set_on
from jiulong.validity.runs import Codes, Run, codes, zone


@dataclass(frozen=True)
class Context:
    """Asked for once per piece of work.

    Args:
        mark_by: local time of the next day until which a day may be marked (MEE announcement 21 of
            2022: 12:00); from then on it is settled, and every change of it a revision.
    """

    codes: Codes
    rule_sets: Mapping[str, RuleSet]
    mark_by: time
    _by_day: dict[date, RuleSet | None] = field(default_factory=dict)

    def rules_on(self, day: date) -> RuleSet | None:
        """The rule set of a day; None: there was none yet, and nothing is computed."""
        if day not in self._by_day:
            try:
                self._by_day[day] = rule_set_on(day, self.rule_sets)
            except LookupError:
                self._by_day[day] = None
        return self._by_day[day]

    def settled_at(self, day: date) -> datetime:
        """When a day is settled."""
        return datetime.combine(day + timedelta(days=1), self.mark_by, zone())

    def under_rules(self, runs: Iterable[Run]) -> Iterator[tuple[Run, RuleSet]]:
        """The runs with their rule set, cut where another one begins."""
        for run in runs:
            start = 0
            for index in range(1, run.days + 1):
                rules = self.rules_on(run.day(start))
                if index < run.days and self.rules_on(run.day(index)) == rules:
                    continue
                if rules is not None:
                    yield Run(run.point, run.day(start), index - start), rules
                start = index


def context() -> Context:
    """What holds now."""
    return Context(codes(), known(), rulebook().moment("mark_by"))
