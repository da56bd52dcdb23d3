"""A station with an enterprise, an operating firm and those who must not meddle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from jiulong.monitoring.models import Factor, Point
from jiulong.organisation.models import Unit, User
from jiulong.upkeep import changes
from tests.factories import make_factor, make_point, make_unit, make_user
from tests.people import People, make_people


@dataclass(frozen=True)
class Station:
    """`operator` serves `point`; `stranger` is of another operating firm."""

    people: People
    operator: User
    stranger: User
    desk: User
    point: Point
    cod: Factor
    nh3n: Factor

    @property
    def enterprise(self) -> User:
        return self.people.owner


@pytest.fixture
def station(db: None) -> Station:
    people = make_people()
    firm, other = make_unit(Unit.Kind.ENTERPRISE), make_unit(Unit.Kind.ENTERPRISE)
    Point.objects.filter(pk=people.point.pk).update(operator=firm)
    people.point.refresh_from_db()
    make_point(operator=other)
    return Station(
        people=people,
        operator=make_user("operator", firm),
        stranger=make_user("operator", other),
        desk=make_user("monitor", make_unit()),
        point=people.point,
        cod=make_factor("w01018"),
        nh3n=make_factor("w21003"),
    )


Told = list[tuple[int, date, date, str]]


@pytest.fixture
def told() -> Iterator[Told]:
    """What listeners were told."""
    heard: Told = []

    def listener(point: int, first: date, last: date, cause: str) -> None:
        heard.append((point, first, last, cause))

    changes.listen(listener)
    yield heard
    changes.forget(listener)
