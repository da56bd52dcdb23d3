"""Rates: whole numbers first, one rounding last."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from jiulong.cases import actions, queries
from jiulong.cases.models import Case
from jiulong.cases.queries.statistics import percent
from tests.cases.matters import make_district, make_matter
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [(0, 0, None), (0, 3, "0.0"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 1, "100.0"),
     (1, 16, "6.3"), (5, 80, "6.3")],
)  # fmt: skip
def test_a_rate_is_rounded_half_up_once(part: int, whole: int, rate: str | None) -> None:
    assert percent(part, whole) == (None if rate is None else Decimal(rate))


def test_rates_by_unit_month_and_matter() -> None:
    district = make_district()
    matter = make_matter(closing={"needs": []})
    cases = []
    for n in range(4):
        case = actions.file_case(
            actor=district.dispatcher, matter=matter, title=f"第{n}件", now=NOW
        )
        cases.append(actions.assign_case(actor=district.dispatcher, case=case, now=NOW))
    for case in cases[:3]:
        actions.accept_case(actor=district.handler, case=case, now=NOW)
    on_time, late = cases[0], cases[1]
    actions.reply_case(actor=district.handler, case=on_time, answer="好", now=NOW)
    actions.reply_case(actor=district.handler, case=late, answer="好", now=NOW + timedelta(days=30))
    Case.objects.filter(pk=on_time.pk).update(confirmed=True, rating=5)
    Case.objects.filter(pk=late.pk).update(confirmed=False, rating=2, reworks=1)
    actions.withdraw_case(actor=district.supervisor, case=cases[3], reason="误报", now=NOW)
    after = NOW + timedelta(days=31)
    rates = queries.totals(district.supervisor, after)
    # Three count: the fourth was withdrawn. One on time, one late, one open and past its deadline.
    assert (
        rates.filed, rates.response, rates.punctual, rates.rework, rates.satisfaction,
        rates.closing, rates.rating,
    ) == (
        3, Decimal("100.0"), Decimal("33.3"), Decimal("50.0"), Decimal("50.0"), Decimal("0.0"),
        Decimal("3.5"),
    )  # fmt: skip
    for by in (queries.by_unit, queries.by_month, queries.by_matter):
        assert [(row.filed, row.punctual) for row in by(district.supervisor, after)] == [
            (3, Decimal("33.3"))
        ]
    assert queries.by_unit(district.sibling, after) == []
    assert queries.totals(district.sibling, after).filed == 0


def test_a_time_and_a_matter_narrow_them() -> None:
    district = make_district()
    actions.file_case(actor=district.dispatcher, matter=make_matter(), title="甲", now=NOW)
    viewer, day = district.supervisor, timedelta(days=1)
    counts = [
        queries.totals(viewer, NOW, **asked).filed
        for asked in (
            {"since": NOW - day}, {"since": NOW + day}, {"until": NOW}, {"until": NOW + day},
            {"matter": "test.matter"}, {"matter": "moon"},
        )
    ]  # fmt: skip
    assert counts == [1, 0, 0, 1, 1, 0]
