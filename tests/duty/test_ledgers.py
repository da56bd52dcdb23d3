"""Ledgers: lines of a day in the columns of the pack, day means of a month against their limits."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from jiulong.cases import actions as cases
from jiulong.cases.models import Task
from jiulong.duty.ledgers import abnormal, means
from jiulong.duty.ledgers.layout import BOX, Column, Layout, layout
from jiulong.duty.models import LedgerLayout
from jiulong.monitoring.models import Finding, Limit
from jiulong.packs.text import Text
from jiulong.validity.models import DayStatistic, MonthStatistic
from tests.duty.scene import Scene
from tests.factories import NOW, make_factor, make_limit

TODAY = date(2026, 3, 10)


def of(*sources: str) -> Layout:
    columns = [Column(label=Text("列"), of=[source]) for source in sources]
    return Layout(key="test", title=Text("台账"), columns=columns)


def test_a_finding_stands_on_every_day_on_which_it_held(scene: Scene) -> None:
    Finding.objects.filter(pk=scene.finding.pk).update(
        started_at=NOW - timedelta(days=2), ended_at=NOW - timedelta(days=1, hours=1)
    )
    found = [len(abnormal.rows(scene.keeper, TODAY - timedelta(days=n), BOX)) for n in range(4)]
    assert found == [0, 1, 1, 0]


def test_it_says_what_was_measured_and_what_became_of_it(scene: Scene) -> None:
    statement = Task.objects.get(case=scene.case, key="statement")
    cases.finish_task(
        actor=scene.owner, task=statement, answer="停电所致", data={"cause": "停电"}, now=NOW
    )
    form = of(
        "serial", "enterprise", "outfall", "factor", "value", "limit", "multiple", "period",
        "task.statement", "task.statement.cause", "task.nothing", "reply.nothing", "outcome",
        "case", "unit", "kind",
    )  # fmt: skip
    (line,) = abnormal.rows(scene.keeper, TODAY, form)
    assert line == [
        1, "青榕食品有限公司", "总排口", "化学需氧量", Decimal(75), Decimal(50), Decimal("0.5"),
        "10:00–", "停电所致", "停电", "", "", "", scene.case.number, "mg/L", "EXH",
    ]  # fmt: skip


def test_several_sources_are_joined_each_once(scene: Scene) -> None:
    columns = [Column(label=Text("列"), of=["unit", "unit", "outcome", "kind"])]
    form = Layout(key="test", title=Text("台账"), columns=columns)
    assert abnormal.rows(scene.keeper, TODAY, form) == [["mg/L；EXH"]]


def test_an_enterprise_finds_only_its_own(scene: Scene) -> None:
    assert len(abnormal.rows(scene.owner, TODAY, BOX)) == 1
    assert abnormal.rows(scene.sibling, TODAY, BOX) == []


def test_the_layout_of_a_pack_takes_the_place_of_the_box(db: None) -> None:
    assert layout() == BOX
    LedgerLayout.objects.create(code="a.b", spec=of("serial").model_dump(mode="json"))
    assert [column.of for column in layout().columns] == [["serial"]]
    LedgerLayout.objects.update(retired_at=NOW)
    assert layout() == BOX


def day(scene: Scene, on: date, mean: str | None, **fields: Any) -> None:
    given = {
        "over": True, "valid": mean is not None, "n_expected": 24, "n_valid": 24, "ratio": 1,
        "mean": None if mean is None else Decimal(mean), "method": "weighted", "rule": "x",
        "computed_at": NOW, "load_kg": Decimal(2),
    }  # fmt: skip
    DayStatistic.objects.create(
        **{"point": scene.point, "factor": make_factor(), "on": on, **given, **fields}
    )


def test_day_means_stand_against_the_limit_of_their_day(scene: Scene) -> None:
    last = date(2026, 3, 2)
    make_limit(scene.point, "w01018", "50", statistic=Limit.Statistic.DAY, valid_to=last)
    after = last + timedelta(days=1)
    make_limit(scene.point, "w01018", "40", statistic=Limit.Statistic.DAY, valid_from=after)
    for n, mean in ((1, "50"), (2, "50.00001"), (3, "45"), (4, None), (5, "39.12346")):
        day(scene, date(2026, 3, n), mean)
    day(scene, date(2026, 3, 6), "99", over=False)  # still grows: no mean of a day yet
    (line,) = means.lines(scene.keeper, date(2026, 3, 20))
    shown = [cell.text for cell in line.cells[:7]]
    assert shown == ["50", "50*", "45*", "/", "39.1235", "", ""]
    assert (line.valid, line.over, line.limit, line.load_kg) == (4, 2, "40", Decimal(10))
    assert line.mean is None  # four days make no month
    MonthStatistic.objects.create(
        point=scene.point, factor=make_factor(), month=date(2026, 3, 1), valid=True, n_expected=4,
        n_valid=4, mean=Decimal("46.03086750"), ratio=1, rule="x", computed_at=NOW,
    )  # fmt: skip
    (line,) = means.lines(scene.keeper, date(2026, 3, 20))
    assert line.mean == Decimal("46.0309")
    assert len(means.table([line])[0]) == len(means.head(date(2026, 3, 31))) == 41
    assert means.lines(scene.sibling, date(2026, 3, 1)) == []


def test_a_low_mean_keeps_its_places_and_ph_is_not_over_by_the_day(scene: Scene) -> None:
    mercury, ph = make_factor("w20111"), make_factor("w01001")
    make_limit(scene.point, "w20111", "0.001", statistic=Limit.Statistic.DAY)
    make_limit(scene.point, "w01001", "9", statistic=Limit.Statistic.DAY)
    day(scene, date(2026, 3, 1), "0.00104", factor=mercury)
    day(scene, date(2026, 3, 1), "9.3", factor=ph)
    shown = {line.factor.code: line for line in means.lines(scene.keeper, date(2026, 3, 1))}
    assert (shown["w20111"].cells[0].text, shown["w20111"].over) == ("0.00104*", 1)
    assert (shown["w01001"].cells[0].text, shown["w01001"].over) == ("9.3", 0)


@pytest.mark.parametrize(
    ("given", "last"), [(date(2026, 2, 14), 28), (date(2028, 2, 1), 29), (date(2026, 12, 31), 31)]
)
def test_a_month_has_its_days(given: date, last: int) -> None:
    first, end = means.month_of(given)
    assert (first.day, end.day, end.month) == (1, last, given.month)
