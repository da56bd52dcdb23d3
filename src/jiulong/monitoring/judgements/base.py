"""What a rule is, and what it is given to judge."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.db import connection
from django.utils.functional import Promise

from jiulong.monitoring.judgements.sieve import Sieve, sieve_of
from jiulong.monitoring.models import Alarm, Finding, Period, Severity

if TYPE_CHECKING:
    from jiulong.monitoring.catalogue import Catalogue

#: What the new batches speak of. Rows come in batch order, so the BRIN index finds them.
TOUCHED: Final = """
SELECT point, period, min(at), max(at), min(received_at), max(received_at)
FROM reading WHERE batch > %(after)s AND batch <= %(upto)s
GROUP BY point, period
"""
#: What of it was measured by the hour.
MEASURED: Final = """
SELECT DISTINCT r.point, f FROM reading r CROSS JOIN LATERAL unnest(r.factors) AS f
WHERE r.batch > %(after)s AND r.batch <= %(upto)s AND r.period = 2
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """The stretch of one point and period that new readings fall into."""

    point: int
    period: Period
    first: datetime
    last: datetime
    first_received: datetime
    last_received: datetime


@dataclass(frozen=True)
class Window:
    """New readings: those of batches `after` < id ≤ `upto`, and the time up to which to judge.

    `horizon` is now if everything received has been recorded and is in sight, else the receive
    time of the last batch that is: silence before it is known, after it is not. `live` says that
    it is now.
    """

    after: int
    upto: int
    horizon: datetime
    live: bool
    #: What the rules stand on, by date.
    settings: Catalogue

    def known_at(self, moment: datetime | None) -> datetime:
        """When something was found: now, or behind the times, when it came that shows it.

        So the clocks of what is judged late, after an outage or anew, begin where they would have.
        """
        if self.live or moment is None:
            return self.horizon
        return min(self.horizon, moment)

    @cached_property
    def touched(self) -> tuple[Touched, ...]:
        """Points and periods with new readings."""
        if self.after >= self.upto:
            return ()
        with connection.cursor() as cursor:
            cursor.execute(TOUCHED, {"after": self.after, "upto": self.upto})
            return tuple(Touched(row[0], Period(row[1]), *row[2:]) for row in cursor)

    @cached_property
    def measured(self) -> set[tuple[int, int]]:
        """Points and factors with new hourly readings."""
        if not self.touched_in(Period.HOUR):
            return set()
        with connection.cursor() as cursor:
            cursor.execute(MEASURED, {"after": self.after, "upto": self.upto})
            return set(cursor.fetchall())

    @cached_property
    def sieve(self) -> Sieve | None:
        """Where something may be in many hours; None: there are few."""
        return sieve_of(self.touched)

    @cached_property
    def points(self) -> set[int]:
        """Points with new readings."""
        return {stretch.point for stretch in self.touched}

    def touched_in(self, period: Period) -> dict[int, Touched]:
        """New readings of one period, by point."""
        return {stretch.point: stretch for stretch in self.touched if stretch.period == period}


class Rule(ABC):
    """One kind of thing that can be wrong. A subclass with `@register` in a file here is enough."""

    #: Stored in `Finding.rule`; never changed once released.
    code: ClassVar[str]
    name: ClassVar[str | Promise]
    #: One sentence for the page: when the rule finds something.
    meaning: ClassVar[str | Promise]
    #: The severity it starts with.
    severity: ClassVar[Severity] = Severity.WARNING
    #: Class in the catalogue of alarms: EXH, OFF …; shown beside the name.
    kind: ClassVar[str] = ""
    #: Findings of one family at one outfall make alarms together; None: no alarm comes of it.
    family: ClassVar[Alarm.Family | None] = None
    #: By when somebody must answer and the matter be over, as `deadlines.due` reads it; "": never.
    respond: ClassVar[str] = ""
    close: ClassVar[str] = ""
    #: Whether it only warns: of what is long over when it comes to light, no case is opened.
    warns: ClassVar[bool] = True
    #: Whether it rests on limits, and is asked again where these are set back in time.
    limited: ClassVar[bool] = False
    #: Where the default numbers stand.
    source: ClassVar[str] = ""
    #: Numbers the rule stands on, by name, as docs and pages show them. Packs may set others from
    #: a day on (`catalogue`); a rule asks `window.settings`.
    thresholds: ClassVar[dict[str, Any]] = {}

    @abstractmethod
    def judge(self, window: Window) -> Iterable[Finding]:
        """New findings (without pk) and changed ones (with pk) after looking at the window.

        Called inside the judge's transaction. It must give the same whether readings come in one
        window or in many, in order or not.
        """

    def follow(self, changed: Sequence[Finding], now: datetime) -> Iterable[Finding]:  # noqa: ARG002
        """Findings that follow from findings of other rules, which are saved."""
        return ()

    def new(self, **fields: Any) -> Finding:
        """A finding of this rule, not saved."""
        return Finding(rule=self.code, **{"severity": self.severity, **fields})


_rules: dict[str, Rule] = {}


class RaisedRule(Rule):
    """A rule about something that no reading shows: a floor above raises its findings."""

    warns = False

    def judge(self, window: Window) -> Iterable[Finding]:  # noqa: ARG002 - as `Rule` has it
        return ()


def register(rule: type[Rule]) -> type[Rule]:
    """Class decorator: the judge asks this rule from now on."""
    _rules[rule.code] = rule()
    return rule


def rules() -> dict[str, Rule]:
    """Every rule by code, in the order of their codes."""
    return dict(sorted(_rules.items()))
