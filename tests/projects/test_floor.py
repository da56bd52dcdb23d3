"""What projects give to other floors: demo, pack sections, metrics, chores."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from jiulong.cases.models import Notice
from jiulong.organisation.models import Unit
from jiulong.packs.sections import Context, registered
from jiulong.projects import actions, demo, queries, reminding
from jiulong.projects.lights.spec import LightSpec
from jiulong.projects.models import (
    Light,
    LightOverride,
    LightRules,
    MonthReport,
    Obstacle,
    Project,
)
from jiulong.projects.sections import DEMO, LIGHTS
from jiulong.scorecards.metrics import registered as metrics
from jiulong.scorecards.models import Subject
from tests.factories import NOW, make_unit, make_user
from tests.projects.scene import Scene, make_matter, make_project, make_rules, plan, report


@pytest.mark.django_db
def test_the_demo_invents_a_year_and_only_once() -> None:
    make_rules()
    make_matter()
    district = make_unit(Unit.Kind.DISTRICT)
    for kind in (Unit.Kind.STREET, Unit.Kind.ZONE):
        make_unit(kind, parent=district, longitude=117.6, latitude=24.5)
    make_unit(code="350602-development")
    now = datetime(2026, 11, 20, 4, tzinfo=UTC)
    counts = {"province": 6, "district": 54}
    assert demo.furnish(now, counts) == 60
    assert demo.furnish(now, counts) == 0
    assert Counter(Project.objects.values_list("level", flat=True)) == counts
    colours = Counter(
        Light.objects.filter(month=date(2026, 10, 1)).values_list("colour", flat=True)
    )
    # 65 % green, 22 % yellow, 8 % red as the whole district's; a part of it is near that.
    assert 0.5 < colours["green"] / 60 < 0.8
    assert min(colours["yellow"], colours["red"]) > 0
    assert Light.objects.values("month").distinct().count() == 12
    assert min(LightOverride.objects.count(), Obstacle.objects.count()) > 0
    assert not MonthReport.objects.filter(month__gt=date(2026, 10, 1)).exists()
    future = MonthReport.objects.filter(confirmed_at__gt=now) | MonthReport.objects.filter(
        submitted_at__gt=now
    )
    assert not future.exists()


@pytest.mark.django_db
def test_without_streets_nothing_is_invented() -> None:
    assert demo.furnish(NOW) == 0


@pytest.mark.django_db
def test_rules_come_from_packs_and_go_with_them() -> None:
    section = next(one for one in registered() if one.key == LIGHTS)
    item = {
        "code": "x", "name": "X", "source": "a paper", "since": "2026-01-01",
        "rules": [{"measure": "points_behind", "bands": [{"over": 5, "colour": "red"}]}],
    }  # fmt: skip

    class Nothing:
        def has(self, *_words: str) -> bool:
            return False

    def context(*held: str) -> Context:
        return Context("p", Nothing(), NOW, held={LIGHTS: frozenset(held)})  # type: ignore[arg-type]

    spec = LightSpec.model_validate(item)
    section.apply(section.plan([spec], context()), context())
    assert [change.kind for change in section.plan([spec], context("x"))] == ["same"]
    assert section.export is not None
    assert [row["code"] for row in section.export("p")] == ["x"]
    section.apply(section.plan([], context("x")), context("x"))
    assert LightRules.objects.get().retired_at == NOW
    double = LightSpec.model_validate({**item, "rules": item["rules"] * 2})  # type: ignore[operator]
    late = LightSpec.model_validate({**item, "until": "2025-01-01"})
    told = list(section.check([double, late], context()))
    assert [fault.path for fault in told] == [(0, "rules", 1, "measure"), (1, "until")]
    assert next(one for one in registered() if one.key == DEMO).demo is True


def test_metrics_count_for_the_unit_that_leads(scene: Scene) -> None:
    lead = scene.project.lead_unit
    late = make_project(
        lead_unit=lead, kind="new", stage="preparing", started_on=None,
        planned_start_on=date(2026, 2, 1), level="province",
    )  # fmt: skip
    plan(late)
    report(scene.project, 2, "150")
    unit = Subject.objects.create(code="u", kind="unit", name="U", unit=lead)
    one = Subject.objects.create(
        code="p", kind="project", name="P", ref=f"project/{scene.project.pk}"
    )
    nobody = Subject.objects.create(code="n", kind="unit", name="N", unit=make_unit())
    found = {
        code: {
            pk: value for pk, (value, _refs) in
            metrics()[f"projects.{code}"].compute("2026-02", [unit, one, nobody]).items()
        }
        for code in ("investment_completion", "started_share", "provincial", "investment", "count")
    }  # fmt: skip
    # Of 200 + 200 planned to date 150 are done; for the project alone 150 of 200.
    assert found == {
        "investment_completion": {unit.pk: Decimal("37.50"), one.pk: Decimal("75.00")},
        "started_share": {unit.pk: Decimal("0.00")},
        "provincial": {unit.pk: Decimal(1), one.pk: Decimal(0)},
        "investment": {unit.pk: Decimal(150), one.pk: Decimal(150)},
        "count": {unit.pk: Decimal(2), one.pk: Decimal(1)},
    }
    _value, refs = metrics()["projects.investment"].compute("2026-02", [one])[one.pk]
    assert refs == [f"projects.project/{scene.project.pk}"]


def test_people_are_told_before_and_after_the_day_once_each(scene: Scene) -> None:
    def step(day: int) -> list[tuple[str, int]]:
        reminding.remind_step(datetime(2026, 3, day, 4, tzinfo=UTC))
        rows = Notice.objects.order_by("pk").values_list("kind", "user")
        return [(kind, user) for kind, user in rows]

    people = {scene.staff.pk, scene.keeper.pk}
    assert step(2) == []
    assert set(step(3)) == {("month_due", pk) for pk in people}
    assert len(step(5)) == 2
    assert set(step(6)) == {(kind, pk) for kind in ("month_due", "month_missing") for pk in people}
    assert len(step(7)) == 4
    Notice.objects.all().delete()
    report(scene.project, 2, "100")
    assert step(8) == []


def test_lights_are_judged_once_a_day(scene: Scene) -> None:
    at = datetime(2026, 3, 6, 1, tzinfo=UTC)
    reminding.judge_step(at)
    light = Light.objects.get(project=scene.project)
    assert (light.month, light.colour, light.computed_at) == (date(2026, 2, 1), "yellow", at)
    reminding.judge_step(at + timedelta(hours=5))
    assert Light.objects.get().computed_at == at
    reminding.judge_step(at + timedelta(days=1))
    assert Light.objects.get().computed_at == at + timedelta(days=1)


def test_a_summary_and_those_that_lag(scene: Scene) -> None:
    today = date(2026, 3, 10)
    worse = make_project(lead_unit=scene.project.lead_unit)
    plan(worse)
    report(scene.project, 2, "60")  # 11.67 points
    report(worse, 2, "0")  # 16.67 points
    reserve = make_project(
        kind="reserve", stage="planned", started_on=None, planned_start_on=date(2027, 1, 1),
    )  # fmt: skip
    actions.compute_lights(now=NOW)
    told = queries.summary(scene.observer, today)
    assert (told.month, told.total, told.by_colour, told.completion) == (
        date(2026, 2, 1), 3, {"green": 0, "yellow": 2, "red": 0, "none": 1}, Decimal("15.0"),
    )  # fmt: skip
    assert [row.pk for row in queries.lagging(scene.observer, today)] == [
        worse.pk, scene.project.pk,
    ]  # fmt: skip
    actions.override_light(
        actor=None, project=scene.project, colour="red", reason="Unsafe", until=today, now=NOW
    )
    assert [row.pk for row in queries.lagging(scene.observer, today, 1)] == [scene.project.pk]
    after = queries.summary(scene.observer, today + timedelta(days=1))
    assert after.by_colour["red"] == 0  # its day is over: the computed colour stands again
    stranger = make_user("handler", make_unit())
    assert queries.summary(stranger, today).total == 0
    assert reserve.pk in {row.pk for row in queries.projects(scene.observer, today)}
