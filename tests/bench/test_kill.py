"""Killing under load: what the plan does, how outages are timed, and that nothing is lost."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from jiulong.bench import kill
from jiulong.bench.generator import ENTRY
from jiulong.bench.watching import Blow, gaps, idle_times


def entries(*rows: tuple[int, int]) -> np.ndarray:
    return np.array([(0, n, sent, acked) for n, (sent, acked) in enumerate(rows)], dtype=ENTRY)


def test_it_plans_the_same_for_the_same_seed_and_hits_everybody() -> None:
    plan = kill.schedule(7, 60)
    assert plan == kill.schedule(7, 60) != kill.schedule(8, 60)
    assert set(Counter(victim for _, victim in plan)) == set(kill.VICTIMS)
    times = [at for at, _ in plan]
    assert times == sorted(times)
    assert times[-1] < 60 - kill.QUIET_S


def test_it_counts_only_blows_that_hit_and_ends_with_the_load() -> None:
    now = [100.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    plan = [(1.0, "gateway"), (2.0, "judge"), (3.0, "recorder"), (9.0, "backend")]
    blows = kill.rampage(
        plan, hit=lambda victim: victim != "judge", over=lambda: now[0] > 105,
        clock=lambda: now[0], sleep=sleep,
    )  # fmt: skip
    assert [(round(blow.at_us / 1e6), blow.victim) for blow in blows] == [
        (101, "gateway"), (103, "recorder"),
    ]  # fmt: skip


def test_it_times_an_outage_by_what_was_sent_after_the_kill() -> None:
    # Sent before the kill at 2 s and acknowledged after it: the kill did not stop that one.
    ledger = entries((1_000_000, 2_100_000), (2_500_000, 6_000_000), (3_000_000, 5_000_000))
    blows = [Blow(2_000_000, "gateway"), Blow(4_000_000, "judge")]
    assert gaps(blows, ledger) == [(3.0, "gateway"), (math.inf, "judge")]


def test_it_times_workers_by_their_cursors() -> None:
    moved = {"recorder": [1_000_000, 3_000_000], "judge": [4_500_000]}
    blows = [Blow(n, v) for n, v in ((2_000_000, "recorder"), (2_000_000, "postmaster"))]
    assert idle_times(blows, moved) == [(1.0, "recorder: recorder"), (2.5, "postmaster: judge")]
    assert idle_times([Blow(2_000_000, "gateway")], moved) == []
    assert idle_times([Blow(9_000_000, "judge")], moved) == [(math.inf, "judge: judge")]


@pytest.mark.system
def test_it_loses_nothing_whoever_dies() -> None:
    figures = kill.measure(connections=20, seconds=14, seed=32, rate=400)
    assert figures.kills >= 3
    assert figures.acked > 1000
    assert (figures.lost, figures.duplicated, figures.unacked) == (0, 0, 0)
    assert figures.longest_gap_s is not None
    assert figures.longest_gap_s < 60  # the bar is 10, for a machine that does nothing else


@pytest.mark.system
def test_it_notices_a_gateway_that_acknowledges_too_early() -> None:
    figures = kill.measure(
        connections=20, seconds=8, seed=1, rate=400, gateway=("-m", "jiulong.bench.early_ack")
    )
    assert figures.killed["gateway"] >= 1
    assert figures.lost > 0
