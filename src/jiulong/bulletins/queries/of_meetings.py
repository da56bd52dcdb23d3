"""Meetings a viewer may see, with their papers and decisions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from jiulong.bulletins import kinds, rules
from jiulong.bulletins.models import Attendance, Bulletin, Decision, Meeting
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, may, reach


def meetings(viewer: Viewer) -> QuerySet[Meeting]:
    """Those of the viewer's offices and those that their units are invited to."""
    held, seen = reach(viewer, rules.MEET), reach(viewer, rules.SEE)
    found = Meeting.objects.select_related("unit")
    if seen.everything or held.everything:
        return found
    invited = Attendance.objects.filter(unit__in=seen.units).values("meeting")
    return found.filter(held.within("unit") | Q(pk__in=invited))


def counted(viewer: Viewer) -> QuerySet[Meeting]:
    """The same with how much was decided and how much of it is done."""
    return meetings(viewer).annotate(
        decided=Count("decisions", distinct=True),
        done=Count("decisions", filter=Q(decisions__case__closed_at__isnull=False), distinct=True),
    )


def meeting(viewer: Viewer, pk: int) -> Meeting:
    """One of them. Meeting.DoesNotExist also where the viewer may not."""
    return meetings(viewer).select_related("entry").get(pk=pk)


def attendance(of: Meeting) -> list[Attendance]:
    """Who was to come, in the order of the tree."""
    return list(of.attendance.select_related("unit").order_by("unit__path"))


def decisions(of: Meeting) -> list[Decision]:
    """What was decided, with the cases."""
    return list(of.decisions.select_related("case__lead", "lead").order_by("position"))


def packs(viewer: Viewer, of: Meeting) -> list[Bulletin]:
    """The papers of a meeting that the viewer may read, newest first."""
    found = Bulletin.objects.filter(
        rules.visible(viewer), about_label="bulletins.meeting", about_pk=str(of.pk)
    ).exclude(state=Bulletin.State.WITHDRAWN)
    return list(found.defer("content").order_by("-drafted_at"))


def newest_pack(viewer: Viewer, of: Meeting) -> Bulletin | None:
    """The papers as they were last made, whole."""
    found = packs(viewer, of)
    if not found:
        return None
    return Bulletin.objects.prefetch_related("quotes").get(pk=found[0].pk)


def next_meeting(viewer: Viewer, now: datetime) -> Meeting | None:
    """The next one that the viewer has to do with."""
    coming = meetings(viewer).filter(state=Meeting.State.PLANNED, at__gte=now)
    return coming.order_by("at").first()


def leads(viewer: Viewer) -> QuerySet[Unit]:
    """Units that a decision may be given to."""
    if not may(viewer, rules.MEET):
        return Unit.objects.none()
    kinds_ = [Unit.Kind.DEPARTMENT, Unit.Kind.STREET, Unit.Kind.ZONE]
    return Unit.objects.filter(kind__in=kinds_, closed_on=None).order_by("path")


def series(viewer: Viewer) -> dict[str, kinds.SeriesItem]:
    """Regular meetings that the viewer may call."""
    held = reach(viewer, rules.MEET)
    found = kinds.series()
    codes = {one.unit for one in found.values()}
    units = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    return {key: one for key, one in found.items() if held.covers(units.get(one.unit))}
