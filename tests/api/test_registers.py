"""Registers by program: the same rights and the same refusals as on the pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from jiulong.api.actions import create_token
from jiulong.organisation.models import User
from jiulong.registers.models import Entry
from tests.registers.conftest import Scene, make_entry, scene  # noqa: F401


def ask(user: User, method: str, path: str, **data: Any) -> tuple[int, Any]:
    _token, text = create_token(actor=user, owner=user, name="test")
    headers = {"Authorization": f"Bearer {text}", "Accept-Language": "en"}
    content = {"data": json.dumps(data), "content_type": "application/json"} if data else {}
    response = Client().generic(method, f"/api/{path}", headers=headers, **content)  # type: ignore[arg-type]
    return response.status_code, json.loads(response.content)


PLACE = "registers/test.outfalls/entries"


@pytest.mark.parametrize(
    ("who", "count"), [("handler", 1), ("sibling", 0), ("leader", 1), ("stranger", 0)]
)
def test_it_lists_what_one_may_see(scene: Scene, who: str, count: int) -> None:  # noqa: F811
    user = getattr(scene, who)
    status, found = ask(user, "GET", "registers")
    assert (status, [(row["code"], row["entries"]) for row in found]) == (
        200, [("test.outfalls", count)])  # fmt: skip
    status, page = ask(user, "GET", PLACE)
    assert (status, page["total"]) == (200, count)
    assert ask(user, "GET", f"entries/{scene.entry.pk}")[0] == (200 if count else 404)


def test_persons_are_masked(scene: Scene) -> None:  # noqa: F811
    _status, found = ask(scene.handler, "GET", f"entries/{scene.entry.pk}")
    assert (found["values"]["owner"], found["values"]["phone"]) == ("陈**", "138****5678")
    assert found["enterprise"] == scene.firm.credit_code


def test_it_enters_and_changes_for_those_who_may(scene: Scene) -> None:  # noqa: F811
    given = {"values": {"name": "接口排口", "kind": "农业"}, "place": [117.6, 24.5]}
    status, made = ask(scene.handler, "POST", PLACE, **given)
    assert (status, made["unit"], made["values"]["kind"]) == (201, scene.unit.code, "farm")
    assert ask(scene.enterprise_user, "POST", PLACE, **given)[0] == 403
    assert ask(scene.sibling, "POST", PLACE, **given, unit=scene.unit.code)[0] == 403
    status, problem = ask(scene.handler, "POST", PLACE, values={"name": "x"})
    assert (status, problem["errors"][0]["where"]) == (422, "body.kind")
    path = f"entries/{made['id']}"
    assert ask(scene.handler, "PATCH", path, values={"flow": "2"}, version=1)[0] == 200
    assert ask(scene.handler, "PATCH", path, values={"flow": "3"}, version=1)[0] == 409
    assert ask(scene.sibling, "PATCH", path, values={"flow": "3"})[0] == 404
    assert Entry.objects.get(pk=made["id"]).data["flow"] == "2.00"


def test_a_page_costs_the_same_however_many_entries(
    scene: Scene,  # noqa: F811
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(20):
        make_entry(scene.register, number=f"N{number}")
    _token, text = create_token(actor=scene.administrator, owner=scene.administrator, name="test")
    with django_assert_max_num_queries(8):
        Client().get(f"/api/{PLACE}", headers={"Authorization": f"Bearer {text}"})
