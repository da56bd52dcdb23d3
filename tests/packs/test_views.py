"""Pages of packs: who may look, what applying would change is shown first, then it is applied."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jiulong.organisation.models import Unit, User
from jiulong.packs.actions import apply_packs
from jiulong.packs.models import AppliedPack
from tests.factories import make_unit, make_user
from tests.packs.conftest import UNITS, Write
from tests.pages.html import Page
from tests.pages.policy import inline

pytestmark = pytest.mark.django_db
ROLES = ("administrator", "officer", "observer", "enterprise", "grid_worker")


def client_of(role: str) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    if role != "anonymous":
        client.force_login(make_user(role, make_unit()))
    return client


#: Address → the status for each of ROLES.
ANSWERS = {
    "/packs/": (200, 200, 200, 403, 403),
    "/packs/?as=csv": (200, 200, 200, 403, 403),
    "/packs/?q=芗城&sort=-name": (200, 200, 200, 403, 403),
    "/packs/xc/": (200, 200, 200, 403, 403),
    "/packs/xc/?demo=on": (200, 200, 200, 403, 403),
    "/packs/nothing/": (404, 404, 404, 403, 403),
    "/packs/xc/apply/": (405, 405, 405, 405, 405),
}


@pytest.mark.parametrize("address", ANSWERS)
def test_it_answers_each_of_them_as_the_table_says(write: Write, address: str) -> None:
    write("xc", UNITS)
    answers = [client_of(role).get(address) for role in ROLES]
    assert tuple(answer.status_code for answer in answers) == ANSWERS[address]


def test_it_sends_strangers_to_the_door(write: Write) -> None:
    write("xc", UNITS)
    assert client_of("anonymous").get("/packs/xc/").status_code == 302
    assert client_of("anonymous").post("/packs/xc/apply/").status_code == 302


def test_it_shows_what_would_change_and_does_nothing(write: Write) -> None:
    write("xc", UNITS)
    answer = client_of("administrator").get("/packs/xc/")
    page = answer.content.decode()
    assert "2 things would change." in page
    assert "东铺头街道" in page
    assert "Never yet." in page
    assert 'action="/packs/xc/apply/"' in page
    assert inline(Page(answer)) == []
    assert not Unit.objects.filter(code="350602001").exists()


def test_it_offers_applying_only_to_those_who_may(write: Write) -> None:
    write("xc", UNITS)
    assert "/packs/xc/apply/" not in client_of("officer").get("/packs/xc/").content.decode()


def test_it_applies_and_then_says_that_nothing_differs(write: Write) -> None:
    write("xc", UNITS)
    client = client_of("administrator")
    page = client.post("/packs/xc/apply/", follow=True).content.decode()
    assert "xc: 2 new, 0 changed, 0 retired, 0 the same." in page
    assert "Nothing: everything is as the pack says." in page
    assert AppliedPack.objects.get().actor == User.objects.get(role="administrator")


@pytest.mark.parametrize("role", ["officer", "observer", "enterprise", "grid_worker", "security"])
def test_it_refuses_those_who_may_not_apply(write: Write, role: str) -> None:
    write("xc", UNITS)
    assert client_of(role).post("/packs/xc/apply/").status_code == 403
    assert AppliedPack.objects.count() == 0


def test_it_shows_mistakes_with_their_places_and_escapes_them(write: Write) -> None:
    write("xc", "units: [{code: x, name: y, kind: <b>}]")
    page = client_of("administrator").get("/packs/xc/").content.decode()
    assert "packs/xc/things.yaml:1:34: “&lt;b&gt;”; expected one of district" in page
    assert "/packs/xc/apply/" not in page


def test_it_says_why_a_pack_cannot_be_applied(write: Write) -> None:
    apply_packs(actor=None, paths=[write("xc", UNITS)])
    make_user(unit=Unit.objects.get(code="350602001"))
    write("xc", UNITS[: UNITS.rindex("  -")])
    answer = client_of("administrator").post("/packs/xc/apply/")
    assert answer.status_code == 409
    assert "people still work for the unit “350602001”" in answer.content.decode()


def test_it_shows_a_pack_whose_files_are_gone(write: Write) -> None:
    import shutil

    pack = write("xc", UNITS)
    apply_packs(actor=None, paths=[pack])
    shutil.rmtree(pack)
    page = client_of("administrator").get("/packs/xc/").content.decode()
    assert "Files gone" in page
    assert "/packs/xc/apply/" not in page


def test_it_finds_no_way_out_of_the_box(write: Write) -> None:
    write("xc", UNITS)
    client = client_of("administrator")
    for name in ("..", "%2e%2e", "..%2fpacks", "_", "-x"):
        assert client.get(f"/packs/{name}/").status_code == 404


def test_its_pages_ask_little_of_the_database(
    write: Write, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The list grows with the box, its queries do not."""
    client = client_of("observer")
    for number in range(5):
        write(f"p{number}", f"units: [{{code: u{number}, name: x, kind: zone}}]")
        apply_packs(actor=None, paths=[f"p{number}"])
    client.get("/packs/")
    with django_assert_num_queries(3):  # session, account with rights, what was applied
        client.get("/packs/")
