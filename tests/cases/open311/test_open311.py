"""GeoReport v2 to the letter: https://wiki.open311.org/GeoReport_v2/."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from jiulong.api.actions import create_token
from jiulong.cases.actions import file_case, withdraw_case
from jiulong.cases.models import Case, MatterType
from jiulong.cases.open311 import requests, views
from jiulong.organisation.models import User
from tests.cases.reporting.district import EVENT, HERE, District, make_district
from tests.factories import NOW, make_unit, make_user

pytestmark = pytest.mark.django_db
ROOT = "/open311/v2"
FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip
SERVICE = {
    "service_code": "test.event",
    "service_name": "Street problem",
    "description": "What is wrong in the street",
    "metadata": True,
    "type": "realtime",
    "keywords": "垃圾, 井盖",
    "group": "Street",
}


@pytest.fixture
def people(client: Client) -> District:
    cache.clear()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return make_district()


def filed(people: District, **given: Any) -> Case:
    told = {
        "actor": people.worker, "matter": people.matter, "title": "王小明家的井盖",
        "about": "王小明 13800000000", "address": "王小明家", "place": HERE,
        "data": {"kind": "cover"}, "now": timezone.now(),
    }  # fmt: skip
    return file_case(**{**told, **given})


def asked(client: Client, path: str, **query: str) -> tuple[int, Any]:
    answer = client.get(f"{ROOT}/{path}", query)
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    return answer.status_code, answer.json()


def xml(client: Client, path: str) -> ET.Element:
    answer = client.get(f"{ROOT}/{path}")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ET.fromstring(answer.content)


def flat(element: ET.Element) -> dict[str, str | None]:
    return {child.tag: child.text for child in element}


def test_it_lists_the_services_of_the_packs(client: Client, people: District) -> None:
    assert asked(client, "services.json") == (200, [SERVICE])
    root = xml(client, "services.xml")
    assert (root.tag, [child.tag for child in root]) == ("services", ["service"])
    assert flat(root[0]) == {**SERVICE, "metadata": "true"}


def test_it_lists_nothing_that_residents_may_not_report(client: Client, people: District) -> None:
    closed = {**EVENT["public"], "report": False}
    linked = {"key": "unit", "type": "unit", "label": "单位", "required": True}
    for n, spec in enumerate((
        {"public": None}, {"public": closed}, {"fields": [linked]}, {"enterprise": "required"},
    )):  # fmt: skip
        code = f"test.m{n}"
        MatterType.objects.create(code=code, pack="test", spec={**EVENT, "key": code, **spec})
    people.matter.retired_at = NOW
    people.matter.save()
    assert asked(client, "services.json") == (200, [])


def test_it_defines_what_a_service_asks(client: Client, people: District) -> None:
    kind = {
        "variable": True, "code": "kind", "datatype": "singlevaluelist", "required": True,
        "datatype_description": None, "order": 1, "description": "Kind", "values": [
            {"key": "cover", "name": "Manhole cover"}, {"key": "rubbish", "name": "Rubbish"},
        ],
    }  # fmt: skip
    size = {
        "variable": True, "code": "size", "datatype": "number", "required": False,
        "datatype_description": "m²", "order": 2, "description": "Size",
    }  # fmt: skip
    told = {"service_code": "test.event", "attributes": [kind, size]}
    assert asked(client, "services/test.event.json") == (200, told)
    root = xml(client, "services/test.event.xml")
    assert (root.tag, [child.tag for child in root]) == (
        "service_definition", ["service_code", "attributes"],
    )  # fmt: skip
    assert [child.tag for child in root[1]] == ["attribute", "attribute"]
    values = root.findall("attributes/attribute/values/value")
    assert [flat(value) for value in values] == kind["values"]
    assert (root[1][0].findtext("required"), root[1][0].find("datatype_description").text) == (
        "true", None,
    )  # fmt: skip


FIELD_KINDS = [
    ({"type": "text", "lines": 3}, "text"), ({"type": "text"}, "string"),
    ({"type": "date"}, "datetime"), ({"type": "boolean"}, "singlevaluelist"),
    ({"type": "choice", "several": True, "choices": [{"key": "a", "label": "甲"}]},
     "multivaluelist"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "datatype"), FIELD_KINDS)
def test_it_knows_the_datatypes(
    client: Client, people: District, field: dict[str, Any], datatype: str
) -> None:
    people.matter.spec = {**EVENT, "fields": [{"key": "x", "label": "某", **field}]}
    people.matter.save()
    _code, told = asked(client, "services/test.event.json")
    assert [each["datatype"] for each in told["attributes"]] == [datatype]


def test_it_writes_a_request_and_nothing_personal(client: Client, people: District) -> None:
    case = filed(people)
    code, (told,) = asked(client, f"requests/{case.tracking}.json")
    local = timezone.localtime(case.filed_at).isoformat(timespec="seconds")
    assert (code, list(told)) == (200, FIELDS)
    assert told == {
        **dict.fromkeys(FIELDS),
        "service_request_id": case.tracking, "status": "open", "status_notes": "Filed",
        "service_name": "Street problem", "service_code": "test.event",
        "description": "Manhole cover", "agency_responsible": "网格中心",
        "requested_datetime": local, "updated_datetime": local,
        "address": "第一网格, 东铺头街道", "lat": 24.51, "long": 117.65,
    }  # fmt: skip
    assert local.endswith("+08:00")
    assert "王小明" not in str(told)
    root = xml(client, f"requests/{case.tracking}.xml")
    assert (root.tag, root[0].tag, [child.tag for child in root[0]]) == (
        "service_requests", "request", FIELDS,
    )  # fmt: skip
    assert (root[0].findtext("lat"), root[0].find("zipcode").text) == ("24.51", None)


def ids(client: Client, **query: str) -> list[str]:
    code, told = asked(client, "requests.json", **query)
    assert code == 200
    return [each["service_request_id"] for each in told]


def test_it_filters_by_id_code_status_and_time(client: Client, people: District) -> None:
    now = timezone.now()
    new, old = filed(people), filed(people, now=now - timedelta(days=100))
    ended = filed(people, now=now - timedelta(days=1))
    withdraw_case(actor=people.worker, case=ended, reason="误报")
    assert ids(client) == [new.tracking, ended.tracking]
    assert ids(client, status="open") == [new.tracking]
    assert ids(client, status="closed") == [ended.tracking]
    assert ids(client, status="open,closed") == [new.tracking, ended.tracking]
    assert ids(client, service_code="test.event,other") == [new.tracking, ended.tracking]
    assert ids(client, service_code="other") == []
    assert ids(client, service_request_id=f"{old.tracking},{new.tracking}", status="closed") == [
        new.tracking, old.tracking,
    ]  # fmt: skip
    day = timedelta(days=1)
    w3 = {"start_date": _w3(now - 101 * day), "end_date": _w3(now - 99 * day)}
    assert ids(client, **w3) == [old.tracking]
    assert ids(client, end_date=_w3(now - 50 * day)) == [old.tracking]
    assert ids(client, start_date=_w3(now - 101 * day)) == [ended.tracking, old.tracking][1:]
    assert ids(client, page="2", page_size="1") == [ended.tracking]
    assert ids(client, status="", start_date="", page="") == [new.tracking, ended.tracking]


def _w3(at: Any) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    "query",
    [
        {"status": "half"},
        {"start_date": "yesterday"},
        {"start_date": "2026-01-01T00:00:00"},
        {"end_date": "2026-13-01T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"page": "0"},
        {"page_size": "x"},
    ],
)
def test_it_refuses_a_query_that_it_cannot_read(
    client: Client, people: District, query: dict[str, str]
) -> None:
    code, told = asked(client, "requests.json", **query)
    assert (code, [each["code"] for each in told]) == (400, [400])
    assert told[0]["description"] != ""


def test_it_gives_a_thousand_at_most_with_one_query(
    people: District, django_assert_num_queries
) -> None:
    for _ in range(4):
        filed(people)
    query = requests.read({"page_size": "5000"}, timezone.now())
    assert (requests.MOST, query.size) == (1000, 1000)
    with django_assert_num_queries(1):
        assert len([requests.record(case) for case in requests.found(query)]) == 4


def post(client: Client, form: str = "json", **given: Any) -> Any:
    told = {
        "service_code": "test.event", "lat": str(HERE[1]), "long": str(HERE[0]),
        "attribute[kind]": "rubbish", "description": "一袋垃圾\n在路口", **given,
    }  # fmt: skip
    return client.post(f"{ROOT}/requests.{form}", {k: v for k, v in told.items() if v is not None})


def test_it_takes_a_report_of_a_resident(client: Client, people: District) -> None:
    answer = post(
        client, first_name="小明", last_name="王", phone="13800000000", email="w@example.org",
        device_id="tt222111", account_id="123", media_url="https://example.org/1.jpg",
        address_string="市场北门",
    )  # fmt: skip
    case = Case.objects.get()
    assert (answer.status_code, answer.json()) == (201, [{
        "service_request_id": case.tracking, "service_notice": None, "account_id": None,
    }])  # fmt: skip
    assert (case.title, case.about) == (
        "一袋垃圾 在路口", "一袋垃圾\n在路口\nhttps://example.org/1.jpg",
    )  # fmt: skip
    assert (case.data, case.address, (case.longitude, case.latitude)) == (
        {"kind": "rubbish"}, "市场北门", HERE,
    )  # fmt: skip
    assert case.contact == {"name": "小明 王", "phone": "13800000000", "email": "w@example.org"}
    assert (case.source, case.filed_by, case.stage) == ("open311", None, "filed")
    assert post(client).json()[0]["service_request_id"] != case.tracking


def test_it_answers_in_xml(client: Client, people: District) -> None:
    root = ET.fromstring(post(client, "xml").content)
    assert (root.tag, root[0].tag) == ("service_requests", "request")
    assert root[0].findtext("service_request_id") == Case.objects.get().tracking


def test_a_key_is_a_token_of_an_account(client: Client, people: District) -> None:
    _token, key = create_token(actor=people.worker, owner=people.worker, name="app")
    assert post(client, api_key=key).status_code == 201
    assert Case.objects.get().filed_by == people.worker


def refused(answer: Any, code: int) -> list[str]:
    assert (answer.status_code, {each["code"] for each in answer.json()}) == (code, {code})
    assert Case.objects.count() == 0
    return [each["description"] for each in answer.json()]


def test_it_refuses_in_the_words_of_the_standard(client: Client, people: District) -> None:
    observer = make_user(User.Role.OBSERVER, make_unit())
    _token, key = create_token(actor=observer, owner=observer, name="app")
    assert refused(post(client, api_key="jl_nonsense"), 403) == [
        "Invalid api_key: nothing was reported."
    ]
    refused(post(client, api_key=key), 403)
    assert refused(post(client, service_code=None), 400) == ["service_code was not provided."]
    assert refused(post(client, service_code="x"), 404) == ["service_code was not found."]
    refused(post(client, lat=None, long=None), 400)
    refused(post(client, lat="91"), 400)
    refused(post(client, lat="x"), 400)
    refused(post(client, description="x" * 4001), 400)
    refused(post(client, media_url="javascript:alert(1)"), 400)
    (told,) = refused(post(client, **{"attribute[kind]": "nonsense"}), 400)
    assert told.startswith("kind: ")
    refused(post(client, **{"attribute[kind]": None}), 400)
    (told,) = refused(post(client, lat=None, long=None, address_string="市场"), 400)
    assert told.startswith("place: ")  # the matter asks for one


def test_it_refuses_in_xml_too(client: Client, people: District) -> None:
    answer = client.get(f"{ROOT}/requests/NONE.xml")
    root = ET.fromstring(answer.content)
    assert (answer.status_code, root.tag, root[0].tag) == (404, "errors", "error")
    assert flat(root[0]) == {"code": "404", "description": "service_request_id was not found."}


@pytest.mark.parametrize("path", ["services/none", "requests/none", "tokens/none"])
def test_it_does_not_find_what_is_not_there(client: Client, people: District, path: str) -> None:
    code, told = asked(client, f"{path}.json")
    assert (code, told[0]["code"]) == (404, 404)


def test_it_gives_several_values_and_a_day(client: Client, people: District) -> None:
    people.matter.spec = {**EVENT, "fields": [
        {"key": "what", "type": "choice", "several": True, "label": "什么", "choices": [
            {"key": "a", "label": "甲"}, {"key": "b", "label": "乙"}, {"key": "c", "label": "丙"},
        ]},
        {"key": "since", "type": "date", "label": "自"},
    ]}  # fmt: skip
    people.matter.save()
    given = {"attribute[what][]": ["a", "c"], "attribute[since]": "2026-03-01T08:00:00Z"}
    assert post(client, **{"attribute[kind]": None, **given}).status_code == 201
    assert Case.objects.get().data == {"what": ["a", "c"], "since": "2026-03-01"}


def test_it_checks_the_jurisdiction_where_it_has_one(
    client: Client, people: District, settings
) -> None:
    assert asked(client, "services.json", jurisdiction_id="anything")[0] == 200
    settings.OPEN311_JURISDICTION = "district.example"
    assert asked(client, "services.json")[0] == 200  # optional with one jurisdiction
    assert asked(client, "services.json", jurisdiction_id="district.example")[0] == 200
    code, told = asked(client, "services.json", jurisdiction_id="sfgov.org")
    assert (code, told[0]["code"]) == (404, 404)
    refused(post(client, jurisdiction_id="sfgov.org"), 404)


def test_a_number_is_its_own_token(client: Client, people: District) -> None:
    case = filed(people)
    told = [{"service_request_id": case.tracking, "token": case.tracking}]
    assert asked(client, f"tokens/{case.tracking}.json") == (200, told)


def test_it_can_be_discovered(client: Client, people: District, settings) -> None:
    settings.OPEN311_CONTACT = "open311@district.example"
    code, told = asked(client, "discovery.json")
    assert (code, list(told)) == (200, ["changeset", "contact", "key_service", "endpoints"])
    (endpoint,) = told["endpoints"]
    assert (endpoint["specification"], endpoint["url"], endpoint["type"], endpoint["formats"]) == (
        "http://wiki.open311.org/GeoReport_v2", "http://testserver/open311/v2", "production",
        ["text/xml", "application/json"],
    )  # fmt: skip
    root = xml(client, "discovery.xml")
    assert root.findtext("endpoints/endpoint/formats/format") == "text/xml"


def test_it_escapes_and_drops_what_xml_cannot_hold(client: Client, people: District) -> None:
    people.matter.spec = {**EVENT, "about": "<b>&\x0b\"'</b>"}
    people.matter.save()
    assert xml(client, "services.xml").findtext("service/description") == "<b>&\"'</b>"


def test_it_reads_no_cookie_and_needs_no_token_against_forgery(people: District) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.worker)
    assert post(strict).status_code == 201
    assert Case.objects.get().filed_by is None  # the session counts for nothing here


def test_it_lets_an_address_report_so_often(client: Client, people: District) -> None:
    codes = [post(client).status_code for _ in range(views.REPORTS + 1)]
    assert codes == [201] * views.REPORTS + [429]
    assert Case.objects.count() == views.REPORTS


def test_it_takes_the_methods_of_the_standard_alone(client: Client, people: District) -> None:
    assert client.delete(f"{ROOT}/requests.json").status_code == 400
    assert client.post(f"{ROOT}/services.json").status_code == 400
    assert client.get(f"{ROOT}/services.html").status_code == 404
