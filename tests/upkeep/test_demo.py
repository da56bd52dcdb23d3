"""The invented upkeep of a small district: alike each time, once, and as the rules have it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from jiulong.evidence.models import Event
from jiulong.monitoring.models import Finding, Period
from jiulong.organisation.models import Unit
from jiulong.upkeep import queries
from jiulong.upkeep.demo import furnish
from jiulong.upkeep.models import FaultReport, MaintenanceRecord, ManualDatum, Mark, QcTest
from tests.factories import make_finding, make_limit, make_point, make_unit, write_readings

HOUR = timedelta(hours=1)


def test_it_fills_a_district_once(db: None) -> None:
    now = timezone.now()
    firm = make_unit(Unit.Kind.ENTERPRISE)
    # fixed codes: the dice fall by them
    points = [make_point(operator=firm, code=f"DICE{n}") for n in range(3)]
    for point in points:
        make_limit(point, "w01018", "50")
    start = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=4)
    rows = [(start + n * HOUR, {"w01018": 40.0}) for n in range(5)]
    write_readings(points[0], Period.HOUR, rows, marks="M")
    make_finding(points[1], rule="offline", started_at=now - 30 * HOUR)
    made = furnish(now, 10)
    assert made["contracts"] == 3
    assert made["checks"] == QcTest.objects.count() >= 3 * 11
    (mark,) = Mark.objects.filter(kind="maintenance")
    assert (mark.started_at, mark.ended_at, mark.letter) == (start, start + 5 * HOUR, "M")
    fault = FaultReport.objects.get(point=points[1], restored_at=None)
    assert fault.began_at == now - 30 * HOUR
    assert ManualDatum.objects.filter(fault=fault).count() == 5
    failed = QcTest.objects.filter(passed=False).count()
    assert Finding.objects.filter(rule="failed_check").count() <= failed
    assert (
        Event.objects.filter(verb="record_maintenance").count() == MaintenanceRecord.objects.count()
    )
    late = [one for row in queries.station_rows(points, now=now) for one in row.work
            if one.state == "over"]  # fmt: skip
    assert {one.form for one in late} <= {"weekly"}
    assert furnish(now, 10) == {}
