"""What a rule on days is: it says what is wrong in a stretch of days, and what is not any more.

A rule on days is one of the judge's rules (it has a class, a family and deadlines), but is asked
where statistics change rather than where readings come. It names everything that should be found in
the days it is asked about; `judge_days` compares that with what stands. What stands and should not
is withdrawn with the cause, by an event: a violation that was taken back must stay visible.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Max, Min
from django.utils import timezone

from jiulong.evidence.actions import Act, record_events
from jiulong.monitoring.judgements.base import RaisedRule, rules
from jiulong.monitoring.keeping import keep
from jiulong.monitoring.models import Finding
from jiulong.monitoring.raising import tell, told
from jiulong.monitoring.replaying import Difference, facts
from jiulong.rounding import ROUNDING
from jiulong.validity.dayrules import Stretch
from jiulong.validity.models import DayStatistic, Revision

ONE_DAY: Final = timedelta(days=1)
#: After midnight the day is computed within this.
COMPUTED_AFTER: Final = timedelta(minutes=15)
#: A day computed so long after it ended was computed anew: its clocks begin where they would have.
ANEW_AFTER: Final = timedelta(days=2)
#: Findings keep six decimals, means have twelve; what is compared is the mean.
PLACES: Final = Decimal("0.000001")
#: Why a finding of a day is withdrawn where no revision tells.
NOT_ANY_MORE: Final = "computed_anew"

#: Point, factor (0: all of them) and day.
Key = tuple[int, int, date]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be found about one day."""

    point: int
    factor: int | None
    on: date
    value: Decimal | None = None
    limit: Decimal | None = None
    multiple: Decimal | None = None
    severity: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    #: How often the day was revised.
    revision: int = 0
    #: The first day of which it does not speak any more; None: the next one.
    until: date | None = None

    @property
    def key(self) -> Key:
        return self.point, self.factor or 0, self.on


class DayRule(RaisedRule):
    """One kind of thing that can be wrong with a day. `@register` makes it known."""

    warns = False

    @abstractmethod
    def wanted(self, stretches: Sequence[Stretch], now: datetime) -> Iterable[Wanted]:
        """Everything that should be found in these days."""

    def scope(self, stretches: Sequence[Stretch]) -> Sequence[Stretch]:
        """The days in which what stands is compared; wider where days depend on others."""
        return stretches


def judge_days(stretches: Sequence[Stretch], now: datetime) -> None:
    """Ask every rule on days about these days and keep what it says. Registered with `dayrules`."""
    found: list[Finding] = []
    gone: list[Finding] = []
    for rule in rules().values():
        if isinstance(rule, DayRule):
            scope = rule.scope(stretches)
            fresh, withdrawn = _compared(rule, scope, rule.wanted(scope, now), now)
            found += fresh
            gone += withdrawn
    if not found and not gone:
        return
    kept = keep([*found, *gone], now)
    record_events(
        Act(actor=None, verb="withdraw_finding", subject=finding, data=told(finding), at=now)
        for finding in Finding.objects.filter(pk__in=[f.pk for f in gone])
        .select_related("point", "factor")
        .order_by("pk")
    )
    tell({finding.point_id for finding in kept})


def replay_days(since: datetime, now: datetime) -> list[Difference]:
    """What rules on days would find since a day, against what stands. Writes nothing."""
    rows = (
        DayStatistic.objects.filter(on__gte=timezone.localdate(since))
        .order_by()
        .values_list("point", "factor")
        .annotate(first=Min("on"), last=Max("on"))
    )
    stretches = [Stretch(*row) for row in rows]
    found: list[Difference] = []
    if not stretches:
        return found
    for rule in rules().values():
        if isinstance(rule, DayRule):
            scope = rule.scope(stretches)
            before = {f.pk: facts(f) for f in _standing(rule.code, scope).values()}
            changed, gone = _compared(rule, scope, rule.wanted(scope, now), now)
            found += [Difference("gone", f, before[f.pk], None) for f in gone]
            for one in changed:
                was = before.get(one.pk) if one.pk else None
                found.append(Difference("changed" if was else "new", one, was, facts(one)))
    return found


def midnight(day: date) -> datetime:
    """The start of a local day."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def _compared(
    rule: DayRule, scope: Sequence[Stretch], wanted: Iterable[Wanted], now: datetime
) -> tuple[list[Finding], list[Finding]]:
    """(new or changed, withdrawn) findings of a rule."""
    standing = _standing(rule.code, scope)
    changed: list[Finding] = []
    for one in wanted:
        finding = standing.pop(one.key, None)
        if finding is None:
            finding = rule.new(
                point_id=one.point, factor_id=one.factor, found_at=_known_at(one, now)
            )
        elif _says(finding, one, rule):
            continue
        changed.append(_filled(finding, one, rule))
    causes = _causes(standing)
    for key, finding in standing.items():
        finding.withdrawn_at, finding.withdrawn_cause = now, causes.get(key, NOT_ANY_MORE)[:300]
    return changed, list(standing.values())


def _standing(code: str, scope: Sequence[Stretch]) -> dict[Key, Finding]:
    if not scope:
        return {}
    days: dict[tuple[int, int], list[tuple[date, date]]] = defaultdict(list)
    for stretch in scope:
        days[stretch.point_id, stretch.factor_id].append((stretch.first, stretch.last))
    rows = Finding.objects.filter(
        rule=code, point__in={point for point, _factor in days}, withdrawn_at=None,
        started_at__gte=midnight(min(stretch.first for stretch in scope)),
        started_at__lt=midnight(max(stretch.last for stretch in scope) + ONE_DAY),
    )  # fmt: skip
    found = {}
    for finding in rows:
        on = timezone.localdate(finding.started_at)
        spans = days.get((finding.point_id, finding.factor_id or 0), ())
        if any(first <= on <= last for first, last in spans):
            found[finding.point_id, finding.factor_id or 0, on] = finding
    return found


def _known_at(one: Wanted, now: datetime) -> datetime:
    computed = midnight(one.on + ONE_DAY) + COMPUTED_AFTER
    return computed if not one.revision and now - computed > ANEW_AFTER else now


def _says(finding: Finding, one: Wanted, rule: DayRule) -> bool:
    """Whether a finding says already what is wanted."""
    return (
        finding.value == _kept(one.value)
        and finding.limit_value == _kept(one.limit)
        and finding.multiple == one.multiple
        and finding.severity == (one.severity or rule.severity)
        and finding.detail == {**one.detail, "on": one.on.isoformat()}
    )


def _filled(finding: Finding, one: Wanted, rule: DayRule) -> Finding:
    finding.started_at = midnight(one.on)
    finding.last_at = finding.ended_at = midnight(one.until or one.on + ONE_DAY)
    finding.value, finding.limit_value = _kept(one.value), _kept(one.limit)
    finding.multiple = one.multiple
    finding.severity = one.severity or rule.severity
    finding.detail = {**one.detail, "on": one.on.isoformat()}
    return finding


def _kept(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(PLACES, rounding=ROUNDING)


def _causes(gone: Mapping[Key, Finding]) -> dict[Key, str]:
    """What the last revision of each day says led to it."""
    if not gone:
        return {}
    rows = Revision.objects.filter(
        point__in={key[0] for key in gone}, on__in={key[2] for key in gone}
    ).order_by("number")
    return {(row.point_id, row.factor_id, row.on): _told(row) for row in rows}


def _told(revision: Revision) -> str:
    return f"revision {revision.number}: {', '.join(map(str, revision.causes))}"


def columns(stretches: Sequence[Stretch]) -> dict[str, Any]:
    """Stretches as parallel arrays, for SQL."""
    return {
        "points": [stretch.point_id for stretch in stretches],
        "factors": [stretch.factor_id for stretch in stretches],
        "firsts": [stretch.first for stretch in stretches],
        "lasts": [stretch.last for stretch in stretches],
    }


def islands(days: Iterable[date]) -> Iterator[list[date]]:
    """Days in a row, in order."""
    row: list[date] = []
    for day in sorted(days):
        if row and day - row[-1] > ONE_DAY:
            yield row
            row = []
        row.append(day)
    if row:
        yield row
