"""What holds for the tests of scorecards: words are compared in English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def client(client: Client) -> Client:
    """A browser that reads English."""
    client.cookies["django_language"] = "en"
    return client
