"""What a pack says of a matter is what is stored of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from jiulong.cases.pack_checks import check_matters
from jiulong.cases.schema import MatterSpec
from jiulong.cases.sections import _json
from jiulong.packs.sections import Context
from tests.factories import NOW


def test_a_matter_without_verification_stays_without() -> None:
    given = {"key": "a.b", "name": "x", "number": "{serial}", "dispatch": "D", "verify": None}
    spec = MatterSpec.model_validate({**given, "clocks": {"handle": "5 days"}})
    assert MatterSpec.model_validate(_json(spec)) == spec


class Nothing:
    """A pack that refers to no other."""

    def has(self, _section: str, _code: str) -> bool:
        return False

    def codes(self, _section: str) -> list[str]:
        return []

    def get(self, _section: str, _code: str) -> None:
        return None

    def items(self, _section: str) -> list[Any]:
        return []


def _answer_faults(when: dict[str, str]) -> list[str]:
    choice = {
        "key": "next",
        "type": "choice",
        "label": "x",
        "choices": [{"key": "a", "label": "a"}],
    }
    spec = MatterSpec.model_validate({
        "key": "a.b", "name": "x", "number": "{serial}", "dispatch": "$filer", "verify": None,
        "clocks": {"handle": "5 days"},
        "tasks": [
            {"key": "remote", "name": "x", "unit": "$filer", "fields": [choice]},
            {"key": "visit", "name": "x", "unit": "$filer", "after": ["remote"], "when": when},
        ],
    })  # fmt: skip
    context = Context(pack="test", known=Nothing(), now=NOW)
    return [fault.message for fault in check_matters([spec], context)]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"remote.next": "a"}, []),
        ({"visit.next": "a"}, ["“visit” is not done before this task"]),
        ({"remote.nxt": "a"}, ["there is no “nxt” among fields of the task; did you mean “next”?"]),
        ({"remote.next": "b"}, ["there is no “b” among choices"]),
    ],
)
def test_a_task_asks_for_answers_that_are_given_before_it(
    when: dict[str, str], expected: list[str]
) -> None:
    with translation.override("en"):
        assert _answer_faults(when) == expected
