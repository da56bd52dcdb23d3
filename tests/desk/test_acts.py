"""Recorded acts in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from jiulong.desk import acts
from jiulong.desk.operations import SHORT, shortened
from jiulong.evidence.models import Event


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Words here are compared in English."""
    with translation.override("en"):
        yield


def event(subject: str = "organisation.unit", **data: object) -> Event:
    return Event(verb="assign", subject=subject, subject_id="1", data=data)


def test_a_verb_stands_in_words_and_an_unknown_one_as_it_is() -> None:
    assert [acts.act(verb) for verb in ("assign", "create_unit", "fly")] == [
        "Assign", "Add a unit", "fly",
    ]  # fmt: skip
    assert acts.verbs_like("add a UNIT") == ["create_unit"]


def test_details_are_readable() -> None:
    said = event(late=True, missing=False, supports=["a", "b"], name=["Old", "New"], reason="")
    assert acts.told(said) == (
        "Late: yes · Missing documents: no · Support units: a、b · Name: Old → New · Reason: —"
    )
    assert acts.told(event(changes={"phone": [None, "1"]})) == "Changes: phone: — → 1"


def test_an_act_on_a_case_tells_its_stages_and_its_limit() -> None:
    said = event("cases.case", lead=["350602-urban"], clock="5 working_days", on="2026-01-02",
                 **{"from": "filed", "to": "assigned"})  # fmt: skip
    assert acts.told(said) == "Filed → Assigned · Lead unit: 350602-urban · Limit: 5 working days"


def test_a_list_shows_the_beginning_of_a_long_text() -> None:
    assert shortened("x" * SHORT) == "x" * SHORT
    assert shortened("x" * (SHORT + 1)) == "x" * SHORT + "…"
