"""Pages of plants, parameters and rivers: who gets which answer, what they say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiulong.plant import actions, queries
from jiulong.plant.models import ParameterFiling, PlantUnit, RiverSection, SectionMeasurement
from jiulong.validity.models import DayStatistic
from tests.factories import make_factor, make_limit
from tests.pages.html import Page
from tests.pages.policy import inline
from tests.people import People, make_people
from tests.plant.conftest import Logger, at, look, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(logger: Logger) -> People:
    """The owner's plant with a blower that stands, and an analyser that was changed."""
    made = make_people()
    make_limit(made.point)
    make_factor("w21003")
    make_unit(made.point)
    logger.states(made.point, timezone.now() - timedelta(hours=1), SB1=0, SB9=1)
    logger.tells(made.point, at(0), i13008="1.15", i13001="120")
    logger.tells(made.point, at(1), "", i32001="0", i33101="25.5")
    look(2)
    section = actions.set_section(
        actor=None, river="jiulong", river_name="九龙江西溪", code="zhongshan", name="中山桥",
        km=Decimal(12), target=3, place=(117.65, 24.5),
    )  # fmt: skip
    actions.set_section(
        actor=None, river="jiulong", code="upper", name="上游", km=Decimal(2), target=2
    )
    actions.place_outfall(
        actor=None, outfall=made.point.outfall, river=section.river, km=Decimal(8)
    )
    actions.place_outfall(
        actor=None, outfall=made.other_point.outfall, river=section.river, km=Decimal(1)
    )
    return made


def client_of(people: People, role: str, language: str = "en") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(getattr(people, role))
    return client


def get(people: People, role: str, path: str) -> Any:
    return client_of(people, role).get(path)


def test_it_tells_a_sibling_the_same_as_of_what_does_not_exist(people: People) -> None:
    code = people.point.code
    for path in (
        f"/points/{code}/plant/", f"/points/{code}/parameters/", "/rivers/zhongshan/",
        f"/api/points/{code}/plant", f"/api/points/{code}/parameters",
    ):  # fmt: skip
        statuses = [get(people, who, path).status_code for who in ("owner", "officer")]
        assert statuses == [200, 200], path
    for path in (f"/points/{code}/plant/", f"/points/{code}/parameters/"):
        assert get(people, "sibling", path).status_code == 404, path


def test_it_draws_the_way_of_the_water_and_lists_it(people: People) -> None:
    response = get(people, "owner", f"/points/{people.point.code}/plant/")
    text = response.content.decode()
    assert not inline(Page(response))
    assert text.count('class="plant-box') == 3  # the point, the blower, the river section
    for told in ("unit SB1", "九龙江西溪 中山桥", "SB9", "25.5 ℃", "Station door"):
        assert told in text
    assert "Describe a unit" not in text
    told = get(people, "administrator", f"/points/{people.point.code}/plant/").content.decode()
    assert "Describe a unit" in told


def test_it_shows_what_was_never_heard_of(people: People) -> None:
    """A unit that nobody reported yet, and a parameter that is filed but not reported."""
    make_unit(people.other_point, "SB3")
    filing = actions.file_parameters(
        actor=None, point=people.other_point, factor=make_factor(), values={"i13009": "0.5"},
        valid_from=at(0), reason="x", now=at(0),
    )  # fmt: skip
    actions.review_filing(actor=people.officer, filing=filing, confirm=True, now=at(0))
    code = people.other_point.code
    for page, told in (("", "No data"), ("plant/", "No data"), ("parameters/", "Not reported")):
        response = get(people, "sibling", f"/points/{code}/{page}")
        assert response.status_code == 200
        assert told in response.content.decode()


def test_an_administrator_says_what_a_code_stands_for(people: People) -> None:
    path = f"/points/{people.point.code}/plant/unit/"
    admin = client_of(people, "administrator")
    assert "SB9" in admin.get(path + "?unit=SB9").content.decode()
    given = {
        "code": "SB9", "name": "1#鼓风机", "kind": "blower", "stage": "process", "order": "10",
        "off_minutes": "90", "must_run": "on",
    }  # fmt: skip
    assert admin.post(path, {**given, "off_minutes": "0"}).status_code == 422
    assert admin.post(path, given).status_code == 302
    assert PlantUnit.objects.get(code="SB9").off_minutes == 90
    assert client_of(people, "owner").post(path, given).status_code == 403
    unit = PlantUnit.objects.get(code="SB9")
    with pytest.raises(PermissionDenied):
        actions.retire_unit(actor=people.officer, unit=unit)
    actions.retire_unit(actor=people.administrator, unit=unit)
    assert [one.unit.code for one in queries.units(people.officer, people.point)] == ["SB1"]


def test_an_enterprise_files_and_an_officer_confirms(people: People) -> None:
    code = people.point.code
    owner, officer = client_of(people, "owner"), client_of(people, "officer")
    given = {
        "factor": "w01018", "valid_from": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "reason": "校准", "i13008": "1.15",
    }  # fmt: skip
    path = f"/points/{code}/parameters/file/"
    assert owner.post(path, {**given, "i13008": "x"}).status_code == 422
    assert owner.post(path, given).status_code == 302
    assert officer.post(path, given).status_code == 403
    filing = ParameterFiling.objects.get()
    page = officer.get(f"/points/{code}/parameters/").content.decode()
    assert "Confirm" in page
    assert "Not filed" in page
    assert 'name="confirm"' not in owner.get(f"/points/{code}/parameters/").content.decode()
    review = f"/parameters/{filing.pk}/review/"
    assert client_of(people, "sibling").post(review, {"confirm": "yes"}).status_code == 403
    assert officer.post(review, {}).status_code == 302
    assert officer.post(review, {"confirm": "yes"}).status_code == 302
    filing.refresh_from_db()
    assert filing.state == "confirmed"
    assert "As filed" in owner.get(f"/points/{code}/parameters/").content.decode()
    assert "Confirmed" in owner.get("/parameters/").content.decode()
    assert code not in client_of(people, "sibling").get("/parameters/").content.decode()


def test_a_section_stands_beside_the_outfalls_upstream(people: People) -> None:
    today = timezone.localdate()
    DayStatistic.objects.create(
        point=people.point, factor=make_factor(), on=today, valid=True, over=True, n_expected=24,
        n_valid=24, mean=20, ratio=1, flow_m3=100, load_kg=Decimal("12.5"), method="weighted",
        rule="x", computed_at=timezone.now(),
    )  # fmt: skip
    officer = client_of(people, "officer")
    path = "/rivers/zhongshan/"
    given = {"on": today.isoformat(), "source": "月报", "w01018": "33", "w21003": "0.4"}
    assert client_of(people, "owner").post(path, given).status_code == 403
    assert officer.post(path, {**given, "w01018": "many"}).status_code == 422
    assert officer.post(path, given).status_code == 302
    response = officer.get(path)
    text = response.content.decode()
    assert not inline(Page(response))
    assert people.point.outfall.enterprise.name in text
    assert people.other_point.outfall.enterprise.name not in text  # above the section before
    assert "12.5" in text
    listed = officer.get("/rivers/").content.decode()
    assert "Ⅴ" in listed
    own = client_of(people, "owner").get("/api/sections").json()
    assert [(one["code"], one["grade"], one["missed"]) for one in own] == [
        ("upper", None, []), ("zhongshan", 5, ["w01018"]),
    ]  # fmt: skip


def test_an_administrator_lays_out_a_river(people: People) -> None:
    admin = client_of(people, "administrator")
    given = {
        "river": "new-river", "river_name": "新河", "code": "mouth", "name": "河口", "km": "9.5",
        "target": "4", "longitude": "117.7", "latitude": "24.4",
    }  # fmt: skip
    assert admin.post("/rivers/new/", {**given, "code": "new"}).status_code == 422
    assert admin.post("/rivers/new/", {**given, "target": "9"}).status_code == 422
    assert admin.post("/rivers/new/", given).status_code == 302
    assert client_of(people, "officer").post("/rivers/new/", given).status_code == 403
    assert "新河" in admin.get("/rivers/mouth/edit/").content.decode()
    assert admin.post("/rivers/mouth/edit/", {**given, "name": "出口"}).status_code == 302
    section = RiverSection.objects.get(code="mouth")
    assert (section.name, section.target, section.longitude) == ("出口", 4, 117.7)
    outfall = people.other_point.outfall
    place = {"outfall": outfall.code, "km": "3"}
    assert admin.post("/rivers/mouth/outfall/", {"km": "x"}).status_code == 302
    assert client_of(people, "officer").post("/rivers/mouth/outfall/", place).status_code == 403
    assert admin.post("/rivers/mouth/outfall/", place).status_code == 302
    outfall.refresh_from_db()
    assert (outfall.river_place.river.code, outfall.river_place.km) == ("new-river", 3)
    assert outfall.enterprise.name in admin.get("/rivers/mouth/").content.decode()
    assert admin.get("/rivers/nowhere/edit/").status_code == 404


def test_a_river_without_one_s_outfall_is_not_shown(people: People) -> None:
    stranger = make_people().owner
    assert queries.sections(stranger) == []
    with pytest.raises(RiverSection.DoesNotExist):
        queries.section(stranger, "zhongshan")


@pytest.mark.parametrize(
    "fields",
    [{"on": "future"}, {"values": {}}, {"values": {"w21001": "3"}}, {"values": {"w01018": "-1"}}],
)
def test_it_enters_no_nonsense(people: People, fields: dict[str, Any]) -> None:
    section = RiverSection.objects.get(code="zhongshan")
    today = timezone.localdate()
    if fields.get("on"):
        fields = {"on": today.replace(year=today.year + 1)}
    with pytest.raises(ValidationError):
        actions.enter_measurement(
            actor=people.officer, section=section,
            **{"on": today, "values": {"w01018": "10"}, "source": "x", **fields},
        )  # fmt: skip
    assert not SectionMeasurement.objects.exists()


def test_sections_and_places_are_the_administrator_s(people: People) -> None:
    section = RiverSection.objects.get(code="zhongshan")
    for act in (
        lambda: actions.set_section(
            actor=people.officer, river="x", code="x", name="x", km=Decimal(1), target=3
        ),
        lambda: actions.place_outfall(
            actor=people.officer, outfall=people.point.outfall, river=section.river, km=Decimal(1)
        ),
    ):
        with pytest.raises(PermissionDenied):
            act()
    with pytest.raises(ValidationError):
        actions.set_section(
            actor=None, river="jiulong", code="bad", name="", km=Decimal(1), target=9
        )


def test_its_pages_cost_the_same_however_much_there_is(people: People, logger: Logger) -> None:
    officer = client_of(people, "officer")
    code = people.point.code
    paths = [f"/points/{code}/plant/", f"/points/{code}/parameters/", "/rivers/", "/parameters/"]

    def cost(path: str) -> int:
        officer.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert officer.get(path).status_code == 200
        return len(seen)

    before = [cost(path) for path in paths]
    for n in range(2, 8):
        make_unit(people.point, f"SB{n}")
        logger.states(people.point, at(n), **{f"SB{n}": 1})
        logger.tells(people.point, at(n), pol="w21003", i13008=str(n))
        actions.set_section(
            actor=None, river="jiulong", code=f"s{n}", name=f"s{n}", km=Decimal(20 + n), target=3
        )
    look(20)
    assert [cost(path) for path in paths] == before
    assert max(before) <= 30
