"""The demo district is whole, plausible and nobody's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from jiulong.demo.actions import ACCOUNTS, DEMO_PASSWORD, create_accounts, load_district
from jiulong.demo.casework import lay_ground
from jiulong.demo.district import BOUNDS, check_character, credit_code, district
from jiulong.evidence.models import Event
from jiulong.gateway.models import Logger
from jiulong.monitoring.models import Limit, Point
from jiulong.organisation.models import Unit, User
from jiulong.registers.models import Enterprise
from jiulong.simulator.water import WaterModel

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)


def test_it_computes_the_check_character_of_gb_32100() -> None:
    # Computed with python-stdnum.
    assert check_character("91350602MA0000000") == "B"


def test_its_enterprises_cannot_exist() -> None:
    codes = [enterprise.credit_code for enterprise in district().enterprises]
    assert len(set(codes)) == len(codes) == 80
    assert all(code[2:8] == "350699" and code[8:11] == "DEM" for code in codes)
    assert all(check_character(code[:17]) == code[17] for code in codes)
    assert credit_code(1) == codes[0]
    names = [enterprise.name for enterprise in district().enterprises]
    assert len(set(names)) == 80


def test_it_has_120_points_inside_the_district() -> None:
    west, south, east, north = BOUNDS
    found = district()
    assert len(found.points) == 120
    assert len({point.code for point in found.points}) == 120
    assert len({spec.mn for spec in found.specs()}) == 120
    places = {place["code"] for place in found.places}
    for enterprise in found.enterprises:
        assert west < enterprise.longitude < east
        assert south < enterprise.latitude < north
        assert enterprise.place in places


def test_its_loggers_speak_all_three_versions_and_some_encipher() -> None:
    specs = district().specs()
    assert {spec.profile for spec in specs} == {"2005", "2017", "2025"}
    assert {len(spec.mn) for spec in specs if spec.profile == "2005"} == {14}
    assert {len(spec.mn) for spec in specs if spec.profile != "2005"} == {24}
    assert {(len(spec.key), spec.profile) for spec in specs if spec.key} == {(16, "2025")}
    assert [spec.minute_min for spec in specs].count(1) == 2


def test_every_outlet_has_limits_on_what_its_logger_measures() -> None:
    for point in district().points:
        measured = set(WaterModel(point.spec.trade, point.position, 1).codes)
        assert {bound.factor for bound in point.bounds} <= measured
        assert bool(point.bounds) == (point.position != "influent")
        assert all(bound.source.startswith(("GB ", "小时预警")) for bound in point.bounds)


def test_the_same_seed_gives_the_same_fleet() -> None:
    district.cache_clear()
    first = district(3).specs()
    district.cache_clear()
    assert first == district(3).specs()
    assert first != district(4).specs()


@pytest.mark.django_db
def test_it_loads_once_however_often_it_is_told() -> None:
    admin = create_accounts()
    load_district(actor=admin, now=NOW, since=SINCE)

    def counts() -> list[int]:
        kinds = (Unit, Enterprise, Point, Limit, Logger, User)
        return [kind.objects.count() for kind in kinds]

    first = counts()
    create_accounts()
    load_district(actor=admin, now=NOW, since=SINCE)
    assert counts() == first
    assert first[1:3] == [81, 121]
    assert first[4:] == [122, len(ACCOUNTS)]
    assert Event.objects.filter(verb="register_logger").count() == 122


@pytest.mark.django_db
def test_it_takes_only_the_first_points_when_told() -> None:
    load_district(actor=create_accounts(), now=NOW, since=SINCE, count=3)
    assert Point.objects.count() == 4
    assert Logger.objects.count() == 5


@pytest.mark.django_db
def test_its_accounts_stand_in_their_units() -> None:
    lay_ground(now=NOW)
    load_district(actor=create_accounts(), now=NOW, since=SINCE, count=1)
    units = dict(User.objects.values_list("username", "unit__code"))
    assert units == {name: unit for name, _role, _shown, unit in ACCOUNTS}
    assert User.objects.get(username="officer").check_password(DEMO_PASSWORD)
    assert len(DEMO_PASSWORD) >= 10


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["officer", "observer", "enterprise"])
def test_only_an_administrator_may_load_it(name: str) -> None:
    create_accounts()
    with pytest.raises(PermissionDenied):
        load_district(actor=User.objects.get(username=name), now=NOW, since=SINCE)
    assert Enterprise.objects.count() == 0


@pytest.mark.django_db
def test_every_station_has_an_operator_and_batch_plants_are_judged_by_batch() -> None:
    load_district(actor=create_accounts(), now=NOW, since=SINCE, count=80)
    points = Point.objects.exclude(code="HJ212")
    assert set(points.values_list("operator__code", flat=True)) == {"YW001", "YW002"}
    by_batch = points.filter(discharge=Point.Discharge.INTERMITTENT)
    assert set(by_batch.values_list("outfall__enterprise__trade", flat=True)) == {"plating"}
