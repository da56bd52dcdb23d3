"""What is wrong with days: the violation, days in a row, days without a mean, loads, marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from jiulong.evidence.models import Event
from jiulong.monitoring import limits
from jiulong.monitoring.actions import set_limit, set_permitted_load
from jiulong.monitoring.models import Alarm, Finding, Limit
from jiulong.upkeep.actions import mark_data, review_mark
from jiulong.upkeep.models import Provision
from jiulong.validity import setting_back
from jiulong.validity.judgements import judge_days, replay_days
from jiulong.validity.judgements.base import islands
from jiulong.validity.models import DueDay, Revision
from jiulong.validity.setting_back import rules_changed
from tests.factories import make_factor, make_limit, make_point
from tests.validity.conftest import Station, at

Settle = Callable[[datetime], None]


def found(rule: str) -> list[Finding]:
    return list(Finding.objects.filter(rule=rule, withdrawn_at=None).order_by("started_at"))


def test_an_effective_mean_over_the_limit_is_the_violation(
    station: Station, settle: Settle
) -> None:
    station.hours(1, *[40.0] * 18, *[100.0] * 6)  # 55
    station.hours(2, *[50.0] * 24)
    station.hours(3, *[81.6] * 17)  # too few
    settle(at(4, 0, 30))
    (one,) = found("day_exceedance")
    assert (one.started_at, one.ended_at, one.last_at) == (at(1), at(2), at(2))
    assert (one.value, one.limit_value, one.multiple) == (55, 50, Decimal("0.10"))
    assert one.detail == {"n_valid": 24, "n_expected": 24, "mean": "55", "on": "2026-03-01"}
    (missing,) = found("invalid_day")
    assert (missing.started_at, missing.detail["n_valid"]) == (at(3), 17)
    alarms = {a.family: (a.kind, a.state) for a in Alarm.objects.all()}
    assert alarms["limit"] == ("EXD", "closed")
    assert alarms["data"] == ("MISS", "quiet")


def test_the_rule_set_of_the_day_says_what_is_judged_by_days(
    station: Station, settle: Settle
) -> None:
    content = {
        "code": "hj356-2019", "name": {"zh": "本地"}, "effective_from": "2020-03-24",
        "default": True, "laws": [{"law": "x"}], "judgement": {"excepted": ["w01018"]},
    }  # fmt: skip
    Provision.objects.create(section="rule_sets", code="hj356-2019", pack="p", content=content)
    station.hours(1, *[100.0] * 24)
    settle(at(2, 0, 30))
    assert (station.day(1).mean, found("day_exceedance")) == (100, [])
    content["judgement"] = {"statistic": "hour"}
    Provision.objects.update(content=content)
    station.hours(2, *[100.0] * 24)
    settle(at(3, 0, 30))
    assert (station.day(2).mean, found("day_exceedance")) == (100, [])


def test_a_day_in_progress_is_not_judged(station: Station, settle: Settle) -> None:
    station.hours(1, *[100.0] * 20)
    settle(at(1, 20, 5))
    assert found("day_exceedance") == []


def test_a_late_mark_takes_the_violation_back_and_says_why(
    station: Station, settle: Settle
) -> None:
    station.hours(1, *[40.0] * 18, *[100.0] * 6)
    settle(at(2, 0, 30))
    (one,) = found("day_exceedance")
    alarm = Alarm.objects.get(family="limit")
    mark_data(
        actor=station.people.owner, point=station.point, kind="fault", started_at=at(1, 18),
        ended_at=at(2), explanation="pump broken", factors=[make_factor("w01018")],
        now=at(2, 11, 59),
    )  # fmt: skip
    settle(at(3, 0, 30))
    one.refresh_from_db()
    alarm.refresh_from_db()
    assert one.withdrawn_at is not None
    assert one.withdrawn_cause
    assert (found("day_exceedance"), alarm.state) == ([], "withdrawn")
    event = Event.objects.get(verb="withdraw_finding")
    assert (event.subject_id, event.data["cause"]) == (str(one.pk), one.withdrawn_cause)


def test_a_rejected_mark_lets_the_violation_stand_again_and_says_so(
    station: Station, settle: Settle
) -> None:
    station.hours(1, *[40.0] * 18, *[100.0] * 6)
    settle(at(2, 0, 30))
    (one,) = found("day_exceedance")
    mark = mark_data(
        actor=station.people.owner, point=station.point, kind="fault", started_at=at(1, 18),
        ended_at=at(2), explanation="pump broken", factors=[make_factor("w01018")],
        now=at(2, 11, 59),
    )  # fmt: skip
    settle(at(2, 12, 30))
    assert found("day_exceedance") == []
    review_mark(
        actor=station.people.officer, mark=mark, accepted=False, reason="no fault", now=at(3, 9)
    )
    settle(at(3, 9))
    (again,) = found("day_exceedance")
    assert (again.pk, again.value, again.alarm_id) == (one.pk, 55, one.alarm_id)
    (event,) = Event.objects.filter(verb="reinstate_finding")
    assert (event.subject_id, event.at) == (str(one.pk), at(3, 9))
    assert event.data["withdrawn"]
    assert Alarm.objects.get(pk=one.alarm_id).state in Alarm.STANDING


def test_days_in_a_row_are_one_finding_of_their_own(station: Station, settle: Settle) -> None:
    for day in (1, 2, 4, 5, 6):
        station.hours(day, *[60.0 + day] * 24)
    station.hours(3, *[40.0] * 24)
    settle(at(7, 0, 30))
    rows = found("continuous_days")
    assert [(f.started_at, f.ended_at, f.detail["days"], f.value) for f in rows] == [
        (at(1), at(3), 2, 62),
        (at(4), at(7), 3, 66),
    ]
    assert {f.severity for f in rows} == {"serious"}
    alarm = Alarm.objects.filter(family="limit", state__in=Alarm.STANDING).latest("started_at")
    assert (alarm.kind, alarm.started_at, alarm.ended_at) == ("EXC", at(4), at(7))


def test_judging_the_days_again_changes_nothing(station: Station, settle: Settle) -> None:
    station.hours(1, *[60.0] * 24)
    station.hours(2, *[60.0] * 24)
    settle(at(3, 0, 30))
    before = list(Finding.objects.order_by("pk").values())
    assert replay_days(at(1), at(5, 1)) == []
    Limit.objects.filter(statistic="day").update(maximum=Decimal(70))
    differences = [(d.kind, d.finding.rule) for d in replay_days(at(1), at(5, 1))]
    assert differences == [("gone", "day_exceedance")] * 2
    assert list(Finding.objects.order_by("pk").values()) == before


def test_the_load_over_the_permitted_quantity_is_found_on_its_day(
    station: Station, settle: Settle
) -> None:
    set_permitted_load(
        actor=None, outfall=station.point.outfall, factor=make_factor("w01018"), year=2026,
        tonnes=Decimal("0.1"), source="permit",
    )  # fmt: skip
    for day in range(1, 5):
        station.hours(day, *[40.0] * 24)  # 34.56 kg a day
        settle(at(day + 1, 0, 30))
    (year,) = found("load")
    assert (year.started_at, year.value, year.limit_value) == (
        at(3),
        Decimal("0.10368"),
        Decimal("0.1"),
    )
    assert (year.multiple, year.detail["since"]) == (Decimal("0.04"), "2026-01-01")
    (month,) = found("load_month")
    assert (month.started_at, month.severity) == (at(1), "information")


def test_too_many_marks_in_a_month_are_suspicious(station: Station, settle: Settle) -> None:
    station.hours(1, *[40.0] * 24)
    settle(at(2, 0, 30))
    for day in range(2, 6):
        mark_data(
            actor=station.people.owner, point=station.point, kind="fault", started_at=at(day),
            ended_at=at(day + 1), explanation="again", factors=[make_factor("w01018")],
            now=at(day + 1, 9),
        )  # fmt: skip
        station.hours(day, *[40.0] * 24)
        settle(at(day + 1, 10))
    (one,) = found("suspicious_marks")
    assert (one.started_at, one.ended_at) == (at(1), at(32))
    assert (one.factor, one.detail["marked_hours"], one.detail["hours"]) == (None, 96, 744)


def test_marks_where_it_was_over_the_limit_are_suspicious(station: Station, settle: Settle) -> None:
    make_limit(station.point, maximum="60")  # of hours
    mine = {
        "actor": station.people.owner, "point": station.point, "kind": "fault",
        "explanation": "again", "factors": [make_factor("w01018")],
    }  # fmt: skip
    station.hours(1, *[40.0] * 18, *[100.0] * 6)
    mark_data(**mine, started_at=at(1, 19), ended_at=at(2), now=at(2, 9))
    settle(at(2, 10))
    assert found("marks_over_limit") == [], "five hours are too few to tell"
    station.hours(2, *[100.0] * 2, *[40.0] * 22)
    late = mark_data(**mine, started_at=at(2), ended_at=at(2, 3), now=at(3, 9))
    settle(at(3, 10))
    (one,) = found("marks_over_limit")
    told = {"marked_hours": 8, "over_hours": 7, "share": "0.88", "on": "2026-03-01"}
    assert (one.started_at, one.ended_at, one.detail) == (at(1), at(32), told)
    review_mark(actor=station.people.officer, mark=late, accepted=False, reason="x", now=at(3, 11))
    settle(at(3, 11))
    assert found("marks_over_limit") == []


def test_treated_water_above_what_came_in_contradicts_itself(
    station: Station, settle: Settle
) -> None:
    influent = make_point(station.point.outfall, position="influent", active_from=at(1))
    for day, came_in, goes_out in ((1, 40.0, 47.0), (2, 38.0, 48.0), (3, 400.0, 48.0)):
        station.hours(day, *[goes_out] * 24)
        replace(station, point=influent).hours(day, *[came_in] * 24)
        settle(at(day + 1, 0, 30))
    (one,) = found("above_influent")
    assert (one.point, one.started_at, one.value, one.limit_value) == (
        station.point, at(2), 48, 38,
    )  # fmt: skip
    assert one.detail == {"influent": influent.code, "on": "2026-03-02"}


def test_a_month_is_judged_when_it_is_over(station: Station, settle: Settle) -> None:
    make_limit(station.point, maximum="45", statistic="month")
    for day in range(1, 32):
        station.hours(day, *[46.0] * 24)
    settle(at(31, 23))
    assert found("month_exceedance") == []
    settle(at(32, 0, 30))
    (one,) = found("month_exceedance")
    assert (one.started_at, one.ended_at, one.value, one.multiple) == (
        at(31), at(32), 46, Decimal("0.02"),
    )  # fmt: skip
    assert one.detail["month"] == "2026-03"
    assert (found("day_exceedance"), Alarm.objects.get(family="limit").kind) == ([], "EXD")


def test_days_are_judged_anew_when_a_limit_is_set_back_in_time(
    station: Station, settle: Settle
) -> None:
    set_limit(
        actor=None, point=station.point, factor=make_factor("w01018"), statistic="day",
        maximum=Decimal(50), valid_from=date(2026, 1, 1), source="permit",
    )  # fmt: skip
    for day in (1, 2, 3):
        station.hours(day, *[40.0 + day] * 24)
    settle(at(4, 0, 30))
    assert found("day_exceedance") == []
    set_limit(
        actor=None, point=station.point, factor=make_factor("w01018"), statistic="day",
        maximum=Decimal(40), valid_from=date(2026, 3, 2), source="a new permit",
    )  # fmt: skip
    due = DueDay.objects.filter(cause="limits", point=station.point).order_by("on")
    assert due.values_list("on", flat=True).first() == date(2026, 3, 2)
    assert limits.waiting(station.point.pk) == due.count() > 0
    DueDay.objects.filter(on__gt=date(2026, 3, 5)).delete()  # today is long after that March
    settle(at(4, 9))
    assert limits.waiting(station.point.pk) == 0
    (hours,) = found("hour_exceedance")  # its hours, too: the daily limit warns by the hour
    assert (hours.started_at, hours.last_at, hours.limit_value) == (at(2), at(3, 23), 40)
    assert [(one.started_at, one.limit_value) for one in found("day_exceedance")] == [
        (at(2), 40), (at(3), 40),
    ]  # fmt: skip
    assert not Revision.objects.exists(), "the statistics are what they were"


def test_days_are_computed_anew_when_a_rule_set_is_changed_for_the_past(
    station: Station, settle: Settle
) -> None:
    station.hours(1, *[40.0] * 24)
    station.hours(2, *[40.0] * 24)
    settle(at(3, 0, 30))
    DueDay.objects.all().delete()
    rules_changed(date(2026, 3, 2))
    due = DueDay.objects.filter(cause="rules", point=station.point).order_by("on")
    assert due.values_list("on", flat=True).first() == date(2026, 3, 2)


def test_too_many_days_are_not_computed_by_themselves_but_told(
    station: Station, settle: Settle, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    station.hours(1, *[40.0] * 24)
    settle(at(2, 0, 30))
    DueDay.objects.all().delete()
    monkeypatch.setattr(setting_back, "MOST", 3)
    rules_changed(date(2026, 3, 1))
    assert not DueDay.objects.exists()
    assert "jiulong statistics --since 2026-03-01" in caplog.text


def test_nothing_to_judge_is_no_work(db: None) -> None:
    judge_days([], at(1))


def test_days_in_a_row() -> None:
    days: list[Any] = [date(2026, 3, n) for n in (5, 1, 2, 4)]
    assert [[d.day for d in row] for row in islands(days)] == [[1, 2], [4, 5]]
