"""The pack of a meeting and the quarterly sheet."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.bulletins import kinds, words
from jiulong.bulletins.content import agenda
from jiulong.bulletins.content.base import Content, Pen, Section, Sitting
from jiulong.bulletins.content.naming import district_name
from jiulong.bulletins.content.registry import About, build, section_label
from jiulong.bulletins.models import Attendance, Meeting
from jiulong.organisation.models import User
from jiulong.scorecards.engine import periods
from jiulong.scorecards.queries.lines import aim_lines, whole

QUARTER: Final = re.compile(r"^(20[0-9]{2})Q([1-4])$")


def pack(viewer: User, about: About, now: datetime) -> Content:
    """Everything that is laid before a meeting, as it is now.

    Raises:
        ValidationError: there is no such meeting.
    """
    meeting = (
        Meeting.objects.filter(pk=about[1]).first()
        if about[0] == "bulletins.meeting" and about[1].isdecimal()
        else None
    )
    if meeting is None:
        raise ValidationError({"about": _("Choose a meeting.")})
    pen, item = Pen(now), kinds.series_of(meeting.series)
    sitting = Sitting(meeting.period, now, meeting)
    parts = [_head(meeting)]
    for name in item.sections:
        part = build(name, viewer, pen, sitting)
        if part is not None:
            part.heading = words.chapter(len(parts) - 1, section_label(name))
            parts.append(part)
    invited = Attendance.objects.filter(meeting=meeting).values_list("unit", flat=True)
    return Content(
        title=_("%(meeting)s: papers") % {"meeting": meeting.title}, sections=parts,
        signed=str(meeting.unit), period=meeting.period, to_units=sorted(invited),
        quotes=pen.quotes,
    )  # fmt: skip


def quarterly(viewer: User, about: About, now: datetime) -> Content:
    """One page for a quarter: every target line, reached against expected.

    Raises:
        ValidationError: no quarter, or nobody measures the district.
    """
    found = QUARTER.fullmatch(about[1])
    if found is None:
        raise ValidationError({"period": _("Write a quarter like 2026Q1.")})
    subject = whole()
    if subject is None:
        raise ValidationError({"period": _("No targets of the district are there to print.")})
    # What came after the quarter is of no interest to its sheet, whenever that is written.
    pen = Pen(now)
    on = min(timezone.localdate(now), periods.first_day(periods.following(about[1])))
    lines = aim_lines(viewer, [subject], int(found[1]), on, about[1])
    lines = lines or aim_lines(viewer, [subject], int(found[1]), on)
    if not lines:
        raise ValidationError({"period": _("No targets of the district are there to print.")})
    met = sum(line.judged.light == "met" for line in lines)
    told = _("%(met)s of %(all)s targets are on course.") % {
        "met": pen.count("targets.met", about[1], met, _("Targets on course")),
        "all": pen.count("targets", about[1], len(lines), _("Targets")),
    }
    return Content(
        title=_("Targets of %(district)s at a glance, %(period)s")
        % {"district": district_name(), "period": words.period(about[1])},
        sections=[Section(paragraphs=[told], tables=[agenda.aim_table(pen, lines)])],
        signed=district_name(), period=about[1], quotes=pen.quotes,
    )  # fmt: skip


def _head(meeting: Meeting) -> Section:
    local = timezone.localtime(meeting.at)
    lines = [
        _("Time: %(day)s %(time)s")
        % {"day": words.day(meeting.at), "time": local.strftime("%H:%M")},
        _("Place: %(place)s") % {"place": meeting.place or "—"},
        _("Chair: %(chair)s") % {"chair": meeting.chair or "—"},
    ]
    agenda = [f"({n}) {one['title']}" for n, one in enumerate(meeting.agenda, start=1)]
    return Section(key="agenda", heading=_("Agenda"), paragraphs=[*lines, *agenda])
