"""The casework that is measured is what the engine would have made of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jiulong.bench import desk
from jiulong.bench.casework.copying import copy_rows
from jiulong.bench.casework.fill import Timeline
from jiulong.bench.casework.ground import Ground, lay
from jiulong.bench.casework.lives import Inventor
from jiulong.calendar.queries import district_calendar
from jiulong.cases import lifecycle
from jiulong.cases.models import Case
from jiulong.evidence.models import Event
from jiulong.organisation.models import Unit

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


def lives(ground: Ground, count: int = 150, seed: int = 1) -> list:
    inventor = Inventor(ground, district_calendar(), NOW, seed)
    ages = [timedelta(days=(n * 7) % 120, hours=5) for n in range(count)]
    return [inventor.live(n + 1, NOW - age, 10) for n, age in enumerate(ages)]


@pytest.mark.django_db
class TestLives:
    @pytest.fixture
    def ground(self) -> Ground:
        return lay()

    def test_the_same_seed_invents_the_same(self, ground):
        def told(seed):
            return [
                (life.case.stage, [event.verb for event in life.events])
                for life in lives(ground, 40, seed)
            ]

        assert told(1) == told(1) != told(2)

    def test_every_life_follows_the_life_cycle_and_ends_where_it_says(self, ground):
        for life in lives(ground):
            stage = ""
            for event in life.events:
                assert event.at <= NOW
                if (stage, event.verb) in lifecycle.LIFECYCLE:
                    stage = lifecycle.LIFECYCLE[stage, event.verb]
            if life.case.stage != lifecycle.CLOSED or stage != lifecycle.REPLIED:
                assert stage == life.case.stage

    def test_open_cases_have_somebody_whose_turn_it_is(self, ground):
        turning = lifecycle.OPEN - {lifecycle.SUSPENDED}
        found = [life.case for life in lives(ground) if life.case.stage in turning]
        assert found
        assert all(case.turn_id and case.turn_verb for case in found)

    def test_they_have_as_many_events_as_were_asked_for(self, ground):
        counts = [len(life.events) for life in lives(ground)]
        assert min(counts) >= 10
        assert sum(counts) < 10.5 * len(counts)

    def test_they_are_copied_as_they_are(self, ground):
        made = [life.case for life in lives(ground, 20)]
        assert copy_rows(made) == 20
        columns = [field.attname for field in Case._meta.concrete_fields]
        stored = list(Case.objects.order_by("pk").values(*columns))
        assert stored == [{name: getattr(case, name) for name in columns} for case in made]

    def test_ids_go_on_after_those_copied(self):
        copy_rows([Unit(id=90_000, code="X", name="X", kind="grid", path="/90000/")])
        assert Unit.objects.create(code="Y", name="Y", kind="grid").pk == 90_001


def test_events_come_in_the_order_of_time():
    timeline = Timeline()
    timeline.add([Event(at=NOW + timedelta(hours=n), verb=str(n)) for n in (3, 1)])
    timeline.add([Event(at=NOW + timedelta(hours=n), verb=str(n)) for n in (2, 4)])
    first = [(event.pk, event.verb) for event in timeline.until(NOW + timedelta(hours=3))]
    rest = [(event.pk, event.verb) for event in timeline.until(None)]
    assert (first, rest) == ([(1, "1"), (2, "2")], [(3, "3"), (4, "4")])


def test_figures_are_of_every_request():
    times = [float(n) for n in range(1, 101)]
    pages = {
        page: {"ms": times, "busy_ms": times, "queries": 7}
        for page in ("frame", "todo", "case", "supervision", "ledger")
    }
    found = desk.figures(pages, (5, 50), 1.04, 100)
    assert (found.todo_p50_ms, found.ledger_p95_ms, found.ratio) == (50.5, 95.0, 1.0)
    assert found.busy_p95_ms["todo"] == 95.0
    assert (found.cases, found.events, found.fill_s) == (5, 50, 1.0)


@pytest.mark.system
def test_it_measures_every_page():
    found = desk.measure(cases=300, requests=5)
    assert (found.cases, found.events >= 3000) == (300, True)
    assert set(found.queries) == {"frame", "todo", "case", "supervision", "ledger"}
