"""The whole box, applied once, with people in its units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from jiulong.packs.actions import apply_packs
from tests.factories import NOW
from tests.packs.box.walk import hire
from tests.packs.standing import standing


@pytest.fixture(scope="package")
def _standing_box(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    def prepare() -> None:
        apply_packs(actor=None, paths=[settings.PACKS], now=NOW)
        hire()

    with standing(django_db_blocker, prepare):
        yield


@pytest.fixture
def whole_box(_standing_box: None, db: None) -> None:
    """All packs are applied, and every unit that acts has people."""
