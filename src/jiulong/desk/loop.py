"""The loop bar: Aim → Observe → Find → Assign → Resolve → Verify → Rank, with live counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiulong.cases.queries import Overview, overview
from jiulong.monitoring import queries
from jiulong.monitoring.models import Finding
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may

#: Pages opened in quick succession show the same counts, so that the bar costs little.
FRESH_S: Final = 5.0
#: One entry a person; when more have looked, the oldest are forgotten.
REMEMBERED: Final = 500

CALM, NEAR, OVER, IDLE = "calm", "near", "over", "idle"


@dataclass(frozen=True, slots=True)
class Segment:
    """One station of the loop. `state`: calm, near, over, or idle where it is not set up yet."""

    name: str
    label: str | Promise
    state: str
    count: str = ""
    unit: str = ""
    word: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the bar is made from, for what one viewer may see."""

    live: int
    late: int
    offline: int
    serious: int
    warning: int
    information: int
    #: Of the cases that the viewer may see; None where cases are none of their business.
    cases: Overview | None = None

    @property
    def points(self) -> int:
        return self.live + self.late + self.offline

    @property
    def findings(self) -> int:
        return self.serious + self.warning + self.information


def count(viewer: Viewer, now: datetime | None = None) -> Counts:
    """The counts, fresh: three queries."""
    now = now or timezone.now()
    found: Any = queries.points(viewer, now=now)
    states = dict(found.order_by().values_list("liveness").annotate(n=Count("pk")))
    standing = queries.visible_findings(viewer).filter(ended_at=None).order_by()
    grades = dict(standing.values_list("severity").annotate(n=Count("pk")))
    return Counts(
        live=states.get("live", 0),
        late=states.get("late", 0),
        offline=states.get("offline", 0),
        serious=grades.get(Finding.Severity.SERIOUS, 0),
        warning=grades.get(Finding.Severity.WARNING, 0),
        information=grades.get(Finding.Severity.INFORMATION, 0),
        cases=casework(viewer, now),
    )


def casework(viewer: Viewer, now: datetime) -> Overview | None:
    """The figures of the cases that the viewer may see: one query; None without the right."""
    return overview(viewer, now) if may(viewer, "see_cases") else None


_remembered: dict[int, tuple[float, Counts]] = {}


def recent(viewer: User, clock: Callable[[], float] = time.monotonic) -> Counts:
    """The counts, at most `FRESH_S` seconds old."""
    held = _remembered.get(viewer.pk)
    if held is not None and clock() - held[0] < FRESH_S:
        return held[1]
    counts = count(viewer)
    remember(viewer, counts, clock)
    return counts


def remember(viewer: User, counts: Counts, clock: Callable[[], float] = time.monotonic) -> None:
    """Keep counts for the next pages of this person."""
    _remembered.pop(viewer.pk, None)
    _remembered[viewer.pk] = (clock(), counts)
    while len(_remembered) > REMEMBERED:
        del _remembered[next(iter(_remembered))]


def segments(counts: Counts) -> list[Segment]:
    """The seven stations; those of engines that are not built yet say so."""
    return [
        _idle("aim", gettext_lazy("Aim")),
        _observe(counts),
        _find(counts),
        *_casework(counts.cases),
        _idle("rank", gettext_lazy("Rank")),
    ]


def _idle(name: str, label: str | Promise) -> Segment:
    return Segment(name, label, IDLE, word=_("not set up yet"))


def _observe(counts: Counts) -> Segment:
    state = OVER if counts.offline else NEAR if counts.late else CALM
    word = _("live")
    if counts.offline:
        word = ngettext("%(n)d offline", "%(n)d offline", counts.offline) % {"n": counts.offline}
    elif counts.late:
        word = ngettext("%(n)d late", "%(n)d late", counts.late) % {"n": counts.late}
    return Segment(
        "observe",
        gettext_lazy("Observe"),
        state,
        count=str(counts.live),
        unit=f"/{counts.points}",
        word=word,
        address=to("monitoring:points"),
    )


def _find(counts: Counts) -> Segment:
    state = OVER if counts.serious else NEAR if counts.warning else CALM
    word = _("open") if counts.findings else _("nothing open")
    if counts.serious:
        word = ngettext("%(n)d serious", "%(n)d serious", counts.serious) % {"n": counts.serious}
    return Segment(
        "find",
        gettext_lazy("Find"),
        state,
        count=str(counts.findings),
        word=word,
        address=to("monitoring:findings", "?standing=open"),
    )


def _casework(found: Overview | None) -> list[Segment]:
    """Assign, Resolve and Verify: what waits, what runs, what is to be checked."""
    labels = {
        "assign": gettext_lazy("Assign"),
        "resolve": gettext_lazy("Resolve"),
        "verify": gettext_lazy("Verify"),
    }
    if found is None:
        return [
            Segment(name, label, IDLE, word=_("nothing for you")) for name, label in labels.items()
        ]
    return [
        _assign(labels["assign"], found),
        _resolve(labels["resolve"], found),
        _verify(labels["verify"], found),
    ]


def _assign(label: str | Promise, found: Overview) -> Segment:
    word = _("waiting") if found.filed else _("nothing waits")
    if found.filed_late:
        word = ngettext("%(n)d late", "%(n)d late", found.filed_late) % {"n": found.filed_late}
    return Segment(
        "assign",
        label,
        OVER if found.filed_late else CALM,
        count=str(found.filed),
        word=word,
        address=to("cases:cases", "?stage=filed"),
    )


def _resolve(label: str | Promise, found: Overview) -> Segment:
    word, state = _("running") if found.running else _("nothing runs"), CALM
    if found.due_today:
        told = ngettext("%(n)d due today", "%(n)d due today", found.due_today)
        word, state = told % {"n": found.due_today}, NEAR
    if found.running_late:
        told = ngettext("%(n)d overdue", "%(n)d overdue", found.running_late)
        word, state = told % {"n": found.running_late}, OVER
    return Segment(
        "resolve",
        label,
        state,
        count=str(found.running),
        word=word,
        address=to("cases:cases", "?stage=open"),
    )


def _verify(label: str | Promise, found: Overview) -> Segment:
    word = _("to be checked") if found.replied else _("nothing waits")
    if found.replied_late:
        told = ngettext("%(n)d late", "%(n)d late", found.replied_late)
        word = told % {"n": found.replied_late}
    return Segment(
        "verify",
        label,
        OVER if found.replied_late else CALM,
        count=str(found.replied),
        word=word,
        address=to("cases:cases", "?stage=replied"),
    )


def to(name: str, query: str = "") -> str:
    """A page's address, or nothing where the page is not installed."""
    try:
        return reverse(name) + query
    except NoReverseMatch:
        return ""
