"""What the dossier of a supervision holds beside the case: everything that it stands on.

The alarm with its findings, the marks and checks of those days, the samples, the days as they were
reckoned and reckoned anew, and the cases it came from or led to.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.cases import enclosures
from jiulong.cases.enclosures import Enclosed
from jiulong.cases.models import Case
from jiulong.cases.moves import SUBJECT
from jiulong.duty.queries.queue import ABOUT
from jiulong.evidence import guards
from jiulong.monitoring.casework import NAME
from jiulong.monitoring.models import Alarm, Finding
from jiulong.monitoring.queries import visible_points
from jiulong.monitoring.words import factor_name
from jiulong.organisation.rules import Viewer
from jiulong.sampling.models import Sample
from jiulong.upkeep.models import Mark, QcTest
from jiulong.validity.models import DayStatistic, Revision

#: So many days before the alarm belong to it: what failed then may reach into it.
BEFORE: Final = timedelta(days=1)
#: Lines of one kind at the head of a dossier; the things themselves are all in it.
MOST: Final = 60
Subject = tuple[str, int | str]


def register() -> None:
    """Have dossiers hold it, and alarms be things that events and files may belong to."""
    enclosures.register("duty", enclosed)
    guards.register("monitoring.alarm", sees_alarm, lambda _viewer, _pk: False)


def sees_alarm(viewer: Viewer, pk: str) -> bool:
    """Whether the viewer may see the outfall of the alarm."""
    outfalls = visible_points(viewer).values("outfall")
    return pk.isdecimal() and Alarm.objects.filter(pk=pk, outfall__in=outfalls).exists()


def enclosed(viewer: Viewer, case: Case) -> Enclosed:
    """What belongs to the alarm of this case, or of the case that it follows."""
    chain = list(_chain(case))
    alarm = next((found for one in chain if (found := alarm_of(one))), None)
    subjects: list[Subject] = [(SUBJECT, one.pk) for one in chain if one.pk != case.pk]
    facts: list[tuple[str, str]] = []
    if alarm is not None:
        subjects += [("monitoring.alarm", alarm.pk), *_subjects(alarm)]
        facts = [*_findings(alarm), *_days(alarm)]
    seen = [pair for pair in subjects if guards.may_see(viewer, pair[0], str(pair[1]))]
    shown = alarm is not None and sees_alarm(viewer, str(alarm.pk))
    return Enclosed(tuple(seen), tuple(facts) if shown else ())


def alarm_of(case: Case) -> Alarm | None:
    """The alarm that a case is about."""
    number = case.source_ref.removeprefix(ABOUT)
    if case.source != NAME or number == case.source_ref or not number.isdecimal():
        return None
    return Alarm.objects.select_related("outfall__enterprise").filter(pk=number).first()


def span_of(alarm: Alarm) -> tuple[datetime, datetime]:
    """The time that is about the alarm."""
    return alarm.started_at - BEFORE, max(alarm.last_at, alarm.ended_at or alarm.last_at)


def _chain(case: Case) -> Iterator[Case]:
    """The case, what it came from, and what it led to."""
    yield case
    parent = case.parent
    while parent is not None:
        yield parent
        parent = parent.parent
    yield from case.children.order_by("pk")


def _subjects(alarm: Alarm) -> Iterator[Subject]:
    start, end = span_of(alarm)
    points = list(alarm.outfall.points.values_list("pk", flat=True))
    for finding in alarm.findings.order_by("pk").values_list("pk", flat=True):
        yield ("monitoring.finding", finding)
    marks = Mark.objects.filter(point__in=points, started_at__lt=end, ended_at__gt=start)
    for pk in marks.order_by("pk").values_list("pk", flat=True):
        yield (Mark._meta.label_lower, pk)  # noqa: SLF001 - documented by Django
    checks = QcTest.objects.filter(point__in=points, at__gte=start, at__lt=end + BEFORE)
    for pk in checks.order_by("pk").values_list("pk", flat=True):
        yield (QcTest._meta.label_lower, pk)  # noqa: SLF001 - as above
    about = Q(finding__alarm=alarm) | Q(sampled_at__gte=start, sampled_at__lt=end + BEFORE)
    samples = Sample.objects.filter(about, point__in=points)
    for pk in samples.order_by("pk").values_list("pk", flat=True):
        yield ("sampling.sample", pk)


def _findings(alarm: Alarm) -> Iterator[tuple[str, str]]:
    firm = alarm.outfall.enterprise
    began = timezone.localtime(alarm.started_at)
    yield _("Alarm"), f"{alarm.kind} · {firm} {alarm.outfall} · {began:%Y-%m-%d %H:%M}"
    for one in alarm.findings.select_related("factor").order_by("started_at", "pk")[:MOST]:
        yield _("Finding"), _told(one)


def _told(one: Finding) -> str:
    """Rule, factor, time, value against limit, in a line."""
    began = timezone.localtime(one.started_at)
    parts = [one.rule, factor_name(one.factor) if one.factor else "", f"{began:%Y-%m-%d %H:%M}"]
    if one.value is not None and one.limit_value is not None:
        parts.append(f"{one.value.normalize():f} / {one.limit_value.normalize():f}")
    if one.multiple is not None:
        parts.append(f"×{one.multiple}")
    return " · ".join(filter(None, parts))


def _days(alarm: Alarm) -> Iterator[tuple[str, str]]:
    """Days as they count now, and every time one of them was reckoned anew."""
    first, last = (timezone.localdate(at) for at in span_of(alarm))
    about = Q(point__outfall=alarm.outfall, on__range=(first, last))
    factors = {one for one in alarm.findings.values_list("factor", flat=True) if one}
    days = DayStatistic.objects.filter(about, factor__in=factors).select_related("factor")
    for day in days.order_by("on", "factor")[:MOST]:
        mean = "—" if day.mean is None or not day.valid else f"{round(day.mean, 4).normalize():f}"
        told = f"{day.on} · {factor_name(day.factor)} · {mean} · {day.n_valid}/{day.n_expected}"
        yield _("Day mean"), f"{told} · {day.rule} · #{day.revision}"
    for one in Revision.objects.filter(about).select_related("factor").order_by("at")[:MOST]:
        at = timezone.localtime(one.at)
        yield _("Day reckoned anew"), f"{one.on} · {factor_name(one.factor)} · {at:%Y-%m-%d %H:%M}"
