"""Sections of the meeting pack that this floor and those below fill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiulong.bulletins import words
from jiulong.bulletins.content.base import Pen, Section, Sitting, Table
from jiulong.bulletins.content.naming import part_name, scheme_name
from jiulong.bulletins.content.standings import FINAL, rows_of, score
from jiulong.bulletins.models import Decision, Meeting
from jiulong.cases import words as case_words
from jiulong.organisation.models import User
from jiulong.organisation.rules import may
from jiulong.projects.lights.gathering import COUNTED
from jiulong.projects.models import Colour, MonthReport, Project
from jiulong.projects.queries import lagging, summary
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Standing, StandingRow
from jiulong.scorecards.queries.lines import AimLine, aim_lines, whole
from jiulong.scorecards.words import target_words

#: Rows that a meeting looks at; the pages have all of them.
MOST: Final = 15
#: Of each group the meeting sees the ends.
ENDS: Final = 3


def day_of(sitting: Sitting) -> date:
    """The day as of which the sitting looks at things."""
    return timezone.localdate(sitting.now)


def decisions(_viewer: User, pen: Pen, sitting: Sitting) -> Section | None:
    """What the last meeting of the series decided, and how far it is."""
    meeting: Meeting | None = sitting.meeting
    if meeting is None:
        return None
    last = (
        Meeting.objects.filter(series=meeting.series, state=Meeting.State.HELD, at__lt=meeting.at)
        .order_by("-at")
        .first()
    )
    found = list(
        Decision.objects.filter(meeting=last).select_related("case", "lead") if last else []
    )
    if last is None or not found:
        return None
    done = sum(one.case.closed_at is not None for one in found)
    told = _("“%(meeting)s” on %(day)s decided %(all)s matters; %(done)s of them are done.") % {
        "meeting": last.title, "day": words.day(last.at),
        "all": pen.count("decisions", str(last.pk), len(found), _("Decisions of the last meeting")),
        "done": pen.count("decisions.done", str(last.pk), done, _("Decisions done")),
    }  # fmt: skip
    rows = [
        [str(one.position), one.title, str(one.lead),
         pen.quote(one.case, "number", one.case.number, one.title), words.day(one.due_on),
         case_words.standing(one.case, sitting.now)[1]]
        for one in found
    ]  # fmt: skip
    table = Table(
        head=[_("No."), _("Decision"), _("Lead unit"), _("Case"), _("Due"), _("How it stands")],
        rows=rows, widths=[0.7, 4, 2.2, 2.4, 2, 1.6],
    )  # fmt: skip
    return Section(paragraphs=[told], tables=[table])


def standings(_viewer: User, pen: Pen, _sitting: Sitting) -> Section | None:
    """The newest frozen standing: the ends of each group, whoever drafts."""
    found = _newest()
    if found is None:
        return None
    told = _("%(contest)s, %(period)s; the standing is frozen.")
    lead = told % {"contest": scheme_name(found.scheme), "period": words.period(found.period)}
    tables = [_ends(pen, found, group, rows) for group, rows in rows_of(found)]
    return Section(paragraphs=[lead], tables=tables)


def projects(viewer: User, pen: Pen, sitting: Sitting) -> Section | None:
    """How projects stand by light, and those that lag most."""
    if not may(viewer, "see_projects"):
        return None
    on = day_of(sitting)
    whole_, late = summary(viewer, on), lagging(viewer, on, MOST)
    if not whole_.total:
        return None
    month = whole_.month.strftime("%Y-%m")
    told = _(
        "%(all)s key projects: %(green)s green, %(yellow)s yellow, %(red)s red; %(percent)s of the"
        " investment planned to date is done."
    )
    lead = told % {
        "all": pen.count("projects", month, whole_.total, _("Key projects")),
        "green": _lit(pen, month, whole_.by_colour, Colour.GREEN),
        "yellow": _lit(pen, month, whole_.by_colour, Colour.YELLOW),
        "red": _lit(pen, month, whole_.by_colour, Colour.RED),
        "percent": pen.moment(
            "projects.completion", month, f"{whole_.completion or 0}%", _("Investment completed")
        ),
    }
    reports = _reports(late, on)
    rows = [_project(pen, one, reports.get(one.pk), month) for one in late]
    table = Table(
        caption=_("Farthest behind"),
        head=[
            pgettext("target", "Light"), _("Project"), _("Unit"), _("Done, 10,000 yuan"),
            _("Behind, points"),
        ],
        rows=rows, align=["center", "left", "left", "right", "right"],
        widths=[1, 4, 2.4, 2, 1.6],
    )  # fmt: skip
    return Section(paragraphs=[lead], tables=[table] if rows else [])


def indicators(viewer: User, pen: Pen, sitting: Sitting) -> Section | None:
    """The district's targets that are behind what is expected by now."""
    subject = whole()
    if subject is None or not may(viewer, "see_scores"):
        return None
    on = day_of(sitting)
    lines = [line for line in aim_lines(viewer, [subject], on.year, on) if line.latest]
    behind = [line for line in lines if line.judged.light in {"near", "over"}]
    told = _("%(behind)s of %(all)s targets with values are below what is expected to date.")
    lead = told % {
        "behind": pen.count("targets.behind", str(on.year), len(behind), _("Targets behind")),
        "all": pen.count("targets", str(on.year), len(lines), _("Targets with values")),
    }
    return Section(paragraphs=[lead], tables=[aim_table(pen, behind)] if behind else [])


def aim_table(pen: Pen, lines: list[AimLine]) -> Table:
    """Target lines: promised, reached, expected, light."""
    return Table(
        head=[
            _("Indicator"), _("Target"), pgettext("figures", "Period"),
            pgettext("target", "Reached"), _("Expected"), pgettext("target", "Light"),
        ],
        rows=[list(_aim(pen, line)) for line in lines],
        align=["left", "left", "center", "right", "right", "center"],
        widths=[3.4, 2.6, 1.6, 1.6, 1.6, 1.4],
    )  # fmt: skip


def _newest() -> Standing | None:
    """The newest frozen standing of units; those of firms rank elsewhere."""
    found = Standing.objects.filter(state__in=sorted(FINAL)).exclude(
        rows__subject__kind__in=["enterprise", "project"]
    )
    # As text a quarter (2026Q1) would come after every month of its year.
    heads = [(periods.order(period), pk) for pk, period in found.values_list("pk", "period")]
    return Standing.objects.select_related("scheme").get(pk=max(heads)[1]) if heads else None


def _ends(pen: Pen, standing: Standing, group: str, rows: list[StandingRow]) -> Table:
    rows = [row for row in rows if row.rated]
    shown = rows if len(rows) <= 2 * ENDS + 1 else [*rows[:ENDS], *rows[-ENDS:]]
    return Table(
        caption=part_name(standing.scheme, group),
        head=[_("Rank"), _("Unit"), _("Score"), _("Rank before")],
        rows=[
            [
                pen.quote(row, "rank", str(row.rank), f"{row.subject.name} · {_('Rank')}"),
                row.subject.name,
                score(pen, row),
                "—" if row.rank_before is None else pen.quote(
                    row, "rank_before", str(row.rank_before),
                    f"{row.subject.name} · {_('Rank before')}",
                ),
            ]
            for row in shown
        ],
        align=["center", "left", "right", "center"], widths=[1, 4, 1.6, 1.6],
    )  # fmt: skip


def _lit(pen: Pen, month: str, counts: Any, colour: str) -> str:
    label = str(Colour(colour).label)
    return pen.count(f"projects.{colour}", month, counts[colour], label)


def _reports(found: list[Project], on: date) -> dict[int, MonthReport]:
    """Each project's newest report of the year that counts."""
    rows = MonthReport.objects.filter(
        project__in=found, month__year=on.year, month__lte=on, state__in=COUNTED
    ).order_by("month")
    return {row.project_id: row for row in rows}


def _project(pen: Pen, one: Any, report: MonthReport | None, month: str) -> list[str]:
    done = "—"
    if report is not None:
        done = pen.quote(report, "done", words.amount(report.done), f"{one.name} · {_('Done')}")
    behind = "—"
    if one.behind is not None:
        behind = pen.moment(
            "projects.behind", f"{one.pk}@{month}", words.amount(one.behind, 1),
            f"{one.name} · {_('Behind')}",
        )  # fmt: skip
    return [str(Colour(one.colour).label), one.name, str(one.lead_unit), done, behind]


def _aim(pen: Pen, line: AimLine) -> Iterator[str]:
    latest = line.latest
    yield line.name
    yield target_words(line.target)
    yield words.period(latest.period) if latest else "—"
    if latest is None:
        yield "—"
    else:
        value = latest.value
        place = ("scorecards.observation", value.pk, "value")
        yield pen.read(place, value.value, words.amount(value.value), line.name)
    expected = line.judged.expected
    yield (
        "—"
        if expected is None
        else pen.moment(
            "targets.expected", f"{line.target.pk}@{latest.period if latest else ''}",
            words.amount(expected.best), f"{line.name} · {_('Expected')}",
        )
    )  # fmt: skip
    yield light_word(line.judged.light)


def light_word(light: str) -> str:
    """How a target stands, in words."""
    told = {
        "met": _("on course"), "near": _("behind"), "over": _("far behind"), "none": _("no value"),
    }  # fmt: skip
    return told[light]
