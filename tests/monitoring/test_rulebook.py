"""Deadlines of alarms in words, as packs may write them."""

from __future__ import annotations

import pytest
from django.utils import translation

from jiulong.monitoring import deadlines, rulebook


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "—"), ("same_day", "the same day"), ("next_day 12:00", "12:00 of the next day"),
        ("2 hours", "2 hours"), ("1 working_days 09:30", "1 working day, by 09:30"),
    ],
)  # fmt: skip
def test_what_a_pack_may_say_has_words(text: str, told: str) -> None:
    deadlines.check(text)
    with translation.override("en"):
        assert rulebook.told(text) == told
