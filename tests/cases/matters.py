"""A matter, a district and people for tests of casework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jiulong.cases.models import MatterType
from jiulong.cases.schema import MatterSpec
from jiulong.organisation.models import Unit, User
from tests.factories import make_unit, make_user

#: One of everything; tests replace what they are about.
SPEC: dict[str, Any] = {
    "key": "test.matter",
    "name": {"zh": "测试事项", "en": "Test matter"},
    "number": "测〔{year}〕{serial}号",
    "dispatch": "desk",
    "clocks": {
        "assign": "1 working_days",
        "accept": "1 working_days",
        "return": "3 working_days",
        "handle": "5 working_days",
        "verify": "2 working_days",
        "close": "2 working_days",
    },
    "routes": [{"lead": "urban"}],
    "verify": {"by": "checkers"},
}


def make_matter(**changes: Any) -> MatterType:
    """A matter whose spec is SPEC with `changes`; checked as a pack's would be."""
    spec = {**SPEC, **changes}
    checked = MatterSpec.model_validate(spec)
    stored = checked.model_dump(mode="json", by_alias=True, exclude_none=True)
    return MatterType.objects.create(code=checked.key, pack="test", spec=stored)


@dataclass(frozen=True)
class District:
    """Desk, two bureaus under one district, and who works there.

    `handler` is of the lead unit; `sibling` of the bureau beside it, which must not see; `leader`
    heads the lead unit; `supervisor` is above them all.
    """

    top: Unit
    desk: Unit
    urban: Unit
    housing: Unit
    checkers: Unit
    dispatcher: User
    handler: User
    colleague: User
    leader: User
    sibling: User
    verifier: User
    supervisor: User


def make_district() -> District:
    top = make_unit(Unit.Kind.DISTRICT, code="top", name="测试区")
    desk, urban, housing, checkers = (
        make_unit(code=code, name=name, parent=top)
        for code, name in (
            ("desk", "受理中心"),
            ("urban", "城管局"),
            ("housing", "住建局"),
            ("checkers", "核查组"),
        )
    )
    return District(
        top=top,
        desk=desk,
        urban=urban,
        housing=housing,
        checkers=checkers,
        dispatcher=make_user(User.Role.DISPATCHER, desk, username="dispatcher"),
        handler=make_user(User.Role.HANDLER, urban, username="handler"),
        colleague=make_user(User.Role.HANDLER, urban, username="colleague"),
        leader=make_user(User.Role.LEADER, urban, username="leader"),
        sibling=make_user(User.Role.HANDLER, housing, username="sibling"),
        verifier=make_user(User.Role.VERIFIER, checkers, username="verifier"),
        supervisor=make_user(User.Role.SUPERVISOR, desk, username="supervisor"),
    )
