"""One subject's criteria put together: weights of what is left out, rounding, limits, veto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.missing import Cell
from jiulong.scorecards.engine.numbers import ONE, ZERO, settled
from jiulong.scorecards.engine.observations import Row
from jiulong.scorecards.engine.readings import Source
from jiulong.scorecards.engine.results import Scored
from jiulong.scorecards.engine.rules import Exemption
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.words import Code, Params, Step

#: Key of the points that bring a score back within the scheme's limits.
LIMITS: Final = "@limits"


@dataclass(frozen=True, slots=True)
class Tally:
    """A subject before it is ranked.

    Args:
        rated: False: for lack of data, or exempt.
        last: struck, and ranked behind the others.
        forced_class: by a veto or an exemption.
    """

    score: Decimal
    criteria: tuple[Scored, ...]
    veto: bool
    rated: bool
    last: bool
    forced_class: str | None
    notes: tuple[Step, ...]


def tally(scheme: Scheme, source: Source, subject: str, cells: Sequence[Cell]) -> Tally:
    """Points of each criterion as they count; they add up to the score."""
    factors = _factors(cells)
    scored = [_scored(scheme, cell, factors) for cell in cells]
    total = sum((one.points for one in scored), ZERO)
    if limited := _limited(scheme, total):
        scored.append(limited)
        total += limited.points
    strikes = [(index, cell.strike) for index, cell in enumerate(cells) if cell.strike]
    if total and any(strike.zero for _index, strike in strikes):
        index = next(index for index, strike in strikes if strike.zero)
        scored[index] = scored[index]._replace(points=-total)
        total = scheme.rounded(ZERO)
    exemption = _exemption(scheme, source, subject)
    lacks = _lacks(cells)
    forced = next((one.class_ for _index, one in strikes if one.class_), None)
    if exemption is not None and forced is None:
        forced = exemption[0].class_
    elif lacks is not None and forced is None:
        forced = scheme.unrated_class
    notes = [cells[index].step for index, _strike in strikes]
    notes += [exemption[1]] if exemption else []
    notes += [lacks] if lacks else []
    return Tally(
        score=total,
        criteria=tuple(scored),
        veto=bool(strikes),
        rated=exemption is None and lacks is None,
        last=any(strike.last for _index, strike in strikes),
        forced_class=forced,
        notes=tuple(notes),
    )


def _factors(cells: Sequence[Cell]) -> dict[str, tuple[Decimal, Decimal]]:
    """Contest → (numerator, denominator) by which the points of what is left are raised.

    First the other criteria of a contest take over what is left out; a contest of which nothing is
    left goes to the other contests.
    """
    if all(cell.points is not None for cell in cells):
        return {}
    full: dict[str, Decimal] = {}
    present: dict[str, Decimal] = {}
    for cell in cells:
        contest = cell.slot.contest
        full[contest] = full.get(contest, ZERO) + cell.slot.full
        if cell.points is not None:
            present[contest] = present.get(contest, ZERO) + cell.slot.full
    total = sum(full.values(), ZERO)
    left = sum((full[contest] for contest, one in present.items() if one), ZERO)
    return {contest: (full[contest] * total, one * left) for contest, one in present.items() if one}


def _scored(scheme: Scheme, cell: Cell, factors: dict[str, tuple[Decimal, Decimal]]) -> Scored:
    slot, points = cell.slot, cell.points
    steps: tuple[Step, ...] = (cell.step,)
    out_of = slot.full
    if points is None:
        points, out_of = ZERO, ZERO
    elif factors and slot.full:
        top, bottom = factors.get(slot.contest, (ONE, ONE))
        if top != bottom:
            before = out_of
            points, out_of = settled(points * top / bottom), settled(out_of * top / bottom)
            params: Params = {"before": before, "after": out_of, "points": points}
            steps += (Step("redistributed", params, points),)
    counted = scheme.rounded(points)
    params = {"name": slot.criterion.name, "points": counted, "full": out_of}
    key = "scored_extra" if slot.criterion.rule.is_extra else "scored"
    explain = Step(key, params, counted, (), steps)
    return Scored(
        slot.criterion.key,
        slot.contest,
        counted,
        out_of,
        slot.criterion.weight,
        explain,
        cell.missing,
    )


def _limited(scheme: Scheme, total: Decimal) -> Scored | None:
    """What brings the sum back within the scheme's limits."""
    low, high = scheme.lowest, scheme.highest
    if low is not None and total < low:
        bound, key = scheme.rounded(low), "limit_low"
    elif high is not None and total > high:
        bound, key = scheme.rounded(high), "limit_high"
    else:
        return None
    points = bound - total
    step = Step(key, {"limit": bound, "sum": total}, points)
    return Scored(LIMITS, "", points, ZERO, ZERO, step)


def _exemption(scheme: Scheme, source: Source, subject: str) -> tuple[Exemption, Step] | None:
    for one in scheme.exemptions:
        series = source.observations.series(subject, one.fact)
        held = (row for row in series.values() if row.value > 0 and _touches(row, source.period))
        row = min(held, key=lambda row: periods.order(row.period), default=None)
        if row is not None:
            params = {"fact": one.name or Code(one.fact), "class": one.class_ or "–"}
            return one, Step("exempt", params, None, (row,))
    return None


def _touches(row: Row, period: str) -> bool:
    """Whether it holds in the period: said of it, of a longer one around or a shorter within."""
    return periods.contains(row.period, period) or periods.contains(period, row.period)


def _lacks(cells: Sequence[Cell]) -> Step | None:
    """Why a subject is not rated for lack of data."""
    missing = [cell for cell in cells if cell.missing == "not_rated"]
    if missing:
        steps = tuple(cell.step for cell in missing)
        return Step("not_rated", {"count": len(missing)}, None, (), steps)
    counted = [cell for cell in cells if cell.slot.full]
    if counted and all(cell.points is None for cell in counted):
        return Step("nothing_left", {})
    return None
