"""Faults and the manual data that stand in for instruments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiulong.upkeep import queries
from jiulong.upkeep.actions import (
    ManualSample,
    NotAnyMoreError,
    enter_manual,
    report_fault,
    restore_fault,
    withdraw_manual,
)
from jiulong.upkeep.models import FaultReport, ManualDatum
from tests.upkeep.conftest import Station, Told

HOUR = timedelta(hours=1)
#: Tuesday 10 March, 00:30 in Zhangzhou.
BEGAN = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)


def fault(station: Station, **changed: Any) -> FaultReport:
    given: dict[str, Any] = {
        "actor": station.operator,
        "point": station.point,
        "began_at": BEGAN,
        "description": "lamp of the COD analyser",
        "now": BEGAN + 12 * HOUR,
    }
    return report_fault(**{**given, **changed})


def manual(station: Station, at: datetime, cod: str, flow: str | None = None) -> ManualDatum:
    sample = ManualSample(
        sampled_at=at, values={station.cod: Decimal(cod)}, method="HJ 828-2017",
        laboratory="own", flow_m3=None if flow is None else Decimal(flow),
    )  # fmt: skip
    return enter_manual(
        actor=station.operator, point=station.point, sample=sample, now=BEGAN + 90 * HOUR
    )[0]


def test_a_fault_is_reported_within_twelve_hours_and_restored_within_five_working_days(
    station: Station,
) -> None:
    found = fault(station)
    assert (found.late, found.due_at) == (False, BEGAN + 12 * HOUR)
    assert found.restore_by.isoformat() == "2026-03-17T23:59:59+08:00"
    assert restore_fault(
        actor=station.enterprise, fault=found, restored_at=BEGAN + 30 * HOUR, note="new lamp",
        now=BEGAN + 31 * HOUR,
    ).restored_note == "new lamp"  # fmt: skip
    with pytest.raises(NotAnyMoreError):
        restore_fault(
            actor=station.operator, fault=found, restored_at=BEGAN + 40 * HOUR, note="again",
            now=BEGAN + 41 * HOUR,
        )  # fmt: skip
    assert fault(station, began_at=BEGAN + 50 * HOUR, now=BEGAN + 63 * HOUR).late


def test_one_fault_of_an_instrument_is_open_at_a_time(station: Station) -> None:
    fault(station, factors=[station.cod])
    fault(station, factors=[station.nh3n])
    for factors in ([station.cod], []):
        with pytest.raises(ValidationError):
            fault(station, factors=factors)


def test_others_report_and_restore_nothing(station: Station) -> None:
    people = station.people
    found = fault(station)
    for other in (people.sibling, station.stranger, people.officer, station.desk):
        with pytest.raises(PermissionDenied):
            fault(station, actor=other)
        with pytest.raises(PermissionDenied):
            restore_fault(actor=other, fault=found, restored_at=BEGAN + HOUR, note="no")
    for wrong in (BEGAN, BEGAN + 99 * HOUR):
        with pytest.raises(ValidationError):
            restore_fault(
                actor=station.operator, fault=found, restored_at=wrong, note="x",
                now=BEGAN + 20 * HOUR,
            )  # fmt: skip


def test_four_values_a_day_not_more_than_six_hours_apart_stand_in(
    station: Station, told: Told
) -> None:
    key = (station.point.pk, station.cod.pk, date(2026, 3, 10))
    start, end = BEGAN - 24 * HOUR, BEGAN + 48 * HOUR
    rows = [manual(station, BEGAN + n * 6 * HOUR, cod) for n, cod in enumerate(["40", "50", "60"])]
    assert not queries.manual_days([station.point.pk], start, end)[key].enough
    rows.append(manual(station, BEGAN + 18 * HOUR, "90"))
    day = queries.manual_days([station.point.pk], start, end)[key]
    assert (day.enough, day.count, day.mean, day.load_kg) == (True, 4, Decimal(60), None)
    assert day.references == tuple(f"upkeep.manualdatum/{row.pk}" for row in rows)
    assert told[-1][1:3] == (date(2026, 3, 10), date(2026, 3, 10))
    withdraw_manual(actor=station.operator, datum=rows[1], reason="bottle broken")
    manual(station, BEGAN + 7 * HOUR, "50")
    assert not queries.manual_days([station.point.pk], start, end)[key].enough  # 7 h apart


def test_flows_weight_the_mean_and_give_the_load(station: Station) -> None:
    for n, (cod, flow) in enumerate([("40", "100"), ("50", "100"), ("60", "300"), ("90", "0")]):
        manual(station, BEGAN + n * 6 * HOUR, cod, flow)
    days = queries.manual_days([station.point.pk], BEGAN - HOUR, BEGAN + 24 * HOUR)
    # (40·100 + 50·100 + 60·300 + 90·0) / 500 = 27 000 / 500; 27 000 g = 27 kg
    (day,) = days.values()
    assert (day.mean, day.flow_m3, day.load_kg) == (Decimal(54), Decimal(500), Decimal(27))


def test_nonsense_is_refused(station: Station) -> None:
    manual(station, BEGAN, "40")
    for at, cod in ((BEGAN, "41"), (BEGAN + HOUR, "-1"), (BEGAN + 99 * HOUR, "5")):
        with pytest.raises(ValidationError):
            manual(station, at, cod)
    with pytest.raises(PermissionDenied):
        withdraw_manual(
            actor=station.stranger, datum=ManualDatum.objects.select_related("point").get(),
            reason="not mine",
        )  # fmt: skip
