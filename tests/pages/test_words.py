"""Times, spans and numbers as a person reads them, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django import template
from django.utils import translation

from jiulong.pages import words

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # noon in Zhangzhou


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (3600, "1 hour"),
        (36 * 3600, "36 hours"),
        (48 * 3600, "2 days"),
        (59 * 86400, "59 days"),
        (60 * 86400, "2 months"),
        (-7200, "2 hours"),
    ],
)
def test_it_tells_a_span_in_its_one_fitting_unit(seconds: int, expected: str) -> None:
    assert words.span(timedelta(seconds=seconds)) == expected


def test_it_tells_how_long_ago_with_the_exact_time_in_the_tip() -> None:
    assert words.ago(NOW - timedelta(minutes=3), NOW) == (
        '<time datetime="2026-03-10T03:57:00+00:00" title="2026-03-10 11:57:00">'
        "3 minutes ago</time>"
    )
    assert ">in 5 minutes<" in words.ago(NOW + timedelta(minutes=5), NOW)


def test_it_tells_what_is_left_and_what_is_overdue() -> None:
    assert ">3 hours left<" in words.until(NOW + timedelta(hours=3), NOW)
    assert ">2 hours overdue<" in words.until(NOW - timedelta(hours=2), NOW)


def test_it_shows_local_time_and_the_year_only_when_it_is_another() -> None:
    assert ">03-10 12:00<" in words.clock(NOW, now=NOW)
    assert ">03-10 12:00:00<" in words.clock(NOW, seconds=True, now=NOW)
    assert ">2025-12-31 23:30<" in words.clock(datetime(2025, 12, 31, 15, 30, tzinfo=UTC), now=NOW)


def test_it_shows_a_dash_for_nothing() -> None:
    assert [words.ago(None), words.until(None), words.clock(None), words.number(None)] == ["—"] * 4
    assert words.figure(float("nan")) == "—"


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0, None, "0"),
        (0.0, None, "0"),
        (7, None, "7"),
        (1234567, None, "1,234,567"),
        (152.4, None, "152.4"),
        (Decimal("0.000123"), None, "0.000123"),
        (0.1 + 0.2, None, "0.3"),
        (12.3456, None, "12.3456"),
        (15.0001, None, "15.0001"),
        (-1e308, None, "-1.000e+308"),
        (-3.20, None, "-3.2"),
        (100, None, "100"),
        (2.5, 2, "2.50"),
        (Decimal("1E+3"), None, "1,000"),
        ("6.50", None, "6.5"),
    ],
)
def test_it_keeps_what_instruments_have_unless_told(value, digits, expected: str) -> None:
    assert words.figure(value, digits) == expected


def test_it_keeps_the_unit_small_beside_the_number() -> None:
    assert words.number(Decimal(80), "mg/L") == (
        '<span class="num">80<span class="unit">mg/L</span></span>'
    )
    assert words.number("1.5", "<b>") == (
        '<span class="num">1.5<span class="unit">&lt;b&gt;</span></span>'
    )


@pytest.mark.parametrize(
    ("language", "name", "gap"), [("en", "Jiulong", " "), ("zh-hans", "九龙", "")]
)
def test_it_names_the_system_and_joins_sentences_as_the_page_does(
    language: str, name: str, gap: str
) -> None:
    page = template.Template("{% load pages %}{{ one|person }},{{ two|person }},A.{% gap %}B.")
    with translation.override(language):
        told = page.render(template.Context({"one": words.SYSTEM, "two": "郑某"}))
    assert told == f"{name},郑某,A.{gap}B."
