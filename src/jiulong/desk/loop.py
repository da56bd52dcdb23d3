"""The loop bar: Aim → Observe → Find → Assign → Resolve → Verify → Rank, with live counts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Q
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
from jiulong.scorecards.queries import Summary as Line
from jiulong.scorecards.queries import standings
from jiulong.scorecards.queries import summary as aims_on

#: Pages opened in quick succession show the same counts, so that the bar costs little.
FRESH_S: Final = 5.0
#: Targets and places change by the day, not by the minute.
SLOW_S: Final = 60.0
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
class Aim:
    """The district's target lines of the year that have a value."""

    lines: int
    on_course: int
    behind: int
    far_behind: int


@dataclass(frozen=True, slots=True)
class Rank:
    """The viewer's own place in the newest standing; without one, who leads how many groups."""

    address: str
    rank: int = 0
    of: int = 0
    moved: int = 0
    groups: int = 0
    objections: int = 0


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
    aim: Aim | None = None
    rank: Rank | None = None
    #: Open findings that nobody has taken note of.
    unseen: int = 0

    @property
    def points(self) -> int:
        return self.live + self.late + self.offline

    @property
    def findings(self) -> int:
        return self.serious + self.warning + self.information


NOTHING: Final = Counts(live=0, late=0, offline=0, serious=0, warning=0, information=0)


@dataclass(frozen=True, slots=True)
class Slow:
    """The two ends of the bar, which change when a sheet is signed or a standing is shown."""

    aim: Aim | None = None
    rank: Rank | None = None


def slow(viewer: Viewer, on: date) -> Slow:
    """Targets and places; none for who may see neither."""
    return Slow(aim(aims_on(viewer, on)), rank(standings.summary(viewer, on)))


def count(viewer: Viewer, now: datetime, ends: Slow) -> Counts:
    """The counts, fresh: four queries."""
    found: Any = queries.points(viewer, now=now)
    states = dict(found.order_by().values_list("liveness").annotate(n=Count("pk")))
    standing = queries.visible_findings(viewer).filter(ended_at=None).order_by()
    graded = list(
        standing.values_list("severity")
        .annotate(n=Count("pk"), unseen=Count("pk", filter=Q(acknowledged_at=None)))
    )  # fmt: skip
    grades = {severity: n for severity, n, _unseen in graded}
    return Counts(
        live=states.get("live", 0),
        late=states.get("late", 0),
        offline=states.get("offline", 0),
        serious=grades.get(Finding.Severity.SERIOUS, 0),
        warning=grades.get(Finding.Severity.WARNING, 0),
        information=grades.get(Finding.Severity.INFORMATION, 0),
        cases=casework(viewer, now),
        aim=ends.aim,
        rank=ends.rank,
        unseen=sum(unseen for _severity, _n, unseen in graded),
    )


def aim(lines: Sequence[Line]) -> Aim | None:
    """How many target lines stand where; None where there are none that the viewer may see."""
    lights = Counter(one.light for one in lines if one.light != "none")
    if not lights:
        return None
    return Aim(lights.total(), lights["met"], lights["near"], lights["over"])


def rank(found: standings.Summary | None) -> Rank | None:
    """The own place, the best first; of somebody who has none, how many groups are ranked."""
    if found is None:
        return None
    if not found.own:
        return Rank(found.href, groups=len(found.groups), objections=found.open_disputes)
    best = min(found.own, key=lambda one: one.rank)
    return Rank(best.href, best.rank, best.of, best.moved or 0, objections=found.open_disputes)


def casework(viewer: Viewer, now: datetime) -> Overview | None:
    """The figures of the cases that the viewer may see: one query; None without the right."""
    return overview(viewer, now) if may(viewer, "see_cases") else None


@dataclass(frozen=True, slots=True)
class Held:
    """Counts, when they were made, and when their two ends were."""

    counts: Counts
    at: float
    ends_at: float


_remembered: dict[int, Held] = {}


def recent(viewer: User, clock: Callable[[], float] = time.monotonic) -> Counts:
    """The counts, at most `FRESH_S` seconds old, targets and places at most `SLOW_S`."""
    held, at, now = _remembered.get(viewer.pk), clock(), timezone.now()
    if held is not None and at - held.at < FRESH_S:
        return held.counts
    if held is not None and at - held.ends_at < SLOW_S:
        counts = count(viewer, now, Slow(held.counts.aim, held.counts.rank))
        return _keep(viewer, Held(counts, at, held.ends_at))
    return _keep(viewer, Held(count(viewer, now, slow(viewer, timezone.localdate(now))), at, at))


def remember(viewer: User, counts: Counts, clock: Callable[[], float] = time.monotonic) -> None:
    """Keep counts for the next pages of this person."""
    _keep(viewer, Held(counts, clock(), clock()))


def _keep(viewer: User, held: Held) -> Counts:
    _remembered.pop(viewer.pk, None)
    _remembered[viewer.pk] = held
    while len(_remembered) > REMEMBERED:
        del _remembered[next(iter(_remembered))]
    return held.counts


def segments(counts: Counts) -> list[Segment]:
    """The seven stations."""
    return [
        _aim(counts.aim),
        _observe(counts),
        _find(counts),
        *_casework(counts.cases),
        _rank(counts.rank),
    ]


def _aim(found: Aim | None) -> Segment:
    label = gettext_lazy("Aim")
    if found is None:
        return Segment("aim", label, IDLE, word=_("nothing for you"))
    word, state = _("on course"), CALM
    if found.behind:
        word, state = ngettext("%(n)d behind", "%(n)d behind", found.behind), NEAR
    if found.far_behind:
        word, state = ngettext("%(n)d far behind", "%(n)d far behind", found.far_behind), OVER
    return Segment(
        "aim",
        label,
        state,
        count=str(found.on_course),
        unit=f"/{found.lines}",
        word=word % {"n": found.far_behind or found.behind},
        address=to("scorecards:targets"),
    )


def _rank(found: Rank | None) -> Segment:
    label = gettext_lazy("Rank")
    if found is None:
        return Segment("rank", label, IDLE, word=_("nothing for you"))
    if not found.rank:
        told = ngettext("%(n)d objection", "%(n)d objections", found.objections)
        return Segment(
            "rank", label, NEAR if found.objections else CALM,
            count=str(found.groups), unit=" " + _("groups"),
            word=told % {"n": found.objections} if found.objections else _("ranked"),
            address=found.address,
        )  # fmt: skip
    moved = "▲" if found.moved > 0 else "▼" if found.moved < 0 else ""
    return Segment(
        "rank", label, NEAR if found.rank == found.of > 1 else CALM,
        count=str(found.rank), unit=f"/{found.of}",
        word=f"{moved}{abs(found.moved)}" if moved else _("as before"),
        address=found.address,
    )  # fmt: skip


def _observe(counts: Counts) -> Segment:
    if not counts.points:
        return Segment("observe", gettext_lazy("Observe"), IDLE, word=_("nothing for you"))
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
    if not counts.points and not counts.findings:
        return Segment("find", gettext_lazy("Find"), IDLE, word=_("nothing for you"))
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
        told = ngettext("%(n)d overdue", "%(n)d overdue", found.filed_late)
        word = told % {"n": found.filed_late}
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
        told = ngettext("%(n)d overdue", "%(n)d overdue", found.replied_late)
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
