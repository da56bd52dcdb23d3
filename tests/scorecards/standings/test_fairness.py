"""What nobody may do to a ranking: rank twice, decide late and quietly, judge one's own unit."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jiulong.organisation.models import Post, User
from jiulong.scorecards import standing_inputs
from jiulong.scorecards.actions import revise_observation
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.models import Adjustment, SchemeVersion, Standing
from jiulong.scorecards.queries import standings as queries
from tests.factories import make_user
from tests.scorecards.standings.scene import (
    AFTER,
    NOW,
    PERIOD,
    SPEC,
    Scene,
    make_scene,
    make_version,
)

pytestmark = pytest.mark.django_db


def opened(scene: Scene) -> Standing:
    standing = contest.compute_standing(
        actor=scene.office, scheme=scene.scheme, period=PERIOD, now=NOW
    )
    return contest.open_standing(actor=scene.office, standing=standing, now=NOW)


def filed(scene: Scene, of: str, fact: str = "veto@accident") -> Adjustment:
    return contest.file_adjustment(
        actor=scene.office, scheme=scene.scheme, criterion=fact,
        subject=scene.subjects[of], period=PERIOD, amount=Decimal(1), reason="an accident",
        ref="case/1", now=NOW,
    )  # fmt: skip


def test_a_draft_ranks_nobody_and_a_period_is_ranked_by_one_version() -> None:
    scene = make_scene()
    draft = make_version(version=3, state=SchemeVersion.State.DRAFT)
    with pytest.raises(ValidationError):
        contest.compute_standing(actor=scene.office, scheme=draft, period=PERIOD, now=NOW)
    second = make_version(version=2)
    # Both may be computed while nobody sees either; only one is laid open.
    other = contest.compute_standing(actor=scene.office, scheme=second, period=PERIOD, now=NOW)
    opened(scene)
    with pytest.raises(contest.NotNowError):
        contest.open_standing(actor=scene.office, standing=other, now=NOW)
    with pytest.raises(contest.NotNowError):
        contest.compute_standing(actor=scene.office, scheme=second, period=PERIOD, now=NOW)


def test_what_is_decided_late_is_computed_and_may_be_objected_to() -> None:
    scene = make_scene()
    standing = opened(scene)
    veto = filed(scene, "a")
    contest.confirm_adjustment(actor=scene.second, adjustment=veto, now=AFTER)
    with pytest.raises(contest.NotNowError):  # it would be frozen without the veto
        contest.freeze_standing(actor=scene.office, standing=standing, now=AFTER)
    contest.recompute(actor=scene.office, standing=standing, now=AFTER)
    again = Standing.objects.get(pk=standing.pk)
    # From Tuesday the 14th three working days: Friday the 17th.
    assert again.dispute_until is not None
    assert again.dispute_until.isoformat() == "2026-04-17T15:59:59+00:00"
    with pytest.raises(contest.NotNowError):
        contest.freeze_standing(actor=scene.office, standing=standing, now=AFTER)
    row = standing.rows.get(subject__code="a")
    contest.file_dispute(actor=scene.staff["a"], row=row, claim="It was not ours", now=AFTER)
    # The same result again gives nobody another window.
    same = contest.recompute(actor=scene.office, standing=standing, now=AFTER)
    assert same.dispute_until == again.dispute_until


def test_nobody_of_its_own_unit_confirms_for_it_or_answers_it() -> None:
    scene = make_scene()
    standing = opened(scene)
    own = make_user(User.Role.SUPERVISOR, scene.subjects["c"].unit)
    lent = make_user(User.Role.SUPERVISOR)  # has a second post there
    Post.objects.create(
        user=lent, role_id="street_staff", unit=scene.subjects["c"].unit, from_on=NOW.date()
    )
    lent = User.objects.get(pk=lent.pk)
    adjustment = filed(scene, "c")
    for actor in (own, lent):
        with pytest.raises(PermissionDenied):
            contest.confirm_adjustment(actor=actor, adjustment=adjustment, now=NOW)
        with pytest.raises(PermissionDenied):
            revise_observation(
                actor=actor, observation=scene.values["c"], value=Decimal(200), now=NOW,
                reason="counted twice",
            )  # fmt: skip
    dispute = contest.file_dispute(
        actor=scene.staff["c"], row=standing.rows.get(subject__code="c"), claim="wrong", now=NOW
    )
    for actor in (own, lent):
        with pytest.raises(PermissionDenied):
            contest.answer_dispute(actor=actor, dispute=dispute, upheld=True, answer="y", now=NOW)


def test_who_is_not_rated_is_neither_last_nor_counted() -> None:
    spec = deepcopy(SPEC)
    spec["contests"][0]["criteria"][0]["missing"] = "not_rated"
    scene = make_scene(spec)
    scene.observe("2026-04", a="90", b="80", d="70")
    standing = contest.compute_standing(
        actor=None, scheme=scene.scheme, period="2026-04", now=AFTER
    )
    assert not standing.rows.get(subject__code="c").rated
    found = queries.summary(scene.office, AFTER.date())
    assert found is not None
    north = found.groups[0]
    assert ([one.subject for one in north.last], north.size) == (["B"], 2)


def test_an_exemption_is_filed_and_confirmed_like_a_veto() -> None:
    spec = deepcopy(SPEC)
    spec["exemptions"] = [{"fact": "exempt@newcomer", "name": {"zh": "新设", "en": "Newcomer"}}]
    scene = make_scene(spec)
    exempt = filed(scene, "c", "exempt@newcomer")
    assert exempt.kind == Adjustment.Kind.EXEMPT
    contest.confirm_adjustment(actor=scene.second, adjustment=exempt, now=NOW)
    rows = opened(scene).rows
    assert {row.subject.code: row.rated for row in rows.select_related("subject")} == {
        "a": True, "b": True, "c": False, "d": True,
    }  # fmt: skip


def test_what_a_formula_may_do_without_is_read_all_the_same() -> None:
    spec = deepcopy(SPEC)
    rule = {"kind": "formula", "percent": 'when(has("late"), 0, output) + v("extra@base", 0)'}
    spec["contests"][0]["criteria"][0]["rule"] = rule
    read = {code for need in standing_inputs.needs(Scheme.read(spec), PERIOD)
            for code in need.indicators}  # fmt: skip
    assert read == {"output", "late", "extra@base"}


def test_who_was_not_measured_in_a_contest_is_not_its_last() -> None:
    spec = deepcopy(SPEC)
    spec["contests"][0]["criteria"][0]["missing"] = "exclude"
    spec["contests"][1]["criteria"][0] = {
        "key": "visit", "name": {"zh": "现场", "en": "Visit"}, "weight": 20, "missing": "zero",
        "rule": {"kind": "rank_points", "value": "output", "step": 10},
    }  # fmt: skip
    spec["consequences"] = [
        {"when": when, "does": does, "contest": "work", **more}
        for when, does, more in (
            ("last", "case", {"matter": "test.rectify"}), ("first", "commend", {}),
        )
    ]  # fmt: skip
    scene = make_scene(spec)
    scene.observe("2026-04", a="90", b="80")
    standing = contest.compute_standing(actor=None, scheme=scene.scheme, period="2026-04", now=NOW)
    contest.open_standing(actor=None, standing=standing, now=NOW)
    contest.freeze_standing(actor=None, standing=standing, now=AFTER)
    contest.publish_standing(actor=None, standing=standing, now=AFTER)
    found = {(one.row.subject.code, one.does) for one in queries.outcomes(scene.office, standing)}
    assert found == {("b", "case"), ("a", "commend")}


def test_who_judges_blindly_reads_no_names_in_the_office_either(client: Client) -> None:
    scene = make_scene()
    now = timezone.now()
    panel = contest.make_panel(
        actor=None, scheme=scene.scheme, criterion="visit", period=PERIOD, blind=True,
        closes_at=now + timedelta(days=1), judges=[scene.office, scene.observer, scene.staff["d"]],
        subjects=[scene.subjects["a"]], group="north", now=now,
    )  # fmt: skip
    with pytest.raises(ValidationError):  # one of all groups would give the same marks twice
        contest.make_panel(
            actor=None, scheme=scene.scheme, criterion="visit", period=PERIOD,
            closes_at=now + timedelta(days=1), subjects=[scene.subjects["a"]],
            judges=[scene.office, scene.observer, scene.staff["d"]], now=now,
        )  # fmt: skip
    shown = {}
    for user in (scene.office, scene.second):
        client.force_login(user)
        page = client.get(reverse("scorecards:panel", args=[panel.pk])).content.decode()
        shown[user] = "<td>A</td>" in page
    assert shown == {scene.office: False, scene.second: True}
