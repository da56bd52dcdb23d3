"""What each rule stands on at a date: its defaults, and what packs say instead from a day on.

`AlarmRule` rows are few; whoever judges or shows a page reads them once (`Catalogue.read`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils import timezone

from jiulong.monitoring.judgements.base import Rule, rules
from jiulong.monitoring.models import AlarmRule

#: How packs write a span of time.
SPANS: Final = {"minutes": "minutes", "hours": "hours", "days": "days"}
BEGINNING: Final = datetime(1900, 1, 1, tzinfo=UTC)
END: Final = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a rule from `since` to before `until`."""

    since: datetime
    until: datetime
    thresholds: Mapping[str, Any]
    respond: str
    close: str
    severity: str
    source: str
    #: Whether a pack says so, rather than the code.
    own: bool = False

    def __getitem__(self, name: str) -> Any:
        return self.thresholds[name]


@dataclass(frozen=True)
class Catalogue:
    """Every rule's settings, by date."""

    rows: Mapping[str, list[AlarmRule]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Catalogue:
        """As it stands in the database; one query."""
        rows: dict[str, list[AlarmRule]] = {}
        for row in AlarmRule.objects.order_by("rule", "valid_from"):
            rows.setdefault(row.rule, []).append(row)
        return cls(rows)

    def eras(self, code: str) -> list[Setting]:
        """The settings of a rule one after the other, from the beginning to the end of time."""
        rule = rules()[code]
        eras = [_default(rule)]
        for row in self.rows.get(code, ()):
            start = timezone.make_aware(
                datetime.combine(row.valid_from, time.min), timezone.get_default_timezone()
            )
            last = eras[-1]
            eras[-1] = replace(last, until=start)
            eras.append(_set(rule, row, start))
        return eras

    def at(self, code: str, moment: datetime) -> Setting:
        """What holds at a moment."""
        return next(era for era in reversed(self.eras(code)) if era.since <= moment)


def parsed(default: Any, text: str) -> Any:
    """A threshold as a pack writes it, in the form of its default.

    Raises:
        ValueError: it is not of that form; it says what was expected.
    """
    if isinstance(default, timedelta):
        amount, _, unit = text.strip().partition(" ")
        if not amount.isascii() or not amount.isdecimal() or unit not in SPANS:
            raise ValueError(f"{text!r}: expected e.g. '30 minutes', one of {', '.join(SPANS)}")
        return timedelta(**{SPANS[unit]: int(amount)})
    if isinstance(default, int):
        if not text.strip().isdecimal():
            raise ValueError(f"{text!r}: expected a whole number")
        return int(text)
    try:
        number = Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError(f"{text!r}: expected a number") from error
    if not number.is_finite() or number < 0:
        raise ValueError(f"{text!r}: expected a number that is not negative")
    return number


def _default(rule: Rule) -> Setting:
    return Setting(
        BEGINNING, END, rule.thresholds, rule.respond, rule.close, rule.severity, rule.source
    )


def _set(rule: Rule, row: AlarmRule, start: datetime) -> Setting:
    told = {name: parsed(rule.thresholds[name], text) for name, text in row.thresholds.items()
            if name in rule.thresholds}  # fmt: skip
    return Setting(
        start,
        END,
        {**rule.thresholds, **told},
        row.respond or rule.respond,
        row.close or rule.close,
        row.severity or rule.severity,
        row.source,
        own=True,
    )


def day_of(setting: Setting) -> date | None:
    """From which day on it holds; None: ever since."""
    return None if setting.since == BEGINNING else timezone.localdate(setting.since)
