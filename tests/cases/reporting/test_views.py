"""The page, its way in for the queue, and what makes it an app."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiulong.cases.actions import file_case
from jiulong.cases.models import Case
from jiulong.evidence.models import Attachment
from jiulong.organisation.models import User
from tests.cases.reporting.district import HERE, District, make_district, report_form
from tests.cases.reporting.test_actions import CLIENT, JPEG, storage
from tests.factories import make_unit, make_user
from tests.pages.html import Page

pytestmark = pytest.mark.django_db
__all__ = ["storage"]


@pytest.fixture
def people(client: Client) -> District:
    made = make_district()
    client.cookies["django_language"] = "en"
    client.force_login(made.worker)
    return made


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, JPEG, "image/jpeg")


def test_it_shows_tiles_a_camera_and_the_own_grid(client: Client, people: District) -> None:
    page = Page(client.get("/report/"))
    assert [tile["value"] for tile in page.all("input[name=matter]")] == ["test.event"]
    assert page.one("input[name=photo]")["capture"] == "environment"
    assert page.one("#area option[selected]")["value"] == "G1"
    assert "checked" in page.one("input[name=matter]").attributes  # the only one is chosen


def test_it_takes_a_plain_form(client: Client, people: District) -> None:
    answer = client.post("/report/", report_form(photo=photo()))
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/report/done/{case.pk}/")
    page = Page(client.get(answer["Location"]))
    assert case.number in page.text
    assert page.one("dd a")["href"] == f"/track/?number={case.tracking}"
    assert Attachment.objects.count() == 1


def test_it_says_what_is_wrong_and_keeps_the_words(client: Client, people: District) -> None:
    page = Page(client.post("/report/", report_form(**{"f.test.event.kind": ""})))
    assert len(page.all(".note-error")) == 1
    assert page.one("#words")["value"] == "井盖翘起"
    assert Page(client.post("/report/", {"matter": "x"})).one(".note-error").text == (
        "Choose what it is."
    )


def near_case(people: District) -> Case:
    return file_case(
        actor=people.worker, matter=people.matter, title="井盖", place=HERE,
        data={"kind": "cover"},
    )  # fmt: skip


def test_it_asks_whether_it_is_the_one_that_is_known(client: Client, people: District) -> None:
    known = near_case(people)
    page = Page(client.post("/report/", report_form()))
    assert page.one("button[name=join]")["value"] == str(known.pk)
    assert Case.objects.count() == 1
    answer = client.post("/report/", report_form(join=known.pk))
    assert answer["Location"] == f"/report/done/{known.pk}/"
    assert Case.objects.count() == 1
    client.post("/report/", report_form(another="1"))
    assert Case.objects.count() == 2


def test_it_tells_the_phone_what_is_near(client: Client, people: District) -> None:
    known = near_case(people)
    query = {"matter": "test.event", "longitude": HERE[0], "latitude": HERE[1]}
    (told,) = client.get("/report/near/", query).json()["near"]
    assert (told["id"], told["number"], told["stage"]) == (known.pk, known.number, "Filed")
    assert told["told"].startswith("0 m away")
    assert client.get("/report/near/", {**query, "matter": "x"}).status_code == 400
    assert client.get("/report/near/", {**query, "latitude": "x"}).status_code == 400


def sent(client: Client, **given: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post("/report/send/", report_form(client_id=CLIENT, **given))
    return answer.status_code, answer.json()


def test_the_queue_may_send_twice(client: Client, people: District) -> None:
    answers = [sent(client, photo=photo(), user=people.worker.pk) for _ in range(2)]
    case = Case.objects.get()
    assert answers == [(200, {
        "number": case.number, "tracking": case.tracking, "joined": False, "refused": [],
        "address": f"/report/done/{case.pk}/",
    })] * 2  # fmt: skip
    assert Attachment.objects.count() == 1


def test_the_queue_joins(client: Client, people: District) -> None:
    known = near_case(people)
    code, answer = sent(client, join=known.pk)
    assert (code, answer["joined"], answer["number"]) == (200, True, known.number)


def test_the_queue_is_told_to_sign_in(client: Client, people: District) -> None:
    client.logout()
    assert sent(client)[0] == 401
    assert client.get("/report/state/").json()["user"] is None
    client.force_login(people.worker)
    assert client.get("/report/state/").json()["user"] == str(people.worker.pk)


def test_the_queue_of_another_account_is_not_sent(client: Client, people: District) -> None:
    assert sent(client, user=people.neighbour.pk)[0] == 409
    assert Case.objects.count() == 0


def test_the_queue_is_told_why_not(client: Client, people: District) -> None:
    assert sent(client, matter="gone")[0] == 400
    code, answer = sent(client, longitude="", latitude="")
    assert (code, list(answer["errors"])) == (400, ["place"])
    assert sent(client, join="999999")[0] == 403
    sent(client)
    client.force_login(people.neighbour)
    assert sent(client)[0] == 403  # the same number, another person


def test_sending_needs_the_token(people: District) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.worker)
    assert strict.post("/report/send/", report_form()).status_code == 403
    token = strict.get("/report/state/").json()["token"]
    headers = {"X-CSRFToken": token}
    assert strict.post("/report/send/", report_form(), headers=headers).status_code == 200


def test_it_refuses_who_may_not_file(client: Client, people: District) -> None:
    client.force_login(make_user(User.Role.OBSERVER, make_unit()))
    assert client.get("/report/").status_code == 403
    client.logout()
    assert client.get("/report/")["Location"] == "/account/login/?next=/report/"


def test_it_says_so_when_the_phone_has_no_matter(client: Client, people: District) -> None:
    people.matter.delete()
    assert Page(client.get("/report/")).one(".nothing h2").text == (
        "There is nothing here that you can report"
    )


def test_it_hides_anothers_report(client: Client, people: District) -> None:
    case = near_case(people)
    client.force_login(make_user(User.Role.GRID_WORKER, make_unit()))
    assert client.get(f"/report/done/{case.pk}/").status_code == 404


def test_it_can_be_installed(client: Client) -> None:
    answer = client.get("/report/app.webmanifest")
    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (told["start_url"], told["scope"], told["display"]) == (
        "/report/", "/report/", "standalone",
    )  # fmt: skip
    assert [icon["sizes"] for icon in told["icons"]] == ["192x192", "512x512"]
    worker = client.get("/report/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert 'const HOME = "/report/";' in worker.content.decode().replace("\\u002D", "-")


def test_the_page_costs_the_same_however_many_reports(
    client: Client, people: District, django_assert_num_queries
) -> None:
    client.get("/report/")  # the loop bar remembers its counts
    for count in (1, 6):
        for _ in range(count):
            near_case(people)
        with django_assert_num_queries(QUERIES):
            client.get("/report/")


#: Session, user; matters, areas, mine.
QUERIES = 5
