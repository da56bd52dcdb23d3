"""Windows of failed checks, worked by hand on a small clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from jiulong.upkeep.spans import windows

DAY = datetime(2026, 3, 10, tzinfo=UTC)


def at(hour: int) -> datetime:
    return DAY + timedelta(hours=hour)


def test_it_finds_nothing_where_every_check_was_passed() -> None:
    assert windows([]) == []
    assert windows([(at(1), True), (at(5), True)]) == []


def test_a_failed_check_reaches_back_to_the_last_pass_and_forward_to_the_next() -> None:
    checks = [(at(0), True), (at(24), True), (at(48), False), (at(50), True), (at(72), True)]
    assert windows(checks) == [(at(24), at(50))]


def test_the_order_of_entry_does_not_matter() -> None:
    checks = [(at(0), True), (at(6), False), (at(8), False), (at(9), True)]
    assert {tuple(windows(order)) for order in permutations(checks)} == {((at(0), at(9)),)}


def test_a_window_stands_open_until_a_check_is_passed() -> None:
    assert windows([(at(0), True), (at(24), False)]) == [(at(0), None)]


def test_without_an_earlier_pass_a_window_begins_with_the_failed_check() -> None:
    assert windows([(at(3), False), (at(7), True)]) == [(at(3), at(7))]
    assert windows([(at(3), False)]) == [(at(3), None)]


def test_a_pass_between_two_failures_proves_no_hour_and_leaves_one_window() -> None:
    checks = [(at(0), True), (at(4), False), (at(5), True), (at(9), False), (at(10), True)]
    assert windows(checks) == [(at(0), at(10))]


def test_two_passes_between_two_failures_prove_the_time_between_them() -> None:
    checks = [
        (at(0), True), (at(4), False), (at(5), True),
        (at(8), True), (at(9), False), (at(10), True),
    ]  # fmt: skip
    assert windows(checks) == [(at(0), at(5)), (at(8), at(10))]


def test_a_check_done_again_at_the_same_moment_and_passed_leaves_nothing_behind_it() -> None:
    assert windows([(at(2), False), (at(2), True)]) == []
    assert windows([(at(0), True), (at(2), True), (at(2), False)]) == [(at(0), at(2))]
