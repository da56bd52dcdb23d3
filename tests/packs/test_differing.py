"""What differs between two stored values is told part by part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from jiulong.packs.differing import differences


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Words here are compared in English."""
    with translation.override("en"):
        yield


ONE, TWO = {"key": "a", "n": 1}, {"key": "b", "n": 2}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"clocks": {"handle": {"critical": "4h", "normal": "8h"}}},
         {"clocks": {"handle": {"critical": "2h", "normal": "8h"}}},
         ["clocks.handle.critical: 4h → 2h"]),
        ({"tasks": [ONE, TWO]}, {"tasks": [ONE, {"key": "b", "n": 3}]}, ["tasks.b.n: 2 → 3"]),
        ({"tasks": [ONE, TWO]}, {"tasks": [TWO, ONE]}, ["tasks (order): a, b → b, a"]),
        ({"tasks": [ONE]}, {"tasks": [ONE, TWO]}, ["tasks.b: — → key: b, n: 2"]),
        ({"rungs": [{"at": 1}, {"at": 2}]}, {"rungs": [{"at": 1}, {"at": 9}]},
         ["rungs.2.at: 2 → 9"]),
        ({"needs": ["photo"]}, {"needs": ["photo", "note"]}, ["needs: photo → photo, note"]),
        ({"name": {"zh": "甲", "en": "A"}}, {"name": {"zh": "甲", "en": "B"}}, ["name: A → B"]),
        ({"name": {"zh": "甲", "en": "A"}}, {"name": {"zh": "乙", "en": "A"}},
         ["name.zh: 甲 → 乙"]),
        ({"open": True, "gone": 5}, {"open": False}, ["open: yes → no", "gone: 5 → —"]),
        ({"a": None}, {"a": []}, []),
    ],
)  # fmt: skip
def test_it_names_the_parts_that_differ(
    before: dict[str, Any], after: dict[str, Any], told: list[str]
) -> None:
    assert [str(one) for one in differences(before, after)] == told


def test_a_long_value_is_cut() -> None:
    (one,) = differences({"a": "x"}, {"a": "y" * 200})
    assert one.after == "y" * 120 + "…"
