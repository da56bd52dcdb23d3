"""What monitoring tells of an enterprise, and whom."""

from __future__ import annotations

import pytest
from django.test import Client

from jiulong.monitoring.register_panels import find_points
from tests.factories import make_finding
from tests.people import People, make_people


@pytest.fixture
def people(db: None) -> People:
    return make_people()


def test_the_file_of_an_enterprise_has_its_points_and_findings(
    people: People, client: Client
) -> None:
    firm = people.point.outfall.enterprise
    make_finding(people.point)
    client.cookies["django_language"] = "en"
    for who, status in ((people.owner, 200), (people.sibling, 404), (people.officer, 200)):
        client.force_login(who)
        answer = client.get(f"/enterprises/{firm.pk}/")
        assert answer.status_code == status
        if status == 200:
            assert f"/points/{people.point.code}/" in answer.content.decode()


def test_points_are_found_by_those_who_see_them(people: People) -> None:
    code = people.point.code
    assert [hit.number for hit in find_points(people.owner, code, 5)] == [code]
    assert [hit.number for hit in find_points(people.officer, code, 5)] == [code]
    assert find_points(people.sibling, code, 5) == []
