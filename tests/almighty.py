"""Somebody who may drop triggers, and what `jiulong verify` finds of their work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils import translation

from jiulong.evidence.checks import Report
from jiulong.evidence.verification import verify_records


@contextmanager
def almighty(table: str) -> Iterator[None]:
    """Without the triggers of a table."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def altered() -> str:
    """The first record that is not as its event tells, in English; empty: none."""
    report = Report()
    with translation.override("en"):
        verify_records(report)
        return str(report.bad) if report.bad else ""
