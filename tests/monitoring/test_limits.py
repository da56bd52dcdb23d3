"""Which limit holds: permit, standards, both; days, places, units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from jiulong.evidence.models import Event
from jiulong.monitoring import limits
from jiulong.monitoring.actions import assign_standard, set_limit, set_permitted_load
from jiulong.monitoring.models import (
    AlarmRule,
    Finding,
    Limit,
    Period,
    Point,
    Standard,
    StandardLimit,
)
from jiulong.monitoring.units import stored
from tests.factories import NOW, hours, make_factor, make_point, write_readings
from tests.people import People

PACK = Path(__file__).parents[2] / "packs" / "shuizhi"
COD, LEAD, PH = "w01018", "w20120", "w01001"


@pytest.fixture
def library(db: None) -> None:
    call_command("pack", "apply", str(PACK), stdout=StringIO())


def grade(code: str) -> Standard:
    return Standard.objects.get(code=code)


def held(point: Point, code: str, statistic: str = "day", on: date = date(2026, 1, 5)) -> Any:
    """(bound, origin, note) of what holds."""
    found = limits.resolve(point.pk, make_factor(code).pk, statistic, on)
    return None if found is None else (found.maximum, found.origin, found.note)


def permit(point: Point, maximum: str, **fields: Any) -> None:
    set_limit(
        **{
            "actor": None,
            "point": point,
            "factor": make_factor(COD),
            "statistic": "day",
            "maximum": Decimal(maximum),
            "valid_from": date(2026, 1, 1),
            "source": "permit 1",
            **fields,
        }
    )


def assign(point: Point, code: str, **fields: Any) -> None:
    assign_standard(
        **{
            "actor": None,
            "point": point,
            "standard": grade(code),
            "valid_from": date(2020, 1, 1),
            **fields,
        }
    )


def test_a_grade_limits_days_and_warns_by_the_hour(library: None) -> None:
    point = make_point()
    assign(point, "GB18918-2002/1A")
    assert held(point, COD) == (50, "standard", "")
    assert held(point, COD, "hour") == (50, "standard", "warns_of_day")
    assert held(point, LEAD) == (Decimal("0.1"), "standard", "")
    assert held(point, PH, "day", date(2026, 2, 28)) == (9, "standard", "")
    assert held(point, PH, "day", date(2026, 3, 1)) is None
    assert held(point, PH, "instant", date(2026, 3, 1)) == (9, "standard", "")
    assert held(point, COD, on=date(2019, 12, 31)) is None


def test_a_stricter_permit_holds_and_a_laxer_one_gives_way(library: None) -> None:
    point = make_point()
    assign(point, "GB18918-2002/1A")
    permit(point, "40")
    assert held(point, COD) == (40, "permit", "")
    row = Limit.objects.get(point=point, factor__code=COD, statistic="day", maximum=40)
    assert [(one["source"], one["maximum"]) for one in row.supersedes] == [
        ("GB 18918-2002 1A 表1", "50")
    ]
    permit(point, "60", valid_from=date(2026, 6, 1), valid_to=date(2026, 6, 30))
    assert held(point, COD, on=date(2026, 6, 15)) == (50, "standard", "permit_laxer")
    assert held(point, COD, on=date(2026, 5, 31)) == (40, "permit", "")
    assert held(point, COD, on=date(2026, 7, 1)) == (50, "standard", "")
    assert held(point, COD, "hour", on=date(2026, 6, 15)) == (50, "standard", "warns_of_day")


def test_the_day_warns_by_the_hour_where_the_limit_of_hours_does_not_hold(library: None) -> None:
    point = make_point()
    permit(point, "50")
    permit(
        point, "80", statistic="hour", valid_from=date(2026, 2, 1), valid_to=date(2026, 2, 28)
    )  # fmt: skip
    assert held(point, COD, "hour", date(2026, 1, 31)) == (50, "permit", "warns_of_day")
    assert held(point, COD, "hour", date(2026, 2, 1)) == (80, "permit", "")
    assert held(point, COD, "hour", date(2026, 2, 28)) == (80, "permit", "")
    assert held(point, COD, "hour", date(2026, 3, 1)) == (50, "permit", "warns_of_day")


def test_a_limit_before_a_pause_stays(library: None) -> None:
    point = make_point()
    permit(point, "50", valid_from=date(2025, 1, 1), valid_to=date(2025, 6, 30))
    permit(point, "40", valid_from=date(2026, 1, 1))
    assert held(point, COD, on=date(2025, 6, 30)) == (50, "permit", "")
    assert held(point, COD, on=date(2025, 7, 1)) is None
    assert held(point, COD, "hour", on=date(2025, 1, 1)) == (50, "permit", "warns_of_day")
    assert held(point, COD, on=date(2026, 1, 1)) == (40, "permit", "")


def test_another_grade_ends_the_one_before(library: None) -> None:
    point = make_point()
    assign(point, "GB18918-2002/1B")
    assign(point, "GB18918-2002/1A", valid_from=date(2026, 1, 1))
    assert held(point, COD, on=date(2025, 12, 31))[0] == 60
    assert held(point, COD)[0] == 50
    with pytest.raises(ValidationError, match="2026-01-01"):
        assign(point, "GB18918-2002/2", valid_from=date(2025, 6, 1))


def test_class_one_metals_are_limited_at_the_workshop(library: None) -> None:
    outfall, workshop = make_point(), make_point()
    assign(outfall, "GB21900-2008/2")
    assign(workshop, "GB21900-2008/2", place=StandardLimit.Place.WORKSHOP)
    assert (held(outfall, COD)[0], held(outfall, LEAD)) == (80, None)
    assert (held(workshop, COD), held(workshop, LEAD)[0]) == (None, Decimal("0.2"))


def test_of_two_standards_the_strictest_bound_holds(library: None) -> None:
    point = make_point()
    assign(point, "GB8978-1996/1")
    assign(point, "GBT31962-2015/C")
    found = limits.resolve(point.pk, make_factor(PH).pk, "day", date(2026, 1, 5))
    assert found is not None
    assert (found.minimum, found.maximum) == (Decimal("6.5"), 9)
    assert "GB 8978-1996" in found.source
    assert "GB/T 31962-2015" in found.source


def test_units_are_never_bare(library: None) -> None:
    lead, ph = make_factor(LEAD, unit="mg/L"), make_factor(PH)
    assert stored(Decimal(100), "µg/L", lead) == Decimal("0.1")
    assert stored(Decimal(9), "无量纲", ph) == 9
    with pytest.raises(ValueError, match="mg/L"):
        stored(Decimal(1), "L/s", lead)
    with pytest.raises(ValueError, match="pH"):
        stored(Decimal(9), "mg/L", ph)
    point = make_point()
    permit(point, "100", factor=lead, unit="µg/L")
    assert held(point, LEAD)[0] == Decimal("0.1")
    with pytest.raises(ValidationError, match="unit"):
        permit(point, "9", factor=ph, unit="mg/L")


def test_the_judge_uses_what_is_settled(
    library: None, judged: Callable[..., list[Finding]]
) -> None:
    point = make_point()
    assign(point, "GB18918-2002/1A")
    write_readings(point, Period.HOUR, hours(NOW, 51))
    (found,) = judged("hour_exceedance")
    assert found.limit_value == 50


def test_settling_again_changes_nothing(library: None) -> None:
    point = make_point()
    assign(point, "GB18918-2002/1A")
    permit(point, "40")
    before = list(Limit.objects.order_by("pk").values())
    assert limits.settle([point]) == 0
    assert list(Limit.objects.order_by("pk").values()) == before


def test_a_pack_that_changes_a_grade_settles_its_points(library: None, tmp_path: Path) -> None:
    point = make_point()
    assign(point, "GB18918-2002/1A")
    changed = tmp_path / "shuizhi"
    changed.mkdir()
    for name in ("pack.yaml", "standards.yaml", "alarm_rules.yaml"):
        text = (PACK / name).read_text(encoding="utf-8")
        (changed / name).write_text(text.replace('max: "50 mg/L"', 'max: "30 mg/L"'))
    call_command("pack", "apply", str(changed), stdout=StringIO())
    assert held(point, COD)[0] == 30
    assert AlarmRule.objects.filter(rule="near_limit").count() == 1


def test_who_may_and_what_is_refused(library: None, people: People) -> None:
    given: dict[str, Any] = {"point": people.point, "standard": grade("GB8978-1996/1"),
                             "valid_from": date(2026, 1, 1)}  # fmt: skip
    load: dict[str, Any] = {"outfall": people.point.outfall, "factor": make_factor(COD),
                            "year": 2026, "tonnes": Decimal(3), "source": "permit"}  # fmt: skip
    for nobody in (people.owner, people.sibling, people.observer):
        with pytest.raises(PermissionDenied):
            assign_standard(actor=nobody, **given)
        with pytest.raises(PermissionDenied):
            set_permitted_load(actor=nobody, **load)
    assign_standard(actor=people.officer, **given)
    set_permitted_load(actor=people.officer, **load)
    set_permitted_load(actor=people.officer, **{**load, "tonnes": Decimal("2.5")})
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-3:] == ["assign_standard", "set_permitted_load", "set_permitted_load"]
    assert Event.objects.latest("id").data["before"] == "3"
    for wrong in ({"tonnes": Decimal(0)}, {"year": 1990}, {"source": ""}):
        with pytest.raises(ValidationError):
            set_permitted_load(actor=people.officer, **{**load, **wrong})
    with pytest.raises(ValidationError):
        assign_standard(actor=people.officer, **{**given, "valid_to": date(2025, 1, 1)})
