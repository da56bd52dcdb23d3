"""Single sign-on: a small OpenID Connect provider on a local socket, asked for real."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from jiulong import settings as site
from jiulong.organisation.models import LogLine, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What the provider says of who signs in there, and what it was asked."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> dict[str, Any]:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": self.issuer + "/authorize",
                "token_endpoint": self.issuer + "/token",
                "userinfo_endpoint": self.issuer + "/who",
                "jwks_uri": self.issuer + "/keys",
            }
        if path == "/token":
            now = int(time.time())
            told = {"iss": self.issuer, "aud": "jiulong", "iat": now, "exp": now + 60}
            token = jwt.encode(told | self.claims, KEY, algorithm="RS256")
            return {"access_token": "a", "token_type": "Bearer", "id_token": token}
        return self.claims


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(made.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_words: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    settings.SOCIALACCOUNT_PROVIDERS = site.oidc_providers(
        made.issuer, "District identity", "jiulong", "secret"
    )
    cache.clear()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def sign_in(client: Client) -> Any:
    """From our button to the provider and back, as a browser goes."""
    away = client.post("/account/sso/sso/?process=login")
    assert away.status_code == 302
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["client_id"] == ["jiulong"]
    assert asked["code_challenge_method"] == ["S256"]
    back = {"code": "c", "state": asked["state"][0]}
    return client.get("/account/sso/sso/back/", back)


def test_it_lets_in_the_account_that_the_claim_names(client: Client, provider: Provider) -> None:
    user = make_user(username="lin")
    provider.claims = {"sub": "17", "preferred_username": "lin"}
    for _ in range(2):  # the first time it makes the link, then it finds it
        assert sign_in(client)["Location"] == "/"
        assert client.get("/house/account/").context["user"] == user
        client.post("/account/logout/")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "17", "preferred_username": "nobody"},
        {"sub": "17", "preferred_username": "closed"},
        {"sub": "17", "email": "lin@example.org"},
        {"sub": "17", "preferred_username": ""},
    ],
)
def test_it_opens_no_account(client: Client, provider: Provider, claims: dict[str, str]) -> None:
    make_user(username="lin", email="lin@example.org")
    make_user(username="closed", is_active=False)
    provider.claims = claims
    assert sign_in(client)["Location"] == "/account/login/"
    assert client.get("/house/account/").status_code == 302
    assert User.objects.count() == 2
    assert LogLine.objects.get().detail == "sso: no such account"


def test_a_subject_that_gets_another_name_gets_no_old_account(
    client: Client, provider: Provider
) -> None:
    make_user(username="lin")
    other = make_user(username="wang")
    provider.claims = {"sub": "17", "preferred_username": "lin"}
    sign_in(client)
    client.post("/account/logout/")
    provider.claims = {"sub": "17", "preferred_username": "wang"}
    sign_in(client)
    assert client.get("/house/account/").context["user"] == other


def test_another_claim_may_hold_the_name(
    client: Client, provider: Provider, settings: Settings
) -> None:
    settings.OIDC_CLAIM = "employee"
    user = make_user(username="lin")
    provider.claims = {"sub": "17", "preferred_username": "x", "employee": "lin"}
    sign_in(client)
    assert client.get("/house/account/").context["user"] == user


def test_a_made_up_answer_is_refused(client: Client, provider: Provider) -> None:
    make_user(username="lin")
    provider.claims = {"sub": "17", "preferred_username": "lin"}
    answer = client.get("/account/sso/sso/back/", {"code": "c", "state": "made-up"})
    assert b"account/login" in answer.content
    assert client.get("/house/account/").status_code == 302
    assert provider.asked == []


def test_the_door_offers_it_and_asks_nobody_before_the_button(
    client: Client, provider: Provider
) -> None:
    assert b"District identity" in client.get("/account/login/").content
    assert provider.asked == []


def test_without_the_setting_there_is_none(client: Client) -> None:
    assert client.post("/account/sso/sso/").status_code == 404
    assert b"/sso/" not in client.get("/account/login/").content
