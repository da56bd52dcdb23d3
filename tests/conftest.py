"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """A visitor who reads English leaves no English behind for the next test."""
    yield
    translation.deactivate()
