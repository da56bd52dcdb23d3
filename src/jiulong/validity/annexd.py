"""What the logger should have worked out, beside what it sent (HJ 212-2017 annex D.1).

    C_h = Σ(C_m · Q_m) / Σ Q_m   over the minute values of the hour, or Σ C_m / n
    C_d = Σ(C_h · Q_h) / Σ Q_h   over the hourly values of the day, or Σ C_h / n

Annex D.1 allows both; which of the two a logger uses shows where only one of them fits. A value
that neither gives was not worked out from what was sent. What is compared here was rounded by the
logger, so that up to one unit of the last place that it sends is no difference; and only periods of
which every part came and is normal are compared: of others the logger knows more than we.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from jiulong.validity.engine.rules import RuleSet
from jiulong.validity.runs import Floats, Frames, Ints, Truths, usable

HOUR_S: Final = 3600
#: An hour is worked out from minutes where so many of them are there: an analyser's hour needs 45
#: of 60 minutes in the rule libraries of platforms.
MADE_SHARE: Final = 0.75
#: Means of doubles: what is exactly at the bound still agrees.
SLACK: Final = 1e-9
#: m³ that a litre a second brings in a second.
LITRE: Final = 1e-3
#: Decimals that a logger may send of a value; HJ 212-2017 table B.1 knows at most four.
PLACES_MAX: Final = 6


class Sums(NamedTuple):
    """What the minutes of each hour give. NaN: nothing."""

    n: Ints  # usable minutes
    weighted: Floats
    arithmetic: Floats
    flow: Floats  # m³

    @property
    def best(self) -> Floats:
        """The weighted mean where there is one, else the plain one."""
        found: Floats = np.where(np.isnan(self.weighted), self.arithmetic, self.weighted)
        return found


def hour_sums(
    frames: Sequence[Frames], factor: int, flow: int, *, interval_s: int, hours: int,
    rules: RuleSet, weigh: bool,
) -> Sums:  # fmt: skip
    """Means of the hours of a run from its minutes; `weigh` is whether the factor may be."""
    n, n_flow, value, volume, product, water = (np.zeros(hours) for _ in range(6))
    for part in frames:
        bins = part.at_s // HOUR_S
        q = flow_of(part, flow, interval_s, rules)
        water += np.bincount(bins, np.nan_to_num(q), hours)
        if factor not in part.factors:
            continue
        place = part.factors.index(factor)
        v = part.values[:, place]
        counts = ~np.isnan(v) & usable(part.marks[:, place], rules.usable_flags)
        flows = counts & ~np.isnan(q)
        n += np.bincount(bins, counts, hours)
        n_flow += np.bincount(bins, flows, hours)
        value += np.bincount(bins, np.where(counts, v, 0), hours)
        volume += np.bincount(bins, np.where(flows, q, 0), hours)
        product += np.bincount(bins, np.where(flows, v * q, 0), hours)
    with np.errstate(invalid="ignore", divide="ignore"):
        weighted = np.where(weigh & (n_flow == n) & (volume > 0), product / volume, np.nan)
        arithmetic = np.where(n > 0, value / n, np.nan)
    return Sums(n.astype(np.int64), weighted, arithmetic, np.where(n > 0, water, np.nan))


def flow_of(part: Frames, flow: int, length_s: int, rules: RuleSet) -> Floats:
    """m³ of each frame: the total that was sent, else the mean flow times the length."""
    if flow not in part.factors:
        return np.full(len(part.at_s), np.nan)
    place = part.factors.index(flow)
    mean = part.values[:, place] * (length_s * LITRE)
    found = np.where(np.isnan(part.flow_total), mean, part.flow_total)
    counts = usable(part.marks[:, place], rules.usable_flags)
    return np.where(counts, np.maximum(found, 0), np.nan)


def units(values: Floats) -> Floats:
    """The unit of the last place that a logger sends, by day: of all values of each row."""
    found = np.full(len(values), 10.0**-PLACES_MAX)
    there = np.nan_to_num(values)
    for places in range(PLACES_MAX, -1, -1):
        power = 10.0**places
        fits = (np.rint(there * power) / power == there).all(axis=1)
        found[fits] = 1 / power
    return found


def differs(sent: Floats, known: Floats, unit: Floats, rules: RuleSet) -> Truths:
    """Whether two means of one time are apart; where one is missing they are not."""
    if rules.disagreement is None:
        return np.zeros(sent.shape, dtype=np.bool_)
    allowed = np.maximum(float(rules.disagreement) * np.abs(known), unit) * (1 + SLACK)
    with np.errstate(invalid="ignore"):
        found: Truths = np.abs(sent - known) > allowed  # NaN is never greater
    return found


def hours_differ(sent: Floats, sums: Sums, unit: Floats, rules: RuleSet, due: int) -> Truths:
    """Hours whose value neither mean of their minutes gives. All `due` minutes must be there."""
    whole = (sums.n >= due) & ~np.isnan(sent)
    off_plain = differs(sent, sums.arithmetic, unit, rules)
    off_weighted = np.isnan(sums.weighted) | differs(sent, sums.weighted, unit, rules)
    found: Truths = whole & off_plain & off_weighted
    return found


class DayCheck(NamedTuple):
    """The logger's day means beside those of its hours: a row a day."""

    sent: Floats
    weighted: Floats
    arithmetic: Floats
    uses_weighted: Truths  # only the weighted mean fits
    uses_arithmetic: Truths
    deviates: Truths  # none fits


def day_check(
    sent: Floats, values: Floats, flow: Floats, normal: Truths, rules: RuleSet, *, weigh: bool
) -> DayCheck:
    """Compare the logger's day means with its own hours.

    Args:
        values, flow: a row a day, a column an hour; flow in m³.
        normal: days of which every hour came, with a mark that leaves it usable.
        weigh: whether the factor may be weighted by flow.
    """
    weighted, arithmetic = _means(values, flow, weigh=weigh)
    unit = units(values)
    known = normal & ~np.isnan(sent) & ~np.isnan(arithmetic) & (rules.disagreement is not None)
    fits = ~np.isnan(weighted) & ~differs(sent, weighted, unit, rules)
    fits_plain = ~differs(sent, arithmetic, unit, rules)
    return DayCheck(
        sent, weighted, arithmetic,
        uses_weighted=known & fits & ~fits_plain,
        uses_arithmetic=known & fits_plain & ~fits,
        deviates=known & ~fits & ~fits_plain,
    )  # fmt: skip


def _means(values: Floats, flow: Floats, *, weigh: bool) -> tuple[Floats, Floats]:
    """Means of the hours that are there; weighted only where the flow of each is known."""
    there = ~np.isnan(values)
    n = there.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        volume = np.where(there, flow, 0).sum(axis=1)
        product = np.where(there, values * flow, 0).sum(axis=1)
        weighted = np.where(weigh & (volume > 0), product / volume, np.nan)
        arithmetic = np.nan_to_num(values).sum(axis=1) / np.where(n > 0, n, np.nan)
    return weighted, arithmetic
