"""Months: what can be said of one, who says and who confirms it, and what it does to the light."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from jiulong.evidence.models import Attachment, Event
from jiulong.projects import actions
from jiulong.projects.actions import Photo
from jiulong.projects.models import Light, MonthReport, ReportRevision
from tests.evidence.pictures import jpeg
from tests.factories import NOW
from tests.projects.scene import JUDGED, Scene, report

State = MonthReport.State


def refused(**kwargs: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        report(**kwargs)  # type: ignore[arg-type]
    return error.value.message_dict


def test_it_reports_a_month_and_lights_it(scene: Scene) -> None:
    one = report(scene.project, 2, "50", actor=scene.staff, node_done="Foundations")
    assert (one.state, one.planned, one.done, one.version) == (
        State.SUBMITTED, Decimal(200), Decimal(50), 1,
    )  # fmt: skip
    light = Light.objects.get(project=scene.project, month=JUDGED)
    # (200 − 50) × 100 ÷ 1200 = 12.5 points
    assert (light.colour, light.rule, light.explanation[0]["value"]) == (
        "yellow", "points_behind", "12.50",
    )  # fmt: skip
    event = Event.objects.get(verb="report_month")
    assert (event.actor, event.data["month"], event.data["done"]) == (scene.staff, "2026-02", "50")


def test_only_its_own_people_report_it(scene: Scene) -> None:
    for user in (scene.sibling, scene.observer, scene.outsider, scene.leader):
        with pytest.raises(PermissionDenied):
            report(scene.project, 2, "100", actor=user)
    assert not MonthReport.objects.exists()


def test_it_refuses_figures_that_cannot_be(scene: Scene) -> None:
    project = scene.project
    assert "month" in refused(project=project, month=4, done="1")  # not begun in March
    assert "done" in refused(project=project, month=1, done="-1")
    report(project, 1, "120")
    # No reason makes it right.
    assert "done" in refused(project=project, month=2, done="119", reason="Goods went back")
    report(project, 2, "150")
    assert "done" in refused(project=project, month=1, done="151")  # more than February says
    project.plans.filter(year=2026).delete()
    assert "month" in refused(project=project, month=2, done="160")


def test_it_asks_for_a_reason_where_figures_look_wrong(scene: Scene) -> None:
    project = scene.project
    # 1.10 of 5,000 in total
    assert "reason" in refused(project=project, month=2, done="5501")
    assert report(project, 2, "5500").reason == ""
    project.invested_before = Decimal(1)
    project.save()
    assert "reason" in refused(project=project, month=2, done="5500")
    assert report(project, 2, "5500", reason="Prices rose").reason == "Prices rose"


def test_it_asks_what_was_paid_before_works_started(scene: Scene) -> None:
    scene.project.started_on = date(2026, 2, 20)
    scene.project.save()
    assert "reason" in refused(project=scene.project, month=1, done="5")
    report(scene.project, 1, "0")
    report(scene.project, 2, "5")


def test_a_draft_is_nobodys_word(scene: Scene) -> None:
    draft = report(scene.project, 2, "200", actor=scene.staff, submit=False)
    assert (draft.state, draft.submitted_at) == (State.DRAFT, None)
    assert not Light.objects.filter(project=scene.project).exists()
    assert not Event.objects.filter(verb="report_month").exists()


def test_another_confirms_and_a_change_needs_a_reason(scene: Scene) -> None:
    one = report(scene.project, 2, "180", actor=scene.staff)
    for user in (scene.staff, scene.keeper, scene.observer):
        with pytest.raises(PermissionDenied):
            actions.confirm_report(actor=user, report=one, now=NOW)
    one = actions.confirm_report(actor=scene.office, report=one, now=NOW)
    assert (one.state, one.confirmed_by, one.version) == (State.CONFIRMED, scene.office, 2)
    with pytest.raises(ValidationError):  # it waits no more
        actions.confirm_report(actor=scene.office, report=one, now=NOW)
    assert "reason" in refused(project=scene.project, month=2, done="190", actor=scene.staff)
    again = report(scene.project, 2, "190", actor=scene.staff, reason="Invoice came")
    assert (again.state, again.version, again.confirmed_at) == (State.SUBMITTED, 3, None)
    # A draft would take it out of the count without a word.
    with pytest.raises(ValidationError) as error:
        report(scene.project, 2, "0", actor=scene.staff, submit=False)
    assert "done" in error.value.message_dict
    told = [(row.number, row.state, row.done, row.reason) for row in again.revisions.all()]
    assert told == [
        (1, State.SUBMITTED, Decimal(180), ""),
        (2, State.CONFIRMED, Decimal(180), ""),
        (3, State.SUBMITTED, Decimal(190), "Invoice came"),
    ]


def test_nobody_confirms_their_own_word(scene: Scene) -> None:
    one = report(scene.project, 2, "180", actor=scene.office)
    with pytest.raises(PermissionDenied):
        actions.confirm_report(actor=scene.office, report=one, now=NOW)


def test_a_returned_month_counts_no_more(scene: Scene) -> None:
    one = report(scene.project, 2, "200", actor=scene.staff)
    assert Light.objects.get(month=JUDGED).colour == "green"
    with pytest.raises(ValidationError):
        actions.return_report(actor=scene.office, report=one, reason=" ", now=NOW)
    one = actions.return_report(actor=scene.office, report=one, reason="No invoices", now=NOW)
    assert (one.state, one.reason) == (State.RETURNED, "No invoices")
    assert Light.objects.get(month=JUDGED).colour == "yellow"  # 200 ÷ 1200 = 16.67 points


def test_two_at_once_do_not_overwrite_each_other(scene: Scene) -> None:
    report(scene.project, 2, "100", version=None)
    with pytest.raises(actions.ChangedMeanwhileError):
        report(scene.project, 2, "150", version=0)


def test_revisions_are_append_only(scene: Scene) -> None:
    report(scene.project, 2, "100")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ReportRevision.objects.update(done=1)


def test_a_photo_goes_with_the_report(scene: Scene) -> None:
    photo = Photo(content=jpeg(), name="site.jpg")
    report(scene.project, 2, "100", actor=scene.staff, photos=[photo])
    kept = Attachment.objects.get(subject="projects.project", subject_id=str(scene.project.pk))
    assert (kept.purpose, kept.name) == ("report 2026-02", "site.jpg")


def test_a_change_of_an_early_month_judges_the_later_ones_again(scene: Scene) -> None:
    later = datetime(2026, 4, 20, 4, 0, tzinfo=UTC)
    actions.compute_lights(now=later, months=[date(2026, m, 1) for m in (1, 2, 3)])
    report(scene.project, 1, "100", now=later)
    # March stands on January's word: (300 − 100) × 100 ÷ 1200 = 16.67
    light = Light.objects.get(project=scene.project, month=date(2026, 3, 1))
    assert (light.colour, light.explanation[0]["figures"]["reported_to"]) == ("yellow", "2026-01")
