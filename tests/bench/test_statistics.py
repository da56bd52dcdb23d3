"""The invented year of `bench statistics` is one that the recorder could have written."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import connection

from jiulong.bench import populate_statistics as populate
from jiulong.monitoring.models import Factor, Limit, Period, Point, Reading
from jiulong.validity import statistics
from jiulong.validity.models import DayStatistic, MonthStatistic
from tests.factories import make_enterprise, make_factor, make_unit

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.mark.django_db
def test_its_rows_are_readings_that_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    class Noon(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
            return NOW

    monkeypatch.setattr(populate, "datetime", Noon)
    make_enterprise(unit=make_unit("enterprise", code="bench"))
    for code, *_rest in populate.FACTORS:
        make_factor(code)
    first, last = populate.fill(2, 4)
    assert (Point.objects.count(), Limit.objects.count()) == (2, 32)
    reading = Reading.objects.filter(point=1, period=Period.HOUR).order_by("at").first()
    assert reading is not None
    names = dict(Factor.objects.values_list("pk", "code"))
    sent = dict(zip([names[f] for f in reading.factors], reading.values, strict=True))
    assert list(sent) == [code for code, *_rest in populate.FACTORS]
    flow = sent["w00000"]
    assert flow is not None
    assert reading.totals is not None
    assert reading.totals[0] == pytest.approx(flow * 3.6)
    assert len(reading.flags) == len(populate.FACTORS)
    done = statistics.anew([1, 2], first, last, NOW)
    assert (done.days, done.fresh) == (8, 64)
    assert not DayStatistic.objects.filter(deviates=True).exists()
    assert MonthStatistic.objects.count() == 16
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reading WHERE period = 3")
        assert cursor.fetchone()[0] == 8


def test_what_happens_to_it_happens_to_real_ones() -> None:
    values, marks, came = populate.course(np.random.default_rng(1), 365)
    assert values.shape == marks.shape == (365 * 24, len(populate.FACTORS))
    assert 0.97 < came.mean() < 0.999
    assert {chr(mark) for mark in np.unique(marks)} == {"N", "M", "C", "D"}
    assert 0 < (values[:, 0] == 0).mean() < 0.02
