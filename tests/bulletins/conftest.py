"""A district with an office that drafts, people who pass, and a frozen standing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from jiulong.organisation.models import Unit, User
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.models import SchemeVersion, Standing, StandingRow, Subject
from jiulong.scorecards.standing_specs import as_json
from tests.factories import NOW, make_unit, make_user


@dataclass(frozen=True)
class Office:
    """`drafter`, `checker`, `printer` of the office; `leader` above it; the others of streets."""

    unit: Unit
    streets: list[Unit]
    drafter: User
    checker: User
    printer: User
    leader: User
    outsider: User
    other: User
    standing: Standing


@pytest.fixture
def office(db: None, settings: object, tmp_path: object) -> Office:
    """Everybody a bulletin needs."""
    district = make_unit(Unit.Kind.DISTRICT, name="芗城区")
    unit = make_unit(parent=district, name="区委区政府督查室", code="350602-inspection")
    streets = [make_unit(Unit.Kind.STREET, parent=district, name=name) for name in "甲乙丙"]
    return Office(
        unit=unit,
        streets=streets,
        drafter=make_user("supervisor", unit),
        checker=make_user("supervisor", unit),
        printer=make_user("supervisor", unit),
        leader=make_user("leader", district),
        outsider=make_user("leader", streets[2]),
        other=make_user("leader", streets[0]),
        standing=make_standing(streets),
    )


def make_standing(
    streets: list[Unit],
    state: str = Standing.State.FROZEN,
    code: str = "seven",
    period: str = "2026-02",
) -> Standing:
    """Three streets, one group: 95.5, 88, 61.25; the last fell from second."""
    spec: dict[str, Any] = {
        "code": code, "name": {"zh": "七比一看", "en": "Seven contests"},
        "effective_from": "2026-01-01", "frequency": "month",
        "groups": [{"key": "street", "name": {"zh": "镇街", "en": "Streets"}, "subjects": ["s"]}],
        "contests": [{
            "key": "invest", "name": {"zh": "比招商", "en": "Investment"}, "weight": 100,
            "criteria": [{
                "key": "output", "name": {"zh": "产值", "en": "Output"}, "weight": 100,
                "rule": {"kind": "completion", "value": "output", "cap": "1.2"},
            }],
        }],
    }  # fmt: skip
    scheme = SchemeVersion.objects.create(
        code=code, spec=as_json(Scheme.read(spec)), digest="0" * 64, state="adopted", made_at=NOW,
        effective_from=NOW.date().replace(month=1, day=1),
    )  # fmt: skip
    standing = Standing.objects.create(
        scheme=scheme, period=period, computed_at=NOW, inputs_digest="1" * 64, digest="2" * 64
    )
    scores = [("95.5", 1, 1, None), ("88", 2, 3, "7.5"), ("61.25", 3, 2, "26.75")]
    for unit, (score, rank, before, gap) in zip(streets, scores, strict=True):
        subject = Subject.objects.create(code=unit.code, kind="unit", name=unit.name, unit=unit)
        StandingRow.objects.create(
            standing=standing, subject=subject, group="street", score=Decimal(score), rank=rank,
            of=3,
            rank_before=before, gap=None if gap is None else Decimal(gap),
            contests=[{"contest": "invest", "points": score, "out_of": "100"}],
        )  # fmt: skip
    Standing.objects.filter(pk=standing.pk).update(state=state)
    standing.refresh_from_db()
    return standing
