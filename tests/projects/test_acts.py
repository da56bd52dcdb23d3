"""Listing, planning, moving, nodes, money, lights by hand, obstacles: done, and refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from jiulong.cases.models import Case
from jiulong.evidence.models import Attachment, Event
from jiulong.projects import actions, stages
from jiulong.projects.actions import Photo, Planned
from jiulong.projects.models import LightOverride, Project, StageMove
from tests.evidence.pictures import jpeg
from tests.factories import NOW
from tests.projects.scene import Scene, make_matter, make_project, report

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


def values(scene: Scene, **more: object) -> dict[str, object]:
    return {
        "code": "N-1", "name": "A new road", "level": "city", "kind": "new",
        "industry": "transport", "zone": scene.project.zone,
        "lead_unit": scene.project.lead_unit, "total_investment": Decimal(900), **more,
    }  # fmt: skip


def wrong(error: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(error.value.message_dict)


def test_it_lists_a_project_and_remembers_when(scene: Scene) -> None:
    made = actions.file_project(
        actor=scene.keeper, now=NOW,
        values=values(scene, national_code="2603-350602-04-01-12345X"),
    )  # fmt: skip
    assert (made.stage, made.filed_at, made.version) == (stages.PLANNED, NOW, 1)
    assert StageMove.objects.get(project=made).entered_on == TODAY
    assert Event.objects.get(verb="file_project", subject_id=str(made.pk)).actor == scene.keeper


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"national_code": "2613-350602-04-01-123456"}, "national_code"),  # a thirteenth month
        ({"national_code": "2603-35060-04-01-123456"}, "national_code"),
        ({"name": ""}, "name"),
        ({"total_investment": Decimal(-1)}, "total_investment"),
        ({"planned_start_on": date(2026, 5, 1), "planned_finish_on": date(2026, 4, 1)},
         "planned_finish_on"),
        ({"land_needed_mu": Decimal(1), "land_delivered_mu": Decimal(2)}, "land_needed_mu"),
        ({"bond_approved": Decimal(1), "bond_used": Decimal(2)}, "bond_approved"),
        ({"stage": "finished"}, "__all__"),
    ],
)  # fmt: skip
def test_it_refuses_what_cannot_be(scene: Scene, more: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        actions.file_project(actor=scene.keeper, values=values(scene, **more), now=NOW)
    assert field in wrong(error)


def test_a_code_stands_once_and_works_are_not_listed_late(scene: Scene) -> None:
    again = values(scene, code=scene.project.code)
    with pytest.raises(ValidationError) as error:
        actions.file_project(actor=scene.keeper, values=again, now=NOW)
    assert wrong(error) == {"code"}
    with pytest.raises(ValidationError) as error:
        actions.file_project(
            actor=scene.keeper, values=values(scene), stage=stages.BUILDING, now=NOW
        )
    assert wrong(error) == {"stage"}


def test_only_keepers_list_and_only_for_their_units(scene: Scene) -> None:
    elsewhere = values(scene, lead_unit=scene.sibling.unit)
    for actor, given in ((scene.staff, values(scene)), (scene.keeper, elsewhere)):
        with pytest.raises(PermissionDenied):
            actions.file_project(actor=actor, values=given, now=NOW)
    assert actions.file_project(actor=scene.office, values=elsewhere, now=NOW).pk


def test_a_change_says_what_it_was_and_masks_people(scene: Scene) -> None:
    changed = actions.change_project(
        actor=scene.keeper, project=scene.project, now=NOW,
        values={"contact_phone": "13800001234", "land_needed_mu": Decimal(10)},
    )  # fmt: skip
    told = Event.objects.get(verb="change_project").data
    assert told == {"contact_phone": ["", "138****1234"], "land_needed_mu": ["0", "10"]}
    stale = Project.objects.get(pk=changed.pk)
    actions.change_project(actor=None, project=changed, values={"address": "here"}, now=NOW)
    with pytest.raises(actions.ChangedMeanwhileError):
        actions.change_project(actor=None, project=stale, values={"address": "there"}, now=NOW)
    with pytest.raises(PermissionDenied):
        actions.change_project(actor=scene.staff, project=changed, values={}, now=NOW)


def test_nobody_excuses_their_own_late_start(scene: Scene) -> None:
    given = {"late_reason": "land"}
    with pytest.raises(ValidationError) as error:
        actions.file_project(actor=scene.keeper, values=values(scene, **given), now=NOW)
    assert wrong(error) == {"late_reason"}
    with pytest.raises(ValidationError) as error:
        actions.change_project(actor=scene.keeper, project=scene.project, values=given, now=NOW)
    assert wrong(error) == {"late_reason"}
    project = Project.objects.get(pk=scene.project.pk)
    actions.change_project(actor=scene.office, project=project, values=given, now=NOW)
    # It stays when others change something else, and they may take it back.
    for value in ("land", ""):
        kept = {"late_reason": value, "name": f"Works {value}"}
        project = actions.change_project(actor=scene.keeper, project=project, values=kept, now=NOW)
        assert project.late_reason == value


def test_what_is_dropped_keeps_its_history(scene: Scene) -> None:
    with pytest.raises(ValidationError):
        actions.drop_project(actor=scene.keeper, project=scene.project, reason="", now=NOW)
    report(scene.project, 2, "200")  # on course: nobody else is asked
    gone = actions.drop_project(actor=scene.keeper, project=scene.project, reason="Merged", now=NOW)
    assert (gone.dropped_on, gone.dropped_reason) == (TODAY, "Merged")


def test_a_plan_adds_up_and_changes_with_a_reason(scene: Scene) -> None:
    report(scene.project, 2, "200")
    kept = [(row.month.month, row.planned) for row in scene.project.plans.get().months.all()]
    assert kept == [(m, Decimal(100 * m)) for m in range(1, 13)]

    def revise(months: list[int], reason: str = "why", actor: object = scene.keeper) -> None:
        actions.revise_plan(
            actor=actor, project=scene.project, year=2026, investment=Decimal(12), now=NOW,  # type: ignore[arg-type]
            reason=reason, months=[Planned(n, Decimal(m)) for n, m in enumerate(months, start=1)],
        )  # fmt: skip

    rising = list(range(1, 13))
    for months, reason, field in (
        (rising, "", "reason"),
        ([*rising[:5], 4, *rising[6:]], "why", "months"),  # June falls
        (rising[:11], "why", "months"),
        ([*rising[:11], 11], "why", "months"),  # does not end at the sum
    ):
        with pytest.raises(ValidationError) as error:
            revise(months, reason)
        assert wrong(error) == {field}
    with pytest.raises(PermissionDenied):
        revise(rising, actor=scene.staff)
    revise(rising)
    assert scene.project.plans.get().months.get(month=date(2026, 12, 1)).planned == 12


def test_works_start_with_a_permit_only(scene: Scene) -> None:
    project = make_project(
        stage=stages.PREPARING, started_on=None, construction_permit_on=None,
        lead_unit=scene.project.lead_unit,
    )  # fmt: skip

    def move(what: str = "start", on: date = TODAY, actor: object = None) -> Project:
        return actions.move_stage(actor=actor, project=project, move=what, on=on, now=NOW)  # type: ignore[arg-type]

    for what, on in (("start", TODAY), ("start", TODAY + DAY), ("finish", TODAY)):
        with pytest.raises(ValidationError):
            move(what, on)
    with pytest.raises(IntegrityError), transaction.atomic():  # the database says so, too
        Project.objects.filter(pk=project.pk).update(stage=stages.STARTED)
    project.construction_permit_on = TODAY
    project.save()
    with pytest.raises(ValidationError):
        move(on=TODAY - DAY)  # before the permit
    with pytest.raises(PermissionDenied):
        move(actor=scene.staff)
    project = move(actor=scene.keeper)
    assert (project.stage, project.started_on) == (stages.STARTED, TODAY)
    with pytest.raises(ValidationError):
        move("build", TODAY - DAY)  # before the stage before
    project = move("build")
    project = move("finish")
    assert (project.stage, project.finished_on) == (stages.FINISHED, TODAY)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        StageMove.objects.all().delete()


def test_a_milestone_needs_a_photo_and_another_pair_of_eyes(scene: Scene) -> None:
    one = actions.add_milestone(
        actor=scene.keeper, project=scene.project, title="Roof", planned_on=TODAY, now=NOW
    )
    photo = Photo(content=jpeg(), name="roof.jpg")
    for done_on, photos in ((TODAY, []), (TODAY + DAY, [photo])):
        with pytest.raises(ValidationError):
            actions.finish_milestone(
                actor=scene.staff, milestone=one, done_on=done_on, photos=photos, now=NOW
            )
    with pytest.raises(ValidationError):  # not reached yet
        actions.confirm_milestone(actor=scene.office, milestone=one, now=NOW)
    for actor in (scene.sibling, scene.observer):
        with pytest.raises(PermissionDenied):
            actions.finish_milestone(actor=actor, milestone=one, done_on=TODAY, now=NOW)
    one = actions.finish_milestone(
        actor=scene.staff, milestone=one, done_on=TODAY, photos=[photo], now=NOW
    )
    assert Attachment.objects.get(subject="projects.milestone").subject_id == str(one.pk)
    with pytest.raises(ValidationError):  # once is enough
        actions.finish_milestone(
            actor=scene.staff, milestone=one, done_on=TODAY, photos=[photo], now=NOW
        )
    with pytest.raises(PermissionDenied):
        actions.confirm_milestone(actor=scene.staff, milestone=one, now=NOW)
    one = actions.confirm_milestone(actor=scene.office, milestone=one, now=NOW)
    assert (one.confirmed_by, one.confirmed_at) == (scene.office, NOW)


def test_funds_add_up(scene: Scene) -> None:
    def funds(source: str, planned: int, arrived: int, used: int) -> None:
        actions.set_funds(
            actor=scene.staff, project=scene.project, source=source, planned=Decimal(planned),
            arrived=Decimal(arrived), used=Decimal(used), now=NOW,
        )  # fmt: skip

    for given in (("gift", 1, 1, 1), ("loan", 5, 2, 3), ("loan", -1, 0, 0)):
        with pytest.raises(ValidationError):
            funds(*given)
    funds("loan", 5, 4, 3)
    funds("loan", 6, 4, 4)
    assert [(f.planned, f.used) for f in scene.project.funds.all()] == [(6, 4)]


def test_a_light_by_hand_has_a_reason_and_an_end(scene: Scene) -> None:
    def by_hand(colour: str = "green", reason: str = "Typhoon", days: int = 5) -> LightOverride:
        return actions.override_light(
            actor=scene.office, project=scene.project, colour=colour, reason=reason,
            until=TODAY + days * DAY, now=NOW,
        )  # fmt: skip

    for given, field in (
        ({"colour": "none"}, "colour"), ({"reason": " "}, "reason"), ({"days": -1}, "until"),
        ({"days": 93}, "until"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as error:
            by_hand(**given)  # type: ignore[arg-type]
        assert wrong(error) == {field}
    with pytest.raises(PermissionDenied):
        actions.override_light(
            actor=scene.keeper, project=scene.project, colour="green", reason="please",
            until=TODAY, now=NOW,
        )  # fmt: skip
    first, second = by_hand(), by_hand("red", "It is worse")
    first.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (NOW, None)
    assert actions.end_override(actor=scene.office, override=second, now=NOW) is True
    assert actions.end_override(actor=scene.office, override=second, now=NOW) is False


def test_an_obstacle_is_a_case_with_its_clock(scene: Scene) -> None:
    matter = make_matter()
    given = {"project": scene.project, "matter": matter, "title": "The loan is late", "now": NOW}
    data = {"issue": "loan"}
    with pytest.raises(PermissionDenied):
        actions.raise_obstacle(actor=scene.sibling, data=data, **given)  # type: ignore[arg-type]
    with pytest.raises(ValidationError) as error:
        actions.raise_obstacle(actor=scene.staff, data={}, **given)  # type: ignore[arg-type]
    assert wrong(error) == {"issue"}
    made = actions.raise_obstacle(actor=scene.staff, data=data, **given)  # type: ignore[arg-type]
    case = Case.objects.get()
    assert (made.case, case.source, case.source_ref) == (
        case, "projects", f"project/{scene.project.pk}",
    )  # fmt: skip
    assert (case.lead.code if case.lead else "", case.data["project"]) == (
        "350602-finance", f"{scene.project.code} {scene.project.name}",
    )  # fmt: skip
    assert case.due_at is not None
    with pytest.raises(ValidationError) as error:  # one of a kind at a time
        actions.raise_obstacle(actor=scene.staff, data=data, **given)  # type: ignore[arg-type]
    assert wrong(error) == {"matter"}
