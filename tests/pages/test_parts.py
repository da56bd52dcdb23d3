"""Lights, icons, the menu, addresses and columns."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

import jiulong
from jiulong.organisation.models import User
from jiulong.pages import addresses, icons, lights, navigation
from jiulong.pages.columns import Column, as_code, follow
from tests import factories

SOURCES = Path(jiulong.__file__).parent
ROOT = SOURCES.parent.parent


def test_it_says_a_light_by_shape_and_word_and_colour() -> None:
    with translation.override("en"):
        assert lights.light("over") == (
            '<span class="light light-over">'
            '<svg class="shape" viewBox="0 0 12 12" aria-hidden="true">'
            '<rect x="1" y="1" width="10" height="10" fill="currentColor"/></svg>'
            '<span class="light-word">Over the limit</span></span>'
        )
        assert "<b>" not in lights.light("met", "<b>")


def test_it_has_one_shape_a_tone_and_knows_no_other_state() -> None:
    assert len(set(lights.SHAPES.values())) == 5
    with pytest.raises(KeyError):
        lights.light("purple")


def test_it_has_a_light_for_every_state_that_models_know() -> None:
    from jiulong.gateway.models import Command
    from jiulong.monitoring.models import Finding

    states = {*Command.State.values, *Finding.Severity.values, "live", "late", "offline"}
    assert states - lights.LIGHTS.keys() == set()


def test_it_finds_every_icon_that_a_page_names() -> None:
    listed = set(json.loads((ROOT / "package.json").read_text())["jiulong"]["icons"])
    named = set()
    for source in [*SOURCES.rglob("*.html"), *SOURCES.rglob("*.py")]:
        text = source.read_text(encoding="utf-8")
        named |= set(re.findall(r'{% icon "([\w-]+)" %}', text))
        named |= set(re.findall(r'\bicon="([\w-]+)"', text))
    assert named - listed == set()
    assert icons.icon("droplet").startswith('<svg class="icon" aria-hidden="true"')


@pytest.mark.parametrize("name", ["no-such-icon", "../seal", "Droplet"])
def test_it_says_where_a_missing_icon_belongs(name: str) -> None:
    with pytest.raises(LookupError, match=re.escape("add it to the icons in package.json")):
        icons.icon(name)


@pytest.mark.django_db
def test_it_hides_an_entry_from_those_without_the_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", {})
    navigation.add(navigation.Entry(group="", name="wall", label="Raw", icon="eye", verb="see_raw"))
    navigation.add(navigation.Entry(group="", name="home", label="Home", icon="home", order=1))
    seen = {
        role: [entry.label for entry, _to in navigation.entries(factories.make_user(role))]
        for role in (User.Role.OFFICER, User.Role.OBSERVER)
    }
    assert seen == {User.Role.OFFICER: ["Home", "Raw"], User.Role.OBSERVER: ["Home"]}


@pytest.mark.parametrize(
    ("query", "changes", "expected"),
    [
        ("", {}, "/f/"),
        ("a=1&page=3", {"a": "2"}, "/f/?a=2"),
        ("a=1&page=3", {"page": 4}, "/f/?a=1&page=4"),
        ("a=1", {"a": None}, "/f/"),
        ("a=&b=x y", {}, "/f/?b=x+y"),
        ("q=%26%3D", {"b": "é"}, "/f/?q=%26%3D&b=%C3%A9"),
    ],
)
def test_it_changes_one_thing_of_an_address(
    query: str, changes: dict[str, Any], expected: str
) -> None:
    assert addresses.address(RequestFactory().get(f"/f/?{query}"), **changes) == expected


def test_it_follows_paths_and_says_where_one_breaks() -> None:
    row = {"point": {"name": "P"}, "at": datetime(2026, 3, 10, tzinfo=UTC), "none": None}
    assert follow(row, "point.name.lower") == "p"
    assert follow(row, "none.deeper") is None
    with pytest.raises(LookupError, match="shoe"):
        follow(row["at"], "year.shoe")


def test_it_escapes_what_a_row_says() -> None:
    column = Column(name="name", label="Name")
    assert column.html({"name": ""}) == "—"
    assert as_code("<script>") == '<span class="mono">&lt;script&gt;</span>'


def test_it_exports_local_time_and_bare_values() -> None:
    at = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
    assert Column(name="at", label="At").exported({"at": at}) == (
        datetime(2026, 3, 10, 12, tzinfo=UTC).replace(tzinfo=None)
    )
    assert Column(name="n", label="N", export=lambda n: n * 2).exported({"n": 2}) == 4


def test_it_gives_a_live_region_everything_it_needs() -> None:
    page = Template('{% load pages %}<p {% live "x" "readings" "seals" %}></p>')
    assert page.render(Context({"request": RequestFactory().get("/p/?a=1&b=2")})) == (
        '<p id="x" hx-get="/p/?a=1&amp;b=2" hx-select="#x" hx-target="this" hx-swap="outerHTML" '
        'hx-push-url="false" hx-disinherit="*" '
        'hx-trigger="live:readings from:body, live:seals from:body"></p>'
    )
