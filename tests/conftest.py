"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

# Argon2 is slow on purpose; what is kept as passwords here is nobody's.
settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    *settings.PASSWORD_HASHERS,
]


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """A visitor who reads English leaves no English behind for the next test."""
    yield
    translation.deactivate()
