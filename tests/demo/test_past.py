"""The past of the demo: who answered, and when what was found would have been found."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from jiulong.cases.models import Case, MatterType
from jiulong.demo import past
from jiulong.monitoring.models import Finding
from tests.factories import NOW, make_finding, make_point

EXCEEDANCE = MatterType(code="huanbao.exceedance")


def test_most_are_explained_few_are_visited_and_hardly_any_is_fined() -> None:
    fates = Counter(
        past._fate(Case(matter=EXCEEDANCE, source_ref=f"alarm/{number}", title="超标"))
        for number in range(2000)
    )
    shares = {fate: round(count / 2000, 2) for fate, count in fates.items()}
    assert shares == pytest.approx(
        {"answered": 0.6, "visited": 0.34, "open": 0.05, "fined": 0.01}, abs=0.03
    )


@pytest.mark.django_db
def test_what_was_found_is_dated_back_but_never_forward() -> None:
    point, start = make_point(), NOW - timedelta(days=10)
    rules = ("hour_exceedance", "day_exceedance", "suspicious_marks", "jump")
    for rule in rules:
        make_finding(point, rule=rule, started_at=start, found_at=NOW)
    early = start + timedelta(minutes=10)
    Finding.objects.filter(rule="jump").update(found_at=early)
    with connection.cursor() as cursor:
        cursor.execute(
            past.DATE_BACK,
            {"daily": list(past.DAILY), "monthly": list(past.MONTHLY), "now": NOW},
        )
    found = dict(Finding.objects.values_list("rule", "found_at"))
    assert found == {
        "hour_exceedance": start + timedelta(minutes=66),
        "day_exceedance": start + timedelta(hours=24, minutes=20),
        "suspicious_marks": NOW,
        "jump": early,
    }
