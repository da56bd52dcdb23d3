"""Actions through their forms: what each asks for, what it refuses, what follows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jiulong.cases import actions
from jiulong.cases.models import Case, MatterType, Task
from tests.cases.matters import District
from tests.cases.views.conftest import MONDAY, Enter
from tests.evidence.pictures import jpeg
from tests.pages.html import Page

pytestmark = pytest.mark.django_db


def address(case: Case, action: str) -> str:
    return reverse("cases:act", args=[case.pk, action])


def finish_tasks(district: District, case: Case) -> None:
    for key, who in (("look", district.handler), ("fix", district.sibling)):
        task = case.tasks.get(key=key)
        actions.finish_task(actor=who, task=task, answer="完成", now=MONDAY)


def test_every_action_has_a_form_for_whom_may_and_none_for_others(
    district: District, case: Case, enter: Enter
) -> None:
    seen = {
        (who, action): enter(getattr(district, who)).get(address(case, action)).status_code
        for who in ("handler", "sibling", "supervisor")
        for action in ("reply", "remind", "note")
    }
    assert seen == {
        ("handler", "reply"): 200, ("handler", "remind"): 403, ("handler", "note"): 200,
        ("sibling", "reply"): 403, ("sibling", "remind"): 403, ("sibling", "note"): 200,
        ("supervisor", "reply"): 403, ("supervisor", "remind"): 200, ("supervisor", "note"): 200,
    }  # fmt: skip


@pytest.mark.parametrize("action", ["reply", "remind", "assign"])
def test_a_sibling_cannot_post_either(
    district: District, case: Case, enter: Enter, action: str
) -> None:
    answer = enter(district.sibling).post(address(case, action), {"text": "x", "answer": "x"})
    assert answer.status_code == 403
    assert Case.objects.get(pk=case.pk).version == case.version


def test_an_action_nobody_knows_is_no_page(district: District, case: Case, enter: Enter) -> None:
    assert enter(district.supervisor).get(address(case, "explode")).status_code == 404


def test_the_form_alone_is_given_to_the_page_of_the_case(
    district: District, case: Case, enter: Enter
) -> None:
    answer = enter(district.handler).get(address(case, "reply"), headers={"HX-Target": "act"})
    page = Page(answer)
    assert page.all("header") == []
    assert page.one("h2").text == "Reply"
    assert [one["name"] for one in page.all("textarea")] == ["answer"]
    assert [one.text for one in page.all(".needs .light-word")] == ["Photo from after"]


def test_it_replies_with_a_photo_and_the_packs_fields(
    district: District, case: Case, enter: Enter
) -> None:
    finish_tasks(district, case)
    photo = SimpleUploadedFile("after.jpg", jpeg(), content_type="image/jpeg")
    answer = enter(district.handler).post(
        address(case, "reply"),
        {"answer": "已修复", "cost": "120.50", "result": "A", "photo_after": photo},
    )
    assert (answer.status_code, answer["Location"]) == (303, f"/cases/{case.pk}/")
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.stage, fresh.reply, fresh.result) == ("replied", {"cost": "120.50"}, "A")
    page = Page(enter(district.handler).get(f"/cases/{case.pk}/"))
    assert "after.jpg" in page.text


def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(
    district: District, case: Case, enter: Enter
) -> None:
    finish_tasks(district, case)
    photo = SimpleUploadedFile("after.jpg", jpeg(), content_type="image/jpeg")
    answer = enter(district.handler).post(
        address(case, "reply"),
        {"answer": "x", "cost": "viel", "result": "A", "photo_after": photo},
    )
    assert answer.status_code == 422
    assert [one.text for one in Page(answer).all(".field-error")] == ["“viel” is no number"]
    page = Page(enter(district.handler).get(f"/cases/{case.pk}/"))
    assert "after.jpg" not in page.text


def test_it_tells_what_closing_lacks(district: District, case: Case, enter: Enter) -> None:
    finish_tasks(district, case)
    case = actions.reply_case(
        actor=district.handler, case=case, answer="好", result="A", now=MONDAY
    )
    case = actions.verify_case(actor=district.verifier, case=case, now=MONDAY)
    answer = enter(district.dispatcher).post(address(case, "close"), {"result": "A"})
    assert answer.status_code == 422
    assert [one.text for one in Page(answer).all(".note-error")] == ["Photo from after"]


def test_a_stale_form_is_refused(district: District, case: Case, enter: Enter) -> None:
    given = {"text": "快一点", "version": str(case.version)}
    client = enter(district.supervisor)
    assert client.post(address(case, "remind"), given).status_code == 303
    again = client.post(address(case, "remind"), given)
    assert again.status_code == 409
    assert "meanwhile" in Page(again).one(".note-error").text


def test_what_the_life_cycle_refuses_is_told(district: District, case: Case, enter: Enter) -> None:
    answer = enter(district.dispatcher).post(address(case, "close"), {"result": "A"})
    assert answer.status_code == 409
    assert "is not possible" in Page(answer).one(".note-error").text


def test_a_task_is_finished_by_its_unit_alone(district: District, case: Case, enter: Enter) -> None:
    task = case.tasks.get(key="look")
    to = reverse("cases:task", args=[task.pk, "finish_task"])
    assert enter(district.sibling).post(to, {"answer": "x"}).status_code == 403
    answer = enter(district.handler).post(to, {"answer": "看过了"})
    assert (answer.status_code, Task.objects.get(pk=task.pk).state) == (303, "done")
    assert Task.objects.get(case=case, key="fix").state == "open"


def test_documents_are_asked_for_one_a_line(district: District, case: Case, enter: Enter) -> None:
    task = case.tasks.get(key="look")
    to = reverse("cases:task", args=[task.pk, "ask_documents"])
    assert enter(district.handler).get(to).status_code == 200
    enter(district.handler).post(to, {"missing": "图纸\n\n合同", "note": ""})
    fresh = Task.objects.get(pk=task.pk)
    assert (fresh.state, fresh.missing) == ("paused", ["图纸", "合同"])


def test_a_further_unit_is_asked(district: District, case: Case, enter: Enter) -> None:
    answer = enter(district.dispatcher).post(
        address(case, "add_task"), {"unit": "housing", "name": "提供图纸"}
    )
    assert answer.status_code == 303
    assert case.tasks.filter(support=True).values_list("name", flat=True).get() == "提供图纸"


def test_it_asks_for_more_time_and_the_supervisor_answers(
    district: District, case: Case, enter: Enter
) -> None:
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.due_at is not None
    # The clock of the view is the real one; the case's own deadline must lie ahead of it.
    assert enter(district.handler).get(address(case, "ask_extension")).status_code == 200
    answer = enter(district.handler).post(
        address(case, "ask_extension"), {"until": "2026-03-20", "reason": "雨"}
    )
    assert answer.status_code == 422


def test_it_merges_by_number(
    district: District, case: Case, matter: MatterType, enter: Enter
) -> None:
    other = actions.file_case(
        actor=district.dispatcher,
        matter=matter,
        title="路面破损二",
        data={"kind": "road"},
        now=MONDAY,
    )
    client = enter(district.dispatcher)
    wrong = client.post(address(other, "merge"), {"into": "nowhere", "reason": "同一处"})
    assert [one.text for one in Page(wrong).all(".field-error")] == [
        "No open case has this number."
    ]
    right = client.post(address(other, "merge"), {"into": case.number, "reason": "同一处"})
    assert (right.status_code, Case.objects.get(pk=other.pk).stage) == (303, "merged")


@pytest.mark.parametrize(
    "action",
    ["assign", "accept", "return", "feedback", "reply", "verify", "send_back", "confirm", "close",
     "reopen", "ask_extension", "extend", "refuse_extension", "suspend", "resume", "withdraw",
     "merge", "remind", "note", "add_task"],
)  # fmt: skip
def test_every_form_can_be_drawn(district: District, case: Case, enter: Enter, action: str) -> None:
    everyone = (district.handler, district.dispatcher, district.supervisor, district.verifier)
    codes = {enter(one).get(address(case, action)).status_code for one in everyone}
    assert codes <= {200, 403}
    assert 200 in codes or action == "confirm"


def test_assigning_names_the_lead_the_route_and_who_may_handle_there(
    district: District, case: Case, enter: Enter
) -> None:
    page = Page(enter(district.dispatcher).get(address(case, "assign")))
    options = page.all("select[name=lead] option")
    assert options[0].text == "by the matter's route: 城管局"
    assert [one["value"] for one in options if "selected" in one.attributes] == ["urban"]
    people = [one.text for one in page.all("select[name=handler] option")]
    assert people == ["anybody of the unit", "colleague", "handler", "leader"]
    boxes = [one["value"] for one in page.all(".tick-box input") if one["name"] == "supports"]
    assert sorted(boxes) == ["checkers", "desk", "housing", "urban"]


def test_answering_an_extension_shows_who_asked_why_and_until_when(
    district: District, case: Case, enter: Enter
) -> None:
    asked = datetime(2026, 3, 20, tzinfo=UTC)
    actions.ask_extension(
        actor=district.handler, case=case, until=asked, reason="连日下雨", now=MONDAY
    )
    for action in ("extend", "refuse_extension"):
        told = Page(enter(district.supervisor).get(address(case, action))).one(".act-form .facts")
        assert str(district.handler) in told.text
        assert "连日下雨" in told.text
        assert "03-20 23:59" in told.text
