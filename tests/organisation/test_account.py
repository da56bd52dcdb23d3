"""`jiulong account`."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from jiulong.evidence.models import Event
from jiulong.organisation.models import Unit, User
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "A-river-runs-here"


def run(monkeypatch: pytest.MonkeyPatch, *words: str, typed: str = PASSWORD) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    out = io.StringIO()
    call_command("account", *words, stdout=out)
    return out.getvalue()


def test_it_makes_the_first_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "create", "li", "--name", "李")
    user = User.objects.get(username="li")
    assert (user.role, user.check_password(PASSWORD), str(user)) == ("administrator", True, "李")
    assert Event.objects.get().verb == "create_user"


def test_it_gives_an_enterprise_account_its_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = factories.make_unit(Unit.Kind.ENTERPRISE, code="E1")
    run(monkeypatch, "create", "wang", "--role", "enterprise", "--unit", "E1")
    assert User.objects.get().unit == unit


@pytest.mark.parametrize(
    ("words", "typed", "complaint"),
    [
        (["create", "li"], "short", "too short"),
        (["create", "li", "--role", "enterprise"], PASSWORD, "needs its enterprise's unit"),
        (["create", "li", "--unit", "X"], PASSWORD, "no unit X"),
        (["create", "li", "--role", "king"], PASSWORD, "no such role"),
        (["close", "nobody"], PASSWORD, "no account nobody"),
    ],
)
def test_it_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, words: list[str], typed: str, complaint: str, settings: object
) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match=complaint):
        run(monkeypatch, *words, typed=typed)
    assert not User.objects.exists()


def test_it_closes_opens_lists_and_sets_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    user = factories.make_user(username="zhao")
    run(monkeypatch, "close", "zhao")
    assert "zhao\tofficer" in run(monkeypatch, "list")
    user.refresh_from_db()
    assert not user.is_active
    run(monkeypatch, "open", "zhao")
    run(monkeypatch, "password", "zhao", typed="Another-river-runs")
    user.refresh_from_db()
    assert (user.is_active, user.check_password("Another-river-runs")) == (True, True)


def test_it_unlocks(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    until = timezone.now() + timedelta(minutes=5)
    factories.make_user(username="zhao", locked_until=until)
    assert "locked" in run(monkeypatch, "list")
    run(monkeypatch, "unlock", "zhao")
    assert "locked" not in run(monkeypatch, "list")


def test_it_gives_a_password_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "create", "li", "--role", "auditor", "--temporary")
    run(monkeypatch, "create", "wu", "--role", "security")
    assert [u.must_change_password for u in User.objects.order_by("username")] == [True, False]
