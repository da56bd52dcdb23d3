"""A month is scored, disputed, frozen, published – and what follows."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from jiulong.evidence.models import Event
from jiulong.evidence.verifying import Checked
from jiulong.organisation.models import User
from jiulong.scorecards import (
    standing_digests,
    standing_exports,
    standing_specs,
    standing_verifying,
)
from jiulong.scorecards.actions import revise_observation
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.models import (
    Adjustment,
    Dispute,
    Outcome,
    SchemeVersion,
    Standing,
    StandingRow,
    Subject,
    Target,
)
from jiulong.scorecards.queries import standings as queries
from tests.factories import make_user
from tests.scorecards.standings.scene import AFTER, NOW, OUTPUT, PERIOD, SPEC, Scene, make_scene

pytestmark = pytest.mark.django_db


def ranks(standing: Standing) -> dict[str, tuple[int, str]]:
    """Subject → rank and score."""
    return {
        row.subject.code: (row.rank, f"{row.score:.2f}")
        for row in standing.rows.select_related("subject")
    }


def computed(scene: Scene, period: str = PERIOD) -> Standing:
    return contest.compute_standing(actor=scene.office, scheme=scene.scheme, period=period, now=NOW)


def published(scene: Scene, standing: Standing) -> Standing:
    contest.open_standing(actor=scene.office, standing=standing, now=NOW)
    contest.freeze_standing(actor=scene.office, standing=standing, now=AFTER)
    return contest.publish_standing(actor=scene.office, standing=standing, now=AFTER)


def test_it_ranks_within_groups_and_says_what_is_missing_to_the_next() -> None:
    scene = make_scene()
    standing = computed(scene)
    # Output over its target of 100, capped at 120 %; the visit has no judges and is left out, so
    # that output counts for 100 points.
    assert ranks(standing) == {
        "a": (1, "120.00"), "b": (2, "100.00"), "c": (3, "80.00"), "d": (1, "90.00"),
    }  # fmt: skip
    gaps = {row.subject.code: row.gap for row in standing.rows.select_related("subject")}
    assert gaps == {"a": None, "b": Decimal(20), "c": Decimal(20), "d": None}
    row = standing.rows.get(subject__code="b")
    assert row.contests == [
        {"contest": "work", "points": "100.00", "out_of": "100"},
        {"contest": "look", "points": "0.00", "out_of": "0"},
        {"contest": "", "points": "0.00", "out_of": "0"},
    ]
    # The next month knows the rank before; computing again keeps the rows.
    scene.observe("2026-04", a="90", b="100", c="110", d="90")
    april = computed(scene, "2026-04")
    moved = {r.subject.code: (r.rank_before, r.rank) for r in april.rows.select_related("subject")}
    assert moved == {"a": (1, 3), "b": (2, 2), "c": (3, 1), "d": (1, 1)}
    before = set(april.rows.values_list("pk", flat=True))
    assert set(computed(scene, "2026-04").rows.values_list("pk", flat=True)) == before


def test_a_unit_objects_to_its_own_row_in_the_window_and_the_value_is_revised() -> None:
    scene = make_scene()
    standing = computed(scene)
    row = standing.rows.get(subject__code="c")
    with pytest.raises(contest.NotNowError):  # not open yet
        contest.file_dispute(actor=scene.staff["c"], row=row, claim="wrong", now=NOW)
    contest.open_standing(actor=scene.office, standing=standing, now=NOW)
    # Three working days after Wednesday the 8th: Monday the 13th, to the end of the day.
    assert standing.dispute_until is not None
    assert standing.dispute_until.isoformat() == "2026-04-13T15:59:59+00:00"
    for stranger in (scene.staff["a"], scene.observer, scene.office):
        with pytest.raises(PermissionDenied):
            contest.file_dispute(actor=stranger, row=row, claim="wrong", now=NOW)
    with pytest.raises(ValidationError):
        contest.file_dispute(actor=scene.staff["c"], row=row, claim=" ", now=NOW)
    dispute = contest.file_dispute(
        actor=scene.staff["c"], row=row, claim="Output is 105", criterion="output", now=NOW
    )
    with pytest.raises(contest.NotNowError):  # one at a time
        contest.file_dispute(
            actor=scene.staff["c"], row=row, claim="again", criterion="output", now=NOW
        )
    with pytest.raises(contest.NotNowError):
        contest.freeze_standing(actor=scene.office, standing=standing, now=AFTER)
    with pytest.raises(PermissionDenied):
        contest.answer_dispute(
            actor=scene.staff["c"], dispute=dispute, upheld=True, answer="yes", now=NOW
        )
    revision = contest.Revision(scene.values["c"], Decimal(105))
    contest.answer_dispute(
        actor=scene.office, dispute=dispute, upheld=True, answer="Checked: it is 105",
        revision=revision, now=NOW,
    )  # fmt: skip
    standing.refresh_from_db()
    assert ranks(standing)["c"] == (2, "105.00")
    assert Dispute.objects.get().row_id == row.pk
    assert standing.run == 2
    with pytest.raises(contest.NotNowError):  # answered once
        contest.answer_dispute(
            actor=scene.office, dispute=dispute, upheld=False, answer="no", now=NOW
        )
    with pytest.raises(contest.NotNowError):  # the window is over
        contest.file_dispute(actor=scene.staff["a"], row=_row(standing, "a"), claim="x", now=AFTER)


def _row(standing: Standing, code: str) -> StandingRow:
    return standing.rows.get(subject__code=code)


def test_what_is_frozen_stays_and_its_digest_lies_in_an_event() -> None:
    scene = make_scene()
    standing = computed(scene)
    contest.open_standing(actor=scene.office, standing=standing, now=NOW)
    with pytest.raises(contest.NotNowError):  # the window is open
        contest.freeze_standing(actor=scene.office, standing=standing, now=NOW)
    with pytest.raises(PermissionDenied):
        contest.freeze_standing(actor=scene.staff["a"], standing=standing, now=AFTER)
    contest.freeze_standing(actor=scene.office, standing=standing, now=AFTER)
    told = Event.objects.get(verb="freeze_standing").data
    rows = standing.rows.select_related("subject")
    facts = standing_digests.of_rows(_rules(scene), rows)
    assert told["digest"] == standing.digest == standing_digests.digest(facts)
    assert told["inputs"] == standing_digests.of_inputs(standing.observations)
    # Data revised later do not change it; the database refuses it to everybody.
    revise_observation(
        actor=scene.office, observation=scene.values["a"], value=Decimal(50), reason="year report",
        now=AFTER,
    )  # fmt: skip
    with pytest.raises(contest.NotNowError):
        contest.recompute(actor=scene.office, standing=standing, now=AFTER)
    for change in (
        lambda: StandingRow.objects.filter(standing=standing).update(rank=1),
        lambda: StandingRow.objects.filter(standing=standing).delete(),
        lambda: Standing.objects.filter(pk=standing.pk).update(digest="0" * 64),
        lambda: Standing.objects.filter(pk=standing.pk).update(state="computed"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert ranks(standing)["a"] == (1, "120.00")


def _rules(scene: Scene) -> Any:
    return standing_specs.of(scene.scheme)


def test_the_database_keeps_when_it_was_published_and_all_of_the_rules_adopted() -> None:
    scene = make_scene()
    standing = computed(scene)
    contest.open_standing(actor=scene.office, standing=standing, now=NOW)
    contest.freeze_standing(actor=scene.office, standing=standing, now=AFTER)

    def refused(table: Any, **changes: Any) -> None:
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            table.update(**changes)

    mine = Standing.objects.filter(pk=standing.pk)
    refused(mine, published_at=NOW)  # not published
    refused(mine, state="published")  # without its time
    contest.publish_standing(actor=scene.office, standing=standing, now=AFTER)
    for when in (None, NOW):
        refused(mine, published_at=when)
    rules = SchemeVersion.objects.filter(pk=scene.scheme.pk)
    for changes in (
        {"effective_to": date(2026, 2, 1)}, {"adopted_by": scene.office}, {"adopted_at": NOW},
        {"made_by": scene.office}, {"note": "x"}, {"pack": "x"}, {"state": "draft"},
    ):  # fmt: skip
        refused(rules, **changes)
    rules.update(state="retired")
    refused(rules, state="adopted")


def test_who_was_last_in_december_is_last_twice_in_the_joint_february() -> None:
    scene = make_scene(SPEC | {"effective_from": "2025-12-01"})
    for one in scene.subjects.values():
        Target.objects.create(
            indicator=scene.indicator, subject=one, period="2025", value=100, set_at=NOW
        )
    for period in ("2025-12", "2026-02"):
        scene.observe(period, **OUTPUT)
        published(scene, computed(scene, period))
    drawn = Outcome.objects.filter(row__standing__period="2026-02", key__contains="last_twice")
    assert [one.row.subject.code for one in drawn] == ["c"]


def test_who_retires_while_objecting_is_ranked_in_the_month_that_was() -> None:
    scene = make_scene()
    standing = computed(scene)
    contest.open_standing(actor=scene.office, standing=standing, now=NOW)
    dispute = contest.file_dispute(
        actor=scene.staff["c"], row=standing.rows.get(subject__code="c"), claim="x", now=NOW
    )
    Subject.objects.filter(code="c").update(retired_at=NOW)
    before = ranks(standing)
    contest.recompute(actor=scene.office, standing=standing, now=NOW)
    assert ranks(standing) == before
    contest.answer_dispute(actor=scene.office, dispute=dispute, upheld=False, answer="x", now=NOW)
    contest.freeze_standing(
        actor=scene.office, standing=Standing.objects.get(pk=standing.pk), now=AFTER
    )
    Subject.objects.filter(code="c").update(retired_at=NOW - timedelta(days=9))  # in March
    assert "c" not in {code for code, _g in standing_specs.members(
        standing_specs.of(scene.scheme), PERIOD).values()}  # fmt: skip


def test_publishing_has_consequences_each_once() -> None:
    scene = make_scene()
    march = published(scene, computed(scene))
    found = {
        (one.row.subject.code, one.does): one.case and one.case.lead and one.case.lead.code
        for one in queries.outcomes(scene.office, march)
    }
    # A group of one has a first and no last.
    assert found == {("c", "case"): "c", ("a", "commend"): None, ("d", "commend"): None}
    with pytest.raises(contest.NotNowError):
        contest.publish_standing(actor=scene.office, standing=march, now=AFTER)
    scene.observe("2026-04", a="120", b="100", c="80", d="90")
    april = published(scene, computed(scene, "2026-04"))
    does = {(one.row.subject.code, one.does) for one in queries.outcomes(scene.office, april)}
    assert does == {("c", "case"), ("c", "interview"), ("a", "commend"), ("d", "commend")}
    case = queries.outcomes(scene.office, april).get(does="interview").case
    assert case is not None
    assert case.source == "scorecards"


def test_an_adjustment_counts_once_another_person_confirmed_it() -> None:
    scene = make_scene()

    def file(criterion: str, of: str, **changes: Any) -> Adjustment:
        given = {
            "scheme": scene.scheme, "criterion": criterion, "subject": scene.subjects[of],
            "period": PERIOD, "amount": Decimal(1), "reason": "a circular", "ref": "case/1",
        }  # fmt: skip
        return contest.file_adjustment(actor=scene.office, now=NOW, **{**given, **changes})

    bonus, veto = file("bonus@award", "b", amount=Decimal(2)), file("veto@accident", "a")
    for wrong in (
        {"criterion": "bonus@nothing"}, {"ref": ""}, {"reason": ""}, {"amount": Decimal(-1)},
        {"period": "March"},
    ):  # fmt: skip
        given: dict[str, Any] = {"criterion": "bonus@award", "of": "b", **wrong}
        with pytest.raises(ValidationError):
            file(**given)
    assert ranks(computed(scene))["a"] == (1, "120.00")  # nothing counts yet
    with pytest.raises(PermissionDenied):
        contest.confirm_adjustment(actor=scene.office, adjustment=bonus, now=NOW)
    with pytest.raises(PermissionDenied):
        contest.confirm_adjustment(actor=scene.staff["b"], adjustment=bonus, now=NOW)
    for one in (bonus, veto):
        contest.confirm_adjustment(actor=scene.second, adjustment=one, now=NOW)
    standing = computed(scene)
    assert ranks(standing) == {
        "a": (3, "120.00"), "b": (1, "104.00"), "c": (2, "80.00"), "d": (1, "90.00"),
    }  # fmt: skip
    assert _row(standing, "a").struck
    third = make_user(User.Role.SUPERVISOR, scene.office.unit)
    taken = {"adjustment": veto, "reason": "not proven", "now": NOW}
    for one in (scene.office, scene.second):  # what two stood for, one of them does not undo
        with pytest.raises(PermissionDenied):
            contest.withdraw_adjustment(actor=one, **taken)
    contest.withdraw_adjustment(actor=third, **taken)
    assert ranks(computed(scene))["a"] == (1, "120.00")
    file("veto@accident", "c")
    contest.open_standing(actor=scene.office, standing=standing, now=NOW)
    with pytest.raises(contest.NotNowError):  # it waits for the second person
        contest.freeze_standing(actor=scene.office, standing=standing, now=AFTER)


def test_judges_score_blindly_and_too_few_are_no_data() -> None:
    scene = make_scene()
    judges = [scene.staff["a"], scene.staff["b"], scene.office, scene.second, scene.observer]
    panel = contest.make_panel(
        actor=scene.office, scheme=scene.scheme, criterion="visit", period=PERIOD,
        closes_at=NOW + timedelta(days=2), judges=judges, subjects=scene.subjects.values(), now=NOW,
    )  # fmt: skip
    tasks = {(one.judge_id, one.subject.code): one for one in panel.assignments.all()}
    assert (scene.staff["a"].pk, "a") not in tasks  # nobody judges their own unit
    given = {scene.office: 90, scene.second: 80, scene.observer: 40, scene.staff["b"]: 100}
    for judge, value in given.items():
        task = tasks[judge.pk, "a"] if (judge.pk, "a") in tasks else tasks[judge.pk, "c"]
        contest.give_score(actor=judge, assignment=task, value=Decimal(value), now=NOW)
    mine = tasks[scene.office.pk, "b"]
    with pytest.raises(PermissionDenied):
        contest.give_score(actor=scene.second, assignment=mine, value=Decimal(1), now=NOW)
    for wrong in ("101", "-1", "50.001", "NaN"):
        with pytest.raises(ValidationError):
            contest.give_score(actor=scene.office, assignment=mine, value=Decimal(wrong), now=NOW)
    contest.declare_conflict(actor=scene.office, assignment=mine, reason="worked there", now=NOW)
    with pytest.raises(contest.NotNowError):
        contest.give_score(actor=scene.office, assignment=mine, value=Decimal(50), now=NOW)
    contest.close_panel(actor=scene.office, panel=panel, now=NOW)
    with pytest.raises(contest.NotNowError):
        contest.give_score(
            actor=scene.second, assignment=tasks[scene.second.pk, "b"], value=Decimal(1), now=NOW
        )
    # a: 90, 80, 40, 100 without the highest and the lowest is 85 of 100: 17 of 20 points.
    standing = computed(scene)
    points = {
        row.subject.code: {one["contest"]: one["points"] for one in row.contests}
        for row in standing.rows.select_related("subject")
    }
    assert points["a"] == {"work": "96.00", "look": "17.00", "": "0.00"}
    assert points["c"]["look"] == "0.00"
    assert ranks(standing)["c"] == (3, "80.00")  # nobody judged it: left out


def test_a_standing_is_recounted_outside_from_its_two_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = make_scene()
    standing = computed(scene)
    rules, rows = tmp_path / "scheme.yaml", tmp_path / "observations.csv"
    rules.write_text(standing_exports.scheme_yaml(scene.scheme), encoding="utf-8")
    rows.write_text(standing_exports.observations_csv(standing), encoding="utf-8")
    call_command(
        "score", "--scheme", str(rules), "--observations", str(rows), "--period", PERIOD, "--json"
    )
    found = json.loads(capsys.readouterr().out)["standings"]
    outside = sorted(
        (
            {name: one[name] for name in ("subject", "group", "score", "rank", "class")}
            | {"criteria": [
                {name: each[name] for name in ("criterion", "points")} for each in one["criteria"]
            ]}
            for one in found
        ),
        key=lambda one: str(one["subject"]),
    )  # fmt: skip
    assert standing_digests.digest(outside) == standing.digest


def test_verifying_recounts_what_was_frozen_and_finds_what_was_altered() -> None:
    scene = make_scene()
    standing = computed(scene)
    contest.open_standing(actor=scene.office, standing=standing, now=NOW)
    contest.freeze_standing(actor=scene.office, standing=standing, now=AFTER)
    assert standing_verifying.check() == Checked(1)
    # Somebody who may drop triggers moves a rank, a value, a rule.
    for change in (
        "UPDATE scorecards_standingrow SET rank = 9 WHERE rank = 1",
        "UPDATE scorecards_standing SET observations = '[]'",
        "UPDATE scorecards_schemeversion SET spec = '{}'",
    ):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(change)
            assert standing_verifying.check().altered.endswith("not as its event tells")
            transaction.set_rollback(True)
