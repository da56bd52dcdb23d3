"""Fixtures of the monitoring tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection

from jiulong.monitoring import judge
from jiulong.monitoring.models import Finding
from tests.factories import NOW
from tests.monitoring.site import Site, make_site
from tests.people import People, make_people


@pytest.fixture
def people(db: None) -> People:
    return make_people()


@pytest.fixture
def site(people: People) -> Site:
    return make_site(people)


@pytest.fixture
def judged(db: None) -> Callable[..., list[Finding]]:
    """Judge everything recorded, then return the findings of a rule in order of start."""

    def run(rule: str, now: datetime = NOW) -> list[Finding]:
        while (step := judge.step(now)) is not None and step.behind:
            pass
        return list(Finding.objects.filter(rule=rule).order_by("started_at"))

    return run


@pytest.fixture
def journal(db: None) -> Callable[[datetime], int]:
    """Append an empty batch received at a moment; returns its id."""

    def append(received_at: datetime) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT journal_append(%s, %s, 'test', 0, '')", [uuid4(), received_at])
            number: int = cursor.fetchone()[0]
        return number

    return append
