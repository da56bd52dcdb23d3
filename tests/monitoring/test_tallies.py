"""Findings and alarms lie under the seals from noon of the next day on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from jiulong.evidence import tallies
from jiulong.evidence.models import Event
from jiulong.monitoring import alarms
from jiulong.monitoring.keeping import keep
from jiulong.monitoring.models import Alarm, Finding, Point
from jiulong.monitoring.raising import withdraw_finding
from jiulong.monitoring.tallies import ALARMS, FINDINGS
from tests.almighty import altered
from tests.factories import make_factor, make_outfall, make_point

Found = Callable[[int, int | None], Finding]

HOUR = timedelta(hours=1)
#: 08:00 of 2 March in Shanghai.
START = datetime(2026, 3, 2, tzinfo=UTC)
NOON = datetime(2026, 3, 3, 4, tzinfo=UTC)


@pytest.fixture
def found(db: None) -> Found:
    point = make_point(make_outfall(code="DW001"), code="P001")

    def make(hour: int, end: int | None) -> Finding:
        return _finding(point, hour, end)

    return make


def _finding(point: Point, hour: int, end: int | None) -> Finding:
    return Finding(
        rule="hour_exceedance", severity="warning", point=point, factor=make_factor(),
        started_at=START + hour * HOUR, last_at=START + (end or hour) * HOUR,
        ended_at=None if end is None else START + end * HOUR, found_at=START + hour * HOUR,
        value=Decimal(80), limit_value=Decimal(50),
    )  # fmt: skip


def told(now: datetime) -> int:
    """How many days were told."""
    return sum(tallies.step(name, now) for name in (FINDINGS, ALARMS) for _again in range(9))


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_it_tells_of_a_day_at_noon_of_the_next_and_again_when_it_changes(found: Found) -> None:
    done, lasts = found(2, 3), found(5, None)
    keep([done, lasts], START + 6 * HOUR)
    assert told(NOON - HOUR) == 0
    assert told(NOON) == 2
    assert told(NOON) == 0  # once a day
    assert altered() == ""
    lasts.last_at += 30 * HOUR
    keep([lasts], NOON + 2 * HOUR)  # it is open: it grows without a word
    assert Event.objects.filter(verb="settle_tally").count() == 2
    lasts.ended_at = lasts.last_at
    keep([lasts], NOON + 8 * HOUR)
    alarms.close_quiet(NOON + 80 * HOUR)
    withdraw_finding(finding=done, cause="test", now=NOON + 81 * HOUR)
    assert Event.objects.filter(verb="settle_tally", subject_id=FINDINGS).count() == 3
    assert altered() == ""
    told(NOON + 90 * HOUR)
    assert altered() == ""


def test_it_names_what_was_altered_behind_its_back(found: Found) -> None:
    keep([found(2, 3)], START + 6 * HOUR)
    alarms.close_quiet(NOON)
    told(NOON + 48 * HOUR)
    assert altered() == ""
    tamperings = {
        "UPDATE monitoring_finding SET value = 40": "P001, 2026-03-02",
        "UPDATE monitoring_finding SET ended_at = NULL": "P001, 2026-03-02",
        "UPDATE monitoring_finding SET found_at = found_at - interval '1 day'":
            "P001, 2026-03-01",
        "UPDATE monitoring_alarm SET severity = 'information'": "DW001, 2026-03-02",
        "UPDATE monitoring_alarm SET state = 'withdrawn'": "DW001, 2026-03-02",
    }  # fmt: skip
    before = list(Finding.objects.values()), list(Alarm.objects.values())
    for statement, named in tamperings.items():
        sql(statement)
        assert named in altered(), statement
        Finding.objects.update(**before[0][0])
        Alarm.objects.update(**before[1][0])
        assert altered() == ""
    Finding.objects.all().delete()
    assert "P001, 2026-03-02" in altered()


def test_what_comes_into_a_day_that_was_told_is_told(found: Found) -> None:
    keep([found(2, 3)], START + 6 * HOUR)
    told(NOON + 48 * HOUR)
    keep([found(4, 9)], NOON + 49 * HOUR)
    assert altered() == ""
    Finding.objects.create(**{
        name: value for name, value in Finding.objects.values()[0].items()
        if name not in {"id", "started_at"}
    }, started_at=START + 7 * HOUR)  # fmt: skip
    assert "P001, 2026-03-02" in altered()


def test_what_stands_again_after_it_was_withdrawn_is_told(found: Found) -> None:
    """Told as over, it goes on under its old number: the day is as its last event tells."""
    first = found(2, None)
    keep([first], START + 3 * HOUR)
    withdraw_finding(finding=first, cause="test", now=START + 4 * HOUR)
    told(NOON + 48 * HOUR)
    keep([found(2, None)], NOON + 49 * HOUR)
    assert (Finding.objects.get().pk, Finding.objects.get().ended_at) == (first.pk, None)
    assert altered() == ""
