"""The demo's plants, filings and river."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jiulong.plant import demo, queries
from jiulong.plant.models import ParameterFiling, SectionMeasurement
from tests.almighty import altered
from tests.factories import make_factor
from tests.people import make_people
from tests.plant.conftest import at

pytestmark = pytest.mark.django_db


def test_it_invents_plants_filings_and_a_river() -> None:
    people = make_people()
    points = [people.point, people.other_point]
    assert demo.describe_plants(points, at(0)) == 4
    assert demo.describe_plants(points, at(0)) == 4  # again changes nothing
    filed = {(people.point, make_factor()): {"i13008": "1.0", "i13001": "150"}}
    assert demo.file_all(filed, at(0), reviewer=people.officer) == 1
    assert ParameterFiling.objects.get().state == "confirmed"
    assert altered() == "", "what was invented is as its events tell, too"
    demo.lay_rivers([point.outfall for point in points], date(2026, 3, 10), months=3)
    assert SectionMeasurement.objects.count() == 9
    rows = queries.sections(people.officer)
    assert [row.verdict and row.verdict.grade for row in rows] == [2, 3, 3]
    assert [len(row.outfalls) for row in rows] == [0, 1, 1]
    assert rows[-1].section.km == Decimal(30)
    winter = SectionMeasurement.objects.get(section=rows[-1].section, on=date(2026, 2, 8))
    verdict = queries.verdict_of(winter, 3)
    assert verdict is not None
    assert (verdict.grade, verdict.worst) == (4, ("w01009", "w01018", "w21003", "w21011"))
