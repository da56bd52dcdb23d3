"""The bell, the list and the choices: everybody's own."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from jiulong.cases.models import Notice, NoticeChoice
from jiulong.cases.notices import actions, queries, tell
from jiulong.evidence.models import Event
from jiulong.organisation.models import User
from tests.cases.notices.case import make_case
from tests.factories import NOW, make_user
from tests.pages.html import Page

pytestmark = [
    pytest.mark.django_db,
    # apprise loads all its plugins, one of which uses a module that Python 3.13 drops.
    pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning"),
]


@pytest.fixture
def person(client: Client) -> User:
    user = make_user()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return user


def test_it_rings_for_what_is_unread(client: Client, person: User) -> None:
    assert Page(client.get("/notices/bell/")).all(".bell-count") == []
    tell([person, make_user()], None, "closed", {}, NOW)
    tell([person], None, "closed", {}, NOW)
    page = Page(client.get("/notices/bell/"))
    assert page.one(".bell-count").text == "2"
    assert page.one("[role=status]").text == "2 unread notices"


def test_it_counts_no_further_than_it_shows(client: Client, person: User) -> None:
    Notice.objects.bulk_create(Notice(user=person, kind="closed", at=NOW) for _ in range(120))
    assert Page(client.get("/notices/bell/")).one(".bell-count").text == "99+"


def test_it_lists_my_notices_in_words_and_nobody_elses(client: Client, person: User) -> None:
    case = make_case()
    tell([person], case, "reminder", {"text": "Hurry", "by": "Chen", "light": "red"}, NOW)
    tell([make_user()], case, "closed", {}, NOW)
    (row,) = Page(client.get("/notices/")).all("tbody tr")
    assert row.one(".light-over").text == "You are reminded"
    assert row.one(".notice-text").text == "Hurry — Chen New"
    assert row.one("a")["href"] == f"/notices/{Notice.objects.get(user=person).pk}/"


def test_it_shows_an_unknown_kind_all_the_same(client: Client, person: User) -> None:
    tell([person], None, "kind_of_tomorrow", {"title": "A seal"}, NOW)
    (row,) = Page(client.get("/notices/")).all("tbody tr")
    assert "Something happened" in row.text
    assert "A seal" in row.text


def test_opening_it_marks_it_and_leads_to_the_case(client: Client, person: User) -> None:
    case = make_case()
    tell([person], case, "assigned", {}, NOW)
    notice = Notice.objects.get()
    answer = client.get(f"/notices/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.pk}/")
    assert queries.unread(person) == 0


def test_it_hides_anothers_notice(client: Client, person: User) -> None:
    tell([make_user()], None, "assigned", {}, NOW)
    other = Notice.objects.get()
    assert client.get(f"/notices/{other.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        actions.mark_read(actor=person, notice=other)
    with pytest.raises(PermissionDenied):
        actions.mark_read(actor=AnonymousUser())
    assert Notice.objects.get().read_at is None


def test_it_marks_all_or_those_of_a_case(client: Client, person: User) -> None:
    case = make_case()
    tell([person], case, "assigned", {}, NOW)
    tell([person], None, "closed", {}, NOW)
    assert actions.mark_read(actor=person, case=case, now=NOW) == 1
    assert client.get("/notices/read/").status_code == 405
    client.post("/notices/read/")
    assert queries.unread(person) == 0
    assert actions.mark_read(actor=person) == 0


def test_it_keeps_my_choices(client: Client, person: User, settings) -> None:
    settings.NOTICE_CHANNELS = ["dingtalk"]
    page = Page(client.get("/notices/choices/"))
    assert len(page.all("input[name=kinds][checked]")) == 7
    given = {
        "mail": "me@example.org", "address": "dingtalk://1234567890abcdef12345678",
        "language": "en", "kinds": ["closed", "assigned"],
    }  # fmt: skip
    assert client.post("/notices/choices/", given)["Location"] == "/notices/choices/"
    choice = NoticeChoice.objects.get(user=person)
    assert (choice.mail, choice.language, choice.kinds) == (
        "me@example.org", "en", ["assigned", "closed"],
    )  # fmt: skip
    told = Event.objects.get(verb="choose_notices").data
    assert told == {"mail": True, "address": True, "kinds": ["assigned", "closed"]}


def test_it_refuses_an_address_that_the_site_does_not_send_to(
    client: Client, person: User, settings
) -> None:
    settings.NOTICE_CHANNELS = ["dingtalk"]
    given = {"address": "json://127.0.0.1/", "language": "en"}
    page = Page(client.post("/notices/choices/", given))
    assert page.one(".field-error").text == "This site sends to dingtalk://; check the address."
    assert NoticeChoice.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("kinds", {"kinds": ["nonsense"]}),
        ("language", {"language": "xx"}),
        ("mail", {"mail": "no mail"}),
    ],
)
def test_it_refuses_nonsense(person: User, field: str, given: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.choose(actor=person, **given)
    assert list(refused.value.message_dict) == [field]


def test_nobody_signed_in_has_no_notices_and_no_choices(client: Client) -> None:
    assert client.get("/notices/")["Location"] == "/account/login/?next=/notices/"
    assert queries.unread(AnonymousUser()) == 0
    with pytest.raises(PermissionDenied):
        actions.choose(actor=AnonymousUser())


def test_the_list_costs_the_same_however_long(
    client: Client, person: User, django_assert_num_queries
) -> None:
    case = make_case()
    client.get("/notices/")  # the loop bar remembers its counts
    for count in (1, 8):
        for _ in range(count):
            tell([person], case, "assigned", {}, NOW)
        with django_assert_num_queries(QUERIES):
            client.get("/notices/")


#: Session, user; count, rows, unread.
QUERIES = 5
