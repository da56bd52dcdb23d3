"""Today's work at one's stations."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from jiulong.monitoring.raising import raise_finding
from jiulong.portal.queries import todo
from jiulong.portal.queries.todo import Item
from jiulong.portal.words import hour_ranges
from jiulong.upkeep import actions
from jiulong.upkeep.actions import ManualSample, mark_due
from jiulong.upkeep.models import MaintenancePlan
from jiulong.upkeep.provisions import rulebook
from tests.portal.conftest import DAY, HOUR, Site, measured
from tests.upkeep.made import make_check, make_fault, make_mark, make_record


def work(site: Site, kind: str) -> list[Item]:
    (station,) = todo.stations(site.operator, now=timezone.now())
    return [item for item in station.items if item.kind == kind]


def test_missing_hours_of_yesterday_ask_for_a_mark_until_noon(site: Site) -> None:
    measured(site, missing=frozenset({3, 4, 9}))
    (item,) = work(site, "mark")
    assert (item.count, hour_ranges(item.hours)) == (3, "03:00–05:00, 09:00–10:00")
    assert item.due_at == mark_due(rulebook(), site.start)
    assert item.tone == ("near" if timezone.now() <= item.due_at else "over")
    make_mark(
        site.point, site.operator, started_at=site.start + 3 * HOUR, kind="missing",
        ended_at=site.start + 5 * HOUR,
    )  # fmt: skip
    measured(site, missing=frozenset(range(24)))  # what is due is computed again
    assert [hour_ranges(item.hours) for item in work(site, "mark")] == ["09:00–10:00"]
    from_before = site.start - HOUR  # late whatever the hour of this test: it waits for its review
    make_mark(
        site.point, site.operator, started_at=from_before, kind="missing",
        ended_at=site.start + 10 * HOUR,
    )  # fmt: skip
    assert work(site, "mark") == []


def test_each_sees_the_work_of_their_own_stations_alone(site: Site) -> None:
    codes = {
        who: [row.point.code for row in todo.stations(who, now=timezone.now())]
        for who in (site.enterprise, site.operator, site.sibling, site.desk)
    }
    own = [site.point.code]
    assert [codes[site.enterprise], codes[site.operator], codes[site.desk]] == [own, own, []]
    assert site.point.code not in codes[site.sibling]


def test_silence_asks_for_a_report_and_a_fault_for_manual_data_and_an_end(site: Site) -> None:
    now = timezone.now()
    raise_finding(rule="offline", point=site.point, started_at=now - 3 * HOUR, now=now)
    (item,) = work(site, "report")
    assert (item.tone, item.due_at) == ("over", now - 3 * HOUR + 12 * HOUR)
    fault = make_fault(site.point, site.operator, began_at=now - 3 * HOUR)
    assert work(site, "report") == []
    (restore,), (manual,) = work(site, "restore"), work(site, "manual")
    assert (restore.due_at, manual.due_at) == (fault.restore_by, now + 3 * HOUR)
    sample = ManualSample(
        sampled_at=now - HOUR, values={site.cod: Decimal(40)}, method="HJ 828", laboratory="own"
    )
    actions.enter_manual(actor=site.operator, point=site.point, sample=sample, fault=fault)
    (manual,) = work(site, "manual")
    assert manual.due_at == now - HOUR + 6 * HOUR


def test_lists_and_checks_fall_due(site: Site) -> None:
    today = timezone.localdate()
    MaintenancePlan.objects.create(
        point=site.point, form="weekly", every_days=7, from_on=today - 9 * DAY
    )
    assert [(item.code, item.tone) for item in work(site, "maintenance")] == [("weekly", "over")]
    make_record(site.point, site.operator)
    assert work(site, "maintenance") == []
    assert [item.code for item in work(site, "check")] == ["standard", "comparison"]
    make_check(site.point, site.operator, site.cod)
    assert [item.code for item in work(site, "check")] == ["comparison"]


def test_an_exceedance_asks_for_a_word_until_somebody_gives_it(site: Site) -> None:
    now = timezone.now()
    finding = raise_finding(
        rule="hour_exceedance", point=site.point, factor=site.cod, started_at=now - HOUR, now=now
    )
    assert [item.pk for item in work(site, "explain")] == [finding.pk]
    type(finding).objects.update(acknowledged_at=now)
    assert work(site, "explain") == []


def test_changed_parameters_ask_to_be_filed_once_a_station(site: Site) -> None:
    now = timezone.now()
    for factor in (site.cod, None):
        raise_finding(
            rule="parameter_change", point=site.point, factor=factor, started_at=now - HOUR, now=now
        )
    assert len(work(site, "filing")) == 1


def test_a_rejected_mark_is_told_for_a_week(site: Site) -> None:
    mark = make_mark(site.point, site.operator)
    actions.review_mark(actor=site.desk, mark=mark, accepted=False, reason="no proof")
    assert [item.pk for item in work(site, "review")] == [mark.pk]
    later = timezone.now() + timedelta(days=8)
    (station,) = todo.stations(site.operator, now=later)
    assert [item for item in station.items if item.kind == "review"] == []
