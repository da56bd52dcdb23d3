"""The pages: who may open them, what they show, what they refuse, how many queries they cost."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from jiulong.evidence.models import Event
from jiulong.organisation.actions import give_post
from jiulong.organisation.models import ReadRecord, Role, User
from jiulong.registers.models import Entry, OwnView
from tests.pages.html import Page
from tests.pages.policy import inline
from tests.registers.conftest import Scene, make_entry

CODE = "test.outfalls"


def signed_in(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"registers:{name}", args=args)


def page(client: Client, address: str, status: int = 200, **data: Any) -> Page:
    response = client.post(address, data) if data else client.get(address)
    assert response.status_code == status, response.content.decode()[:2000]
    found = Page(response)
    assert inline(found) == []
    return found


PAGES = ["entries", "map", "board", "statistics", "queue", "entry_new", "import"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_without_anything_inline(scene: Scene, language: str) -> None:
    client = signed_in(scene.administrator, language)
    for name in PAGES:
        page(client, url(name, CODE))
    for name in ("registers", "enterprises", "enterprises_map", "enterprise_new",
                 "enterprises_import", "search"):  # fmt: skip
        page(client, url(name))
    for name in ("entry", "entry_edit"):
        page(client, url(name, scene.entry.pk))
    for name in ("enterprise", "enterprise_edit"):
        page(client, url(name, scene.firm.pk))
    assert client.get(url("map_data", CODE)).json()["points"][0]["light"] == "amber"
    assert client.get(url("enterprises_map_data")).json() == {"points": []}


@pytest.mark.parametrize(
    ("who", "rows"),
    [("handler", 1), ("sibling", 0), ("leader", 1), ("enterprise_user", 1), ("stranger", 0),
     ("cadre", 0), ("administrator", 1)],
)  # fmt: skip
def test_a_list_has_what_its_viewer_may_see(scene: Scene, who: str, rows: int) -> None:
    client = signed_in(getattr(scene, who))
    assert len(page(client, url("entries", CODE)).all("tbody tr")) == rows
    assert len(client.get(url("map_data", CODE)).json()["points"]) == rows
    assert client.get(url("entry", scene.entry.pk)).status_code == (200 if rows else 404)
    found = page(client, url("search") + "?q=xxyh")
    assert len(found.all("ul.plain-rows li")) == rows
    tile = page(client, url("registers")).one("span.tile-count")
    assert tile.text == str(rows)


def test_nobody_anonymous_sees_more_than_what_is_published(scene: Scene) -> None:
    client = Client()
    for name in PAGES:
        assert client.get(url(name, CODE)).status_code == 302
    found = page(client, url("published", CODE))
    assert [cell.text for cell in found.all("tbody td")] == ["1", "PK-1", "工业", "陈**"]
    assert "西溪一号排口" not in found.text
    assert client.get(url("published", "test.none")).status_code == 404


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("handler", [200, 200, 200, 302, 302]),
        ("sibling", [200, 404, 200, 404, 302]),
        ("leader", [200, 200, 200, 302, 302]),
        ("enterprise_user", [403, 403, 403, 403, 403]),
        ("stranger", [403, 404, 403, 404, 403]),
    ],
)
def test_who_may_write_what(scene: Scene, who: str, statuses: list[int]) -> None:
    client = signed_in(getattr(scene, who))
    pk = scene.entry.pk
    assert [
        client.get(url("entry_new", CODE)).status_code,
        client.get(url("entry_edit", pk)).status_code,
        client.get(url("import", CODE)).status_code,
        client.post(url("entry_move", pk), {"lane": "traced"}).status_code,
        client.post(url("bulk", CODE), {"pick": pk, "step": "do", "set": "flow", "flow": "1",
                                        "what": "picked"}).status_code,
    ] == statuses  # fmt: skip
    scene.entry.refresh_from_db()
    changed = who in {"handler", "leader"}
    assert scene.entry.data["stage"] == ("traced" if changed else "found")
    assert scene.entry.data["flow"] == ("1.00" if changed else "12.50")


def test_a_post_that_sees_lends_no_right_to_one_that_edits_elsewhere(scene: Scene) -> None:
    give_post(
        actor=None, user=scene.sibling, unit=scene.street, role=Role.objects.get(pk="observer")
    )
    client = signed_in(scene.sibling)
    assert client.get(url("entry", scene.entry.pk)).status_code == 200
    assert client.get(url("entry_edit", scene.entry.pk)).status_code == 403


def test_filters_views_and_search_narrow_the_list(scene: Scene) -> None:
    make_entry(scene.register, {"name": "东溪二号", "kind": "farm", "stage": "mended",
                                "open": False, "found_on": "2026-05-01", "tags": ["foam"],
                                "flow": "99"},
               number="PK-2")  # fmt: skip
    make_entry(scene.register, {"name": "北溪三号", "kind": "rain"}, number="PK-3")
    client = signed_in(scene.administrator)

    def numbers(query: str) -> list[str]:
        found = page(client, url("entries", CODE) + query)
        return [row.one("[data-label=Number]").text for row in found.all("tbody tr")]

    assert numbers("") == ["PK-1", "PK-2", "PK-3"]
    assert numbers("?sort=-flow") == ["PK-2", "PK-1", "PK-3"]
    assert numbers("?sort=stage") == ["PK-1", "PK-2", "PK-3"]
    assert numbers("?f_kind=farm") == ["PK-2"]
    assert numbers("?f_stage=found,traced&sort=-flow") == ["PK-1"]
    assert numbers("?f_tags=foam") == ["PK-2"]
    assert numbers("?f_open=no") == ["PK-2"]
    assert numbers("?f_found_on_from=2026-04-01") == ["PK-2"]
    assert numbers("?f_found_on_until=2026-04-01") == ["PK-1"]
    assert numbers(f"?unit={scene.unit.code}") == ["PK-1"]
    assert numbers(f"?f_street={scene.street.code}") == ["PK-1"]
    assert numbers("?q=dx") == ["PK-2"]
    assert numbers("?q=pk-3") == ["PK-3"]
    assert numbers("?q=陈大文") == []  # persons are not searched
    tabs = page(client, url("entries", CODE) + "?f_stage=found%2Ctraced").all("nav.tabs a")
    assert [tab.own_text for tab in tabs if "aria-current" in tab.attributes] == ["Not mended"]


def test_an_own_view_is_kept_for_oneself_alone(scene: Scene) -> None:
    client = signed_in(scene.handler)
    client.post(url("save_view", CODE), {"name": "mine", "query": "f_kind=industry&sort=-flow"})
    view = OwnView.objects.get()
    assert (view.user, view.query) == (scene.handler, {"f_kind": "industry", "sort": "-flow"})
    tabs = page(client, url("entries", CODE)).all("nav.tabs a")
    assert tabs[-1]["href"].endswith("?sort=-flow&f_kind=industry")
    other = signed_in(scene.leader)
    assert "mine" not in page(other, url("entries", CODE)).one("nav.tabs").text
    assert other.post(url("delete_view", CODE, view.pk)).status_code == 404
    client.post(url("delete_view", CODE, view.pk))
    assert OwnView.objects.count() == 0


def test_an_entry_is_entered_and_changed_by_its_form(scene: Scene) -> None:
    client = signed_in(scene.handler)
    given = {"name": "南溪四号", "kind": "farm", "at_unit": scene.unit.code, "flow": "-3"}
    wrong = page(client, url("entry_new", CODE), 422, **given)
    assert [error.text for error in wrong.all("div.field-error")] == ["at least 0"]
    response = client.post(url("entry_new", CODE), {**given, "flow": "3",
                           "at_place_longitude": "117.6", "at_place_latitude": "24.5"})  # fmt: skip
    entry = Entry.objects.latest("id")
    assert response.headers["Location"] == url("entry", entry.pk)
    assert (entry.title, entry.unit, entry.longitude, entry.data["flow"]) == (
        "南溪四号", scene.unit, 117.6, "3.00")  # fmt: skip
    form = page(client, url("entry_edit", scene.entry.pk))
    assert form.one("input[name=owner]")["value"] == "陈**"
    sent = {"name": "西溪一号", "kind": "industry", "owner": "陈**", "phone": "138****5678",
            "at_unit": scene.unit.code, "at_version": "1", "at_number": "PK-1",
            "at_place_longitude": "117.65", "at_place_latitude": "24.51"}  # fmt: skip
    assert client.post(url("entry_edit", scene.entry.pk), sent).status_code == 302
    scene.entry.refresh_from_db()
    assert (scene.entry.title, scene.entry.data["owner"]) == ("西溪一号", "陈大文")
    assert "flow" not in scene.entry.data
    stale = page(client, url("entry_edit", scene.entry.pk), 422, **sent)
    assert "Somebody else" in stale.one("div.note-error").text


def test_a_person_is_shown_whole_after_saying_why(scene: Scene) -> None:
    address = url("entry_unmask", scene.entry.pk)
    client = signed_in(scene.handler)
    assert "陈大文" not in page(client, url("entry", scene.entry.pk)).text
    page(client, address, 422, field="owner", reason=" ")
    assert ReadRecord.objects.count() == 0
    shown = page(client, address, 200, field="owner", reason="call about the leak")
    assert "陈大文" in shown.text
    assert "13812345678" not in shown.text
    record = ReadRecord.objects.get()
    assert (record.user, record.field, record.reason) == (
        scene.handler, "owner", "call about the leak")  # fmt: skip
    assert client.post(address, {"field": "name", "reason": "x"}).status_code == 404
    for who, status in (("sibling", 404), ("enterprise_user", 403), ("administrator", 403)):
        other = signed_in(getattr(scene, who))
        answer = other.post(address, {"field": "owner", "reason": "x"})
        assert answer.status_code == status
    assert ReadRecord.objects.count() == 1


def test_the_history_tells_before_and_after_with_persons_masked(scene: Scene) -> None:
    client = signed_in(scene.handler)
    client.post(url("entry_move", scene.entry.pk), {"lane": "traced"})
    history = page(client, url("entry", scene.entry.pk)).one("ol.history")
    latest = history.all("li")[0]
    assert latest.one("dt").text == "Stage"
    assert (latest.one("del").text, latest.one("ins").text) == ("Found", "Traced")
    assert "陈大文" not in history.text


def test_linked_entries_are_found_from_either_end(scene: Scene) -> None:
    lower = make_entry(
        scene.register, {"name": "下游", "upstream": "PK-1"}, unit=scene.unit, number="PK-9"
    )
    client = signed_in(scene.handler)
    assert "下游" in page(client, url("entry", scene.entry.pk)).text
    links = page(client, url("entry", lower.pk)).all("dl.facts a")
    assert links[0]["href"] == url("entry", scene.entry.pk)
    firm = page(client, url("enterprise", scene.firm.pk))
    assert [row.one("a").text for row in firm.all("ul.plain-rows li")] == ["西溪一号排口"]


def test_a_bulk_edit_is_looked_at_first(scene: Scene) -> None:
    second = make_entry(scene.register, unit=scene.unit, number="PK-2")
    client = signed_in(scene.handler)
    address = url("bulk", CODE)
    assert client.post(address, {"what": "picked"}).headers["Location"] == url("entries", CODE)
    page(client, address, what="all", query="f_kind=industry")
    sent = {"picked": f"{scene.entry.pk},{second.pk}", "set": ["stage", "note"],
            "stage": "mended", "note": "swept"}  # fmt: skip
    nothing = {**sent, "set": [], "step": "look"}
    assert client.post(address, nothing).status_code == 422
    look = page(client, address, **sent, step="look")
    assert "2 entries would change" in look.one("h1").text
    assert Entry.objects.filter(data__stage="mended").count() == 0
    again = {node["name"]: node["value"] for node in look.all("form input") if "value" in
             node.attributes and node["name"] not in {"csrfmiddlewaretoken", "set"}}  # fmt: skip
    client.post(address, {**again, "set": ["stage", "note"]})
    assert Entry.objects.filter(data__stage="mended", data__note="swept").count() == 2


def test_statistics_cross_any_two_fields(scene: Scene) -> None:
    make_entry(scene.register, {"kind": "farm", "stage": "found", "flow": "7.5"})
    make_entry(scene.register, {"kind": "farm", "tags": ["smell", "foam"]})
    client = signed_in(scene.administrator)

    def table(query: str) -> list[list[str]]:
        found = page(client, url("statistics", CODE) + query).one("table")
        return [[cell.text for cell in row.walk() if cell.tag in {"th", "td"}]
                for row in found.all("tr")]  # fmt: skip

    assert table("?by=kind&across=stage") == [
        ["Kind", "Found", "not known", "Total"],
        ["Industry", "1", "—", "1"],
        ["Farm", "1", "1", "2"],
        ["Total", "2", "1", "3"],
    ]
    assert table("?by=kind&how=sum&of=flow") == [
        ["Kind", "Total"], ["Industry", "12.5"], ["Farm", "7.5"], ["Total", "20"]]  # fmt: skip
    assert table("?by=stage&how=average&of=flow")[-1] == ["Total", "10"]
    assert [row[0] for row in table("?by=tags")] == ["Tags", "Smell", "Foam", "not known", "Total"]
    assert table("?by=found_on")[1] == ["2026-03", "1"]
    assert client.get(url("statistics", CODE) + "?by=kind&as=xlsx").status_code == 200


def test_the_queue_is_the_same_whoever_computes_it(scene: Scene) -> None:
    make_entry(scene.register, {"flow": "99", "stage": "found", "kind": "industry"}, number="PK-5")
    make_entry(scene.register, {"flow": "99", "stage": "traced", "kind": "industry"}, number="PK-4")
    make_entry(scene.register, {"stage": "mended"}, number="PK-6")
    client = signed_in(scene.leader)
    found = page(client, url("queue", CODE))
    assert [row.one("td").text for row in found.all("tbody tr")] == ["3"]  # others' are left out
    whole = page(signed_in(scene.administrator), url("queue", CODE))
    numbers = [row.one("[data-label=Number]").text.split()[0] for row in whole.all("tbody tr")]
    assert numbers == ["PK-4", "PK-5", "PK-1"]
    digest = page(Client(), url("published", CODE)).one("span.digest").text
    assert digest == whole.one("span.digest").text
    again = page(Client(), url("published", CODE) + f"?check={digest}")
    assert again.all("span.light-met") != []
    Entry.objects.filter(number="PK-5").update(removed_at=scene.entry.created_at)
    again = page(Client(), url("published", CODE) + f"?check={digest}")
    assert again.all("span.light-near") != []
    csv = b"".join(Client().get(url("published", CODE) + "?as=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "陈大文" not in csv


def test_a_file_has_the_official_columns_with_persons_masked(scene: Scene) -> None:
    client = signed_in(scene.handler, "zh-hans")
    content = client.get(url("entries", CODE) + "?as=xlsx").content
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[0] == (
        "编号", "名称", "类别", "阶段", "标签", "流量(m³/h)", "投资(万元)", "发现日期", "在排",
        "责任人", "电话", "街镇", "企业", "上游排口", "备注", "责任单位", "巡查人", "经度", "纬度",
        "地址")  # fmt: skip
    assert rows[1][:6] == ("PK-1", "西溪一号排口", "工业", "已查", None, 12.5)
    assert rows[1][9:13] == ("陈**", "138****5678", "西桥街道", scene.firm.credit_code)


def test_removed_entries_are_seen_by_those_who_may_restore_them(scene: Scene) -> None:
    client = signed_in(scene.leader)
    client.post(url("entry_remove", scene.entry.pk), {"reason": "double"})
    assert page(client, url("entries", CODE)).all("tbody tr") == []
    assert len(page(client, url("entries", CODE) + "?removed=yes").all("tbody tr")) == 1
    assert client.post(url("entry_restore", scene.entry.pk)).status_code == 302
    assert Event.objects.filter(verb="restore_entry").count() == 1
    client = signed_in(scene.handler)
    assert client.post(url("entry_remove", scene.entry.pk), {"reason": "x"}).status_code == 403


def test_links_are_suggested_while_typing(scene: Scene) -> None:
    client = signed_in(scene.handler)
    assert client.get(url("options", CODE) + "?q=xx").json() == {
        "options": [["PK-1", "西溪一号排口"]]}  # fmt: skip
    assert client.get(url("options", "enterprise") + "?q=ct").json() == {"options": []}
    assert client.get(url("options", "enterprise") + "?q=澄汀").json()["options"][0][0] == (
        scene.firm.credit_code)  # fmt: skip
    assert client.get(url("options", "no.such")).status_code == 404
    assert signed_in(scene.sibling).get(url("options", CODE) + "?q=xx").json() == {"options": []}


#: Whatever the number of rows: session, user and rights, then what the page itself needs.
QUERIES = {"entries": 12, "map": 12, "map_data": 7, "board": 16, "statistics": 12}


@pytest.mark.parametrize("name", list(QUERIES))
def test_pages_cost_the_same_however_many_rows(
    scene: Scene, name: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(scene.administrator)
    client.get(url(name, CODE))
    for number in range(30):
        make_entry(scene.register, {"street": scene.street.code, "firm": scene.firm.credit_code,
                                    "upstream": "PK-1"}, number=f"N{number}")  # fmt: skip
    with django_assert_max_num_queries(QUERIES[name]) as counted:
        client.get(url(name, CODE))
    print(name, len(counted))
