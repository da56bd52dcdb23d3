"""The catalogue of alarms in words: classes, their names, and what each rule stands on today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.calendar import words as calendar_words
from jiulong.calendar.clocks import Limit
from jiulong.monitoring import deadlines
from jiulong.monitoring.alarms import GRAVITY
from jiulong.monitoring.catalogue import Catalogue, day_of
from jiulong.monitoring.judgements.base import Rule, rules
from jiulong.pages import words

#: Of classes with several rules: the one that names them.
NAMESAKES: Final = frozenset(
    {"continuous_exceedance", "load", "logic", "over_range", "suspicious_marks"}
)
#: What thresholds are called.
NAMES: Final[dict[str, Any]] = {
    "serious_multiple": gettext_lazy("serious above a multiple of"),
    "serious_hours": gettext_lazy("serious from hours in a row"),
    "serious_after": gettext_lazy("serious after"),
    "offline_after": gettext_lazy("after a silence of"),
    "intervals": gettext_lazy("but at least so many intervals"),
    "grace": gettext_lazy("looked at after"),
    "late_after": gettext_lazy("later than"),
    "pause": gettext_lazy("a new event after a pause of"),
    "hours": gettext_lazy("hours"),
    "day_hours": gettext_lazy("hours of hardly any variation"),
    "days": gettext_lazy("days"),
    "ratio": gettext_lazy("from a share of the limit of"),
    "share": gettext_lazy("share"),
    "spread": gettext_lazy("spread above a share of the mean of"),
    "variation": gettext_lazy("variation below"),
    "deviations": gettext_lazy("standard deviations"),
    "faults": gettext_lazy("faults"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule as the page shows it."""

    rule: Rule
    numbers: list[tuple[str, str]]
    respond: str
    close: str
    source: str
    since: date | None
    #: Whether a pack set its numbers.
    own: bool


def kinds() -> dict[str, str]:
    """Classes of alarms in the order of gravity, each with the name of its rule."""
    named: dict[str, str] = {}
    for code, rule in rules().items():
        if rule.family and (rule.kind not in named or code in NAMESAKES):
            named[rule.kind] = str(rule.name)
    order = {kind: n for n, kind in enumerate(GRAVITY)}
    return dict(sorted(named.items(), key=lambda item: order.get(item[0], len(order))))


def kind_name(kind: str) -> str:
    """What a class is called; nothing for one that is gone."""
    return kinds().get(kind, "")


def by_gravity(known: Mapping[str, Rule]) -> list[tuple[str, Rule]]:
    """Rules by code in the order of their classes."""
    order = {kind: n for n, kind in enumerate(GRAVITY)}
    return sorted(known.items(), key=lambda item: (order.get(item[1].kind, len(order)), item[0]))


def entries(now: datetime) -> Iterator[Entry]:
    """Every rule with the numbers that hold now, in the order of their classes."""
    catalogue = Catalogue.read()
    for code, rule in by_gravity(rules()):
        setting = catalogue.at(code, now)
        yield Entry(
            rule,
            [
                (str(NAMES.get(name, name)), shown(value))
                for name, value in setting.thresholds.items()
            ],
            told(setting.respond), told(setting.close), setting.source, day_of(setting),
            setting.own,
        )  # fmt: skip


def shown(value: Any) -> str:
    """A threshold for reading."""
    return words.span(value) if isinstance(value, timedelta) else str(value)


def told(deadline: str) -> str:
    """A deadline in words."""
    if not deadline:
        return words.MISSING
    if deadline == deadlines.SAME_DAY:
        return _("the same day")
    if deadline.startswith(deadlines.NEXT_DAY):
        return _("%(clock)s of the next day") % {"clock": deadline.removeprefix(deadlines.NEXT_DAY)}
    return calendar_words.limit(Limit.parse(deadline))
