"""The worker: which days it computes, when, and that it does so once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from jiulong.evidence.locks import Lock
from jiulong.evidence.models import Cursor, Event
from jiulong.monitoring.models import Discrepancy, Finding, Limit, Period, Point
from jiulong.upkeep.actions import enter_check, mark_data
from jiulong.upkeep.actions.checks import Checked
from jiulong.upkeep.models import ManualDatum
from jiulong.validity import dayrules, statistics
from jiulong.validity.keeping import digest
from jiulong.validity.models import DayStatistic, DueDay, MonthStatistic, Revision
from tests.factories import make_factor, make_limit
from tests.upkeep.made import accept
from tests.validity.conftest import FLOW, Station, at

Settle = Callable[[datetime], None]


def rows() -> list[dict[str, Any]]:
    return list(DayStatistic.objects.order_by("point", "factor", "on").values())


def test_a_day_grows_and_is_settled(station: Station, settle: Settle) -> None:
    station.hours(1, *[40.0] * 12)
    settle(at(1, 12, 5))
    day = station.day(1)
    assert (day.n_expected, day.n_valid, day.valid, day.over) == (24, 12, False, False)
    assert (day.mean, day.load_kg, day.reasons) == (None, None, ["missing", "too_few"])
    later = [(at(1, 12 + n), {**FLOW, "w01018": 70.0}) for n in range(12)]
    station.write(Period.HOUR, later)
    settle(at(2, 0, 5))
    day = station.day(1)
    assert (day.valid, day.over, day.mean, day.ratio) == (True, True, Decimal(55), Decimal(1))
    assert (day.flow_m3, day.load_kg, day.method) == (Decimal(864), Decimal("47.52"), "weighted")
    assert (day.valid_hours, day.invalid, day.rule) == (2**24 - 1, {}, "hj356-2019")
    assert not MonthStatistic.objects.filter(month=date(2026, 3, 1), n_valid__gt=1).exists()
    month = MonthStatistic.objects.get(point=station.point)
    assert (month.n_expected, month.n_valid, month.mean) == (1, 1, Decimal(55))
    assert (month.load_kg, month.flow_m3) == (Decimal("47.52"), Decimal(864))
    assert not Revision.objects.exists()
    assert day.revision == 0


def test_a_late_mark_reopens_a_settled_day(station: Station, settle: Settle) -> None:
    station.hours(1, *[40.0] * 18, *[100.0] * 6)
    settle(at(2, 0, 30))
    assert station.day(1).mean == Decimal(55)
    mark_data(
        actor=station.people.owner, point=station.point, kind="fault", started_at=at(1, 18),
        ended_at=at(2), explanation="pump broken", factors=[make_factor("w01018")],
        now=at(2, 11, 59),
    )  # fmt: skip
    settle(at(2, 11, 59))
    day = station.day(1)
    assert (day.mean, day.n_valid, day.invalid) == (Decimal(40), 18, {"mark": 0b111111 << 18})
    assert day.load_kg == Decimal("34.56")  # all the water of the day
    assert not Revision.objects.exists()  # the day was not settled before 12:00
    check = enter_check(
        actor=station.operator, point=station.point, factor=make_factor("w01018"), now=at(3),
        checked=Checked(
            kind="standard", at=at(1, 3), pairs=[(Decimal(100), Decimal(150))],
            range_upper=Decimal(200),
        ),
    )  # fmt: skip
    settle(at(3))
    day = station.day(1)
    assert (day.valid, day.mean, day.n_valid, day.revision) == (False, None, 3, 1)
    assert day.reasons[:2] == ["qc", "mark"]
    (revision,) = Revision.objects.filter(point=station.point, on=day.on)
    assert (revision.before["mean"], revision.after["mean"]) == ("40", None)
    assert (revision.before["n_valid"], revision.after["n_valid"]) == (18, 3)
    assert revision.causes == [f"upkeep.qctest/{check.pk}"]
    event = Event.objects.get(verb="revise_day", subject_id=str(revision.pk))
    assert event.data["sha256"] == digest(Revision.objects.get(pk=revision.pk))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Revision.objects.update(number=7)


def test_computing_again_changes_nothing(station: Station, settle: Settle) -> None:
    for on in range(1, 6):
        station.hours(on, *[40.0 + on] * (24 if on != 3 else 10))
    settle(at(6, 13))
    before, months = rows(), list(MonthStatistic.objects.values())
    assert [row["on"].day for row in before if not row["valid"]] == [3]
    assert station.day(3).substituted
    done = statistics.anew([station.point.pk], date(2026, 3, 1), date(2026, 3, 5), at(6, 13))
    assert (done.fresh, done.changed, done.revised, done.months) == (0, 0, 0, 0)
    assert (rows(), list(MonthStatistic.objects.values())) == (before, months)
    DayStatistic.objects.all().delete()
    MonthStatistic.objects.all().delete()
    statistics.anew([station.point.pk], date(2026, 3, 1), date(2026, 3, 5), at(6, 13))
    ignored = {"id": None, "computed_at": None}
    assert [row | ignored for row in rows()] == [row | ignored for row in before]
    assert not DueDay.objects.exists()


def test_a_load_that_stands_in_follows_the_one_it_is_of(station: Station, settle: Settle) -> None:
    station.hours(1, *[50.0] * 24)
    station.hours(2, *[40.0] * 24)
    settle(at(3, 0, 20))
    settle(at(4, 0, 20))  # nothing came on the third
    day = station.day(3)
    assert (day.substituted, day.load_kg, day.n_valid) == (True, Decimal("43.2"), 0)
    assert day.reasons == ["missing", "too_few", "substituted"]
    mark = mark_data(
        actor=station.people.owner, point=station.point, kind="fault", started_at=at(1),
        ended_at=at(2), explanation="late", factors=[make_factor("w01018")], now=at(4, 13),
    )  # fmt: skip
    settle(at(4, 13))
    assert station.day(1).valid, "it was handed in late: nothing changes before its review"
    accept(mark, now=at(4, 14))
    settle(at(4, 14))
    assert station.day(1).valid is False
    assert station.day(3).load_kg == Decimal("34.56")
    assert [r.causes for r in Revision.objects.filter(on=date(2026, 3, 3))] == [["substitution"]]


def test_minutes_stand_in_for_an_hour_that_was_not_sent(station: Station, settle: Settle) -> None:
    station.hours(1, *[40.0] * 23)
    minutes = [(at(1, 23, 10 * n), {"w00000": 5.0 * (n + 1), "w01018": 10.0}) for n in range(5)]
    station.write(Period.MINUTE, minutes)
    settle(at(2, 0, 20))
    day = station.day(1)
    assert (day.n_valid, day.made_hours) == (24, 1 << 23)
    assert day.flow_m3 == Decimal(36 * 23 + 45)  # 75 L/s · 600 s
    with_it = (Decimal(36 * 23 * 40 + 450) / day.flow_m3).quantize(Decimal("1e-9"))
    assert day.mean is not None
    assert day.mean.quantize(Decimal("1e-9")) == with_it


def test_what_the_logger_should_have_worked_out(station: Station, settle: Settle) -> None:
    """An hour that its minutes do not give, a day mean that no method gives, and one that shows."""
    heavy = {n: {"w00000": 10.0 if n < 12 else 30.0, "w01018": 20.0 if n < 12 else 60.0}
             for n in range(24)}  # fmt: skip
    for on, sent in ((1, 50.0), (2, 40.0), (3, 77.0)):
        station.write(Period.HOUR, [(at(on, n), heavy[n]) for n in range(24)])
        station.write(Period.DAY, [(at(on), {"w00000": 20.0, "w01018": sent})])
    minutes = [(at(2, 5, 10 * n), {"w00000": 10.0, "w01018": 23.0}) for n in range(6)]
    station.write(Period.MINUTE, minutes)
    settle(at(4, 13))
    days = [station.day(on) for on in (1, 2, 3)]
    assert [day.sent_mean for day in days] == [Decimal(50), Decimal(40), Decimal(77)]
    assert [day.sent_method for day in days] == ["weighted", "arithmetic", ""]
    assert [day.deviates for day in days] == [False, True, True]
    assert [day.invalid for day in days] == [{}, {"disagreement": 1 << 5}, {}]
    found = Finding.objects.filter(rule="arithmetic").order_by("started_at")
    assert [(f.started_at, f.ended_at) for f in found] == [(at(2), at(3)), (at(3), at(4))]
    assert found[1].detail == {"on": "2026-03-03", "hours": 0, "sent": "77", "computed": "50"}


def test_frames_that_contradict_each_other_take_the_hour_away(
    station: Station, settle: Settle
) -> None:
    station.hours(1, *[40.0] * 24)
    settle(at(2, 13))
    later = Cursor.objects.get(name="recorder").position + 1
    for hour, other in ((3, 40.3), (4, 41.0)):  # 1 % is allowed
        Discrepancy.objects.create(
            point=station.point, period=Period.HOUR, at=at(1, hour), kept_batch=1, kept_ordinal=1,
            other_batch=later, other_ordinal=hour, received_at=at(2, 13),
            differences={"w01018": [40.0, other]},
        )  # fmt: skip
    Cursor.objects.filter(name="recorder").update(position=later)
    settle(at(2, 14))
    assert station.day(1).invalid == {"disagreement": 1 << 4}
    assert Revision.objects.get().causes == ["monitoring.discrepancy"]


def test_minutes_of_the_last_hour_count_that_come_after_the_day_was_computed(
    station: Station, settle: Settle
) -> None:
    def minutes(first: int, last: int, received: datetime) -> None:
        rows = [(at(1, 23, m), {**FLOW, "w01018": 40.0}) for m in range(first, last, 10)]
        station.write(Period.MINUTE, rows, received_at=received)

    station.hours(1, *[40.0] * 23)
    minutes(0, 30, at(1, 23, 31))
    settle(at(2, 0, 16))
    assert (station.day(1).n_valid, station.day(1).over) == (23, True)
    minutes(30, 60, at(2, 0, 30))  # less than 70 minutes after they were measured
    settle(at(2, 0, 31))
    assert (station.day(1).n_valid, station.day(1).made_hours) == (24, 1 << 23)


def test_manual_means_are_kept_as_they_are_compared(station: Station, settle: Settle) -> None:
    station.hours(1, *[0.0] * 24, marks="D")
    ManualDatum.objects.bulk_create(
        ManualDatum(
            point=station.point, factor=make_factor("w01018"), sampled_at=at(1, 4 * n),
            value=Decimal(11 if n else 10), flow_m3=None, method="HJ 828-2017", laboratory="L",
            by_name="x", entered_at=at(2),
        )
        for n in range(6)
    )  # fmt: skip
    settle(at(2, 13))
    assert (station.day(1).mean, station.day(1).method) == (Decimal("10.833333333333"), "manual")
    done = statistics.anew([station.point.pk], date(2026, 3, 1), date(2026, 3, 1), at(3))
    assert (done.changed, done.revised, Revision.objects.count()) == (0, 0, 0)


def test_every_day_of_a_point_in_service_has_its_row(station: Station, settle: Settle) -> None:
    Cursor.objects.create(name=statistics.CALENDAR, position=date(2026, 2, 28).toordinal())
    Point.objects.filter(pk=station.point.pk).update(active_from=at(2, 12), active_to=at(4))
    settle(at(6, 0, 20))
    days = DayStatistic.objects.filter(point=station.point).order_by("on")
    assert [(day.on.day, day.n_expected, day.reasons) for day in days] == [
        (2, 12, ["missing", "too_few"]),
        (3, 24, ["missing", "too_few"]),
    ]
    month = MonthStatistic.objects.get(point=station.point)
    assert (month.n_expected, month.n_valid, month.valid) == (2, 0, False)


def test_rules_by_days_are_asked_of_what_changed(station: Station, settle: Settle) -> None:
    asked: list[Any] = []
    rule = lambda changed, _now: asked.append(list(changed))  # noqa: E731
    dayrules.register(rule)
    try:
        station.hours(1, *[40.0] * 24)
        station.hours(2, *[41.0] * 24)
        settle(at(3, 0, 20))
        settle(at(3, 0, 21))
    finally:
        dayrules._registered.remove(rule)
    key = (station.point.pk, station.cod)
    assert asked[0] == [dayrules.Stretch(*key, date(2026, 3, 1), date(2026, 3, 2))]
    assert len(asked) == 1


def test_nothing_is_computed_while_readings_are_made_again(
    station: Station, settle: Settle
) -> None:
    station.hours(1, *[40.0] * 24)
    settle(at(2, 0, 20))
    Cursor.objects.filter(name="recorder").update(position=0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reading")
    statistics.tell(station.point.pk, date(2026, 3, 1), date(2026, 3, 1), "rules")
    assert statistics.step(at(2, 0, 30)) is False
    assert station.day(1).valid
    assert DueDay.objects.count() == 1


def test_a_limit_makes_a_factor_due_without_any_value(station: Station, settle: Settle) -> None:
    make_limit(
        station.point, "w21003", "5", statistic=Limit.Statistic.DAY, valid_from=date(2026, 3, 2)
    )
    station.hours(1, *[40.0] * 24)
    station.hours(2, *[40.0] * 24)
    settle(at(3, 0, 20))
    found = DayStatistic.objects.filter(factor__code="w21003")
    assert [(day.on.day, day.n_valid) for day in found] == [(2, 0)]


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_stands_back(transactional_db: None) -> None:
    parameters = connection.get_connection_params()
    names = {"dbname", "user", "host", "port", "password"}
    given = {name: value for name, value in parameters.items() if name in names}
    with psycopg.connect(**given, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [int(Lock.STATISTICS)])
        assert statistics.step(at(1)) is False
        assert not Cursor.objects.filter(name=statistics.CALENDAR).exists()


def test_a_long_backlog_is_worked_off_in_steps(station: Station) -> None:
    for on in range(1, 6):
        station.hours(on, *[40.0] * 24)
    left = []
    while statistics.step(at(5, 13), most=2):
        left.append(DueDay.objects.count())
    assert (len(left) > 2, left[-1]) == (True, 0)
    assert DayStatistic.objects.filter(valid=True).count() == 4
