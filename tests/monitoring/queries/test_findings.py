"""Findings as a list and one by one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from jiulong.monitoring.models import Finding
from jiulong.monitoring.queries import acknowledgeable, finding, findings, findings_by_rule
from tests.factories import NOW, make_factor, make_finding, make_point, make_user
from tests.people import People

HOUR = timedelta(hours=1)


def test_everybody_sees_what_is_theirs(people: People) -> None:
    mine, others = make_finding(people.point), make_finding(people.other_point)
    assert set(findings(people.officer)) == {mine, others}
    assert list(findings(people.owner)) == [mine]
    assert list(findings(AnonymousUser())) == []
    assert findings_by_rule(people.owner) == {"hour_exceedance": 1}
    assert findings_by_rule(people.officer) == {"hour_exceedance": 2}


def test_a_finding_of_others_does_not_exist(people: People) -> None:
    mine = make_finding(people.point)
    assert finding(people.owner, mine.pk) == mine
    with pytest.raises(Finding.DoesNotExist):
        finding(people.sibling, mine.pk)


def test_it_filters(db: None) -> None:
    viewer = make_user()
    one = make_finding(
        factor=make_factor("w01018"), started_at=NOW - 9 * HOUR, ended_at=NOW - 8 * HOUR
    )
    two = make_finding(
        rule="offline",
        severity=Finding.Severity.SERIOUS,
        started_at=NOW - 5 * HOUR,
        acknowledged_at=NOW,
    )

    def found(**filters: Any) -> list[Finding]:
        return list(findings(viewer, **filters))

    assert found() == [two, one]
    assert found(rule="offline") == found(severity="serious") == found(standing="open") == [two]
    assert found(standing="ended") == found(factor="w01018") == found(acknowledged=False) == [one]
    assert found(acknowledged=True) == found(point=two.point.code) == [two]
    assert found(since=NOW - 7 * HOUR) == [two]
    assert found(until=NOW - 7 * HOUR) == [one]
    assert found(q=one.point.outfall.enterprise.name) == found(q="cod") == [one]
    assert found(q="nobody") == []
    assert findings_by_rule(viewer) == {"offline": 1}
    assert findings_by_rule(viewer, only_open=False) == {"hour_exceedance": 1, "offline": 1}


def test_it_sorts(db: None) -> None:
    viewer = make_user()
    small = make_finding(multiple=Decimal("0.10"), severity=Finding.Severity.SERIOUS)
    large = make_finding(multiple=Decimal("2.00"))
    assert list(findings(viewer, sort="-multiple")) == [large, small]
    assert list(findings(viewer, sort="-severity")) == [small, large]
    assert list(findings(viewer, sort="nonsense")) == list(findings(viewer)) == [small, large]


@pytest.mark.parametrize("count", [1, 5])
def test_a_list_takes_one_query(db: None, django_assert_num_queries: Any, count: int) -> None:
    viewer = make_user()
    for _ in range(count):
        make_finding(make_point(), factor=make_factor(), acknowledged_by=viewer)
    with django_assert_num_queries(1):
        for row in findings(viewer):
            assert str(row.point.outfall.enterprise), (str(row.factor), str(row.acknowledged_by))


def test_it_offers_to_acknowledge_once_and_to_those_who_may(people: People) -> None:
    fresh = make_finding(people.point)
    seen = make_finding(people.point, acknowledged_at=NOW)
    assert [acknowledgeable(who, fresh) for who in (people.owner, people.officer)] == [True, True]
    assert not acknowledgeable(people.observer, fresh)
    assert not acknowledgeable(AnonymousUser(), fresh)
    assert not acknowledgeable(people.officer, seen)
