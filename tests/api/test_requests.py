"""Requests: filters, pages, errors that say where, and the schema."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation

from jiulong.api.root import api
from jiulong.evidence.models import Seal
from tests.api.conftest import Get, World
from tests.api.test_scope import body
from tests.factories import make_finding, make_point


@pytest.fixture(autouse=True)
def _english(client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def problem(response: HttpResponse) -> dict[str, Any]:
    assert response["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(response.content)
    assert found["status"] == response.status_code
    return found


def test_it_shows_a_point_with_its_values_and_limits(world: World, get: Get) -> None:
    found = body(get(world.owner, f"/api/points/{world.mine.code}"))
    (value,) = found["values"]
    assert (value["factor"]["code"], value["value"], value["standing"]) == ("w01018", 61.5, "over")
    assert (value["limit_maximum"], value["ratio"]) == (50.0, 1.23)
    assert value["frame"] == f"{world.batch}/0"
    assert [limit["source"] for limit in found["limits"]] == ["permit"]
    assert found["code"] == world.mine.code


def test_it_shows_series_and_table(world: World, get: Get) -> None:
    place = f"/api/points/{world.mine.code}"
    series = body(get(world.owner, f"{place}/series", factor="w01018", period="hour"))
    assert (series["period"], [value for _at, value in series["points"]]) == ("hour", [61.5])
    day = timezone.now() - timedelta(days=1)
    table = body(
        get(
            world.owner, f"{place}/readings", period="hour", start=day.isoformat(), end="2099-01-01"
        )
    )
    assert table["total"] == 1
    assert table["items"][0]["cells"]["w01018"]["value"] == 61.5
    assert [factor["unit"] for factor in table["factors"]] == ["mg/L"]


def test_it_pages(world: World, get: Get) -> None:
    for _ in range(4):
        make_point()
    first = body(get(world.officer, "/api/points", size=4, sort="code"))
    last = body(get(world.officer, "/api/points", size=4, sort="code", page=2))
    assert (first["total"], first["pages"], len(first["items"]), len(last["items"])) == (6, 2, 4, 2)
    codes = [row["code"] for row in first["items"] + last["items"]]
    assert codes == sorted(codes)
    assert body(get(world.officer, "/api/points", size=4, page=9))["items"] == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, 2),
        ({"severity": "serious"}, 1),
        ({"standing": "ended"}, 0),
        ({"standing": "open", "acknowledged": "false"}, 2),
        ({"rule": "offline"}, 1),
        ({"until": "2026-01-01"}, 0),
    ],
)
def test_it_filters_findings(world: World, get: Get, query: dict[str, str], expected: int) -> None:
    make_finding(world.mine, severity="serious", rule="offline")
    assert body(get(world.owner, "/api/findings", **query))["total"] == expected


@pytest.mark.parametrize(
    ("path", "where", "what"),
    [
        ("/api/points?size=0", "query.size", "greater than or equal to 1"),
        ("/api/points?size=201", "query.size", "less than or equal to 200"),
        ("/api/points?page=x", "query.page", "valid integer"),
        ("/api/points?sort=beauty", "query.sort", "Sort by one of light, name"),
        ("/api/points?Trade=food", "query", "unknown parameter Trade; known are factor"),
        ("/api/findings?since=yesterday", "query.since", "valid datetime"),
        ("/api/findings?standing=lost", "query.standing", "pattern"),
        ("/api/seals?silent=perhaps", "query.silent", "valid boolean"),
        ("/api/points/{code}/series", "query.factor", "required"),
        ("/api/points/{code}/series?factor=x", "query.factor", "no such factor"),
        ("/api/points/{code}/series?factor=w01018&period=week", "query.period", "one of realtime"),
        (
            "/api/points/{code}/series?factor=w01018&start=2026-02-02&end=2026-02-01",
            "query.start",
            "not before",
        ),
        (
            "/api/points/{code}/readings?period=hour&start=2026-02-02&end=2026-02-01",
            "query.start",
            "not before",
        ),
    ],
)
def test_it_says_what_is_wrong_and_where(
    world: World, get: Get, path: str, where: str, what: str
) -> None:
    found = problem(get(world.officer, path.format(code=world.mine.code)))
    assert found["status"] == 422
    (fault,) = found["errors"]
    assert fault["where"] == where
    assert what in fault["what"]


def test_it_answers_every_error_as_a_problem(world: World, get: Get, client: Client) -> None:
    assert problem(get(world.officer, "/api/seals/999"))["title"] == "Not Found"
    assert problem(get(world.observer, f"/api/frames/{world.batch}/0"))["title"] == "Forbidden"
    assert "Send a token" in problem(get(None, "/api/points"))["detail"]
    wrong = client.get("/api/points", headers={"Authorization": "Bearer jl_wrong"})
    assert "unknown, expired or revoked" in problem(wrong)["detail"]
    assert client.post("/api/points").status_code == 405


def test_it_keeps_the_microseconds_that_a_digest_rests_on(world: World, get: Get) -> None:
    shown = body(get(world.owner, "/api/seals", silent="false"))["items"][0]
    seal = Seal.objects.get(number=shown["number"])
    assert datetime.fromisoformat(shown["sealed_at"]) == seal.sealed_at


def test_it_knows_a_signed_in_browser(world: World, client: Client) -> None:
    client.force_login(world.owner)
    assert body(client.get("/api/points"))["total"] == 1
    refused = client.get("/api/points", headers={"Authorization": "Bearer jl_wrong"})
    assert refused.status_code == 401


def test_it_documents_itself_from_local_files(client: Client) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "ninja/swagger-ui-bundle.js" in text
    assert "http" not in text.replace("http-equiv", "")
    assert "<style" not in text
    assert finders.find("ninja/swagger-ui.css") is not None


def test_it_has_a_stable_schema(client: Client) -> None:
    response = client.get("/api/openapi.json")
    assert response.status_code == 200
    schema = response.json()
    assert schema["openapi"].startswith("3.")
    assert sorted(schema["paths"]) == [
        "/api/cases",
        "/api/cases/{number}",
        "/api/cases/{number}/{action}",
        "/api/commands",
        "/api/commands/{number}",
        "/api/entries/{number}",
        "/api/findings",
        "/api/findings/{number}",
        "/api/frames/{batch}/{ordinal}",
        "/api/gaps",
        "/api/gaps/{number}",
        "/api/gaps/{number}/ask",
        "/api/loggers",
        "/api/loggers/{mn}",
        "/api/overview",
        "/api/points",
        "/api/points/{code}",
        "/api/points/{code}/completeness",
        "/api/points/{code}/days",
        "/api/points/{code}/days/{on}/hours",
        "/api/points/{code}/months",
        "/api/points/{code}/parameters",
        "/api/points/{code}/plant",
        "/api/points/{code}/readings",
        "/api/points/{code}/series",
        "/api/quarantine",
        "/api/quarantine/{number}",
        "/api/registers",
        "/api/registers/{code}/entries",
        "/api/revisions",
        "/api/samples",
        "/api/samples/{number}",
        "/api/seals",
        "/api/seals/status",
        "/api/seals/{number}",
        "/api/sections",
        "/api/unregistered",
    ]
    assert set(schema["components"]["securitySchemes"]) == {"TokenAuth", "SessionAuth"}


def test_it_refers_only_to_schemas_that_are_there() -> None:
    with translation.override("en"):
        schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    names: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                names.add(node["$ref"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(schema)
    assert names
    known = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    assert names <= known
    assert "#/components/schemas/Problem" in names
    ids = [
        operation["operationId"] for path in schema["paths"].values() for operation in path.values()
    ]
    assert len(ids) == len(set(ids))
