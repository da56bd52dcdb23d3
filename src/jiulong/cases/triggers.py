"""What opens cases by itself: findings, rounds that come back, dates that come near.

A floor above that finds things registers a `FindingSource` in its `apps.py`. Everything here is a
step of the keeper and exactly-once: the cursor or the `Opened` row moves with the case.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from jiulong.calendar.clocks import Limit, deadline, shift
from jiulong.calendar.queries import district_calendar
from jiulong.cases import specs
from jiulong.cases.actions import file_case, join_case
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case, MatterType, Opened, TriggerRule
from jiulong.cases.routing import TERRITORY
from jiulong.cases.schema import DateTrigger, FindingTrigger, RoundTrigger
from jiulong.evidence.models import Cursor
from jiulong.organisation.models import Unit
from jiulong.packs.text import Text
from jiulong.registers.models import Enterprise, Entry

log = logging.getLogger(__name__)

EVERY: Final = timedelta(seconds=15)
ROUNDS_EVERY: Final = timedelta(minutes=10)
BATCH: Final = 100


@dataclass(frozen=True)
class Found:
    """A finding of any engine, as triggers see it.

    `about` names the thing and what is wrong with it (`P0012/hour_exceedance/w01018`): a second
    finding about the same joins the open case.
    """

    id: int
    kind: str
    severity: str
    about: str
    title: str
    words: str
    enterprise: Enterprise | None = None
    entry: Entry | None = None
    area: Unit | None = None
    place: tuple[float, float] | None = None
    data: dict[str, Any] = field(default_factory=dict)
    #: Where it lies in its source's order, and its name in `Opened`, where that is not the id.
    position: int | None = None
    reference: str = ""


class FindingSource(Protocol):
    """Whoever finds: its name in packs, and what it found after an id, in commit order.

    A second order of the same source, with a cursor of its own, has a name in `stream`.
    """

    @property
    def name(self) -> str: ...

    def after(self, position: int, limit: int) -> Sequence[Found]: ...


_sources: Final[dict[str, FindingSource]] = {}


def register(source: FindingSource) -> None:
    """Have the findings of a source open cases; the same name again replaces it."""
    _sources[_key(source)] = source


def sources() -> frozenset[str]:
    """Names of those who find."""
    return frozenset(source.name for source in _sources.values())


def _key(source: FindingSource) -> str:
    return ":".join(filter(None, (source.name, getattr(source, "stream", ""))))


def findings_step(now: datetime) -> bool:
    """Open or join cases for new findings; says whether there were any."""
    worked = [_read(source, lambda _found: now) for source in _sources.values()]  # in turn
    return any(worked)


def catch_up(moment: Callable[[Found], datetime]) -> None:
    """Open or join cases for all findings that wait, each as of a moment of its own.

    For a site that begins with a past: what was found weeks ago was filed weeks ago.
    """
    for source in _sources.values():
        while _read(source, moment):
            pass


def _read(source: FindingSource, moment: Callable[[Found], datetime]) -> bool:
    with transaction.atomic():
        name = f"cases:{_key(source)}"[:40]
        Cursor.objects.get_or_create(name=name)
        # One worker at a time reads a source: the cursor moves with the cases.
        cursor = Cursor.objects.select_for_update().get(name=name)
        found = source.after(cursor.position, BATCH)
        if not found:
            return False
        rules = _rules(FindingTrigger, source=source.name)
        for finding in found:
            for code, rule in rules:
                if finding.kind in rule.kinds and finding.severity in (
                    rule.severities or [finding.severity]
                ):
                    _try(source.name, code, rule, finding, moment(finding))
        cursor.position = found[-1].position or found[-1].id
        cursor.save()
    return True


def _try(source: str, code: str, rule: FindingTrigger, found: Found, now: datetime) -> None:
    """As `_open_or_join`; what cannot be filed is named, and holds up neither the others nor the
    keeper.
    """
    try:
        with transaction.atomic():
            _open_or_join(source, code, rule, found, now)
    except ValidationError as error:
        log.warning("%s: no case for finding %s: %s", code, found.id, "; ".join(error.messages))


def _open_or_join(
    source: str, code: str, rule: FindingTrigger, found: Found, now: datetime
) -> None:
    matter = MatterType.objects.filter(code=rule.matter, retired_at=None).first()
    if matter is None:
        return
    reference = found.reference or str(found.id)
    known = Case.objects.filter(
        matter=matter, source=source, source_ref=found.about, stage__in=OPEN
    ).first()
    if known is not None:
        join_case(
            actor=None, case=known, text=found.title, reference=reference, now=now,
            severity=rule.severity or found.severity,
        )  # fmt: skip
        case = known
    else:
        words = {"kind": found.kind, "subject": found.title}
        title = _fill(rule.title, words) or found.title
        fields = {each.key for each in specs.matter(matter).fields}
        case = file_case(
            actor=None, matter=matter, title=title[:200], about=found.words, now=now,
            data={key: value for key, value in found.data.items() if key in fields},
            severity=rule.severity or found.severity, entry=found.entry,
            enterprise=found.enterprise, place=found.place, area=found.area,
            source=source, source_ref=found.about, kind=found.kind,
        )  # fmt: skip
    Opened.objects.get_or_create(
        trigger=code, reference=reference, defaults={"case": case, "at": now}
    )


def rounds_step(now: datetime) -> bool:
    """Open the patrols, visits and dated duties that are due soon."""
    for code, rule in _rules(RoundTrigger):
        look = _Look.at(code, rule)
        for entry in look.entries:
            if (day := _round_due(rule, entry, look.last.get(entry.pk), now)) is not None:
                _open(code, rule, entry, day, now)
    for code, dated in _rules(DateTrigger):
        look = _Look.at(code, dated)
        for entry in look.entries:
            if (day := _date_due(dated, entry, now)) and (entry.pk, str(day)) not in look.fired:
                _open(code, dated, entry, day, now)
    return False  # all of them were looked at; the next look is after `ROUNDS_EVERY`


@dataclass(frozen=True)
class _Look:
    """The entries of a rule without an open case, and what was opened for them."""

    entries: list[Entry]
    last: dict[int, datetime]  # when the last case of the entry was over
    fired: set[tuple[int, str]]

    @classmethod
    def at(cls, code: str, rule: RoundTrigger | DateTrigger) -> _Look:
        busy = Case.objects.filter(matter__code=rule.matter, stage__in=OPEN, entry__isnull=False)
        entries = _entries(rule, busy)
        rows = Opened.objects.filter(trigger=code).order_by("id")
        last: dict[int, datetime] = {}
        fired: set[tuple[int, str]] = set()
        for reference, at, closed_at in rows.values_list("reference", "at", "case__closed_at"):
            entry, _at, day = reference.partition("@")
            last[int(entry)] = closed_at or at
            fired.add((int(entry), day))
        return cls(entries, last, fired)


def _rules(kind: type[Any], **wanted: str) -> list[tuple[str, Any]]:
    rows = TriggerRule.objects.filter(retired_at=None).order_by("code")
    read = [(row.code, specs.trigger(row)) for row in rows]
    return [
        (code, rule)
        for code, rule in read
        if isinstance(rule, kind)
        and all(getattr(rule, name) == value for name, value in wanted.items())
    ]


def _entries(rule: RoundTrigger | DateTrigger, busy: QuerySet[Case]) -> list[Entry]:
    chosen = Q()
    for key, value in rule.where.items():
        values = value if isinstance(value, list) else [value]
        one = Q()
        for each in values:
            one |= Q(data__contains={key: each}) | Q(data__contains={key: [each]})
        chosen &= one
    rows = Entry.objects.filter(
        chosen, register__code=rule.register_key, register__retired_at=None, removed_at=None
    ).exclude(pk__in=busy.values("entry"))
    return list(rows.select_related("register", "unit", "enterprise__unit"))


def _round_due(
    rule: RoundTrigger, entry: Entry, last: datetime | None, now: datetime
) -> date | None:
    """The day on which the entry's next round is due, once that is near."""
    every = rule.every if isinstance(rule.every, str) else rule.every.get(_value(entry, rule.by))
    if not every:
        return None
    calendar = district_calendar()
    told = _date_of(entry, rule.since)
    begun = max(filter(None, (last, _noon(told) if told else None)), default=entry.created_at)
    due = deadline(begun, Limit.parse(every), calendar)
    if due is None or now < shift(due, Limit.parse(rule.ahead), calendar, -1):
        return None
    return timezone.localtime(due).date()


def _date_due(rule: DateTrigger, entry: Entry, now: datetime) -> date | None:
    """The day in the entry's field, once it is near."""
    day = _date_of(entry, rule.field)
    if day is None:
        return None
    begins = shift(_noon(day), Limit.parse(rule.ahead), district_calendar(), -1)
    return day if now >= begins else None


def _date_of(entry: Entry, key: str | None) -> date | None:
    try:
        return date.fromisoformat(entry.data.get(key) or "") if key else None
    except (TypeError, ValueError):
        return None


def _open(
    code: str, rule: RoundTrigger | DateTrigger, entry: Entry, day: date, now: datetime
) -> None:
    """The case of one entry and day, unless another worker was quicker."""
    matter = MatterType.objects.filter(code=rule.matter, retired_at=None).first()
    if matter is None:
        return
    words = {"number": entry.number, "title": entry.title, "day": day.isoformat()}
    title = _fill(rule.title, words) or entry.title
    place = (entry.longitude, entry.latitude)
    reference = f"{entry.pk}@{day}"
    try:
        with transaction.atomic():
            # Two keepers may look at once: the row of the entry lets one of them open.
            Entry.objects.select_for_update().get(pk=entry.pk)
            if Opened.objects.filter(trigger=code, reference=reference).exists():
                return
            case = file_case(
                actor=None, matter=matter, title=title[:200], severity=rule.severity or "",
                entry=entry, area=_territory(entry), address=entry.address, now=now,
                place=place if None not in place else None,  # type: ignore[arg-type]
            )  # fmt: skip
            Opened.objects.create(trigger=code, reference=reference, case=case, at=now)
    except ValidationError as error:
        log.warning("%s: no case for entry %s: %s", code, entry, "; ".join(error.messages))


def _territory(entry: Entry) -> Unit | None:
    """The unit in charge, where it is one that has a territory."""
    unit = entry.unit
    return unit if unit is not None and unit.kind in TERRITORY else None


def _value(entry: Entry, key: str | None) -> str:
    value = entry.data.get(key) if key else None
    return value if isinstance(value, str) else ""


def _noon(day: date) -> datetime:
    zone = timezone.get_default_timezone()
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone)


def _fill(text: Text | None, words: dict[str, str]) -> str:
    """The Chinese of a title with its words: what is written into a case has one language."""
    filled = text.zh if text else ""
    for name, value in words.items():
        filled = filled.replace(f"{{{name}}}", value)
    return filled
