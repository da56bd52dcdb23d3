"""The API shows each viewer what the pages show them: their own, everything, or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiulong.api.actions import create_token
from jiulong.evidence.models import Seal
from jiulong.gateway.models import Command
from jiulong.organisation.models import User
from tests.api.conftest import Get, World

LISTS = ["points", "findings", "loggers", "commands", "quarantine"]


def body(response: HttpResponse) -> dict[str, Any]:
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("name", LISTS)
def test_it_lists_to_each_what_they_may_see(world: World, get: Get, name: str) -> None:
    counts = [
        body(get(user, f"/api/{name}"))["total"]
        for user in (world.owner, world.sibling, world.officer, world.observer)
    ]
    assert counts == [1, 1, 2, 2]
    mine, others = (
        body(get(user, f"/api/{name}"))["items"] for user in (world.owner, world.sibling)
    )
    assert mine != others


def singles(world: World) -> list[str]:
    return [
        f"/api/points/{world.mine.code}",
        f"/api/points/{world.mine.code}/series?factor=w01018",
        f"/api/points/{world.mine.code}/readings?period=hour&start=2026-01-01&end=2030-01-01",
        f"/api/findings/{world.finding.pk}",
        f"/api/loggers/{world.logger.mn}",
        f"/api/commands/{world.command.pk}",
        f"/api/quarantine/{world.quarantined.pk}",
    ]


@pytest.mark.parametrize("index", range(7))
def test_it_tells_a_sibling_the_same_as_of_what_does_not_exist(
    world: World, get: Get, index: int
) -> None:
    path = singles(world)[index]
    assert get(world.owner, path).status_code == 200
    assert get(world.officer, path).status_code == 200
    refused = get(world.sibling, path)
    assert refused.status_code == 404
    assert refused.json()["detail"] == get(world.sibling, "/api/findings/0").json()["detail"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("index", range(7))
def test_it_tells_nobody_anything(world: World, get: Get, index: int) -> None:
    response = get(None, singles(world)[index])
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"


def test_it_lets_no_inactive_owner_in(world: World, client: Client) -> None:
    _token, text = create_token(actor=world.owner, owner=world.owner, name="x")
    headers = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/points", headers=headers).status_code == 200
    User.objects.filter(pk=world.owner.pk).update(is_active=False)
    assert client.get("/api/points", headers=headers).status_code == 401


def test_it_shows_raw_frames_only_to_those_who_may(world: World, get: Get) -> None:
    path = f"/api/frames/{world.batch}/0"
    frame = body(get(world.officer, path))
    assert (frame["raw"], frame["seal"]) == ("##frame 0", Seal.objects.get(batches=1).number)
    assert frame["decoded"]["kind"] == "damage"
    assert get(world.observer, path).status_code == 403
    assert get(world.sibling, f"/api/frames/{world.batch}/1").status_code == 403
    assert get(world.officer, f"/api/frames/{world.batch}/9").status_code == 404
    refused = f"/api/quarantine/{world.quarantined.pk}"
    shown = [
        body(get(user, refused))["raw"]
        for user in (world.owner, world.officer, world.observer, world.administrator)
    ]
    assert shown == [None, "##PW=secret", None, "##PW=secret"]


def test_it_blots_out_passwords(world: World, get: Get) -> None:
    for path in ("/api/loggers", f"/api/loggers/{world.logger.mn}", "/api/commands"):
        for user in (world.owner, world.observer, world.officer):
            text = get(user, path).content.decode()
            assert "123456" not in text.replace(world.logger.mn, "")
            assert "654321" not in text
    path = f"/api/commands/{world.command.pk}"
    assert "654321" not in get(world.owner, path).content.decode()
    assert "654321" in get(world.officer, path).content.decode()


def test_it_announces_no_sampling_to_whom_it_is_taken_of(world: World, get: Get) -> None:
    path = f"/api/commands/{world.command.pk}"
    for cn in ("3012", "3015", "3022"):
        for state, status in (("queued", 404), ("sent", 404), ("accepted", 404), ("done", 200)):
            Command.objects.filter(pk=world.command.pk).update(cn=cn, state=state)
            listed = {row["id"] for row in body(get(world.owner, "/api/commands"))["items"]}
            assert get(world.owner, path).status_code == status
            assert (world.command.pk in listed) is (status == 200)
            assert get(world.officer, path).status_code == 200


def test_it_shows_unregistered_loggers_to_those_who_see_all(world: World, get: Get) -> None:
    world.quarantined.reason, world.quarantined.mn = "unknown_mn", "X1"
    world.quarantined.save()
    shown = [
        [row["mn"] for row in body(get(user, "/api/unregistered"))["items"]]
        for user in (world.owner, world.officer)
    ]
    assert shown == [[], ["X1"]]


def test_it_counts_in_the_overview_what_the_viewer_sees(world: World, get: Get) -> None:
    counts = [
        (found["points"], found["open_findings"], len(found["newest"]))
        for found in (body(get(user, "/api/overview")) for user in (world.owner, world.officer))
    ]
    assert counts == [(1, 1, 1), (2, 2, 2)]


def test_it_shows_seals_to_all(world: World, get: Get) -> None:
    for user in (world.owner, world.observer):
        listed = body(get(user, "/api/seals"))
        assert listed["total"] == Seal.objects.count()
        number = listed["items"][0]["number"]
        assert body(get(user, f"/api/seals/{number}")) == listed["items"][0]
        assert body(get(user, "/api/seals/status"))["unsealed_batches"] == 0


@pytest.mark.parametrize("name", [*LISTS, "seals", "unregistered"])
def test_it_asks_the_database_no_more_for_many_rows_than_for_one(
    world: World, client: Client, name: str
) -> None:
    client.force_login(world.officer)
    counts = []
    for size in (1, 50):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/api/{name}", {"size": size}).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8
