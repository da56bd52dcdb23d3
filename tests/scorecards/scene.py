"""A small district with figures: two streets, one indicator, a plan of sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from jiulong.organisation.models import Unit, User
from jiulong.scorecards.actions import Seen, observe
from jiulong.scorecards.actions.opening import opened
from jiulong.scorecards.actions.targets import place_targets
from jiulong.scorecards.models import Indicator, Sheet, SheetPlan, Subject, Target
from tests.factories import make_unit, make_user

#: A Thursday: March is over, its sheets are due on the 8th (5 working days; 6 April is a holiday).
NOW = datetime(2026, 4, 2, 2, tzinfo=UTC)


@dataclass
class Scene:
    """Who and what there is; `people` by name."""

    district: Unit
    streets: list[Unit]
    retail: Indicator
    gdp: Indicator
    whole: Subject
    parts: list[Subject]
    plan: SheetPlan
    people: dict[str, User]

    def sheet(self, period: str = "2026-03", street: int = 0) -> Sheet:
        rows = Sheet.objects.filter(plan=self.plan, period=period, unit=self.streets[street])
        return rows.select_related("plan", "unit").get()

    def target(self, subject: Subject, value: str, **more: Any) -> Target:
        given = {"indicator": self.retail, "period": "2026", **more}
        row = Target(subject=subject, value=Decimal(value), **given)
        return place_targets(actor=None, rows=[row], now=NOW)[0]

    def see(self, subject: Subject, values: dict[str, str], row: Indicator | None = None) -> None:
        seen = [Seen((row or self.retail).pk, subject.pk, period, Decimal(value))
                for period, value in values.items()]  # fmt: skip
        observe(actor=None, seen=seen, now=NOW)


def spec(**more: Any) -> dict[str, Any]:
    return {
        "key": "monthly", "name": {"zh": "月报", "en": "Monthly"}, "indicators": ["retail", "gdp"],
        "subjects": ["parts"], "jump": "40",
        "levels": [{"name": "负责人"}, {"name": "统计", "unit": "STAT"}],
        **more,
    }  # fmt: skip


def make(**more: Any) -> Scene:
    """The scene; `more` goes into the plan of sheets."""
    district = make_unit("district", code="D", name="区")
    statistics = make_unit("department", code="STAT", name="统计", parent=district)
    streets = [make_unit("street", code=f"S{n}", name=f"{n}街", parent=district) for n in (1, 2)]
    retail = Indicator.objects.create(
        code="retail", names={"zh": "社零", "en": "Retail"}, measure="亿元",
        january_with_february=True, least=0, owner=statistics, category="消费",
    )  # fmt: skip
    gdp = Indicator.objects.create(
        code="gdp", names={"zh": "增速", "en": "Growth"}, measure="%", kind="growth",
        every="quarter", decimals=1,
    )  # fmt: skip
    whole = Subject.objects.create(code="D", kind="unit", name="区", unit=district)
    parts = [
        Subject.objects.create(code=one.code, kind="unit", name=one.name, unit=one, parent=whole,
                               tags=["parts"])
        for one in streets
    ]  # fmt: skip
    plan = SheetPlan.objects.create(code="monthly", spec=spec(**more))
    people = {
        "staff": make_user("street_staff", streets[0]), "head": make_user("leader", streets[0]),
        "neighbour": make_user("leader", streets[1]), "statistics": make_user("leader", statistics),
        "supervisor": make_user("supervisor", district), "auditor": make_user("auditor", district),
    }  # fmt: skip
    return Scene(district, streets, retail, gdp, whole, parts, plan, people)


def made_up() -> None:
    """For the tour of the pages: figures of the district that is there."""
    if Indicator.objects.filter(code="retail").exists():
        return
    district = Unit.objects.filter(kind="district").order_by("pk")[0]
    streets = list(Unit.objects.filter(kind="street", parent=district).order_by("pk")[:3])
    row = Indicator.objects.create(
        code="retail", names={"zh": "社会消费品零售总额", "en": "Retail sales"}, measure="亿元"
    )
    whole = Subject.objects.create(code=district.code, kind="unit", name=district.name,
                                   unit=district)  # fmt: skip
    parts = [Subject.objects.create(code=one.code, kind="unit", name=one.name, unit=one,
                                    parent=whole, tags=["parts"]) for one in streets]  # fmt: skip
    now = timezone.now()
    year = timezone.localdate().year
    targets = [Target(indicator=row, subject=one, period=str(year), value=Decimal(120))
               for one in (whole, *parts)]  # fmt: skip
    place_targets(actor=None, rows=targets, now=now)
    seen = [
        Seen(row.pk, one.pk, f"{at}-{month:02}", Decimal(9 * month))
        for one in (whole, *parts) for at in (year - 1, year) for month in range(1, 13)
        if at < year or month < timezone.localdate().month
    ]  # fmt: skip
    observe(actor=None, seen=seen, now=now)
    plan = SheetPlan.objects.create(
        code="tour", spec=spec(indicators=["retail"], levels=[{"name": "负责人"}])
    )
    opened(plan, [f"{year - 1}-12"], now)
