"""One-page briefs as documents: of a project, and of what a leader is in charge of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from jiulong.documents import (
    Block,
    Cell,
    Document,
    Facts,
    Figure,
    Heading,
    Lines,
    Paragraph,
    Series,
    Table,
)
from jiulong.packs.text import show
from jiulong.pages.words import MISSING, figure
from jiulong.projects import queries, words
from jiulong.projects.labels import LABELS
from jiulong.projects.models import Colour, Project

#: Shapes beside the word, so that a black print tells lights apart.
SIGNS: Final = {Colour.GREEN: "●", Colour.YELLOW: "▲", Colour.RED: "■", Colour.NONE: "○"}
LIGHT: Final = pgettext_lazy("of a project", "Light")
#: Milestones and obstacles that fit one page.
FIT: Final = 6
#: Projects that fit the page of a leader.
LAGS: Final = (Colour.RED, Colour.YELLOW)
ROWS: Final = 16


def light(project: Any) -> str:
    """● Green, as it stands."""
    shown = Colour(project.colour)
    return f"{SIGNS[shown]} {shown.label}" + (" *" if project.by_hand else "")


def brief(project: Project, page: queries.Page, now: datetime) -> Document:
    """One project on one page."""
    blocks: list[Block] = [
        Facts(_facts(project)),
        Paragraph(project.description, small=True),
        Heading(_("Light and why"), 2),
        *_why(page),
        Heading(_("The year's investment, 10k yuan"), 2),
        *_year(page),
        Heading(_("Milestones"), 2),
        _nodes(page),
    ]
    if page.obstacles:
        blocks += [Heading(_("Obstacles"), 2), _obstacles(page)]
    return Document(
        title=project.name,
        subtitle=_("%(code)s · as of %(month)s") % {
            "code": project.code, "month": f"{page.month:%Y-%m}"},
        blocks=blocks,
        form=True,
        footer=project.code,
        language=_language(),
        made_at=now,
    )  # fmt: skip


def of_leader(name: str, projects: Sequence[Any], month: date, now: datetime) -> Document:
    """What a leader is in charge of on one page: counts, and what lags or is held up.

    `projects` come with the heaviest first.
    """
    counts = Counter(project.colour for project in projects)
    told = " · ".join(
        f"{SIGNS[Colour(colour)]} {Colour(colour).label} {counts[colour]}" for colour in words.TONES
    )
    plan = sum((project.year_plan or Decimal(0) for project in projects), Decimal(0))
    done = sum((project.done for project in projects), Decimal(0))
    lagging = [one for one in projects if one.colour in LAGS or one.obstacles_open]
    listed = lagging[:ROWS]
    note = _("Sums in 10k yuan from January to the end of the month. * set by hand.")
    if len(lagging) > ROWS:
        note += " " + _("%(n)s more lag or are held up.") % {"n": len(lagging) - ROWS}
    rows = [_row(project) for project in listed]
    return Document(
        title=_("Key projects of %(name)s") % {"name": name},
        subtitle=_("as of %(month)s") % {"month": f"{month:%Y-%m}"},
        blocks=[
            Facts([
                (_("Projects"), str(len(projects))), (_("Lights"), told),
                (_("Plan of the year"), f"{_sum(plan)} {_('10k yuan')}"),
                (_("Done"), f"{_sum(done)} {_('10k yuan')}"),
            ]),
            Table(
                head=[str(LIGHT), _("Project"), str(LABELS["stage"]), _("Responsible unit"),
                      _("Plan of the year"), _("Done"), _("Behind (points)"), _("Obstacles")],
                rows=rows, widths=(1.3, 4, 1.3, 2.2, 1.5, 1.4, 1.2, 1),
                align=("left", "left", "left", "left", "right", "right", "right", "right"),
                caption=_("Behind plan or held up"), note=note,
            ),
        ],
        form=True, landscape=True, language=_language(), made_at=now,
    )  # fmt: skip


def _row(project: Any) -> list[str]:
    return [
        light(project), project.name, words.stage(project.stage), str(project.lead_unit),
        _sum(project.year_plan), _sum(project.done),
        MISSING if project.behind is None else figure(project.behind, 1),
        str(project.obstacles_open or ""),
    ]  # fmt: skip


def _facts(project: Any) -> list[tuple[str, str | Cell]]:
    dates = f"{_day(project.planned_start_on)} / {_day(project.started_on)}"
    ends = f"{_day(project.planned_finish_on)} / {_day(project.finished_on)}"
    return [
        (str(LABELS["level"]), f"{project.get_level_display()} · {project.get_kind_display()}"),
        (str(LABELS["stage"]), words.stage(project.stage)),
        (str(LABELS["lead_unit"]), str(project.lead_unit)),
        (str(LABELS["leader"]), project.leader_name or MISSING),
        (str(LABELS["zone"]), str(project.zone)),
        (str(LABELS["national_code"]), project.national_code or MISSING),
        (str(LABELS["total_investment"]), _sum(project.total_investment)),
        (_("Plan of the year"), _sum(project.year_plan)),
        (_("Start: planned / actual"), dates),
        (_("Completion: planned / actual"), ends),
    ]


def _why(page: queries.Page) -> list[Block]:
    said: list[Block] = [Paragraph(light(page.project), bold=True, indent=False)]
    if page.light is not None:
        for step in page.light.explanation:
            unit = words.UNITS.get(step["measure"], "")
            word = show(step["word"]) or str(Colour(step["colour"]).label)
            told = f"{words.MEASURES.get(step['measure'], step['measure'])} {step['value']} {unit}"
            said.append(
                Paragraph(f"{told} {step['edge']} → {word}".strip(), small=True, indent=False)
            )
    if page.override is not None:
        told = _("Set by hand by %(who)s until %(day)s: %(why)s") % {
            "who": page.override.by_name, "day": page.override.until, "why": page.override.reason,
        }  # fmt: skip
        said.append(Paragraph(told, small=True, indent=False))
    return said


def _year(page: queries.Page) -> list[Block]:
    rows = page.months
    if not rows:
        return [Paragraph(_("No plan stands for this year."), small=True)]
    labels = [f"{row.month:%m}" for row in rows]
    lines = Lines(
        labels=labels,
        series=[
            Series(_("Planned"), [float(row.planned) for row in rows]),
            Series(_("Done"), [None if row.done is None else float(row.done) for row in rows]),
        ],
    )
    right: list[Literal["left", "center", "right"]] = ["right"] * len(rows)
    table = Table(
        head=["", *labels],
        rows=[
            [_("Planned"), *(_sum(row.planned) for row in rows)],
            [_("Done"), *(_sum(row.done) for row in rows)],
        ],
        widths=(1.6, *[1.0] * len(rows)),
        align=("left", *right),
    )
    return [Figure(lines), table]


def _nodes(page: queries.Page) -> Table:
    return Table(
        head=[_("Milestone"), _("Planned"), _("Reached")],
        rows=[
            [one.title, _day(one.planned_on), _day(one.done_on)] for one in page.milestones[:FIT]
        ],
        widths=(4, 2, 2),
    )


def _obstacles(page: queries.Page) -> Table:
    return Table(
        head=[_("Number"), _("Obstacle"), _("Lead unit"), _("Due")],
        rows=[
            [one.case.number, one.case.title, str(one.case.lead or one.case.dispatch),
             _day(one.case.due_at.date() if one.case.due_at else None)]
            for one in page.obstacles[:FIT]
        ],
        widths=(2.4, 5, 2.4, 1.6),
    )  # fmt: skip


def _day(value: date | None) -> str:
    return value.isoformat() if value else MISSING


def _sum(value: Decimal | None) -> str:
    return MISSING if value is None else figure(value, 0)


def _language() -> Any:
    return "en" if (get_language() or "").startswith("en") else "zh"
