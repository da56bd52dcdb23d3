"""The house's pages: each administrator's work, done by their forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jiulong.api.actions import use_token
from jiulong.api.models import ApiToken
from jiulong.organisation.models import LogLine, Post, Role, Unit, User
from jiulong.organisation.unmasking import unmask
from tests.factories import make_unit, make_user
from tests.pages.html import Page

pytestmark = pytest.mark.django_db
PASSWORD = "Nine dragons river"


@pytest.fixture
def door() -> Callable[[str], Client]:
    def enter(role: str) -> Client:
        client = Client()
        client.cookies["django_language"] = "en"
        client.force_login(make_user(role, make_unit(), username=f"the-{role}"))
        return client

    return enter


def texts(answer: Any, selector: str) -> list[str]:
    return [node.text for node in Page(answer).all(selector)]


def test_the_system_administrator_builds_the_tree(door: Callable[[str], Client]) -> None:
    client, street = door("administrator"), make_unit(Unit.Kind.STREET, name="Street")
    fields = {"code": "c1", "name": "Community", "kind": "community", "parent": street.pk}
    answer = client.post("/house/units/new/", fields, follow=True)
    unit = Unit.objects.get(code="c1")
    assert answer.redirect_chain == [(f"/house/units/{unit.pk}/", 302)]
    zone = make_unit(Unit.Kind.ZONE)
    changed = {"name": "Village", "kind": "community", "parent": zone.pk, "longitude": "117.6"}
    client.post(f"/house/units/{unit.pk}/edit/", changed)
    unit.refresh_from_db()
    assert (unit.name, unit.parent, unit.longitude) == ("Village", zone, 117.6)
    assert "Village" in texts(client.get(f"/house/units/{zone.pk}/"), "td")
    client.post(f"/house/units/{unit.pk}/close/")
    unit.refresh_from_db()
    assert unit.closed_on == timezone.localdate()
    assert texts(client.get("/house/units/?closed=yes"), "tbody .branch") == ["Village"]


def test_a_refusal_is_shown_at_its_field(door: Callable[[str], Client]) -> None:
    client, department = door("administrator"), make_unit("department")
    fields = {"code": "g1", "name": "x", "kind": "grid", "parent": department.pk}
    answer = client.post("/house/units/new/", fields)
    assert texts(answer, ".field-error") == ["A Grid cannot stand under a Department."]


def test_an_account_is_opened_changed_and_closed(door: Callable[[str], Client]) -> None:
    client, unit = door("administrator"), make_unit()
    fields = {"username": "lin", "name": "林", "role": "handler", "unit": unit.pk,
              "password": PASSWORD}  # fmt: skip
    client.post("/house/people/new/", fields)
    person = User.objects.get(username="lin")
    assert (person.role, person.unit, person.must_change_password) == ("handler", unit, True)
    changed = {"name": "林一", "role": "leader", "unit": unit.pk}
    client.post(f"/house/people/{person.pk}/edit/", changed)
    person.refresh_from_db()
    assert (str(person), person.role, person.is_active) == ("林一", "leader", False)
    assert texts(client.get("/house/people/?state=closed"), "tbody td")[1] == "lin"


def test_posts_are_given_and_ended(door: Callable[[str], Client]) -> None:
    client, unit = door("administrator"), make_unit()
    person = make_user("handler", unit)
    past = timezone.localdate() - timedelta(days=3)
    fields = {"role": "leader", "unit": unit.pk, "title": "Deputy", "from_on": past.isoformat()}
    client.post(f"/house/people/{person.pk}/posts/", fields)
    post = Post.objects.get()
    assert "Deputy" in texts(client.get(f"/house/people/{person.pk}/"), "td")
    client.post(f"/house/people/{person.pk}/posts/{post.pk}/end/")
    post.refresh_from_db()
    assert post.to_on == timezone.localdate() - timedelta(days=1)


def test_a_locked_account_is_opened_and_reset(door: Callable[[str], Client]) -> None:
    client = door("administrator")
    until = timezone.now() + timedelta(minutes=9)
    person = make_user("handler", make_unit(), locked_until=until)
    assert texts(client.get("/house/people/?state=locked"), "tbody .light-word") == ["Locked"]
    client.post(f"/house/people/{person.pk}/unlock/")
    client.post(f"/house/people/{person.pk}/password/", {"password": PASSWORD})
    client.post(f"/house/people/{person.pk}/sign-out/")
    person.refresh_from_db()
    assert (person.locked_until, person.check_password(PASSWORD)) == (None, True)


def test_the_security_administrator_changes_rights(door: Callable[[str], Client]) -> None:
    client = door("security")
    fields = {"code": "clerk", "zh": "文书", "en": "Clerk", "scope": "unit", "verbs": ["see_cases"]}
    client.post("/house/roles/new/", fields)
    changed = {"zh": "文书", "en": "Clerk", "scope": "all", "verbs": ["see_cases", "file_case"]}
    client.post("/house/roles/clerk/edit/", changed)
    role = Role.objects.get(pk="clerk")
    assert (role.scope, role.verbs) == ("all", ["file_case", "see_cases"])
    mixed = {**changed, "verbs": ["manage_accounts", "see_logs"]}
    assert len(texts(client.post("/house/roles/clerk/edit/", mixed), ".note-error")) == 1
    held = texts(client.get("/house/roles/clerk/"), ".light-met .light-word")
    assert held == ["See cases", "Report a case"]


def test_the_security_administrator_makes_administrators_alone(
    door: Callable[[str], Client],
) -> None:
    person = make_user("handler", make_unit())
    unit = person.unit_id
    given = {"name": "", "role": "auditor", "unit": unit, "is_active": "on"}
    assert door("administrator").post(f"/house/people/{person.pk}/edit/", given).status_code == 403
    assert door("security").post(
        f"/house/people/{person.pk}/edit/", {"role": "auditor"}
    ).status_code == 302  # fmt: skip
    person.refresh_from_db()
    assert (person.role, person.unit_id) == ("auditor", unit)


def test_the_auditor_reads_all_three_books(door: Callable[[str], Client]) -> None:
    client = door("auditor")
    unmask(make_user("leader", make_unit()), "registers.entry", 7, "phone", "call back")
    LogLine.objects.create(at=timezone.now(), name="lin", kind="login", good=False,
                           detail="wrong password", address="10.0.0.7")  # fmt: skip
    from jiulong.organisation import actions

    actions.create_unit(actor=None, code="x1", name="New office", kind="department")
    LogLine.objects.create(at=timezone.now(), name="lin", kind="login", good=True,
                           detail="ended 2 older sessions")  # fmt: skip
    seen = texts(client.get("/house/log/?good=yes&q=lin"), "tbody td")
    assert seen[-1] == "ended 2 older sessions"
    client.cookies["django_language"] = "zh-hans"
    seen = texts(client.get("/house/log/?good=yes&q=lin"), "tbody td")
    assert seen[-1] == "结束较早的会话 2 个"
    client.cookies["django_language"] = "en"
    row = texts(client.get("/house/log/?good=no"), "tbody td")
    assert (row[0], *row[2:]) == ("Refused", "lin", "Sign-in", "10.0.0.7", "wrong password")
    assert texts(client.get("/house/log/readings/?q=call"), "tbody td")[2:] == [
        "registers.entry 7", "phone", "call back",
    ]  # fmt: skip
    assert texts(client.get("/house/log/operations/?q=create_unit"), "tbody td")[2] == "Add a unit"
    today = timezone.localdate()
    for address in ("/house/log/", "/house/log/readings/", "/house/log/operations/"):
        answer = client.get(address, {"since": today, "until": today, "as": "csv"})
        assert len(b"".join(answer).splitlines()) > 1  # type: ignore[arg-type]
        late = client.get(address, {"since": today + timedelta(days=1)})
        assert texts(late, "tbody tr") == []


def test_one_makes_and_revokes_ones_own_tokens(door: Callable[[str], Client]) -> None:
    client = door("handler")
    answer = client.post("/account/tokens/", {"name": "script", "days": "30"})
    text = Page(answer).one(".note .digest").text
    owner = use_token(text=text, now=timezone.now())
    assert owner is not None
    assert owner.username == "the-handler"
    assert text not in client.get("/account/tokens/").content.decode()
    assert "no-store" in answer["Cache-Control"]
    client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert use_token(text=text, now=timezone.now()) is None
    assert use_token(text=text[:11] + "x" * 40, now=timezone.now()) is None


def test_ones_own_page_tells_what_one_holds(door: Callable[[str], Client]) -> None:
    page = Page(door("handler").get("/house/account/"))
    assert [node.text for node in page.all(".identity .value")][0::2][:2] == [
        "the-handler", "Handler",
    ]  # fmt: skip
    assert "this browser" in page.one("table small").text


@pytest.mark.parametrize(
    ("address", "queries"),
    [("/house/units/", 4), ("/house/people/", 5), ("/house/roles/", 4), ("/house/log/", 4)],
)
def test_a_list_costs_the_same_however_many_rows(
    door: Callable[[str], Client], django_assert_max_num_queries: Any, address: str, queries: int
) -> None:
    client = door("auditor")
    client.get(address)
    for _ in range(9):
        make_user("handler", make_unit(parent=make_unit()))
        LogLine.objects.create(at=timezone.now(), name="x", kind="login", good=True)
    with django_assert_max_num_queries(queries + 2):  # whatever the frame asks for
        client.get(address)
