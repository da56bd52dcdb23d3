"""A contest in the district of the days' tests, for those who look at its pages."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from jiulong.organisation.models import User
from jiulong.scorecards.actions import Seen, observe
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import (
    Adjustment,
    Assignment,
    Dispute,
    Indicator,
    Panel,
    SchemeVersion,
    Standing,
    Subject,
    Target,
)
from tests.scorecards.standings.scene import SPEC, make_version


def _user(name: str) -> User:
    return User.objects.with_rights().select_related("unit").get(username=name)


def _scheme() -> SchemeVersion:
    spec: dict[str, Any] = deepcopy(SPEC)
    spec["groups"] = [{"key": "all", "name": {"zh": "全区", "en": "All"}, "subjects": ["look"]}]
    spec["consequences"] = []
    spec["contests"][0]["criteria"][0]["rule"]["value"] = "look.output"
    spec["effective_from"] = "2020-01-01"
    return make_version(spec)


def _made() -> Standing:
    """A month open to objections, with one; made once."""
    known = Standing.objects.filter(scheme__code="contest").first()
    if known is not None:
        return known
    now, leader = timezone.now(), _user("leader")
    period = periods.previous(periods.of(timezone.localdate(now), "month"))
    indicator = Indicator.objects.create(code="look.output", names={"zh": "产值", "en": "Output"})
    own, other = (
        Subject.objects.create(code=code, kind="unit", name=name, unit=unit, tags=["look"])
        for code, name, unit in (
            ("look-own", "本单位", leader.unit), ("look-other", "兄弟单位", None),
        )
    )  # fmt: skip
    seen = [
        Seen(indicator.pk, one.pk, period, Decimal(value))
        for one, value in ((own, 80), (other, 110))
    ]
    observe(actor=None, seen=seen, now=now)
    Target.objects.bulk_create(
        Target(indicator=indicator, subject=one, period=period[:4], value=100, set_at=now)
        for one in (own, other)
    )
    scheme = _scheme()
    standing = contest.compute_standing(actor=None, scheme=scheme, period=period, now=now)
    contest.open_standing(actor=None, standing=standing, now=now)
    row = standing.rows.select_related("subject").get(subject=own)
    contest.file_dispute(actor=leader, row=row, claim="少计一项", now=now)
    contest.file_adjustment(
        actor=leader, scheme=scheme, criterion="bonus@award", subject=own, period=period,
        amount=Decimal(1), reason="表彰", ref="通报1号", now=now,
    )  # fmt: skip
    panel = Panel.objects.create(
        scheme="contest", criterion="visit", period=period, closes_at=now + timedelta(days=3)
    )
    Assignment.objects.create(panel=panel, judge=_user("handler"), subject=other, alias="01")
    return standing


def nothing() -> list[Any]:
    """The contest is there; the address takes no arguments."""
    _made()
    return []


def standing() -> list[Any]:
    return [_made().pk]


def row() -> list[Any]:
    return [_made().rows.get(subject__code="look-own").pk]


def dispute() -> list[Any]:
    return [Dispute.objects.get(row__standing=_made()).pk]


def scheme() -> list[Any]:
    return [_made().scheme_id]


def draft() -> list[Any]:
    """A draft that somebody else made."""
    known = SchemeVersion.objects.filter(code="contest", state="draft").first()
    if known is None:
        version = _made().scheme
        known = make_version(version.spec, version=2, state=SchemeVersion.State.DRAFT)
    return [known.pk]


def adjustment() -> list[Any]:

    _made()
    return [Adjustment.objects.get(scheme="contest").pk]


def panel() -> list[Any]:
    _made()
    return [Panel.objects.get(scheme="contest").pk]


def task() -> list[Any]:
    _made()
    return [Assignment.objects.get(panel__scheme="contest").pk]
