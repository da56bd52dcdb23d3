"""What was altered is found: days by computing them again, revisions by what was told of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone, translation

from jiulong.evidence.models import Event
from jiulong.upkeep.actions import mark_data
from jiulong.validity import settling
from jiulong.validity.management.commands import statistics as command
from jiulong.validity.models import DayStatistic, Revision, Settling
from tests.almighty import almighty, altered
from tests.factories import make_factor
from tests.upkeep.made import accept
from tests.validity.conftest import Station, at

Settle = Callable[[datetime], None]


def checked(*words: str) -> str:
    out = StringIO()
    call_command("statistics", "--check", "2026-03-01", "--until", "2026-03-02", *words, stdout=out)
    return out.getvalue()


def faults(*words: str) -> str:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command(
            "statistics", "--check", "2026-03-01", "--until", "2026-03-02", *words, stdout=out
        )
    return out.getvalue()


@pytest.fixture
def revised(station: Station, settle: Settle) -> Station:
    for on in (1, 2):
        station.hours(on, *[40.0 + on] * 24)
    settle(at(3, 13))
    mark = mark_data(
        actor=station.people.owner, point=station.point, kind="fault", started_at=at(1, 0),
        ended_at=at(1, 4), explanation="late", factors=[make_factor("w01018")], now=at(3, 14),
    )  # fmt: skip
    accept(mark, now=at(3, 14))
    settle(at(3, 14))
    return station


def test_what_stands_is_what_the_readings_give(revised: Station) -> None:
    assert "all as computed" in checked() or "一致" in checked()
    assert Revision.objects.count() == 1


def test_an_altered_day_is_named(revised: Station) -> None:
    DayStatistic.objects.filter(on="2026-03-02").update(mean=12)
    told = faults()
    assert f"{revised.point.code} w01018 2026-03-02 mean: '12', expected '42'" in told
    DayStatistic.objects.filter(on="2026-03-02").delete()
    assert "2026-03-02 row: None, expected 'there'" in faults()


def test_an_altered_or_missing_revision_is_named(revised: Station) -> None:
    with connection.cursor() as cursor:  # as somebody would who may do everything
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE validity_revision DISABLE TRIGGER USER")
        cursor.execute("UPDATE validity_revision SET before = '{}'")
    assert "2026-03-01 revision 1:" in faults("--points", revised.point.code)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM validity_revision")
        cursor.execute("ALTER TABLE validity_revision ENABLE TRIGGER USER")
    assert "2026-03-01 revisions: 0, expected 1" in faults()


def test_the_event_of_a_revision_is_sealed(revised: Station) -> None:
    """`jiulong verify` covers all events; so whoever alters a revision must break a seal too."""
    event = Event.objects.get(verb="revise_day")
    assert event.data["on"] == "2026-03-01"
    assert len(event.data["sha256"]) == 64


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--since", "yesterday"), "yesterday"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "."),
        (("--since", "2026-03-01", "--share", "3/2"), "3/2"),
        (("--since", "2026-03-01", "--points", "NONE"), "NONE"),
        ((), "required"),
    ],
)
def test_it_says_what_is_wrong_with_its_words(
    station: Station, words: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(CommandError, match=complaint):
        call_command("statistics", *words)


def test_shares_leave_no_point_out(station: Station) -> None:
    def points(part: tuple[int, int]) -> list[int]:
        return [pk for chunk in command._chunks([], part, 365) for pk in chunk]

    both = points((1, 2)) + points((2, 2))
    assert sorted(both) == points((1, 1))
    assert len(both) == 2


def test_it_does_what_is_due(station: Station, monkeypatch: Any) -> None:
    station.hours(1, *[40.0] * 24)
    monkeypatch.setattr(timezone, "now", lambda: at(2, 1))
    call_command("statistics", "--once")
    assert station.day(1).valid


def verified() -> str:
    """What `jiulong verify` finds altered; empty: nothing."""
    with translation.override("en"):
        return altered()


def test_verifying_finds_what_was_altered_in_settled_days(revised: Station, settle: Settle) -> None:
    code = revised.point.code
    while settling.step(at(3, 14)):
        pass
    assert [row.on.day for row in Settling.objects.order_by("on")] == [1, 2]
    assert verified() == ""
    make = {"actor": revised.people.owner, "point": revised.point, "kind": "fault"}
    mark = mark_data(
        **make, started_at=at(2), ended_at=at(2, 3), explanation="x", now=at(3, 15),
        factors=[make_factor("w01018")],
    )  # fmt: skip
    accept(mark, now=at(3, 15))
    settle(at(3, 15))
    assert (verified(), Settling.objects.filter(on="2026-03-02").count()) == ("", 2)

    rows = DayStatistic.objects.filter(on="2026-03-02", point=revised.point)
    with transaction.atomic():
        rows.update(mean=12)
        assert f"Days of points: {code} on 2026-03-02" in verified()
        transaction.set_rollback(True)
    with transaction.atomic():
        rows.delete()
        assert f"{code} on 2026-03-02" in verified()
        transaction.set_rollback(True)
    with transaction.atomic():
        with almighty("validity_revision"):
            Revision.objects.filter(on="2026-03-02").update(after={})
        assert "Revisions:" in verified()
        transaction.set_rollback(True)
    with transaction.atomic():
        with almighty("validity_settling"):
            Settling.objects.filter(on="2026-03-01").update(digests={})
        assert "Settled days:" in verified()
        transaction.set_rollback(True)
    assert verified() == ""
