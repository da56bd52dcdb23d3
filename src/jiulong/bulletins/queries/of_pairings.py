"""Pairings a viewer may see, with when the next visit is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from jiulong.bulletins import duty, kinds, rules, targets
from jiulong.bulletins.duty import Due
from jiulong.bulletins.models import Pairing, PairVisit
from jiulong.cases import rules as case_rules
from jiulong.cases import specs
from jiulong.cases.models import MatterType
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may

#: Most urgent first.
ORDER = {"over": 0, "near": 1, "met": 2, "none": 3}


@dataclass(slots=True)
class Line:
    """A pairing and when its next visit is due."""

    pairing: Pairing
    last_on: date | None
    due: Due
    kind: targets.Kind | None
    problems: int = 0  # seen, and not yet put right

    @property
    def pk(self) -> int:
        return self.pairing.pk

    @property
    def href(self) -> str:
        """The page of what the leader is paired with."""
        return self.kind.address(int(self.pairing.target)) if self.kind else ""


@dataclass(slots=True)
class Leader:
    """One leader's duties as counts, for the overview."""

    key: str
    post: str
    unit: str
    pairings: int = 0
    overdue: int = 0
    near: int = 0
    visits: int = 0
    problems: int = 0


def pairings(viewer: Viewer) -> QuerySet[Pairing]:
    """Those of the units the viewer reads, and their own."""
    found = Pairing.objects.select_related("unit", "leader")
    verbs = (rules.SEE, rules.VISIT, rules.PAIR)
    return found.filter(rules.within_any(viewer, verbs, owner="leader"))


def lines(viewer: Viewer, on: date, *, wanted: Q | None = None) -> list[Line]:
    """Pairings with their due days, the most urgent first; one query."""
    found = _counted(pairings(viewer).filter(wanted or Q()))
    made = [_line(row, on) for row in found]
    made.sort(key=lambda line: (ORDER[line.due.light], line.due.days, line.pairing.title))
    return made


def pairing(viewer: Viewer, pk: int) -> Pairing:
    """One of them. Pairing.DoesNotExist also where the viewer may not."""
    return pairings(viewer).get(pk=pk)


def line(viewer: Viewer, pk: int, on: date) -> Line:
    """One of them with its due day."""
    return _line(_counted(pairings(viewer)).get(pk=pk), on)


def _counted(found: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """With the last visit, and how many problems are open."""
    return found.annotate(
        last_on=Max("visits__on"), problems=Count("visits", filter=_open("visits__"))
    )


def _open(path: str = "") -> Q:
    """Visits whose problem is no case yet, or a case that is not closed."""
    noted = Q(**{f"{path}problem__gt": ""})
    return noted & Q(**{f"{path}opened__case__closed_at": None})


def visits(of: Pairing) -> list[PairVisit]:
    """Visits of a pairing, newest first, with the case that each problem became."""
    found = of.visits.select_related("opened__case__matter", "opened__case__lead")
    return list(found.order_by("-on", "-id")[:200])


def visit(viewer: Viewer, pk: int) -> PairVisit:
    """One of a pairing that the viewer sees. PairVisit.DoesNotExist: not for them."""
    found = PairVisit.objects.select_related("pairing")
    return found.get(pk=pk, pairing__in=pairings(viewer))


def open_problems(of: Sequence[Pairing]) -> list[PairVisit]:
    """What leaders saw at these and is not yet put right, the oldest first; one query."""
    found = PairVisit.objects.filter(_open(), pairing__in=[one.pk for one in of])
    return list(found.select_related("pairing", "opened__case__matter").order_by("on", "id"))


def becomes(viewer: Viewer, of: Pairing) -> MatterType | None:
    """The matter of the case that its problems become; None: nobody says, or the viewer may not."""
    kind = targets.by_label(of.label)
    item = kinds.problem(kind.key) if kind is not None else None
    if item is None:
        return None
    matter = MatterType.objects.filter(code=item.matter, retired_at=None).first()
    may_file = matter is not None and case_rules.may_file(viewer, specs.matter(matter))
    return matter if may_file else None


def gaps(of: Pairing, on: date) -> list[tuple[date, date]]:
    """Stretches in which a visit was due and none came, newest first."""
    days = list(of.visits.values_list("on", flat=True))
    end = min(on, of.until) if of.until else on
    return duty.gaps(of.every, of.since, days, end)[::-1]


def leaders(viewer: Viewer, on: date) -> list[Leader]:
    """Every leader with counts of duties, those who owe most visits first; two queries."""
    counted: dict[str, Leader] = {}
    rows = lines(viewer, on, wanted=Q(until=None) | Q(until__gte=on))
    for one in rows:
        pairing_ = one.pairing
        key = key_of(pairing_)
        leader = counted.setdefault(key, Leader(key, pairing_.leader_post, str(pairing_.unit)))
        leader.pairings += 1
        leader.overdue += one.due.light == "over"
        leader.near += one.due.light == "near"
        leader.problems += one.problems
    for key, number in _visits_of_year(rows, on).items():
        counted[key].visits = number
    return sorted(counted.values(), key=lambda one: (-one.overdue, -one.near, one.post))


def key_of(pairing_: Pairing) -> str:
    """What a leader is called in an address: unit and post."""
    return f"{pairing_.unit_id}-{pairing_.leader_post}"


def of_leader(viewer: Viewer, key: str, on: date) -> list[Line]:
    """The duties of one leader; empty where there is none to see."""
    unit, _dash, post = key.partition("-")
    if not unit.isdecimal():
        return []
    return lines(viewer, on, wanted=Q(unit=int(unit), leader_post=post))


def due_for(viewer: Viewer, on: date) -> list[Line]:
    """Visits that the viewer owes: those due within a week and those overdue."""
    if not isinstance(viewer, User) or not may(viewer, rules.VISIT):
        return []
    mine = Q(leader=viewer.pk) & (Q(until=None) | Q(until__gte=on))
    return [one for one in lines(viewer, on, wanted=mine) if one.due.light in {"over", "near"}]


def _line(row: Pairing, on: date) -> Line:
    last: date | None = getattr(row, "last_on", None)
    due = duty.due(row.every, row.since, row.until, last, on)
    return Line(row, last, due, targets.by_label(row.label), getattr(row, "problems", 0))


def _visits_of_year(rows: Sequence[Line], on: date) -> dict[str, int]:
    keys = {one.pairing.pk: key_of(one.pairing) for one in rows}
    found: dict[str, int] = defaultdict(int)
    done = PairVisit.objects.filter(pairing__in=keys, on__year=on.year)
    for pk in done.values_list("pairing", flat=True):
        found[keys[pk]] += 1
    return found
