"""Pages of seals: who may look, who may seal, and what checking on the spot says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiulong.evidence.actions import seal_due
from jiulong.evidence.models import Event, Seal
from tests.evidence.conftest import NOON, append_batch, tamper
from tests.pages.html import Page
from tests.pages.policy import inline
from tests.people import People, make_people

HOUR = timedelta(hours=1)
ROLES = ("administrator", "officer", "observer", "owner", "sibling")


@pytest.fixture
def people(db: None) -> People:
    return make_people()


def client_of(people: People, role: str) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    if role != "anonymous":
        client.force_login(getattr(people, role))
    return client


@pytest.fixture
def sealed(people: People, journal: list[int]) -> People:
    """Seals of three hours: three batches, none, two."""
    while seal_due(now=NOON + 3 * HOUR):
        pass
    return people


#: Address → the status for each of ROLES: a seal names nobody, so everybody may see it.
ANSWERS = {
    "/seals/": (200, 200, 200, 200, 200),
    "/seals/?as=csv": (200, 200, 200, 200, 200),
    "/seals/?as=xlsx": (200, 200, 200, 200, 200),
    "/seals/1/": (200, 200, 200, 200, 200),
    "/seals/key.pem": (200, 200, 200, 200, 200),
    "/seals/now/": (405, 405, 405, 405, 405),
    "/seals/0/": (404, 404, 404, 404, 404),
    "/seals/99999999999999999999999/": (404, 404, 404, 404, 404),
}


@pytest.mark.parametrize("address", ANSWERS)
def test_it_answers_each_of_them_as_the_table_says(sealed: People, address: str) -> None:
    answers = [client_of(sealed, role).get(address) for role in ROLES]
    assert tuple(answer.status_code for answer in answers) == ANSWERS[address]
    for answer in answers:
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            assert inline(Page(answer)) == []


@pytest.mark.parametrize("address", ANSWERS)
def test_it_asks_a_stranger_to_sign_in(sealed: People, address: str) -> None:
    answer = client_of(sealed, "anonymous").get(address)
    assert (answer.status_code, answer["Location"][:15]) == (302, "/account/login/")


@pytest.mark.parametrize(
    ("role", "status", "done"),
    [
        ("administrator", 302, True),
        ("officer", 302, True),
        ("observer", 403, False),
        ("owner", 403, False),
        ("sibling", 403, False),
        ("anonymous", 302, False),
    ],
)
def test_it_seals_at_once_for_those_who_may(
    people: People, journal: list[int], role: str, status: int, done: bool
) -> None:
    answer = client_of(people, role).post("/seals/now/")
    assert answer.status_code == status
    assert (Seal.objects.count() > 0) is done
    who = [event.actor for event in Event.objects.filter(verb="seal_now")]
    assert who == ([getattr(people, role)] if done else [])
    offered = role in {"administrator", "officer"}
    if role != "anonymous":
        page = Page(client_of(people, role).get("/seals/"))
        assert bool(page.all("form[method=post] .btn-primary")) is offered


def test_it_says_that_there_is_nothing_new_to_seal(sealed: People) -> None:
    client = client_of(sealed, "officer")
    client.post("/seals/now/")
    page = Page(client.post("/seals/now/", follow=True))
    assert "Nothing new to seal." in page.one(".note-info").text


def test_it_lists_the_newest_first_and_shows_the_way_to_the_neighbours(sealed: People) -> None:
    client = client_of(sealed, "owner")
    rows = [row.one("a.opens").text for row in Page(client.get("/seals/")).all("#rows tbody tr")]
    assert rows == ["#3", "#2", "#1"]
    silent = Page(client.get("/seals/?silent=yes")).all("#rows tbody tr")
    assert [row.one("a.opens").text for row in silent] == ["#2"]
    page = Page(client.get("/seals/2/"))
    assert (page.one("a[rel=prev]")["href"], page.one("a[rel=next]")["href"]) == (
        "/seals/1/",
        "/seals/3/",
    )
    assert Page(client.get("/seals/1/")).all("a[rel=prev]") == []
    assert Page(client.get("/seals/3/")).all("a[rel=next]") == []


def test_it_checks_a_seal_on_the_spot(sealed: People) -> None:
    note = Page(client_of(sealed, "officer").post("/seals/1/")).one(".note-success")
    assert note.text.startswith("Recomputed (frames: 9, batches: 3, events: 0)")


@pytest.mark.parametrize("role", ROLES)
def test_it_hashes_an_hour_only_for_those_who_may_seal(sealed: People, role: str) -> None:
    client, may = client_of(sealed, role), role in {"administrator", "officer"}
    page = Page(client.get("/seals/1/?check=yes"))  # a link checks nothing
    assert page.all(".note-success") == []
    assert bool(page.all("main form[method=post]")) is may
    assert client.post("/seals/1/").status_code == (200 if may else 403)


def test_it_marks_a_seal_over_frames_that_an_outage_held_back(sealed: People) -> None:
    append_batch(NOON + 2 * HOUR)  # received in the hour of seal 3, committed after it
    append_batch(NOON + 3 * HOUR)
    seal_due(now=NOON + 4 * HOUR)
    client = client_of(sealed, "owner")
    note = Page(client.get("/seals/4/")).one(".note-info").text
    assert note.startswith("Late: 3 of these frames")
    assert Page(client.get("/seals/3/")).all(".note-info") == []
    assert Page(client.get("/seals/1/")).all(".note-info") == []


def test_it_says_where_the_journal_was_altered(sealed: People, journal: list[int]) -> None:
    tamper("UPDATE journal SET received_at = received_at + '1 s' WHERE id = %s", journal[0])
    note = Page(client_of(sealed, "officer").post("/seals/1/")).one(".note-error")
    assert str(journal[0]) in note.text


def test_it_hands_out_the_public_key(sealed: People) -> None:
    answer = client_of(sealed, "owner").get("/seals/key.pem")
    assert answer.content.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert b"PRIVATE" not in answer.content
    assert answer["Content-Disposition"] == 'attachment; filename="jiulong-seal.pub"'


def test_its_list_follows_new_seals(sealed: People) -> None:
    page = Page(client_of(sealed, "officer").get("/seals/"))
    assert "live:seals" in page.one("#rows")["hx-trigger"]
    assert "live:seals" in page.one("#sealed")["hx-trigger"]


@pytest.mark.parametrize(("address", "most"), [("/seals/", 7), ("/seals/1/", 5), ("/seals/3/", 7)])
def test_it_costs_the_same_with_few_seals_and_with_thirty(
    sealed: People, address: str, most: int
) -> None:
    client, costs = client_of(sealed, "officer"), []
    for more in (0, 30):
        for n in range(more):
            append_batch(NOON + (4 + n) * HOUR)
        while seal_due(now=NOON + 60 * HOUR if more else NOON):
            pass
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= most


@pytest.mark.parametrize(
    "query", [{"silent": "maybe"}, {"page": "999999"}, {"sort": "signature"}, {"size": "-1"}]
)
def test_its_list_survives_any_address(sealed: People, query: dict[str, str]) -> None:
    assert client_of(sealed, "owner").get("/seals/", query).status_code == 200
