"""The wall's pages: for whom, in how many queries, and what stands in them without scripts."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from jiulong.organisation.models import User
from tests.factories import make_unit, make_user
from tests.projects.wall.scene import YEAR, district, make_project, tell

pytestmark = pytest.mark.django_db

OCTOBER = f"/projects/wall/?year={YEAR}&month=10"


def enter(role: str = User.Role.SUPERVISOR, unit: object = None) -> Client:
    client = Client()
    client.force_login(make_user(role, unit))  # type: ignore[arg-type]
    client.cookies["django_language"] = "en"
    return client


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_it_lists_the_projects_by_light_without_scripts() -> None:
    district(6)
    client = enter()
    led = re.search(r'<noscript><meta[^>]*url=([^"]*)"', client.get(OCTOBER).content.decode())
    assert led is not None
    page = client.get(led[1].replace("&amp;", "&")).content.decode()
    assert "pw-data" not in page
    plain = text(page)
    heads = [plain.index(word) for word in ("Red: far behind", "Yellow: behind", "Green: on sch")]
    assert heads == sorted(heads)
    assert plain.index("项目4") < heads[1] < plain.index("项目2") < heads[2] < plain.index("项目6")
    assert "33.3% 83.3% 6.0 months late 主体封顶 2026-09-30 overdue" in plain


def test_it_brings_the_year_along_once_and_compact() -> None:
    district(3)
    html = enter().get(OCTOBER).content.decode()
    found = re.search(r'<script id="pw-data"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found is not None
    told = json.loads(found[1])
    assert [one["name"] for one in told["projects"]] == ["项目1", "项目2", "项目3"]
    assert ", " not in found[1]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("&plain=1&view=board", "Under construction"),
        ("&plain=1&view=board&by=zone", "片区0"),
        ("&plain=1&view=gantt&by=unit", "住建局"),
        ("&plain=1&view=curve", "Plan and work by month"),
        ("&light=red&zone=x", "x is not a choice here"),
        ("&full=1&view=lagging", "Behind the plan"),
        ("&full=1&view=board&rotate=30", "?year=2026&amp;month=10&amp;full=1&amp;view=curve"),
        ("&plain=1&q=%E6%B2%A1%E6%9C%89", "No project fits these filters."),
    ],
)
def test_it_answers_what_the_address_asks(query: str, words: str) -> None:
    district(3)
    response = enter().get(OCTOBER + query)
    assert response.status_code == 200
    assert words in response.content.decode()


def test_an_empty_wall_says_what_to_do() -> None:
    assert "No project yet" in enter().get("/projects/wall/").content.decode()


def test_a_brief_is_a_part_beside_the_map_and_a_page_alone() -> None:
    project = district(1)[0]
    client = enter()
    part = client.get(f"/projects/wall/{project.pk}/", headers={"HX-Request": "true"})
    page = client.get(f"/projects/wall/{project.pk}/?year={YEAR}&month=5")
    assert b"<html" not in part.content
    assert b"<html" in page.content
    assert "项目1" in part.content.decode()
    assert f"/projects/{project.pk}/" in page.content.decode()


def test_it_refuses_who_may_not_see_projects_and_hides_what_is_not_theirs() -> None:
    bureau, other = make_unit(), make_unit()
    project = make_project(unit=bureau)
    tell(project, [100])
    enterprise = enter(User.Role.ENTERPRISE, make_unit("enterprise"))
    assert enterprise.get("/projects/wall/").status_code == 403
    assert enterprise.get(f"/projects/wall/{project.pk}/").status_code == 403
    sibling = enter(User.Role.LEADER, other)
    assert project.name not in sibling.get("/projects/wall/").content.decode()
    assert sibling.get(f"/projects/wall/{project.pk}/").status_code == 404
    assert enter(User.Role.LEADER, bureau).get(f"/projects/wall/{project.pk}/").status_code == 200


def test_the_desks_wall_shows_projects_to_who_may_see_them() -> None:
    district(3)
    seen = enter().get("/wall/?view=projects").content.decode()
    assert re.search(r'href="\?view=projects"\s+aria-current="true"', seen)
    assert "项目1" in seen
    refused = enter(User.Role.OFFICER).get("/wall/?view=projects").content.decode()
    assert 'href="?view=projects' not in refused


#: Session, account, loop bar, bell and what the page itself reads.
BUDGET = 16


@pytest.mark.parametrize("query", ["", "&view=board", "&full=1"])
def test_it_needs_no_more_queries_than_these(
    query: str, django_assert_max_num_queries: object
) -> None:
    district(12)
    client = enter()
    client.get(OCTOBER + query)
    with django_assert_max_num_queries(BUDGET):  # type: ignore[operator]
        client.get(OCTOBER + query)
