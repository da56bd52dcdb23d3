"""The hours of a point as a file, recounted from it alone: the same days as the district's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.test import Client
from django.urls import reverse

from jiulong.monitoring.models import Period
from jiulong.upkeep.actions import mark_data
from jiulong.validity.engine.rules import RULE_SETS
from jiulong.validity.hours_file import HoursFile
from jiulong.validity.models import DayStatistic
from jiulong.validity.recount import Settings, recount
from tests.factories import make_factor
from tests.validity.conftest import FLOW, HOUR, Station, at

Settle = Callable[[datetime], None]


def fill(station: Station, settle: Settle) -> None:
    """Flags known and unknown, hours without flow, a metal, a mark, missing hours."""
    codes = {"w01018": 41.7, "w01001": 7.31, "w20111": 0.00037}
    for on, missing in ((1, 0), (2, 7), (3, 2)):
        rows = [
            (at(on) + n * HOUR, {**FLOW, **codes, "w01018": 40.1 + n}) for n in range(24 - missing)
        ]
        marks = {"w01018": "D" if on == 1 else "N", "w20111": "X" if on == 3 else "N"}
        station.write(Period.HOUR, rows[:3], marks=marks)
        station.write(Period.HOUR, [(when, {**of, "w00000": 0.0}) for when, of in rows[3:5]])
        station.write(Period.HOUR, rows[5:])
    mark_data(
        actor=station.people.owner, point=station.point, kind="fault", started_at=at(3, 20),
        ended_at=at(3, 22), explanation="pump broken", factors=[make_factor("w01018")],
        now=at(4, 9),
    )  # fmt: skip
    settle(at(4, 13))


def test_a_month_is_recounted_from_its_file(
    station: Station, settle: Settle, tmp_path: Path
) -> None:
    fill(station, settle)
    browser = Client()
    browser.force_login(station.people.owner)
    address = reverse("validity:hours", args=[station.point.code])
    answer = browser.get(address, {"month": "2026-03"})
    assert answer.headers["Content-Disposition"].endswith('-hours-202603.csv"')
    path = tmp_path / "hours.csv"
    path.write_bytes(answer.getvalue())
    settings = Settings(rules=lambda _day: RULE_SETS["hj356-2019"])
    found = {
        (day.on, day.factor): day
        for day in recount(HoursFile(path, "x").batches(), settings).days
        if day.on <= date(2026, 3, 3)
    }
    kept = DayStatistic.objects.filter(on__lte=date(2026, 3, 3), point=station.point)
    assert {(row.on, row.factor.code) for row in kept.select_related("factor")} == set(found)
    assert len(found) == 9
    for row in kept.select_related("factor"):
        day = found[row.on, row.factor.code]
        assert (day.mean, day.n_valid, day.valid_hours, dict(day.invalid), day.load_kg) == (
            row.mean, row.n_valid, row.valid_hours, row.invalid, row.load_kg
        )  # fmt: skip
        assert (day.valid, list(day.reasons), day.method) == (row.valid, row.reasons, row.method)
    assert not found[date(2026, 3, 2), "w01018"].valid
    assert "mark" in found[date(2026, 3, 3), "w01018"].invalid


def test_others_get_none_of_it_nor_a_month_that_is_none(station: Station) -> None:
    browser, address = Client(), reverse("validity:hours", args=[station.point.code])
    browser.force_login(station.people.sibling)
    assert browser.get(address).status_code == 404
    browser.force_login(station.people.officer)
    months = ["9999-12", "0001-01", "2026-13", "x"]
    assert {browser.get(address, {"month": month}).status_code for month in months} == {404}
