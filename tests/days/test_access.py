"""No page has a serious fault by axe's reading of WCAG 2.2 AA."""

from __future__ import annotations

import pytest

from tests.days.addresses import LOOKS
from tests.days.addresses.common import Look
from tests.days.tour import DESK, PHONE, Tour

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_it_shuts_nobody_out(tour: Tour, database: None, look: Look) -> None:
    faults = [fault for around in (DESK, PHONE) for fault in tour.see(look, around).faults]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
