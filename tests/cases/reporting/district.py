"""A small district for the phone: a desk, two grids, people, and a matter of the phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jiulong.cases.models import MatterType
from jiulong.organisation.models import Unit, User
from tests.factories import make_unit, make_user

#: The centre of the first grid; a hundred-thousandth of a degree is about a metre.
HERE = (117.65000, 24.51000)

EVENT: dict[str, Any] = {
    "key": "test.event",
    "name": {"zh": "网格事件", "en": "Grid event"},
    "about": {"zh": "路上看到的问题", "en": "What is wrong in the street"},
    "number": "测网格〔{year}〕{serial}号",
    "dispatch": "CENTRE",
    "place": "required",
    "phone": True,
    "near": {"metres": 50, "within": "7 days"},
    "public": {
        "service": {"zh": "街面问题", "en": "Street problem"},
        "group": {"zh": "市容", "en": "Street"},
        "keywords": ["垃圾", "井盖"],
    },
    "fields": [
        {
            "key": "kind", "type": "choice", "label": {"zh": "类别", "en": "Kind"},
            "required": True, "choices": [
                {"key": "cover", "label": {"zh": "井盖", "en": "Manhole cover"}},
                {"key": "rubbish", "label": {"zh": "垃圾", "en": "Rubbish"}},
            ],
        },
        {"key": "size", "type": "number", "label": {"zh": "大小", "en": "Size"}, "unit": "m²"},
    ],
    "clocks": {"handle": "2 working_days"},
    "closing": {"results": [{"key": "solved", "name": {"zh": "已解决", "en": "Solved"}}]},
}  # fmt: skip


@dataclass(frozen=True)
class District:
    """`worker` belongs to `grid`, `neighbour` to another; `centre` is the dispatching desk."""

    matter: MatterType
    grid: Unit
    worker: User
    neighbour: User
    dispatcher: User


def make_district(**spec: Any) -> District:
    top = make_unit(Unit.Kind.DISTRICT)
    centre = make_unit(Unit.Kind.DEPARTMENT, code="CENTRE", name="网格中心", parent=top)
    street = make_unit(Unit.Kind.STREET, name="东铺头街道", parent=top)
    grid = make_unit(
        Unit.Kind.GRID, code="G1", name="第一网格", parent=street,
        longitude=HERE[0], latitude=HERE[1],
    )  # fmt: skip
    other = make_unit(
        Unit.Kind.GRID, code="G2", name="第二网格", parent=street, longitude=117.70, latitude=24.56
    )
    matter = MatterType.objects.create(code="test.event", pack="test", spec={**EVENT, **spec})
    return District(
        matter=matter,
        grid=grid,
        worker=make_user(User.Role.GRID_WORKER, grid),
        neighbour=make_user(User.Role.GRID_WORKER, other),
        dispatcher=make_user(User.Role.DISPATCHER, centre),
    )


def report_form(**given: Any) -> dict[str, Any]:
    """What a phone sends, at least."""
    return {
        "matter": "test.event", "words": "井盖翘起", "f.test.event.kind": "cover",
        "longitude": str(HERE[0]), "latitude": str(HERE[1]), **given,
    }  # fmt: skip
