"""One case to be told of, made without the engine."""

from __future__ import annotations

from typing import Any

from jiulong.cases.models import Case, MatterType
from jiulong.organisation.models import Unit
from tests.factories import NOW, make_unit

SPEC = {
    "key": "test.event",
    "name": {"zh": "测试事件", "en": "Test event"},
    "number": "测〔{year}〕{serial}号",
    "dispatch": "CENTRE",
    "clocks": {"handle": "5 working_days"},
}


def make_matter(code: str = "test.event", **spec: Any) -> MatterType:
    return MatterType.objects.get_or_create(
        code=code, defaults={"pack": "test", "spec": {**SPEC, "key": code, **spec}}
    )[0]


def make_case(number: str = "测〔2026〕1号", **fields: Any) -> Case:
    given = {
        "matter": fields.pop("matter", None) or make_matter(),
        "title": "井盖破损",
        "stage": "filed",
        "filed_at": NOW,
        "dispatch": fields.pop("dispatch", None) or make_unit(Unit.Kind.DEPARTMENT),
    }
    return Case.objects.create(number=number, **{**given, **fields})
