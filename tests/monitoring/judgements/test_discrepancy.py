"""Frames that contradict each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from jiulong.monitoring.judgements.discrepancy import EXAMPLES
from jiulong.monitoring.models import Discrepancy, Finding, Period, Point
from tests.factories import NOW, make_point, move_cursor

Judged = Callable[..., list[Finding]]
MINUTE = timedelta(minutes=1)
RULE = "discrepancy"


def contradict(point: Point, minute: int, batch: int) -> None:
    Discrepancy.objects.create(
        point=point,
        period=Period.MINUTE,
        at=NOW + minute * MINUTE,
        kept_batch=1,
        kept_ordinal=minute,
        other_batch=batch,
        other_ordinal=minute,
        received_at=NOW,
        differences={"w01018": [1.0, 2.0]},
    )
    move_cursor("recorder", batch)


def test_it_shows_both_frames(db: None, judged: Judged) -> None:
    point = make_point()
    contradict(point, 0, 7)
    (found,) = judged(RULE)
    assert (found.point, found.started_at, found.ended_at) == (point, NOW, NOW)
    assert found.detail == {
        "batch": 7,
        "count": 1,
        "examples": [
            {
                "at": NOW.isoformat(),
                "period": "minute",
                "kept": [1, 0],
                "other": [7, 0],
                "differences": {"w01018": [1.0, 2.0]},
            }
        ],
    }


def test_a_day_of_them_is_one_finding_however_they_come(db: None, judged: Judged) -> None:
    point, other = make_point(), make_point()
    for minute in range(30):
        contradict(point, minute, 10 + minute)
    judged(RULE)
    contradict(point, 60, 50)
    contradict(other, 60, 51)
    contradict(point, 24 * 60, 52)
    found = judged(RULE)
    assert [(f.point, f.detail["count"]) for f in found] == [(point, 31), (other, 1), (point, 1)]
    assert (found[0].last_at, len(found[0].detail["examples"])) == (NOW + 60 * MINUTE, EXAMPLES)


def test_the_same_are_not_counted_twice(db: None, judged: Judged) -> None:
    contradict(make_point(), 0, 7)
    judged(RULE)
    assert judged(RULE)[0].detail["count"] == 1
