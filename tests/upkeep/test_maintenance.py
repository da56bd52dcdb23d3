"""Contracts, plans and records of maintenance, objections, and what packs say otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiulong.monitoring.models import Finding
from jiulong.packs import sections
from jiulong.packs.text import Text
from jiulong.upkeep.actions import (
    NotAnyMoreError,
    answer_objection,
    follow_contracts,
    plan_maintenance,
    raise_objection,
    record_maintenance,
    sign_contract,
)
from jiulong.upkeep.models import MaintenancePlan, MaintenanceRecord, OperatingContract
from jiulong.upkeep.provisions import ClockItem, FormItem, built_in, rulebook
from tests.factories import make_finding, make_unit, make_user
from tests.upkeep.conftest import Station

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
WEEKLY = built_in()["upkeep_forms"]["weekly"]
assert isinstance(WEEKLY, FormItem)
FINE = {field.key: "yes" for field in WEEKLY.fields}
VALUES = FINE | {"temperature": "22.5", "humidity": "55"}


def record(station: Station, **changed: Any) -> MaintenanceRecord:
    given: dict[str, Any] = {
        "actor": station.operator, "point": station.point, "form": "weekly", "at": NOW,
        "values": VALUES, "people": "陈某 林某", "now": NOW,
    }  # fmt: skip
    return record_maintenance(**{**given, **changed})


def test_a_contract_hands_a_station_over_on_its_day(station: Station) -> None:
    firm, served_by = make_unit("enterprise"), station.operator.unit
    assert served_by is not None
    officer = make_user("administrator", make_unit())
    first = sign_contract(
        actor=officer, point=station.point, operator=served_by,
        from_on=date(2026, 1, 1), now=NOW,
    )  # fmt: skip
    assert {plan.form for plan in MaintenancePlan.objects.all()} == {
        "weekly", "monthly", "quarterly",
    }  # fmt: skip
    sign_contract(
        actor=officer, point=station.point, operator=firm, from_on=date(2026, 3, 12), now=NOW
    )
    first.refresh_from_db()
    station.point.refresh_from_db()
    assert (first.to_on, station.point.operator) == (date(2026, 3, 11), station.operator.unit)
    assert follow_contracts(now=NOW + timedelta(days=2)) == 1
    assert follow_contracts(now=NOW + timedelta(days=2)) == 0
    station.point.refresh_from_db()
    assert station.point.operator == firm
    with pytest.raises(PermissionDenied):
        record(station)  # the firm before
    with pytest.raises(ValidationError):
        sign_contract(
            actor=officer, point=station.point, operator=firm, from_on=date(2026, 2, 1), now=NOW
        )
    for other in (station.enterprise, station.operator, station.desk):
        with pytest.raises(PermissionDenied):
            sign_contract(
                actor=other, point=station.point, operator=firm, from_on=date(2027, 1, 1), now=NOW
            )
    assert OperatingContract.objects.count() == 2


def test_a_record_says_what_was_not_as_it_should_be(station: Station) -> None:
    assert not record(station).abnormal
    assert record(station, values=VALUES | {"waste": "no"}).abnormal
    assert record(station, values=VALUES | {"temperature": "31"}).abnormal


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"form": "yearly"}, "form"),
        ({"people": " "}, "people"),
        ({"at": NOW + timedelta(hours=1)}, "at"),
        ({"values": FINE}, "temperature"),
        ({"values": VALUES | {"temperature": "warm"}}, "temperature"),
        ({"values": VALUES | {"temperature": "NaN"}}, "temperature"),
        ({"values": VALUES | {"power": "perhaps"}}, "power"),
    ],
)
def test_what_is_missing_is_named(station: Station, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        record(station, **changed)
    assert [*refused.value.message_dict][:1] == [field]


def test_a_plan_may_be_tighter_than_the_norm_but_not_looser(station: Station) -> None:
    given: dict[str, Any] = {"actor": station.operator, "point": station.point, "form": "weekly"}
    plan = plan_maintenance(**given, every_days=5, from_on=date(2026, 3, 1))
    plan_maintenance(**given, every_days=3, from_on=date(2026, 3, 9))
    plan.refresh_from_db()
    assert plan.to_on == date(2026, 3, 8)
    with pytest.raises(ValidationError):
        plan_maintenance(**given, every_days=8, from_on=date(2026, 3, 20))
    for other in (station.people.sibling, station.stranger, station.desk):
        with pytest.raises(PermissionDenied):
            record(station, actor=other)
        with pytest.raises(PermissionDenied):
            plan_maintenance(
                actor=other, point=station.point, form="weekly", every_days=7,
                from_on=date(2026, 3, 20),
            )  # fmt: skip


def test_an_objection_is_answered_once_by_somebody_else(station: Station) -> None:
    finding: Finding = make_finding(station.point)
    given: dict[str, Any] = {"point": station.point, "about": finding, "text": "rain", "now": NOW}
    for other in (station.people.sibling, station.stranger, station.desk):
        with pytest.raises(PermissionDenied):
            raise_objection(actor=other, **given)
    objection = raise_objection(actor=station.enterprise, **given)
    assert objection.answer_by.isoformat() == "2026-03-19T23:59:59+08:00"
    with pytest.raises(ValidationError):
        raise_objection(actor=station.operator, **given)
    for other in (station.enterprise, station.operator, station.people.sibling):
        with pytest.raises(PermissionDenied):
            answer_objection(actor=other, objection=objection, upheld=True, answer="yes")
    with pytest.raises(ValidationError):
        answer_objection(actor=station.desk, objection=objection, upheld=False, answer=" ")
    answered = answer_objection(
        actor=station.desk, objection=objection, upheld=False, answer="no rain that day"
    )
    assert (answered.upheld, answered.answer) == (False, "no rain that day")
    with pytest.raises(NotAnyMoreError):
        answer_objection(actor=station.people.officer, objection=objection, upheld=True, answer="y")


def test_a_pack_says_otherwise_than_the_box(db: None) -> None:
    offered = {one.key: one for one in sections.registered()}
    section = offered["upkeep_clocks"]
    known: Any = None
    context = sections.Context(pack="site", known=known, now=NOW)
    items = [ClockItem(key="mark_by", value="10:00", source=Text("order 1"))]
    assert not [*section.check(items, context)]
    section.apply(section.plan(items, context), context)
    assert rulebook().moment("mark_by").hour == 10
    held = sections.Context(
        pack="site",
        known=known,
        now=NOW,
        held={"upkeep_clocks": frozenset({"mark_by"})},
    )
    section.apply(section.plan([], held), held)
    assert rulebook().moment("mark_by").hour == 12
    wrong = [
        ClockItem(key="noon", value="12:00", source=Text("s")),
        ClockItem(key="mark_by", value="12 hours", source=Text("s")),
        ClockItem(key="mark_by", value="25:00", source=Text("s")),
    ]
    assert [fault.path for fault in section.check(wrong, context)] == [
        (0, "key"), (1, "value"), (2, "value"),
    ]  # fmt: skip
