"""The door: who gets in, who is kept out, and what is written down of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from jiulong.organisation import actions, queries
from jiulong.organisation.models import LogLine, PasswordUsed, Session, User
from jiulong.organisation.pruning import prune
from jiulong.organisation.sessions import SEEN
from tests.factories import make_unit, make_user
from tests.people import make_people

pytestmark = pytest.mark.django_db
PASSWORD = "Nine dragons river"


@pytest.fixture(autouse=True)
def no_throttle(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()


@pytest.fixture
def person() -> User:
    user = make_user("handler", make_unit(), username="lin")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, password: str = PASSWORD, name: str = "lin") -> Any:
    return client.post("/account/login/", {"login": name, "password": password})


def lines() -> list[tuple[str, bool, str]]:
    return list(LogLine.objects.order_by("id").values_list("kind", "good", "detail"))


def test_every_sign_in_and_refusal_is_written_down(client: Client, person: User) -> None:
    sign_in(client, "wrong")
    sign_in(client, name="nobody")
    assert sign_in(client).status_code == 302
    client.post("/account/logout/")
    assert lines() == [
        ("login", False, "wrong password"),
        ("login", False, "no such account"),
        ("login", True, ""),
        ("logout", True, ""),
    ]
    first, second = LogLine.objects.order_by("id")[:2]
    assert (first.user, first.name, first.address) == (person, "lin", "127.0.0.1")
    assert (second.user, second.name) == (None, "nobody")


def test_no_line_of_the_log_is_changed_or_removed_for_six_months(person: User) -> None:
    now = timezone.now()
    young = LogLine.objects.create(at=now - timedelta(days=182), name="x", kind="login", good=True)
    LogLine.objects.create(at=now - timedelta(days=184), name="old", kind="login", good=True)
    for statement in (
        "UPDATE organisation_logline SET good = false",
        f"DELETE FROM organisation_logline WHERE id = {young.pk}",
    ):
        with (
            pytest.raises(DatabaseError, match=r"append-only|183 days"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert LogLine.objects.filter(name="old").delete()[0] == 1


def test_old_lines_go_only_where_the_setting_says_so(settings: Settings) -> None:
    now = timezone.now()
    for days in (100, 190, 400):
        at = now - timedelta(days=days)
        LogLine.objects.create(at=at, name=f"{days}", kind="login", good=True)
    assert not prune(now)
    settings.LOG_DAYS = 1  # never less than six months all the same
    assert prune(now)
    assert list(LogLine.objects.values_list("name", flat=True)) == ["100"]


def test_too_many_wrong_passwords_lock_the_account(
    client: Client, person: User, settings: Settings
) -> None:
    settings.LOCK_AFTER = 3
    for _ in range(3):
        sign_in(client, "wrong")
    assert sign_in(client).status_code == 200  # the right one does not help now
    assert [kind for kind, _good, _why in lines()].count("lock") == 1
    assert lines()[-1] == ("login", False, "locked")
    administrator = make_user("administrator")
    assert list(queries.people(administrator, locked=True)) == [person]
    assert actions.unlock_user(actor=administrator, user=person)
    assert not actions.unlock_user(actor=administrator, user=person)
    assert sign_in(client).status_code == 302


def test_a_lock_ends_by_itself(client: Client, person: User) -> None:
    User.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert sign_in(client).status_code == 302
    person.refresh_from_db()
    assert (person.locked_until, person.failed_logins) == (None, 0)


def test_a_success_forgets_the_failures(client: Client, person: User, settings: Settings) -> None:
    settings.LOCK_AFTER = 3
    for _ in range(2):
        sign_in(client, "wrong")
        sign_in(client, "wrong")
        sign_in(client)
        client.post("/account/logout/")
    assert "lock" not in {kind for kind, _good, _why in lines()}


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Short-1", "password_too_short"),
        ("nine dragons river", "password_too_uniform"),
        ("NINEDRAGONS12", "password_too_uniform"),
        ("password123", "password_too_common"),
        ("Lin-username-1", "password_too_similar"),
        (PASSWORD, "password_used_before"),
    ],
)
def test_a_password_must_be_good(person: User, password: str, fault: str) -> None:
    from django.contrib.auth.password_validation import validate_password

    person.username = "Lin-username"
    with pytest.raises(ValidationError) as caught:
        validate_password(password, person)
    assert fault in {error.code for error in caught.value.error_list}


def test_the_last_five_passwords_do_not_come_back(person: User) -> None:
    for n in range(5):
        actions.set_password(actor=person, user=person, password=f"River number {n}")
    with pytest.raises(ValidationError):
        actions.set_password(actor=person, user=person, password="River number 0")
    actions.set_password(actor=person, user=person, password=PASSWORD)  # the sixth before
    assert PasswordUsed.objects.filter(user=person).count() == 5


def test_a_password_from_another_must_be_changed_first(client: Client, person: User) -> None:
    actions.set_password(actor=make_user("administrator"), user=person, password="River of 9")
    sign_in(client, "River of 9")
    assert client.get("/")["Location"] == "/account/password/"
    assert client.get("/account/password/").status_code == 200
    fields = {"oldpassword": "River of 9", "password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    assert client.post("/account/password/", fields).status_code == 302
    assert client.get("/house/account/").status_code == 200
    person.refresh_from_db()
    assert (person.must_change_password, person.check_password(PASSWORD + "!")) == (False, True)


def test_an_old_password_must_be_changed(client: Client, person: User, settings: Settings) -> None:
    settings.PASSWORD_DAYS = 90
    client.force_login(person)
    assert client.get("/house/account/").status_code == 200  # nobody noted its age
    User.objects.update(password_set_at=timezone.now() - timedelta(days=91))
    assert client.get("/house/account/")["Location"] == "/account/password/"


def move_back(client: Client, key: str, **span: float) -> None:
    session = client.session
    session[key] = (timezone.now() - timedelta(**span)).isoformat()
    session.save()


@pytest.mark.parametrize(("key", "span"), [(SEEN, {"minutes": 31}), ("began", {"hours": 9})])
def test_a_session_ends(
    client: Client, person: User, settings: Settings, key: str, span: dict[str, float]
) -> None:
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 30, 8
    client.force_login(person)
    assert client.get("/house/account/").status_code == 200
    move_back(client, key, **span)
    answer = client.get("/house/account/")
    assert answer["Location"] == "/account/login/?next=/house/account/"
    assert not Session.objects.filter(user=person).exists()
    assert ("limit", True) in {line[:2] for line in lines()}


def test_use_keeps_a_session_alive_and_costs_a_write_a_minute(
    client: Client, person: User, settings: Settings, django_assert_num_queries: Any
) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    client.force_login(person)
    with django_assert_num_queries(2):  # session, account
        client.get("/house/account/elsewhere/")
    move_back(client, SEEN, minutes=29)
    client.get("/house/account/")
    move_back(client, "began", minutes=40)
    assert client.get("/house/account/").status_code == 200


def test_there_are_only_so_many_sessions(person: User, settings: Settings) -> None:
    settings.SESSIONS_PER_ACCOUNT = 2
    clients = [Client() for _ in range(3)]
    for client in clients:
        client.force_login(person)
    assert [c.get("/house/account/").status_code for c in clients] == [302, 200, 200]


def test_one_signs_out_everywhere_else(person: User) -> None:
    here, there = Client(), Client()
    here.force_login(person)
    there.force_login(person)
    assert here.post("/house/account/elsewhere/").status_code == 302
    assert (here.get("/house/account/").status_code, there.get("/house/account/").status_code) == (
        200,
        302,
    )


def test_a_closed_or_reset_account_is_out_at_once(person: User) -> None:
    administrator, client = make_user("administrator"), Client()
    client.force_login(person)
    actions.set_password(actor=administrator, user=person, password="River of 9")
    assert client.get("/house/account/").status_code == 302
    client.force_login(User.objects.get(pk=person.pk))
    actions.update_user(actor=administrator, user=person, is_active=False)
    assert client.get("/house/account/").status_code == 302
    assert not Session.objects.filter(user=person).exists()


def test_only_oneself_or_the_administrator_ends_sessions(person: User) -> None:
    people = make_people()
    from django.core.exceptions import PermissionDenied

    for who in (people.owner, people.officer, make_user("security")):
        with pytest.raises(PermissionDenied):
            actions.end_sessions(actor=who, user=person)
        with pytest.raises(PermissionDenied):
            actions.unlock_user(actor=who, user=person)
    assert actions.end_sessions(actor=people.administrator, user=person) == 0


def code_of(user: User) -> str:
    secret = user.authenticator_set.get(type="totp").wrap().instance.data["secret"]  # type: ignore[attr-defined]
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_a_second_factor_is_asked_for(client: Client, person: User) -> None:
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    TOTP.activate(person, generate_totp_secret())
    assert sign_in(client)["Location"] == "/account/factor/check/"
    assert client.get("/house/account/").status_code == 302  # not in yet
    assert client.post("/account/factor/check/", {"code": "000000"}).status_code == 200
    assert client.post("/account/factor/check/", {"code": code_of(person)}).status_code == 302
    assert client.get("/house/account/").status_code == 200


def test_a_recovery_code_opens_once(person: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    TOTP.activate(person, generate_totp_secret())
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    for expected in (302, 200):
        client = Client()
        sign_in(client)
        answer = client.post("/account/factor/check/", {"code": code})
        assert answer.status_code == expected


def test_some_roles_must_have_a_second_factor(
    client: Client, person: User, settings: Settings
) -> None:
    settings.MFA_REQUIRED_ROLES = ["administrator", "handler"]
    sign_in(client)
    assert client.get("/house/account/")["Location"] == "/account/factor/app/"
    again = {"password": PASSWORD, "next": "/account/factor/app/"}
    page = client.post("/account/again/", again, follow=True)
    assert page.status_code == 200
    assert b"data:image/svg+xml" in page.content
    settings.MFA_REQUIRED_ROLES = ["administrator"]
    assert client.get("/house/account/").status_code == 200


def test_the_person_sets_the_factor_up_and_gets_codes(client: Client, person: User) -> None:
    sign_in(client)
    again = {"password": PASSWORD, "next": "/account/factor/app/"}
    page = client.post("/account/again/", again, follow=True)
    secret = page.context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    answer = client.post(
        "/account/factor/app/", {"code": format_hotp_value(hotp_value(secret, counter))}
    )
    assert answer["Location"] == "/account/factor/codes/"
    assert client.get("/account/factor/codes/").content.count(b"\n") > 10
    for address in ("/account/factor/", "/account/factor/codes/new/", "/account/factor/app/off/"):
        assert client.get(address).status_code == 200
