"""What the keeper does for projects: lights every day, and a word to who has not reported."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiulong.cases.models import Notice
from jiulong.cases.notices.telling import Word, tell_many
from jiulong.cases.notices.words import KINDS
from jiulong.cases.people import PhoneBook
from jiulong.projects.actions import compute_lights
from jiulong.projects.lights import gathering
from jiulong.projects.models import Light, Project
from jiulong.projects.queries import missing, month_of, reporting_month

DUE: Final = "month_due"
MISSING: Final = "month_missing"
#: People are told so many days before the day.
AHEAD: Final = timedelta(days=2)
#: Shown of what is missing; the page has all.
NAMED: Final = 3


def offer_kinds() -> None:
    """Notices that people may choose."""
    KINDS[DUE] = ("indigo", gettext_lazy("A month of a project is to be reported"))
    KINDS[MISSING] = ("amber", gettext_lazy("A month of a project was not reported in time"))


def judge_step(now: datetime) -> bool:
    """Judge all projects once a day: reasons, statistics and starts change without a report."""
    today = timezone.localdate(now)
    month = month_of(today)
    if Light.objects.filter(month=month, computed_at__date__gte=today).exists():
        return False
    if gathering.in_force(gathering.all_rules(), gathering.last_of(month)) is None:
        return False
    compute_lights(now=now, months=[month])
    return False


def remind_step(now: datetime) -> bool:
    """Tell people of units whose month is due soon, and again once it is late; each once."""
    today = timezone.localdate(now)
    month = reporting_month(today)
    spec = gathering.in_force(gathering.all_rules(), today)
    if spec is None:
        return False
    due = gathering.after(month).replace(day=spec.report_due_day)
    if today < due - AHEAD:
        return False
    kind = DUE if today <= due else MISSING
    if not Notice.objects.filter(kind=kind, data__month=f"{month:%Y-%m}").exists():
        _tell(kind, month, due, now)
    return False


def _tell(kind: str, month: date, due: date, now: datetime) -> None:
    by_unit: dict[int, list[Project]] = defaultdict(list)
    for project in missing(month):
        by_unit[project.lead_unit_id].append(project)
    book = PhoneBook()
    tell_many(
        [
            Word(
                tuple(book.of_unit([unit], "report_project")), None, kind,
                {
                    "month": f"{month:%Y-%m}", "until": due.isoformat(),
                    "title": _("Reports of %(month)s") % {"month": f"{month:%Y-%m}"},
                    "text": _named(projects),
                },
            )
            for unit, projects in by_unit.items()
        ],
        now,
    )  # fmt: skip


def _named(projects: list[Project]) -> str:
    names = "、".join(project.name for project in projects[:NAMED])
    if len(projects) <= NAMED:
        return names
    told = ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", len(projects) - NAMED)
    return told % {"names": names, "n": len(projects) - NAMED}
