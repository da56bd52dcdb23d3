"""Projects in words: lights with shape and word, why a light is as it is, money, acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.evidence.models import Event
from jiulong.organisation.rules import Viewer
from jiulong.packs.text import show
from jiulong.pages import lights
from jiulong.pages.words import MISSING, figure, number, person
from jiulong.projects import rules, stages
from jiulong.projects.labels import LABELS
from jiulong.projects.lights.spec import Band
from jiulong.projects.models import Colour, Easing, MonthReport, Project

#: Colour → tone of `pages.lights`, the heaviest first.
TONES: Final[dict[str, str]] = {
    Colour.RED: lights.OVER,
    Colour.YELLOW: lights.NEAR,
    Colour.GREEN: lights.MET,
    Colour.NONE: lights.NONE,
}
MEASURES: Final[dict[str, str | Promise]] = {
    "points_behind": _("Behind plan"),
    "start_late": _("Late start"),
    "not_in_statistics": _("Not in the statistics"),
    "month_task_share": _("The month's own task"),
    "bond_gap": _("Special bonds not used"),
}
UNITS: Final[dict[str, str | Promise]] = {
    "points_behind": pgettext_lazy("unit", "points"),
    "start_late": pgettext_lazy("unit", "months"),
    "not_in_statistics": pgettext_lazy("unit", "months"),
    "month_task_share": "%",
    "bond_gap": "%",
}
FIGURES: Final[dict[str, str | Promise]] = {
    "year_plan": _("Plan of the year"),
    "planned": _("Planned to date"),
    "done": _("Done to date"),
    "reported_to": _("Reported up to"),
    "planned_start_on": _("Was to start on"),
    "late_reason": _("Accepted reason"),
    "started_on": _("Started on"),
    "task": _("Task of the month"),
    "approved": _("Bonds approved"),
    "due": _("To be used by now"),
    "used": pgettext_lazy("of funds", "Used"),
}
STATE_TONES: Final[dict[str, str]] = {
    MonthReport.State.DRAFT: lights.NONE,
    MonthReport.State.SUBMITTED: lights.TOLD,
    MonthReport.State.CONFIRMED: lights.MET,
    MonthReport.State.RETURNED: lights.OVER,
}
#: Recorded acts, for timelines and for the log of all acts.
ACTS: Final[dict[str, str | Promise]] = {
    "add_milestone": pgettext_lazy("act", "Plan a milestone"),
    "change_project": pgettext_lazy("act", "Change a project"),
    "ask_easing": pgettext_lazy("act", "Ask for less of a lagging project"),
    "confirm_milestone": pgettext_lazy("act", "Confirm a milestone"),
    "confirm_report": pgettext_lazy("act", "Confirm a month's report"),
    "drop_project": pgettext_lazy("act", "Take a project off the list"),
    "end_override": pgettext_lazy("act", "Take back a light set by hand"),
    "file_project": pgettext_lazy("act", "List a project"),
    "finish_milestone": pgettext_lazy("act", "Report a milestone reached"),
    "grant_easing": pgettext_lazy("act", "Let less be asked of a lagging project"),
    "import_projects": pgettext_lazy("act", "Import projects"),
    "move_stage": pgettext_lazy("act", "Move a project to its next stage"),
    "override_light": pgettext_lazy("act", "Set a light by hand"),
    "raise_obstacle": pgettext_lazy("act", "Raise an obstacle"),
    "refuse_easing": pgettext_lazy("act", "Refuse to ask less of a lagging project"),
    "report_month": pgettext_lazy("act", "Report a project's month"),
    "return_report": pgettext_lazy("act", "Return a month's report"),
    "revise_plan": pgettext_lazy("act", "Plan a project's year"),
    "set_funds": pgettext_lazy("act", "Record a project's funds"),
    "withdraw_easing": pgettext_lazy("act", "Take back the wish for less of a project"),
}
LIGHT_CHOICES: Final = tuple((colour.value, colour.label) for colour in Colour)


def lamp(colour: str | None, *, by_hand: bool = False) -> SafeString:
    """A light: shape, word and colour; one set by hand says so."""
    shown = Colour(colour or Colour.NONE)
    word = f"{shown.label} *" if by_hand else str(shown.label)
    return lights.light(TONES[shown], word)


def lamp_of(project: Any) -> SafeString:
    """The light of a project as `queries.lit` gives it."""
    shown = lamp(project.colour, by_hand=project.by_hand is not None)
    if project.rule in ("", None, "points_behind") or project.by_hand:
        return shown
    return format_html('{}<br><small class="muted">{}</small>', shown, MEASURES[project.rule])


def title(project: Any) -> SafeString:
    """Its name, and its number beneath."""
    return format_html('{}<small class="code muted">{}</small>', project.name, project.code)


def lamp_word(project: Any) -> str:
    """The same without shape, for files."""
    return str(Colour(project.colour).label)


def state(report: MonthReport) -> SafeString:
    """Where a month's report stands."""
    return lights.light(STATE_TONES[report.state], report.get_state_display())


def stage(code: str) -> str:
    """A stage's name."""
    return str(stages.STAGES[code])


def wan(value: Decimal | None) -> Any:
    """A sum in 万元."""
    return number(value, unit=_t("10k yuan"), digits=0) if value is not None else MISSING


def bare(value: Decimal | None) -> Any:
    """A sum in 万元 under a head that says so."""
    return number(value, digits=0)


def points(value: Decimal | None) -> Any:
    """Points of the year's plan, one decimal, under a head that says so."""
    return number(value, digits=1)


def steps(explanation: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The steps of a light's explanation, ready to be shown."""
    return [
        {
            "lamp": _step_lamp(step),
            "measure": MEASURES.get(step["measure"], step["measure"]),
            "value": f"{figure(Decimal(step['value']))} {UNITS.get(step['measure'], '')}".strip(),
            "edge": step["edge"],
            "word": show(step["word"]),
            "excused": step["excused"],
            "note": step["note"],
            "figures": [
                (FIGURES.get(name, name), _figure(name, value))
                for name, value in _in_order(step["figures"])
                if value
            ],
        }
        for step in explanation
    ]


def decided(explanation: list[Mapping[str, Any]], rule: str) -> str:
    """In a few words what decided: `Behind plan 12.3 points (> 10)`."""
    found = next((step for step in explanation if step["measure"] == rule), None)
    if found is None:
        return ""
    value = f"{figure(Decimal(found['value']))} {UNITS.get(rule, '')}".strip()
    word = f" · {show(found['word'])}" if found["word"] else ""
    return f"{MEASURES.get(rule, rule)} {value} ({found['edge']}){word}"


def _in_order(figures: Mapping[str, str]) -> list[tuple[str, str]]:
    """JSON columns forget the order of keys."""
    return [(name, figures[name]) for name in FIGURES if name in figures]


def _step_lamp(step: Mapping[str, Any]) -> SafeString:
    word = show(step["word"])
    return lights.light(TONES[Colour(step["colour"])], word or str(Colour(step["colour"]).label))


def _figure(name: str, value: str) -> str:
    if name in {"late_reason", "reported_to", "planned_start_on", "started_on"}:
        return value
    return f"{figure(Decimal(value))} {_t('10k yuan')}"


def act(event: Event) -> dict[str, Any]:
    """A recorded act as the timeline shows it."""
    data = event.data
    told = []
    if event.verb == "move_stage":
        told.append(f"{stage(data['from'])} → {stage(data['to'])} · {data['on']}")
    if event.verb in {"report_month", "confirm_report", "return_report"} and data.get("month"):
        told.append(f"{data['month']} {_money(data.get('done'))}".strip())
    if event.verb == "override_light":
        told.append(f"{Colour(data['colour']).label} · {_t('until')} {data['until']}")
    if event.verb == "revise_plan":
        told.append(f"{data['year']}: {_money(data['investment'])}")
    if data.get("kind") in Easing.Kind.values:
        told.append(str(Easing.Kind(data["kind"]).label))
        lines = rows(data.get("told", []))
        told += [f"{what} {was or '—'} → {now or '—'}" for what, was, now in lines[:EASED]]
        told += ["…"] if len(lines) > EASED else []
    told += [str(data[name]) for name in ("number", "title", "reason") if data.get(name)]
    return {
        "what": ACTS.get(event.verb, event.verb),
        "who": person(event.actor_name),
        "at": event.at,
        "told": told,
        "tone": _TONE_OF_ACT.get(event.verb, lights.NONE),
    }


#: So many lines of a wish stand in the timeline; the wish itself has all.
EASED: Final = 3
_TONE_OF_ACT: Final[dict[str, str]] = {
    "ask_easing": lights.NEAR,
    "grant_easing": lights.TOLD,
    "refuse_easing": lights.OVER,
    "raise_obstacle": lights.NEAR,
    "return_report": lights.OVER,
    "override_light": lights.TOLD,
    "confirm_report": lights.MET,
    "confirm_milestone": lights.MET,
    "move_stage": lights.MET,
}


def _money(value: Any) -> str:
    return f"{figure(Decimal(str(value)))} {_t('10k yuan')}" if value not in (None, "") else ""


def rows(told: Sequence[Sequence[str]]) -> list[tuple[str, str, str]]:
    """What differs, old and new; fields by their labels, years and months as they are."""
    return [(str(LABELS.get(name, name)), was, now) for name, was, now in told]


def easing(one: Easing, viewer: Viewer) -> dict[str, Any]:
    """A wish for less as pages show it, and what the viewer may do with it."""
    waits = one.state == Easing.State.OPEN
    return {
        "one": one,
        "lamp": lights.light(_EASING_TONES[one.state], str(one.get_state_display())),
        "rows": rows(one.told),
        "may_settle": waits and rules.may_ease(viewer, one),
        "may_withdraw": waits and rules.may(viewer, "keep_projects", one.project),
    }


_EASING_TONES: Final[dict[str, str]] = {
    Easing.State.OPEN: lights.NEAR,
    Easing.State.GRANTED: lights.TOLD,
    Easing.State.REFUSED: lights.OVER,
    Easing.State.WITHDRAWN: lights.NONE,
}


def road(project: Project, entered: Mapping[str, date]) -> list[dict[str, Any]]:
    """The stages as dots: done with its day, here, ahead. What was passed by is left out."""
    here = stages.index(project.stage)
    dots = []
    for place, code in enumerate(stages.ORDER):
        if place < here and code not in entered:
            continue
        state_of = "done" if place < here else "here" if place == here else "ahead"
        dots.append({"label": stage(code), "state": state_of, "on": entered.get(code)})
    return dots


def edge(band: Band) -> str:
    """From where on a band holds, with its sign."""
    if band.over is not None:
        return f"> {figure(band.over)}"
    if band.under is not None:
        return f"< {figure(band.under)}"
    return f"≥ {figure(band.reaches or Decimal(0))}"
