"""Judging history again finds what stands; what does not stand any more is told and written."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from jiulong.evidence.models import Event
from jiulong.monitoring import judge, rejudging, replaying
from jiulong.monitoring.models import Alarm, Finding, Limit, Period, Point
from tests.factories import NOW, make_limit, make_point, write_readings

HOUR = timedelta(hours=1)
START = NOW - timedelta(hours=90)
LUCK = (30.0, 31.5, 29.0, 33.0, 48.0, 49.0, 55.0, 60.0, 130.0, 0.0)


@pytest.fixture
def history(journal: Callable[[datetime], int]) -> list[Point]:
    """Two points, 200 hours with holes, heard in many batches and judged in many windows."""
    points = [make_point(minute_interval=30, realtime_interval_s=3600) for _ in range(2)]
    luck = random.Random(4)
    for point in points:
        make_limit(point, "w01018", "50")
    values = dict.fromkeys(points, 30.0)
    for n in range(90):
        came = START + (n + 1) * HOUR + timedelta(seconds=1)
        batch = journal(came)
        for point in points:
            if luck.random() < 0.4:
                values[point] = luck.choice(LUCK)
            if luck.random() > 0.1:
                row = (START + n * HOUR, {"w01018": values[point], "w00000": 10.0})
                write_readings(point, Period.HOUR, [row], batch=batch, received_at=came)
        if luck.random() < 0.1:
            judge.step(came, most=luck.randint(1, 30))
    while (step := judge.step(NOW, most=50)) is not None and step.behind:
        pass
    judge.step(NOW)
    return points


def state() -> list[tuple[object, ...]]:
    return list(Finding.objects.order_by("pk").values_list())


def test_what_stands_is_found_again(history: list[Point]) -> None:
    before = state()
    assert len({row[1] for row in before}) >= 5  # of several rules
    for days in (1, 4, 30):
        found = replaying.replay(NOW - timedelta(days=days), now=NOW)
        assert [(one.kind, str(one.finding), one.before, one.after) for one in found] == []
    assert state() == before


def test_what_differs_is_written_with_events(history: list[Point]) -> None:
    point = history[0]
    over = Finding.objects.filter(point=point, rule="hour_exceedance", withdrawn_at=None).count()
    Limit.objects.filter(point=point).update(maximum=Decimal(59))
    since = NOW - timedelta(days=30)
    found = replaying.replay(since, now=NOW, dry_run=True)
    kinds = {one.kind for one in found if one.finding.point_id == point.pk}
    assert kinds >= {"gone", "changed"}
    assert (
        Finding.objects.filter(point=point, withdrawn_at=None, rule="hour_exceedance").count()
        == over
    )
    assert {one.finding.point_id for one in found} == {point.pk}
    replaying.replay(since, now=NOW, dry_run=False)
    assert Event.objects.filter(verb="rejudge_finding").count() == len(found)
    gone = Finding.objects.filter(withdrawn_cause="rejudged")
    assert gone.count() == sum(one.kind == "gone" for one in found)
    assert replaying.replay(since, now=NOW) == []
    out = StringIO()
    call_command("judge", f"--since={since.date()}", "--dry-run", stdout=out)
    assert "hour_exceedance" not in out.getvalue()
    standing = Alarm.objects.filter(outfall=point.outfall, state__in=Alarm.STANDING, family="limit")
    spans = [(a.started_at, a.ended_at) for a in standing.order_by("started_at")]
    assert all(end is None or end <= START + 91 * HOUR for _start, end in spans)


def test_a_dry_run_needs_a_day(db: None) -> None:
    with pytest.raises(CommandError, match="--since"):
        call_command("judge", "--dry-run")


def test_days_judged_anew_one_by_one_leave_what_a_replay_would(history: list[Point]) -> None:
    for maximum in (Decimal(59), Decimal(31), None):
        if maximum is None:
            Limit.objects.filter(point=history[0]).delete()
        else:
            Limit.objects.filter(point=history[0]).update(maximum=maximum)
        day = START - timedelta(hours=5)
        differing = 0
        while day < NOW:
            differing += rejudging.rejudge({history[0].pk: (day, day + 17 * HOUR)}, NOW)
            day += 17 * HOUR
        assert differing > 0
        found = replaying.replay(START - 24 * HOUR, now=NOW)
        assert [(one.kind, str(one.finding), one.before, one.after) for one in found] == []
    assert Event.objects.filter(verb="rejudge_finding").exists()
    gone = Finding.objects.filter(point=history[0], rule="hour_exceedance", withdrawn_at=None)
    assert not gone.exists()
    assert rejudging.rejudge({}, NOW) == 0
