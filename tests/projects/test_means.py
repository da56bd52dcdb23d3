"""Land, demolition and funds of projects are added up by place, unit and level."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiulong.projects import queries
from jiulong.projects.models import Funding, Project
from tests.projects.scene import Scene, make_project

pytestmark = pytest.mark.django_db


def shares(line: Any) -> dict[str, tuple[str, str, str]]:
    return {key: (str(one.had), str(one.needed), str(one.percent))
            for key, one in line.shares.items()}  # fmt: skip


def means_of(scene: Scene) -> list[Project]:
    """Two projects of the unit, with land and bonds; one of another unit, with none."""
    first = scene.project
    Project.objects.filter(pk=first.pk).update(
        level="city", land_needed_mu=30, land_delivered_mu=20, bond_approved=900, bond_used=300
    )
    second = make_project(
        lead_unit=first.lead_unit, land_needed_mu=Decimal(15), land_delivered_mu=Decimal("10.5"),
        demolition_m2=Decimal(400),
    )  # fmt: skip
    third = make_project(lead_unit=scene.sibling.unit)
    for project, sums in ((first, (500, 200, 50)), (second, (100, 100, 100))):
        Funding.objects.create(
            project=project, source="loan", **dict(zip(("planned", "arrived", "used"), sums,
                                                       strict=True)),
        )  # fmt: skip
    return [first, second, third]


def test_it_adds_up_what_is_had_and_needed(scene: Scene) -> None:
    first, second, _third = means_of(scene)
    found = queries.means(scene.observer, "unit")
    lines = {line.key: line for line in found.lines}
    own = lines[first.lead_unit.code]
    assert (own.projects, found.total.projects) == (2, 3)
    assert shares(own) == shares(found.total) == {
        "land": ("30.50", "45.00", "67.8"),
        "demolition": ("0", "400", "0.0"),
        "bonds": ("300.00", "900.00", "33.3"),
    }  # fmt: skip
    assert lines[scene.sibling.unit.code].shares["land"].percent is None
    assert [(one.source, one.planned, one.arrived, one.used) for one in found.sources] == [
        ("loan", 600, 300, 150)
    ]
    assert [(row.pk, lack) for row, lack, _share in found.lacking["land"]] == [
        (first.pk, Decimal(10)), (second.pk, Decimal("4.5")),
    ]  # fmt: skip
    levels = queries.means(scene.observer, "level", name_of=str.upper).lines
    assert [(line.name, line.projects) for line in levels] == [("CITY", 1), ("DISTRICT", 2)]


def test_it_adds_up_only_what_the_viewer_sees(scene: Scene) -> None:
    means_of(scene)
    assert queries.means(scene.sibling).total.projects == 1
    assert queries.means(scene.sibling).sources == []
    assert queries.means(scene.outsider).lines == []


def test_the_page_leads_to_the_projects(scene: Scene, client: Client) -> None:
    first, *_rest = means_of(scene)
    client.force_login(scene.observer, backend="jiulong.organisation.login.Passwords")
    address = reverse("projects:means")
    told = client.get(address, {"by": "unit"}).content.decode()
    for words in ("67.8%", f"{reverse('projects:projects')}?unit={first.lead_unit.code}",
                  f"{reverse('projects:project', args=[first.pk])}#money"):  # fmt: skip
        assert words in told
    assert client.get(address, {"by": "nonsense"}).status_code == 200
    client.force_login(scene.outsider, backend="jiulong.organisation.login.Passwords")
    assert client.get(address).status_code == 403
