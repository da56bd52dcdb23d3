"""One line for who sees a page for the first time."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.translation import override

from jiulong.desk.hints import HINTS
from jiulong.organisation.models import User
from tests import factories
from tests.pages.html import Page

TO = "/hints/close/"


@pytest.fixture
def officer(client: Client, settings: Any) -> User:
    settings.HINTS = True
    client.cookies["django_language"] = "en"
    user = factories.make_user(User.Role.OFFICER)
    client.force_login(user)
    return user


def hints(client: Client, page: str = "/") -> list[str]:
    return [one.text for one in Page(client.get(page)).all(".hint p")]


@pytest.mark.django_db
def test_it_shows_a_hint_until_this_person_closes_it(client: Client, officer: User) -> None:
    with override("en"):
        assert hints(client) == [str(HINTS["home"])]
    answer = client.post(TO, {"page": "home", "next": "/calendar/"})
    assert (answer.status_code, answer["Location"]) == (303, "/calendar/")
    assert hints(client) == []
    client.post(TO, {"page": "home"}, headers={"HX-Request": "true"})
    officer.refresh_from_db()
    assert officer.hints_closed == ["home"]
    client.force_login(factories.make_user(User.Role.OFFICER))
    assert len(hints(client)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["", "moon", "healthz"])
def test_it_refuses_to_close_what_is_no_hint(client: Client, officer: User, page: str) -> None:
    assert client.post(TO, {"page": page}).status_code == 400
    officer.refresh_from_db()
    assert officer.hints_closed == []


@pytest.mark.django_db
def test_it_goes_back_only_within_the_house(client: Client, officer: User) -> None:
    assert officer.hints_closed == []
    answer = client.post(TO, {"page": "home", "next": "//evil.example/"})
    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_it_is_silent_where_the_site_wants_none(
    client: Client, officer: User, settings: Any
) -> None:
    settings.HINTS = False
    assert hints(client) == []
    assert officer.hints_closed == []


def test_every_hint_belongs_to_a_page() -> None:
    with_arguments = {"scorecards:standing": [1], "scorecards:row": [1]}
    assert get_resolver().url_patterns
    for page in HINTS:
        assert reverse(page, args=with_arguments.get(page, []))
