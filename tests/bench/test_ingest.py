"""Whole runs in miniature: real gateway, real recorder, real disk."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from jiulong.bench import chart, storm

KEYS = [
    "frames_per_s", "acked", "recorded", "lost", "duplicated", "p50_ms", "p99_ms",
    "copy_limit_frames_per_s", "ratio", "fsync_us", "bytes_per_frame",
]  # fmt: skip


@pytest.mark.system
def test_it_reports_exactly_the_agreed_keys() -> None:
    out = StringIO()
    call_command("bench", "ingest", "--connections", "20", "--seconds", "2", "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert list(figures) == KEYS
    assert figures["acked"] == figures["recorded"] > 1000
    assert (figures["lost"], figures["duplicated"]) == (0, 0)
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    assert 0 < figures["ratio"] < 1
    assert 10 < figures["bytes_per_frame"] < 373


@pytest.mark.system
def test_it_records_a_resent_day_once_and_keeps_what_was_damaged() -> None:
    figures = storm.measure(connections=10, minutes=200, seed=5)
    assert figures.frames == 2000 == figures.good + figures.bad
    assert figures.bad > 5
    assert figures.repeats > 50
    assert (figures.recorded, figures.quarantined) == (figures.good, figures.bad)
    assert (figures.lost, figures.duplicated) == (0, 0)


@pytest.mark.system
def test_it_serves_a_month_of_minutes_in_a_page_of_data() -> None:
    figures = chart.measure(requests=2)
    assert 43_100 < figures.readings <= 43_200
    assert 1_500 < figures.points <= 2_000
    assert figures.bytes <= 100_000
