"""Tokens: shown once, kept as a digest, noted when used, closed for good."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from jiulong.api.actions import create_token, revoke_token, use_token
from jiulong.api.models import ApiToken
from jiulong.api.queries import tokens
from jiulong.evidence.models import Event
from jiulong.organisation.models import User
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_it_keeps_no_token_only_its_digest() -> None:
    owner = make_user()
    token, text = create_token(actor=owner, owner=owner, name="report")
    assert text.startswith(token.prefix)
    assert len(text) == 46
    row = ApiToken.objects.values().get()
    assert text not in str(row)
    assert use_token(text=text, now=timezone.now()) == owner
    event = Event.objects.get()
    assert (event.verb, event.actor, event.data["prefix"]) == ("create_token", owner, token.prefix)


def test_it_opens_to_no_other_text() -> None:
    owner = make_user()
    _token, text = create_token(actor=owner, owner=owner, name="report")
    for other in ("", text[:-1], text + "x", text[:11], "jl_"):
        assert use_token(text=other, now=timezone.now()) is None


def test_it_ends_when_it_expires_or_is_revoked_or_its_owner_leaves() -> None:
    owner, now = make_user(), timezone.now()
    token, text = create_token(actor=owner, owner=owner, name="x", expires_at=now + MINUTE)
    assert use_token(text=text, now=now) == owner
    assert use_token(text=text, now=now + MINUTE) is None
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert use_token(text=text, now=now) is None
    User.objects.filter(pk=owner.pk).update(is_active=True)
    assert revoke_token(actor=owner, token=token)
    assert not revoke_token(actor=owner, token=token)
    assert use_token(text=text, now=now) is None
    assert [event.verb for event in Event.objects.all()] == ["revoke_token", "create_token"]


def test_it_notes_its_use_at_most_once_a_minute() -> None:
    owner, now = make_user(), timezone.now()
    _token, text = create_token(actor=owner, owner=owner, name="x")
    for after, noted in ((0, 0), (0.5, 0), (1, 1), (1.5, 1)):
        use_token(text=text, now=now + after * MINUTE)
        assert ApiToken.objects.get().last_used_at == now + noted * MINUTE


def test_it_is_made_for_oneself_or_by_those_who_manage_accounts() -> None:
    owner, manager = make_user(), make_user(User.Role.ADMINISTRATOR)
    sibling = make_user(User.Role.ENTERPRISE, make_unit())
    token, _text = create_token(actor=manager, owner=owner, name="x")
    for stranger in (sibling, AnonymousUser(), make_user(User.Role.OFFICER)):
        with pytest.raises(PermissionDenied):
            create_token(actor=stranger, owner=owner, name="x")
        with pytest.raises(PermissionDenied):
            revoke_token(actor=stranger, token=token)
        assert list(tokens(stranger)) == []
    assert list(tokens(owner)) == list(tokens(manager)) == [token]


def test_it_needs_a_name_and_time_to_live() -> None:
    owner = make_user()
    with pytest.raises(ValidationError):
        create_token(actor=owner, owner=owner, name="")
    with pytest.raises(ValidationError):
        create_token(actor=owner, owner=owner, name="x", expires_at=timezone.now())
    assert ApiToken.objects.count() == 0


def test_it_is_managed_from_the_command_line() -> None:
    make_user(username="lin")
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        call_command(
            "token", "create", "lin", "--name", "map", "--days", "7", stdout=out, stderr=err
        )
        text = out.getvalue().strip()
        assert use_token(text=text, now=timezone.now()) is not None
        assert "only time" in err.getvalue()
        out = StringIO()
        call_command("token", "list", "lin", stdout=out)
        assert out.getvalue().startswith(f"{text[:11]}  lin  map  valid  ")
        call_command("token", "revoke", text[:11], stdout=out)
        assert f"Token {text[:11]} is revoked." in out.getvalue()
        for arguments, said in (
            (("revoke", text[:11]), "revoked before"),
            (("revoke", "jl_nothing"), "no token"),
            (("create", "wang", "--name", "x"), "no account wang"),
            (("create", "lin", "--name", "x", "--days", "0"), "has passed"),
        ):
            with pytest.raises(CommandError, match=said):
                call_command("token", *arguments, stdout=out, stderr=err)
