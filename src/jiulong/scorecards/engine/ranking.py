"""Ranks within a group: score first, then what the scheme parts ties by."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jiulong.scorecards.engine.assembling import Tally
from jiulong.scorecards.engine.numbers import ZERO
from jiulong.scorecards.engine.readings import Figure, Source, look_up
from jiulong.scorecards.engine.results import Standing
from jiulong.scorecards.engine.schemes import Scheme, TieBreak
from jiulong.scorecards.engine.words import Step

#: Smaller goes first: rated, not struck to the last rank, the score, then the tie breaks.
Order = tuple[bool, bool, Decimal, tuple[Decimal, ...]]
#: Stands for a figure that a tie break does not find: behind all others.
_NOTHING = Decimal("Infinity")


def ranked(
    scheme: Scheme, source: Source, group: str, tallies: Mapping[str, Tally]
) -> list[Standing]:
    """The group's standings, the first rank first; equal ones by subject."""
    orders = {subject: _order(scheme, source, subject, tally) for subject, tally in tallies.items()}
    subjects = sorted(tallies, key=lambda subject: (orders[subject], subject))
    in_order = [orders[subject] for subject in subjects]
    ranks = _ranks(in_order, dense=scheme.ties.then == "dense")
    # A dense rank tells no place in the group; a class is a share of the places.
    places = _ranks(in_order, dense=False)
    gaps = _gaps(list(ranks))
    count = sum(tally.rated for tally in tallies.values())
    classes = scheme.classes_of(group)
    classing = classes.for_group(count) if classes else None
    found = []
    for subject in subjects:
        order = orders[subject]
        one, rank = tallies[subject], ranks[order]
        class_, notes = one.forced_class, one.notes
        if class_ is not None:
            notes += (Step("class_forced", {"class": class_}),)
        elif classing is not None and one.rated:
            class_, why = classing(places[order], one.score)
            notes += (why,) if why else ()
        found.append(Standing(
            subject=subject, group=group, score=one.score, rank=rank, class_=class_,
            criteria=one.criteria, veto=one.veto, rated=one.rated,
            gap_to_next=gaps[order], count=count, notes=notes,
        ))  # fmt: skip
    return found


def _order(scheme: Scheme, source: Source, subject: str, tally: Tally) -> Order:
    if not tally.rated:
        return True, False, ZERO, ()
    breaks = tuple(_break(one, source, subject, tally) for one in scheme.ties.by)
    return False, tally.last, -tally.score, breaks


def _break(one: TieBreak, source: Source, subject: str, tally: Tally) -> Decimal:
    points = [
        scored.points for scored in tally.criteria if one.of in (scored.criterion, scored.contest)
    ]
    if points:
        value = sum(points, ZERO)
    else:
        found = look_up(source, subject, one.of)
        if not isinstance(found, Figure):
            return _NOTHING
        value = found.value
    return -value if one.direction == "up" else value


def _ranks(orders: list[Order], *, dense: bool) -> dict[Order, int]:
    """Rank of each order; equal ones share it."""
    ranks: dict[Order, int] = {}
    for place, order in enumerate(orders, start=1):
        if order not in ranks:
            ranks[order] = len(ranks) + 1 if dense else place
    return ranks


def _gaps(orders: list[Order]) -> dict[Order, Decimal | None]:
    """Points to the next better rank; None: nobody is before it, or only in another tier."""
    found: dict[Order, Decimal | None] = {}
    before: Order | None = None
    for order in orders:
        same_tier = before is not None and before[:2] == order[:2] and not order[0]
        found[order] = order[2] - before[2] if before is not None and same_tier else None
        before = order
    return found
