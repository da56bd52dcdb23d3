"""What a mark does to a day, worked by hand with 40 mg/L and six hours of 100 mg/L."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jiulong.portal import effects
from jiulong.portal.effects import Effect
from jiulong.upkeep.actions import withdraw_mark
from jiulong.upkeep.models import Mark
from tests.portal.conftest import HOUR, Site, measured
from tests.upkeep.made import accept, make_mark


def told(one: Effect) -> list[tuple[str, int, bool]]:
    return [(half.mean, half.day.n_valid, half.over is not None) for half in one.halves]


def preview(site: Site, hours: int, **changed: Any) -> list[Effect]:
    given: dict[str, Any] = {
        "started_at": site.start + (24 - hours) * HOUR,
        "ended_at": site.start + 24 * HOUR,
        "factors": [site.cod.pk],
        "invalidates": True,
    }
    return effects.of_new(site.point, **{**given, **changed})


def test_marking_the_high_hours_takes_the_day_under_its_limit(site: Site) -> None:
    measured(site)
    (one,) = preview(site, 6)
    # (18 · 40 + 6 · 100) / 24 = 55; without the six: 40, and 18 of 24 are just 75 %
    assert told(one) == [("55.000", 24, True), ("40.000", 18, False)]
    assert (one.hides, one.changes, one.on) == (True, True, site.yesterday)
    # 24 h · 2.5 L/s · 3.6 = 216 m³: 55 · 216 / 1000 and 40 · 216 / 1000 kg
    assert [half.day.load_kg for half in one.halves] == [Decimal("11.88"), Decimal("8.64")]


def test_one_hour_more_leaves_no_mean(site: Site) -> None:
    measured(site)
    (one,) = preview(site, 7)
    assert told(one) == [("55.000", 24, True), ("", 17, False)]
    assert one.halves[1].day.load_kg is None


def test_a_mark_of_minutes_touches_the_whole_hour(site: Site) -> None:
    measured(site)
    (one,) = preview(
        site, 1, started_at=site.start + 23.5 * HOUR, ended_at=site.start + 23.6 * HOUR
    )
    assert one.marked.day.n_valid == 23


def test_a_condition_of_the_works_changes_nothing(site: Site) -> None:
    measured(site)
    assert preview(site, 6, invalidates=False) == []
    assert preview(site, 6, ended_at=site.start) == []


def test_who_reviews_sees_what_a_mark_does_before_and_after_it_is_withdrawn(site: Site) -> None:
    measured(site)
    mark = make_mark(
        site.point, site.enterprise, factors=[site.cod], started_at=site.start + 18 * HOUR,
        ended_at=site.start + 24 * HOUR,
    )  # fmt: skip
    expected = [("55.000", 24, True), ("40.000", 18, False)]
    assert told(effects.of_mark(mark)[0]) == expected
    withdraw_mark(actor=site.enterprise, mark=mark, reason="wrong")
    assert told(effects.of_mark(Mark.objects.get())[0]) == expected


def test_a_mark_that_takes_another_s_place_is_shown_without_it(site: Site) -> None:
    measured(site)
    old = make_mark(
        site.point, site.enterprise, started_at=site.start, ended_at=site.start + 12 * HOUR
    )
    accept(old)
    (one,) = preview(site, 6, replaces=old)
    assert told(one) == [("55.000", 24, True), ("40.000", 18, False)]
    (one,) = preview(site, 6)
    assert [half.day.n_valid for half in one.halves] == [12, 6]
