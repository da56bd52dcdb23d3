"""Data that come back late close their gap and raise no alarm as if they were news."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jiulong.gaps.models import Gap
from jiulong.monitoring import judge
from jiulong.monitoring.casework import MonitoringFindings
from jiulong.monitoring.models import Alarm, Finding, Period, Point
from tests.factories import hours, make_limit, write_readings
from tests.gaps.conftest import Line, at, look

pytestmark = pytest.mark.django_db


def test_an_exceedance_of_the_day_before_yesterday_is_no_news(point: Point, line: Line) -> None:
    make_limit(point, maximum="50")
    line.hours(point, 0, 40, but={3})
    judge.step(at(40.6))
    look(40.6)
    gap = Gap.objects.get()
    assert (gap.start, gap.state) == (at(3), "open")
    before = set(Finding.objects.values_list("pk", flat=True))
    # The hour comes back with RF=1, or because it was asked for – and it was over the limit.
    line.batch += 1
    line.sends(point, [at(41)], received_at=at(42))
    write_readings(
        point, Period.HOUR, hours(at(3), 99.0), batch=line.batch,
        received_at=at(42) + timedelta(seconds=1),
    )  # fmt: skip
    judge.step(at(42.1))
    look(42.1)
    gap.refresh_from_db()
    assert gap.state == "filled"
    found = {one.rule: one for one in Finding.objects.exclude(pk__in=before)}
    assert "late" in found
    over = found["hour_exceedance"]  # it is told, with its own time, and over
    assert (over.started_at, over.ended_at) == (at(3), at(4))
    assert not Alarm.objects.filter(family="limit", state="open").exists()
    assert "hour_exceedance" not in {
        one.kind for one in MonitoringFindings().after(max(before, default=0), 99)
    }
