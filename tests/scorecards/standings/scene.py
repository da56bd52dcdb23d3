"""A small contest: four streets in two groups, an office, and somebody of each unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from jiulong.organisation.models import Unit, User
from jiulong.scorecards import standing_digests
from jiulong.scorecards.actions import Seen, observe
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.models import Indicator, Observation, SchemeVersion, Subject, Target
from jiulong.scorecards.standing_specs import as_json
from tests.cases.matters import make_matter
from tests.factories import make_unit, make_user

#: A Wednesday morning; three working days later is Monday, the 13th of April.
NOW = datetime(2026, 4, 8, 2, 0, tzinfo=UTC)
AFTER = datetime(2026, 4, 14, 2, 0, tzinfo=UTC)
PERIOD = "2026-03"
OUTPUT = {"a": "120", "b": "100", "c": "80", "d": "90"}
SPEC: dict[str, Any] = {
    "code": "contest",
    "name": {"zh": "竞赛", "en": "Contest"},
    "effective_from": "2026-01-01",
    "frequency": "month",
    "groups": [
        {"key": "north", "name": {"zh": "北片", "en": "North"}, "subjects": ["north"]},
        {"key": "south", "name": {"zh": "南片", "en": "South"}, "subjects": ["d"]},
    ],
    "contests": [
        {
            "key": "work",
            "name": {"zh": "比工作", "en": "Work"},
            "weight": 80,
            "criteria": [
                {
                    "key": "output",
                    "name": {"zh": "产值", "en": "Output"},
                    "weight": 80,
                    "rule": {"kind": "completion", "value": "output", "cap": "1.2"},
                }
            ],
        },
        {
            "key": "look",
            "name": {"zh": "看评", "en": "Look"},
            "weight": 20,
            "criteria": [
                {
                    "key": "visit",
                    "name": {"zh": "现场", "en": "Visit"},
                    "weight": 20,
                    "rule": {"kind": "judges", "minimum": 3, "trim": 1},
                    "missing": "exclude",
                }
            ],
        },
    ],
    "adjustments": [
        {
            "key": "bonus",
            "name": {"zh": "加分", "en": "Bonus"},
            "rule": {"kind": "bonus", "facts": [{"fact": "bonus@award", "each": 2}]},
        },
        {
            "key": "veto",
            "name": {"zh": "否决", "en": "Veto"},
            "rule": {"kind": "veto", "facts": ["veto@accident"], "last": True},
        },
    ],
    "consequences": [
        {"when": "last", "does": "case", "matter": "test.rectify", "days": 20},
        {"when": "last_twice", "does": "interview", "matter": "test.interview"},
        {"when": "first", "does": "commend"},
    ],
}


@dataclass
class Scene:
    """The contest with its people: `staff["a"]` is of the unit that subject a is."""

    scheme: SchemeVersion
    indicator: Indicator
    subjects: dict[str, Subject]
    staff: dict[str, User]
    office: User
    second: User
    observer: User
    values: dict[str, Observation] = field(default_factory=dict)

    def observe(self, period: str = PERIOD, **values: str) -> None:
        """Values of the indicator, by subject."""
        seen = [
            Seen(self.indicator.pk, self.subjects[code].pk, period, Decimal(value))
            for code, value in values.items()
        ]
        for row in observe(actor=None, seen=seen, now=NOW):
            code = next(key for key, one in self.subjects.items() if one.pk == row.subject_id)
            self.values[code] = row


def make_version(spec: dict[str, Any] | None = None, **columns: Any) -> SchemeVersion:
    """A version of a scheme, in force unless something else is said."""
    scheme = Scheme.read(spec or SPEC)
    stored = as_json(scheme)
    given = {
        "code": scheme.code,
        "version": 1,
        "state": SchemeVersion.State.ADOPTED,
        "effective_from": scheme.effective_from,
        "made_at": NOW,
        "spec": stored,
        "digest": standing_digests.digest(stored),
    }
    return SchemeVersion.objects.create(**{**given, **columns})


def make_scene(spec: dict[str, Any] | None = None) -> Scene:
    """Everything, with values of March."""
    top = make_unit(Unit.Kind.DISTRICT)
    units = {
        code: make_unit(Unit.Kind.STREET, parent=top, code=code, name=code.upper())
        for code in OUTPUT
    }
    desk = make_unit(parent=top, code="desk")
    for key in ("test.rectify", "test.interview"):
        make_matter(
            key=key, number=key + "{serial}", routes=[{"lead": "$field.unit"}], auto_assign=True,
            fields=[{"key": "unit", "type": "unit", "label": "单位", "required": True}],
            verify={"by": "desk"},
        )  # fmt: skip
    indicator = Indicator.objects.create(code="output", names={"zh": "产值", "en": "Output"})
    subjects = {
        code: Subject.objects.create(
            code=code, kind=Subject.Kind.UNIT, name=unit.name, unit=unit,
            tags=["north"] if code != "d" else [],
        )
        for code, unit in units.items()
    }  # fmt: skip
    Target.objects.bulk_create(
        Target(indicator=indicator, subject=one, period="2026", value=100, set_at=NOW)
        for one in subjects.values()
    )
    scene = Scene(
        scheme=make_version(spec),
        indicator=indicator,
        subjects=subjects,
        staff={code: make_user(User.Role.STREET_STAFF, unit) for code, unit in units.items()},
        office=make_user(User.Role.SUPERVISOR, desk),
        second=make_user(User.Role.SUPERVISOR, desk),
        observer=make_user(User.Role.OBSERVER, desk),
    )
    scene.observe(**OUTPUT)
    return scene
