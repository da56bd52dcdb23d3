"""Asking less of a project that lags: kept until a second person of the supervision agrees."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from jiulong.evidence.models import Event
from jiulong.projects import actions, guarding, queries
from jiulong.projects.actions import Planned
from jiulong.projects.models import Easing, Light, LightRules, Project, YearPlan
from tests.factories import NOW, make_unit, make_user
from tests.projects.scene import Scene, make_project, make_scene, report

TODAY = date(2026, 3, 10)
EVEN = [100 * n for n in range(1, 13)]


def revise(scene: Scene, sums: list[int], actor: object = None, reason: str = "less") -> YearPlan:
    return actions.revise_plan(
        actor=actor or scene.keeper, project=scene.project, year=2026, reason=reason, now=NOW,  # type: ignore[arg-type]
        investment=Decimal(sums[-1]),
        months=[Planned(n, Decimal(planned)) for n, planned in enumerate(sums, start=1)],
    )  # fmt: skip


def stands(scene: Scene) -> list[int]:
    return [int(row.planned) for row in scene.project.plans.get().months.all()]


def wish(scene: Scene) -> Easing:
    return Easing.objects.get(project=scene.project, state="open")


def test_it_keeps_the_plan_of_a_lagging_project_until_a_second_person_grants(scene: Scene) -> None:
    revise(scene, [50 * n for n in range(1, 13)])
    assert stands(scene) == EVEN
    asked = wish(scene)
    assert (asked.asked_by, asked.reason, asked.told[0]) == (
        scene.keeper, "less", ["2026", "1200.00", "600"],
    )  # fmt: skip
    at_home = make_user("project_office", scene.project.lead_unit)  # supervises, but leads it, too
    for actor in (scene.keeper, scene.staff, scene.observer, at_home):
        with pytest.raises(PermissionDenied):
            actions.grant_easing(actor=actor, easing=asked, now=NOW)
    actions.grant_easing(actor=scene.office, easing=asked, now=NOW)
    assert stands(scene) == [50 * n for n in range(1, 13)]
    assert (
        Light.objects.get(project=scene.project).explanation[0]["figures"]["year_plan"] == "600.00"
    )
    told = Event.objects.get(verb="grant_easing")
    assert (told.actor, told.data["asked_by"]) == (scene.office, str(scene.keeper))
    with pytest.raises(ValidationError):  # once
        actions.refuse_easing(actor=scene.office, easing=asked, reason="late", now=NOW)


def test_more_is_promised_alone_and_a_green_project_is_free(scene: Scene) -> None:
    revise(scene, [100 * n + 20 for n in range(1, 13)])
    assert stands(scene)[-1] == 1220
    report(scene.project, 2, "220")
    revise(scene, EVEN)
    assert stands(scene) == EVEN
    assert not Easing.objects.exists()


def test_the_same_arrears_are_no_smaller_part_of_a_larger_year(scene: Scene) -> None:
    """16.7 points behind of 1,200 are 8.3 of 2,400, by a promise for December alone."""
    revise(scene, [*EVEN[:11], 2400])
    assert (stands(scene), wish(scene).kind) == (EVEN, "plan")


@pytest.mark.parametrize(
    ("sums", "eases"),
    [([90, *EVEN[1:]], True), ([*EVEN[:5], 590, *EVEN[6:]], True), ([110, *EVEN[1:]], False)],
)
def test_a_later_month_eases_though_the_year_is_the_same(
    scene: Scene, sums: list[int], eases: bool
) -> None:
    revise(scene, sums)
    assert (stands(scene) == EVEN) is eases


def test_nobody_is_quicker_than_the_days_judging(scene: Scene) -> None:
    """Until the fifth January is judged, and on course; February is known to lag already."""
    report(scene.project, 1, "50", now=NOW - timedelta(days=20))
    day = date(2026, 3, 3)
    assert guarding.guarded(scene.project, guarding.Day.of(day))
    actions.override_light(
        actor=scene.office, project=scene.project, colour="green", reason="x", until=TODAY, now=NOW
    )
    assert guarding.guarded(scene.project, guarding.Day.of(TODAY))  # a colour by hand hides nothing
    rules = LightRules.objects.get(code="yinchuan-2025")
    rules.spec["eased_by_two"] = []
    rules.save()
    assert not guarding.guarded(scene.project, guarding.Day.of(day))


def change(scene: Scene, reason: str = "land", **values: object) -> Project:
    return actions.change_project(
        actor=scene.keeper, project=Project.objects.get(pk=scene.project.pk), values=values,
        reason=reason, now=NOW,
    )  # fmt: skip


def test_what_eases_waits_and_the_rest_is_changed_at_once(scene: Scene) -> None:
    other = make_unit()
    later = {
        "planned_start_on": date(2026, 9, 1), "planned_finish_on": None, "name": "Renamed",
        "total_investment": Decimal(100), "supervising_unit": other,
    }  # fmt: skip
    with pytest.raises(ValidationError) as error:
        change(scene, reason="", **later)
    assert set(error.value.message_dict) == {"reason"}
    kept = change(scene, **later)
    assert (kept.name, kept.planned_start_on, kept.supervising_unit_id) == (
        "Renamed", date(2025, 9, 1), scene.office.unit_id,
    )  # fmt: skip
    assert [row[0] for row in wish(scene).told] == [
        "planned_start_on", "planned_finish_on", "total_investment", "supervising_unit",
    ]  # fmt: skip
    actions.grant_easing(actor=scene.office, easing=wish(scene), now=NOW)
    kept.refresh_from_db()
    assert (kept.planned_start_on, kept.planned_finish_on, kept.total_investment) == (
        date(2026, 9, 1), None, 100,
    )  # fmt: skip
    assert kept.supervising_unit == other
    change(scene, planned_start_on=date(2026, 8, 1))  # sooner
    assert not Easing.objects.filter(state="open").exists()


def test_a_wish_is_overtaken_replaced_taken_back_refused(scene: Scene) -> None:
    change(scene, planned_finish_on=date(2028, 1, 1))
    first = wish(scene)
    Project.objects.filter(pk=scene.project.pk).update(planned_finish_on=date(2027, 1, 1))
    with pytest.raises(actions.ChangedMeanwhileError):
        actions.grant_easing(actor=scene.office, easing=first, now=NOW)
    change(scene, planned_finish_on=date(2029, 1, 1))
    first.refresh_from_db()
    assert (first.state, wish(scene).told) == (
        "withdrawn", [["planned_finish_on", "2027-01-01", "2029-01-01"]],
    )  # fmt: skip
    for actor in (scene.staff, scene.sibling):
        with pytest.raises(PermissionDenied):
            actions.withdraw_easing(actor=actor, easing=wish(scene), now=NOW)
    assert (
        actions.withdraw_easing(actor=scene.keeper, easing=wish(scene), now=NOW).state
        == "withdrawn"
    )
    revise(scene, [50 * n for n in range(1, 13)])
    with pytest.raises(ValidationError):
        actions.refuse_easing(actor=scene.office, easing=wish(scene), reason=" ", now=NOW)
    refused = actions.refuse_easing(actor=scene.office, easing=wish(scene), reason="No", now=NOW)
    assert (refused.state, refused.answer, stands(scene)) == ("refused", "No", EVEN)
    with pytest.raises(IntegrityError), transaction.atomic():  # the database says so, too
        Easing.objects.filter(pk=refused.pk).update(settled_by=scene.keeper)


def test_what_no_longer_fits_is_not_granted(scene: Scene) -> None:
    """Between the wish and the answer the rest of the project moves on."""
    change(scene, bond_approved=Decimal(900), bond_used=Decimal(0))
    change(scene, bond_approved=Decimal(500))
    change(scene, bond_used=Decimal(700))
    with pytest.raises(ValidationError) as error:  # and no refusal by the database
        actions.grant_easing(actor=scene.office, easing=wish(scene), now=NOW)
    assert set(error.value.message_dict) == {"bond_approved"}
    assert wish(scene).state == "open"
    change(scene, planned_start_on=date(2027, 6, 1))
    change(scene, planned_finish_on=date(2026, 12, 1))  # sooner: at once
    with pytest.raises(ValidationError):
        actions.grant_easing(actor=scene.office, easing=wish(scene), now=NOW)
    assert Project.objects.get(pk=scene.project.pk).planned_start_on == date(2025, 9, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_ask_at_once_the_later_one_counts() -> None:
    scene = make_scene()

    def ask(month: int) -> None:
        try:
            change(scene, planned_finish_on=date(2029, month, 1))
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        list(pool.map(ask, (1, 2, 3, 4)))
    states = Easing.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == ["open", "withdrawn", "withdrawn", "withdrawn"]


def test_a_lagging_project_leaves_the_list_by_two(scene: Scene) -> None:
    kept = actions.drop_project(actor=scene.office, project=scene.project, reason="Over", now=NOW)
    assert kept.dropped_on is None
    second = make_user("project_office", make_unit())
    with pytest.raises(PermissionDenied):  # who asked, of the supervision or not
        actions.grant_easing(actor=scene.office, easing=wish(scene), now=NOW)
    actions.grant_easing(actor=second, easing=wish(scene), now=NOW)
    scene.project.refresh_from_db()
    assert (scene.project.dropped_on, scene.project.dropped_reason) == (TODAY, "Over")


def test_it_is_seen_and_settled_on_the_pages(scene: Scene, english: Client) -> None:
    calm = make_project(
        lead_unit=scene.project.lead_unit, planned_start_on=None, supervising_unit=scene.office.unit
    )
    english.force_login(scene.keeper, backend="jiulong.organisation.login.Passwords")
    for project, told in ((calm, "off the list; its"), (scene.project, "waits for a second")):
        address = reverse("projects:drop", args=[project.pk])
        answer = english.post(address, {"reason": "Merged"})
        assert told in english.get(answer.headers["Location"]).content.decode()
    page = english.get(reverse("projects:project", args=[scene.project.pk])).content.decode()
    assert ("Merged" in page, "Take back" in page, ">Grant<" in page) == (True, True, False)
    asked = wish(scene)
    assert english.post(reverse("projects:grant", args=[asked.pk])).status_code == 403
    assert queries.to_settle(scene.keeper) == []
    english.force_login(scene.office, backend="jiulong.organisation.login.Passwords")
    assert scene.project.name in english.get(reverse("projects:due")).content.decode()
    refuse = reverse("projects:refuse", args=[asked.pk])
    assert english.post(refuse, {"reason": ""}).status_code == 422
    assert english.post(refuse, {"reason": "It stays"}).status_code == 303
    english.force_login(scene.keeper, backend="jiulong.organisation.login.Passwords")
    page = english.get(reverse("projects:project", args=[scene.project.pk])).content.decode()
    assert "It stays" in page
