"""Metrics of the casework: what counts against a unit at a period's end."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from jiulong.scorecards import case_metrics, metrics
from jiulong.scorecards.models import Subject
from tests.cases.notices.case import make_case
from tests.factories import make_unit

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 3, 20, 10, tzinfo=UTC)


def test_who_replied_is_not_overdue_however_long_others_take_to_verify() -> None:
    unit = make_unit()
    subject = Subject.objects.create(code="s", kind="unit", name="S", unit=unit)
    for number, replied in (
        ("1", None), ("2", DUE.replace(day=18)), ("3", DUE.replace(day=25)),
        ("4", DUE.replace(month=4)),
    ):  # fmt: skip
        make_case(number, lead=unit, due_at=DUE, replied_at=replied)
    case_metrics.register_all()
    found = metrics.registered()["cases.overdue"].compute("2026-03", [subject])
    value, refs = found[subject.pk]
    # The first never replied, the fourth only in April.
    assert (value, len(refs)) == (Decimal(2), 2)
