"""Checks: what a failed one takes away, its finding, and who may enter it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from jiulong.evidence.models import Event
from jiulong.monitoring.models import Finding
from jiulong.upkeep import queries
from jiulong.upkeep.actions import Checked, enter_check, receive_check, withdraw_check
from jiulong.upkeep.models import QcTest
from tests.upkeep.conftest import Station, Told

#: 02:10 of each morning in Zhangzhou.
FIRST = datetime(2026, 3, 8, 18, 10, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = FIRST + 10 * DAY


def check(station: Station, at: datetime, *, said: str = "101", **changed: Any) -> QcTest:
    pairs = [(Decimal(100), Decimal(said))]
    given: dict[str, Any] = {
        "actor": station.operator,
        "point": station.point,
        "factor": station.cod,
        "checked": Checked(kind="standard", at=at, pairs=pairs),
        "now": NOW,
    }
    return enter_check(**{**given, **changed})


def windows(station: Station) -> list[tuple[datetime, datetime | None]]:
    found = queries.invalid_spans([station.point.pk], FIRST - 30 * DAY, NOW + 30 * DAY)
    assert {span.reason for span in found} <= {"qc"}
    return [(span.start, span.end) for span in found]


def findings() -> list[tuple[datetime, datetime | None]]:
    rows = Finding.objects.filter(rule="failed_check", withdrawn_at=None).order_by("started_at")
    return list(rows.values_list("started_at", "ended_at"))


def test_a_failed_check_takes_away_what_lies_between_the_passed_ones(
    station: Station, told: Told
) -> None:
    check(station, FIRST)
    assert told == []  # nothing was invalid and nothing becomes so
    failed = check(station, FIRST + DAY, said="111")
    assert (failed.passed, failed.error, failed.rule) == (False, Decimal("0.11"), "cod_standard")
    assert windows(station) == [(FIRST, None)]
    assert findings() == [(FIRST + DAY, None)]
    check(station, FIRST + DAY * 3 / 2, said="112")
    assert findings() == [(FIRST + DAY, None)]  # one event, one finding
    check(station, FIRST + 2 * DAY)
    assert windows(station) == [(FIRST, FIRST + 2 * DAY)]
    assert findings() == [(FIRST + DAY, FIRST + 2 * DAY)]
    cause = f"upkeep.qctest/{failed.pk}"
    assert told[0] == (station.point.pk, date(2026, 3, 9), date(2026, 3, 19), cause)
    assert [days[1:3] for days in told[2:]] == [(date(2026, 3, 9), date(2026, 3, 19))]
    assert queries.last_pass(station.point.pk, station.cod.pk, FIRST + 2 * DAY) == FIRST
    assert queries.last_pass(station.point.pk, station.cod.pk, FIRST) is None


def test_checks_that_come_out_of_order_give_the_same(station: Station) -> None:
    check(station, FIRST + 2 * DAY)
    check(station, FIRST + DAY, said="80")
    check(station, FIRST)
    assert windows(station) == [(FIRST, FIRST + 2 * DAY)]
    assert findings() == [(FIRST + DAY, FIRST + 2 * DAY)]
    check(station, FIRST + DAY * 5 / 4)  # a pass that was forgotten
    assert windows(station) == [(FIRST, FIRST + DAY * 5 / 4)]
    assert findings() == [(FIRST + DAY, FIRST + DAY * 5 / 4)]


def test_each_factor_has_checks_of_its_own(station: Station) -> None:
    check(station, FIRST, said="80")
    pairs = [(Decimal(5), Decimal("5.1"))]
    checked = Checked(kind="standard", at=FIRST + DAY, pairs=pairs)
    check(station, FIRST, factor=station.nh3n, checked=checked)
    assert windows(station) == [(FIRST, None)]


def test_a_check_entered_wrongly_is_taken_back_and_stays(station: Station) -> None:
    check(station, FIRST)
    wrong = check(station, FIRST + DAY, said="180")
    with pytest.raises(PermissionDenied):
        withdraw_check(actor=station.enterprise, test=wrong, reason="of another firm")
    withdraw_check(actor=station.operator, test=wrong, reason="a slip of the pen")
    assert windows(station) == []
    assert findings() == []
    assert QcTest.objects.get(pk=wrong.pk).withdrawn_reason == "a slip of the pen"


def test_a_check_of_more_than_a_month_ago_is_not_handed_in_any_more(station: Station) -> None:
    assert check(station, NOW - 30 * DAY).passed
    with pytest.raises(ValidationError, match="30") as refused:
        check(station, NOW - 31 * DAY)
    assert [*refused.value.message_dict] == ["at"]


def test_the_logger_s_checks_are_taken_over_once_and_never_taken_back(station: Station) -> None:
    pairs = [(Decimal(100), Decimal(150))]
    checked = Checked(kind="standard", at=FIRST, pairs=pairs)
    given: dict[str, Any] = {
        "point": station.point,
        "factor": station.cod,
        "checked": checked,
        "frame": "7/3",
    }
    test = receive_check(**given, now=NOW)
    assert test is not None
    assert (test.source, test.by_name, test.passed) == ("logger", "Jiulong", False)
    assert receive_check(**given, now=NOW + DAY) is None
    assert QcTest.objects.count() == Event.objects.filter(verb="receive_check").count() == 1
    with pytest.raises(PermissionDenied):
        withdraw_check(actor=station.operator, test=test, reason="unwelcome")


def test_a_comparison_needs_three_pairs_and_may_miss_with_one(station: Station) -> None:
    def compare(*said: str) -> QcTest:
        pairs = [(Decimal(100), Decimal(one)) for one in said]
        checked = Checked(kind="comparison", at=FIRST, pairs=pairs, laboratory="Station lab")
        return check(station, FIRST, checked=checked)

    with pytest.raises(ValidationError) as refused:
        compare("100", "101")
    assert [*refused.value.message_dict] == ["pairs"]
    test = compare("100", "110", "130")
    assert (test.passed, test.error, test.pairs[2]) == (True, Decimal("0.10"), ["100", "130"])
    assert not compare("100", "120", "130").passed


def test_only_the_station_s_own_people_enter_checks(station: Station) -> None:
    people = station.people
    for other in (people.sibling, station.stranger, people.officer, station.desk):
        with pytest.raises(PermissionDenied):
            check(station, FIRST, actor=other)
    with pytest.raises(ValidationError) as refused:
        check(station, NOW + DAY)
    assert [*refused.value.message_dict] == ["at"]


def test_the_database_keeps_checks(station: Station) -> None:
    rows = QcTest.objects.filter(pk=check(station, FIRST, said="80").pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(passed=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
