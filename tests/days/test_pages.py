"""Every page, at a desk in Chinese by day and on a phone in English by night: whole."""

from __future__ import annotations

import pytest

from tests.days.addresses import LOOKS, OTHERS, for_people
from tests.days.addresses.common import Look
from tests.days.tour import DESK, PHONE, Tour

pytestmark = pytest.mark.browser


def test_it_looks_at_every_page_there_is() -> None:
    looked_at = {look.name for look in LOOKS}
    assert sorted(for_people() - looked_at - OTHERS.keys()) == []
    assert sorted((looked_at | OTHERS.keys()) - for_people()) == []
    assert sorted(looked_at & OTHERS.keys()) == []


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_it_shows_the_page_without_trouble(tour: Tour, database: None, look: Look) -> None:
    """Answered, nothing refused by the page's policy, no error in its scripts, not too wide."""
    wrong = [told for around in (DESK, PHONE) for told in tour.see(look, around).wrong]
    assert wrong == []
