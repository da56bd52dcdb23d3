"""A desk with two who keep it, an outfall over its limit, and the case about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from jiulong.cases import actions as cases
from jiulong.cases.models import Case
from jiulong.monitoring.models import Alarm, Finding, Outfall, Period, Point
from jiulong.organisation.models import Unit, User
from tests.cases.matters import make_matter
from tests.factories import (
    NOW,
    make_enterprise,
    make_factor,
    make_finding,
    make_limit,
    make_outfall,
    make_point,
    make_unit,
    make_user,
    write_readings,
)

#: What a supervision asks, in little; the packs have more.
TASKS: list[dict[str, Any]] = [
    {"key": "statement", "name": {"zh": "企业说明", "en": "Explanation"}, "unit": "$enterprise",
     "clock": "2 hours",
     "fields": [{"key": "cause", "type": "text", "label": "原因", "required": True}]},
    {"key": "remote", "name": {"zh": "远程核查", "en": "Check from the desk"}, "unit": "desk",
     "answer": False,
     "fields": [{"key": "seen", "type": "text", "label": "情况", "required": True}]},
]  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """`keeper` and `relief` keep the desk; `officer` leads the case; `owner` is the enterprise's,
    `sibling` another's.
    """

    desk: Unit
    keeper: User
    relief: User
    officer: User
    owner: User
    sibling: User
    outfall: Outfall
    point: Point
    alarm: Alarm
    finding: Finding
    case: Case


def make_scene(now: datetime = NOW) -> Scene:
    desk, bureau = make_unit(code="desk", name="监控中心"), make_unit(code="urban", name="环境局")
    make_unit(code="checkers")
    firm = make_enterprise(name="青榕食品有限公司")
    outfall = make_outfall(firm, code="XC001-DW001", name="总排口")
    point = make_point(outfall, code="XC001")
    make_limit(point, "w01018", "50")
    hour = now.replace(minute=0, second=0, microsecond=0)
    course = [
        (hour - timedelta(hours=n), {"w01018": 75.0 if n == 2 else 45.0, "w00000": 12.0})
        for n in range(30, 0, -1)
    ]
    write_readings(point, Period.HOUR, course, received_at=now)
    alarm = make_alarm(outfall, now=now)
    finding = make_finding(
        point, alarm=alarm, factor=make_factor("w01018"), severity="serious",
        started_at=alarm.started_at, value=Decimal(75), limit_value=Decimal(50),
        multiple=Decimal("0.50"),
    )  # fmt: skip
    return Scene(
        desk=desk,
        keeper=make_user(User.Role.MONITOR, desk, username="keeper"),
        relief=make_user(User.Role.MONITOR, desk, username="relief"),
        officer=make_user(User.Role.OFFICER, bureau, username="officer"),
        owner=make_user(User.Role.ENTERPRISE, firm.unit, username="owner"),
        sibling=make_user(User.Role.ENTERPRISE, make_enterprise().unit, username="sibling"),
        outfall=outfall,
        point=point,
        alarm=alarm,
        finding=finding,
        case=make_case(alarm, now),
    )


def make_alarm(outfall: Outfall, *, now: datetime = NOW, **fields: Any) -> Alarm:
    began = fields.pop("started_at", now - timedelta(hours=2))
    given = {
        "family": "limit", "kind": "EXH", "severity": "serious", "rules": ["hour_exceedance"],
        "started_at": began, "last_at": began, "raised_at": began,
        "respond_by": began + timedelta(hours=1), "close_by": began + timedelta(days=1),
    }  # fmt: skip
    return Alarm.objects.create(outfall=outfall, **{**given, **fields})


def make_case(alarm: Alarm, now: datetime) -> Case:
    """The supervision of the alarm as a trigger opens it, in the officer's bureau."""
    matter = make_matter(
        tasks=TASKS, enterprise="required", auto_assign=True,
        closing={"results": [{"key": "real", "name": {"zh": "真实超标", "en": "Truly over"}}]},
    )  # fmt: skip
    return cases.file_case(
        actor=None, matter=matter, title="总排口COD超标", enterprise=alarm.outfall.enterprise,
        source="monitoring", source_ref=f"alarm/{alarm.pk}", now=now - timedelta(hours=1),
    )  # fmt: skip
