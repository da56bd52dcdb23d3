"""What tests of projects stand on: a project in its year, the rules of the pack, its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from jiulong.cases.models import MatterType
from jiulong.cases.schema import MatterSpec
from jiulong.organisation.models import Role, Unit, User
from jiulong.projects import actions, stages
from jiulong.projects.lights.spec import LightSpec
from jiulong.projects.models import LightRules, Project
from tests.factories import NOW, make_unit, make_user

PACK = Path(__file__).parents[2] / "packs" / "zhongdian-xiangmu"
#: NOW is a noon in March 2026: the month that is judged is February.
JUDGED = date(2026, 2, 1)
#: The plan of 1,200 for 2026: a hundred a month.
YEAR = Decimal(1200)

_serial = count(1)


@dataclass
class Scene:
    """`staff` reports, `office` confirms and lights, `keeper` plans, `sibling` sees nothing."""

    project: Project
    staff: User
    keeper: User
    office: User
    observer: User
    sibling: User
    leader: User
    outsider: User


def make_scene() -> Scene:
    make_rules()
    district = make_unit(Unit.Kind.DISTRICT)
    lead = make_unit(parent=district)
    desk = make_unit(code="350602-development", parent=district)
    office = Role.objects.create(
        code="project_office", names={"zh": "重点办"}, scope=Role.Scope.ALL,
        verbs=["see_projects", "report_project", "confirm_project", "keep_projects",
               "override_light", "see_cases", "see_files"],
    )  # fmt: skip
    leader = make_user(User.Role.CADRE, district)
    project = make_project(lead_unit=lead, supervising_unit=desk, leader=leader)
    plan(project)
    return Scene(
        project=project,
        staff=make_user(User.Role.HANDLER, lead),
        keeper=make_user(User.Role.LEADER, lead),
        office=make_user(office.code, desk),
        observer=make_user(User.Role.OBSERVER, desk),
        sibling=make_user(User.Role.HANDLER, make_unit(parent=district)),
        leader=leader,
        outsider=make_user(User.Role.ENTERPRISE, make_unit(Unit.Kind.ENTERPRISE)),
    )


def make_project(**fields: Any) -> Project:
    """A project under construction since last autumn, in the statistics, everything permitted."""
    n = next(_serial)
    given = {
        "code": f"P-{n:03d}", "name": f"Works {n}", "level": "district", "kind": "continuing",
        "industry": "transport", "stage": stages.BUILDING, "total_investment": Decimal(5000),
        "planned_start_on": date(2025, 9, 1), "started_on": date(2025, 9, 5),
        "planned_finish_on": date(2027, 6, 30), "in_statistics_on": date(2025, 9, 20),
        "construction_permit_on": date(2025, 8, 20), "filed_at": NOW, "updated_at": NOW,
        "longitude": 117.65, "latitude": 24.51,
    }  # fmt: skip
    fields.setdefault("lead_unit", None)
    fields["lead_unit"] = fields["lead_unit"] or make_unit()
    fields.setdefault("zone", make_unit(Unit.Kind.STREET))
    return Project.objects.create(**{**given, **fields})


def plan(project: Project, year: int = 2026, investment: Decimal = YEAR) -> None:
    actions.revise_plan(actor=None, project=project, year=year, investment=investment, now=NOW)


def report(project: Project, month: int, done: str, **more: Any) -> Any:
    given = {"actor": None, "now": NOW, **more}
    return actions.report_month(
        project=project, month=date(2026, month, 1), done=Decimal(done), **given
    )


def make_rules() -> None:
    for item in yaml.safe_load((PACK / "lights.yaml").read_text())["project_lights"]:
        spec = LightSpec.model_validate(item).model_dump(mode="json", by_alias=True)
        LightRules.objects.create(
            code=item["code"], pack="zhongdian-xiangmu", spec=spec, position=item["order"]
        )


def make_matter(key: str = "xiangmu.funds") -> MatterType:
    """A matter of the pack, with the unit it goes to."""
    items = yaml.safe_load((PACK / "matters.yaml").read_text())["matters"]
    item = next(one for one in items if one["key"] == key)
    if not Unit.objects.filter(code="350602-finance").exists():
        make_unit(code="350602-finance")
    spec = MatterSpec.model_validate(item).model_dump(mode="json", by_alias=True)
    return MatterType.objects.create(code=key, pack="zhongdian-xiangmu", spec=spec)
