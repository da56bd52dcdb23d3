"""Cases in words: stages, lights, deadlines, values of forms – for pages and exported files."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.calendar import words as calendar_words
from jiulong.calendar.clocks import Calendar, Left, Limit, Measure, left
from jiulong.cases import specs
from jiulong.cases.lifecycle import ENDED, STAGES, SUSPENDED
from jiulong.cases.models import Case, Task
from jiulong.packs import text
from jiulong.pages import lights, words

ONE_DAY: Final = timedelta(days=1)
#: Light of the ladder → (tone of `pages.lights`, word).
LADDER: Final[dict[str, tuple[str, str | Promise]]] = {
    "": (lights.MET, _("On course")),
    "blue": (lights.TOLD, pgettext_lazy("light", "Blue: reminded")),
    "yellow": (lights.NEAR, pgettext_lazy("light", "Yellow: due")),
    "red": (lights.OVER, pgettext_lazy("light", "Red: overdue")),
}
OVERDUE: Final[tuple[str, str | Promise]] = (lights.OVER, _("Overdue"))
TASKS: Final[dict[str, str]] = {
    Task.State.WAITING: lights.NONE,
    Task.State.OPEN: lights.TOLD,
    Task.State.PAUSED: lights.NEAR,
    Task.State.DONE: lights.MET,
    Task.State.DROPPED: lights.NONE,
}
LIGHT_CHOICES: Final = (
    ("late", _("Overdue")),
    ("red", LADDER["red"][1]),
    ("yellow", LADDER["yellow"][1]),
    ("blue", LADDER["blue"][1]),
    ("none", LADDER[""][1]),
)
#: Purposes of a case's files.
PURPOSES: Final[dict[str, Promise]] = {
    "photo_before": _("Photo before"),
    "photo_after": _("Photo after"),
    "document": _("Document"),
    "interview": _("Record of the interview"),
}
#: What each rate means, shown with the figures.
DEFINITIONS: Final[tuple[tuple[Promise, Promise], ...]] = (
    (_("Response"), _("Accepted cases among those that were assigned.")),
    (
        _("On time"),
        _("Cases answered within their deadline, among those answered or past their deadline."),
    ),
    (_("Rework"), _("Cases sent back at least once, among those answered.")),
    (_("Satisfaction"), _("“Satisfied” among the answers of reporters and enterprises.")),
    (_("Closing"), _("Closed cases among those filed, without withdrawn and merged ones.")),
)


def matter_name(case: Case) -> str:
    """The name of the case's matter; lists bring it along as `matter.words`."""
    brought = getattr(case.matter, "words", None)
    return text.show(brought) if brought else specs.matter(case.matter).name.show()


def standing(case: Case, now: datetime) -> tuple[str, str]:
    """Tone and word of a case: how it stands with its clock, or how it ended."""
    if case.stage in ENDED or case.stage == SUSPENDED:
        return lights.NONE, str(STAGES[case.stage])
    until = until_of(case)
    over = until is not None and until < now and case.light != Case.Light.RED
    tone, word = OVERDUE if over else LADDER[case.light]
    return tone, str(word)


def until_of(case: Case) -> datetime | None:
    """The promise while it is not answered; otherwise until when the next move is due."""
    promised = case.due_at is not None and case.replied_at is None
    return case.due_at if promised else case.turn_due_at


def lamp(case: Case, now: datetime) -> Any:
    """The light of a case."""
    tone, word = standing(case, now)
    return lights.light(tone, word)


def task_lamp(task: Task, now: datetime) -> Any:
    """The light of a task."""
    if task.state == Task.State.OPEN and task.due_at is not None and task.due_at < now:
        return lights.light(*OVERDUE)
    return lights.light(TASKS[task.state], task.get_state_display())


def stage(code: str) -> str:
    """A stage in words."""
    return str(STAGES.get(code, code))


def limit(clock: str) -> str:
    """A limit in words: "5 working days", "1 day, by 12:00"."""
    return calendar_words.limit(Limit.parse(clock)) if clock else words.MISSING


def due(at: datetime | None, clock: str, now: datetime, calendar: Calendar) -> Any:
    """How much of a clock is left, in its own measure: "3 working days left", "today"."""
    if at is None:
        return words.MISSING
    given = Limit.parse(clock) if clock else None
    hours = {Measure.HOURS, Measure.WORKING_HOURS}
    # Who must answer by noon is told the hours that are left, once it is a day or less.
    soon = given is not None and given.by is not None and at - now <= ONE_DAY
    if given is None or given.measure in hours or soon:
        return words.until(at, now)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S"),
        _left(left(now, at, given.measure, calendar), at, now),
    )


def _left(rest: Left, at: datetime, now: datetime) -> str:
    if not rest.amount and not rest.overdue:
        same = timezone.localtime(at).date() == timezone.localtime(now).date()
        return _t("due today") if same else words.until(at, now)
    if not rest.amount:
        return words.until(at, now)
    span = calendar_words.amount(rest.amount, rest.measure)
    told = _t("%(span)s overdue") if rest.overdue else _t("%(span)s left")
    return told % {"span": span}


def rate(value: Decimal | None) -> str:
    """A rate as text: "93.4%"."""
    return words.MISSING if value is None else f"{value}%"


def tone_of(light: str, due_at: datetime | None, now: datetime) -> str:
    """The tone of an open case on the map."""
    if light == Case.Light.RED or (due_at is not None and due_at < now):
        return lights.OVER
    return LADDER[light][0]
