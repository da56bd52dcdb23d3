"""Days, months, hours and revisions for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from jiulong.organisation.models import User
from tests.validity.conftest import Station, at, settle, station

__all__ = ["settle", "station"]  # fixtures
SPAN = "start=2026-03-01&end=2026-03-31"


@pytest.fixture
def read(station: Station, settle: Callable[[datetime], None]) -> Callable[..., Any]:
    station.hours(1, *[40.0] * 20)
    settle(at(2, 0, 20))

    def get(path: str, user: User | None = None, status: int = 200) -> Any:
        client = Client()
        client.force_login(user or station.people.owner)
        answer = client.get(f"/api{path}")
        assert answer.status_code == status, answer.content
        return answer.json()

    return get


def test_it_gives_exact_numbers_as_text(station: Station, read: Callable[..., Any]) -> None:
    code = station.point.code
    (day,) = read(f"/points/{code}/days?{SPAN}")["items"]
    assert (day["mean"], day["load_kg"], day["n_valid"]) == ("40", "28.8", 20)
    assert (day["reasons"], day["invalid"]) == (["flow_incomplete"], {"missing": 0xF00000})
    (month,) = read(f"/points/{code}/months?{SPAN}&factor=w01018")["items"]
    assert (month["mean"], month["n_valid"], month["n_expected"]) == ("40", 1, 1)
    hours = read(f"/points/{code}/days/2026-03-01/hours?factor=w01018")
    assert [hour["counts"] for hour in hours] == [True] * 20 + [False] * 4
    assert hours[23]["reasons"] == [{"code": "missing", "reference": ""}]
    assert read("/revisions")["items"] == []


def test_it_refuses_what_it_does_not_know(station: Station, read: Callable[..., Any]) -> None:
    code = station.point.code
    assert read(f"/points/{code}/days?{SPAN}&factor=nothing", status=422)
    assert read(f"/points/{code}/days", status=422)
    assert read(f"/points/{code}/days?{SPAN}", user=station.people.sibling, status=404)
