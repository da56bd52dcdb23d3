"""Figures stand beside anchors and bars, each marked with where it comes from."""

from __future__ import annotations

from dataclasses import fields

from django.utils import translation

from jiulong.bench import chart, decode, desk, escalate, ingest, kill, report, scorecards, storm

MEASURED = {
    "decode": decode.Decode,
    "ingest": ingest.Ingest,
    "storm": storm.Storm,
    "kill": kill.Kill,
    "chart": chart.Chart,
    "desk": desk.Desk,
    "escalate": escalate.Escalate,
    "scorecards": scorecards.Scorecards,
}


def test_it_marks_what_was_measured_and_what_was_cited() -> None:
    with translation.override("en"):
        lines = report.lines("decode", {"frames_per_s": 150_000})
    assert lines[0] == report.Line("frames a second", "150,000", "measured here", "≥ 120,000 met")
    assert {line.source for line in lines[1:]} == {"cited"}
    assert [line.value for line in lines[1:]] == ["15,400", "21,100", "95,000", "227,000"]


def test_it_says_when_a_bar_is_missed() -> None:
    with translation.override("en"):
        (line, *_) = report.lines("chart", {"ms": 201.5})
        (never, *_) = report.lines("kill", {"longest_gap_s": None})
    assert (line.value, line.bar) == ("201.5", "≤ 200 MISSED")
    assert (never.value, never.bar) == ("never", "≤ 10 MISSED")


def test_it_calls_a_run_unsound_that_lost_or_doubled_a_frame() -> None:
    assert report.sound("kill", {"lost": 0, "duplicated": 0, "longest_gap_s": 99.0})
    assert not report.sound("kill", {"lost": 1, "duplicated": 0})
    assert not report.sound("ingest", {"lost": 0, "duplicated": 2})


def test_it_lists_the_bars_that_a_whole_run_met() -> None:
    run = {"decode": {"frames_per_s": 1}, "chart": {"ms": 200, "bytes": 100_001}}
    assert report.verdicts(run) == {
        "decode.frames_per_s": False, "chart.ms": True, "chart.bytes": False,
    }  # fmt: skip


def test_it_has_a_word_for_every_figure_and_a_figure_for_every_bar() -> None:
    for name, kind in MEASURED.items():
        names = {field.name for field in fields(kind)}
        assert names <= set(report.LABELS), name
        assert {figure for measured, figure in report.BARS if measured == name} <= names


def test_it_aligns_columns_whatever_the_script() -> None:
    text = report.table("t", [report.Line("帧", "1", "x"), report.Line("frames", "10,000", "x")])
    assert text.splitlines() == ["t", "  帧           1  x", "  frames  10,000  x"]


def test_it_says_on_what_it_was_measured() -> None:
    assert set(report.machine()) == {
        "cores", "memory_gb", "system", "python", "load_average_before",
    }  # fmt: skip
