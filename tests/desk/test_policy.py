"""No page carries anything inline: the content security policy would block it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from jiulong.organisation.models import User
from tests import factories
from tests.pages.html import Node, Page

pytestmark = pytest.mark.django_db


def addresses(patterns: list[URLPattern | URLResolver], start: str = "/") -> Iterator[str]:
    """Every address that needs no argument."""
    for entry in patterns:
        part = str(entry.pattern)
        if "<" in part or "(" in part:
            continue
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, start + part)
        else:
            yield start + part.rstrip("$")


PAGES = [to for to in addresses(get_resolver().url_patterns) if to != "/live/"]


def inline(node: Node) -> list[str]:
    """What the policy would block in this element."""
    found = [
        f"<{node.tag} {name}>"
        for name in node.attributes
        if name == "style" or name.startswith("on")
    ]
    data = node.attributes.get("type") == "application/json"
    if node.tag == "style" or (node.tag == "script" and "src" not in node.attributes and not data):
        found.append(f"<{node.tag}>")
    for name in ("src", "href", "action"):
        if node.attributes.get(name, "").startswith(("javascript:", "http:", "//")):
            found.append(f"<{node.tag} {name}={node.attributes[name]}>")
    return found


@pytest.mark.parametrize("address", PAGES)
def test_it_carries_nothing_inline(client: Client, address: str) -> None:
    client.force_login(factories.make_user(User.Role.ADMINISTRATOR))
    factories.make_finding()
    factories.make_logger()
    answer = client.get(address)
    if not answer.get("Content-Type", "").startswith("text/html") or answer.status_code == 302:
        return
    page = Page(answer)
    assert [found for node in page.walk() for found in inline(node)] == []
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_it_would_see_what_is_inline() -> None:
    class Answer:
        content = (
            b'<p style="x" onclick="y"></p><script>1</script>'
            b'<script type="application/json">1</script>'
        )

    assert [found for node in Page(Answer()).walk() for found in inline(node)] == [
        "<p style>", "<p onclick>", "<script>",
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["/account/login/", "/account/inactive/"])
def test_it_carries_nothing_inline_at_the_door(client: Client, address: str) -> None:
    page = Page(client.get(address))
    assert [found for node in page.walk() for found in inline(node)] == []
    assert page.one("h1").text != ""
