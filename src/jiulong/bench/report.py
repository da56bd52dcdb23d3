"""Figures beside their anchors and bars, for people; and as JSON, for programs."""

from __future__ import annotations

import json
import os
import platform
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import psutil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: What must hold: figure → (at least | at most, value). Correctness bars are `at most 0`.
BARS: Final[dict[tuple[str, str], tuple[str, float]]] = {
    ("decode", "frames_per_s"): ("≥", 120_000),
    ("ingest", "frames_per_s"): ("≥", 35_000),
    ("ingest", "p99_ms"): ("≤", 50),
    ("ingest", "lost"): ("≤", 0),
    ("ingest", "duplicated"): ("≤", 0),
    ("storm", "seconds"): ("≤", 60),
    ("storm", "lost"): ("≤", 0),
    ("storm", "duplicated"): ("≤", 0),
    ("kill", "longest_gap_s"): ("≤", 10),
    ("kill", "lost"): ("≤", 0),
    ("kill", "duplicated"): ("≤", 0),
    ("chart", "ms"): ("≤", 200),
    ("chart", "bytes"): ("≤", 100_000),
    ("desk", "todo_p95_ms"): ("≤", 60),
    ("desk", "case_p95_ms"): ("≤", 60),
    ("desk", "supervision_p95_ms"): ("≤", 60),
    ("desk", "ledger_p95_ms"): ("≤", 60),
    ("escalate", "lost"): ("≤", 0),
    ("escalate", "duplicated"): ("≤", 0),
    ("escalate", "latest_s"): ("≤", 60),
    ("alarm", "alarm_p95_s"): ("≤", 5),
    ("alarm", "missed"): ("≤", 0),
    ("validity", "hours_per_s"): ("≥", 250_000),
    ("validity", "unlike"): ("≤", 0),
    ("scorecards", "standing_s"): ("≤", 2),
    ("scorecards", "drill_p95_ms"): ("≤", 100),
    ("scorecards", "sheet_p95_ms"): ("≤", 150),
    ("statistics", "seconds"): ("≤", 300),
    ("statistics", "hours_seconds"): ("≤", 300),
    ("statistics", "unlike"): ("≤", 0),
    ("statistics", "rejudge_p95_ms"): ("≤", 1000),
}
#: A miss of these is a fault of the program on any machine, not a slow machine.
CORRECTNESS: Final = frozenset({"lost", "duplicated", "unlike", "missed"})

#: What the figures mean, in the order of the table.
LABELS: Final[dict[str, Any]] = {
    "frames_per_s": gettext_lazy("frames a second"),
    "acked": gettext_lazy("frames acknowledged"),
    "recorded": gettext_lazy("of these recorded"),
    "lost": gettext_lazy("lost"),
    "duplicated": gettext_lazy("recorded twice"),
    "p50_ms": gettext_lazy("ms to the acknowledgement at half load, median"),
    "p99_ms": gettext_lazy("ms to the acknowledgement at half load, 99th percentile"),
    "copy_limit_frames_per_s": gettext_lazy("limit: bare COPY of the same wide rows, a second"),
    "ratio": gettext_lazy("share of that limit"),
    "fsync_us": gettext_lazy("limit: µs to write a page and fsync it"),
    "bytes_per_frame": gettext_lazy("bytes of journal a frame"),
    "columns_per_s": gettext_lazy("to columns for the recorder, frames a second"),
    "naive_table_frames_per_s": gettext_lazy("naive Python, CRC by table, frames a second"),
    "naive_bitwise_frames_per_s": gettext_lazy("naive Python, CRC bit by bit, frames a second"),
    "frames": gettext_lazy("frames of the lost day"),
    "good": gettext_lazy("of these sent undamaged"),
    "bad": gettext_lazy("of these sent damaged"),
    "repeats": gettext_lazy("sent twice"),
    "quarantined": gettext_lazy("damaged frames kept and counted"),
    "seconds": gettext_lazy("seconds"),
    "seed": gettext_lazy("seed"),
    "kills": gettext_lazy("processes killed"),
    "killed": gettext_lazy("which"),
    "unacked": gettext_lazy("frames never acknowledged"),
    "resent": gettext_lazy("frames sent again"),
    "reconnects": gettext_lazy("lines opened again"),
    "longest_gap_s": gettext_lazy("s from a kill to an acknowledgement of what was sent after it"),
    "longest_gap_after": gettext_lazy("the longest after a kill of"),
    "longest_idle_s": gettext_lazy("s from a kill until recorder and judge were at work again"),
    "longest_idle_after": gettext_lazy("the longest after a kill of, and who"),
    "ms": gettext_lazy("ms to serve the chart, median"),
    "ms_worst": gettext_lazy("ms to serve the chart, slowest"),
    "bytes": gettext_lazy("bytes of the answer on the line"),
    "bytes_plain": gettext_lazy("bytes of the answer unpacked"),
    "points": gettext_lazy("points drawn"),
    "readings": gettext_lazy("readings behind them"),
    "cases": gettext_lazy("cases"),
    "events": gettext_lazy("events of cases"),
    "fill_s": gettext_lazy("s to invent and write them"),
    "requests": gettext_lazy("requests a page"),
    "frame_p50_ms": gettext_lazy("limit: ms for a page with nothing in it, median"),
    "todo_p50_ms": gettext_lazy("ms for the to-do list, median"),
    "todo_p95_ms": gettext_lazy("ms for the to-do list, 95th percentile"),
    "case_p50_ms": gettext_lazy("ms for a case, median"),
    "case_p95_ms": gettext_lazy("ms for a case, 95th percentile"),
    "supervision_p50_ms": gettext_lazy("ms for the supervisor's page, median"),
    "supervision_p95_ms": gettext_lazy("ms for the supervisor's page, 95th percentile"),
    "ledger_p50_ms": gettext_lazy("ms for a ledger's first page, median"),
    "ledger_p95_ms": gettext_lazy("ms for a ledger's first page, 95th percentile"),
    "busy_p95_ms": gettext_lazy("ms of these at work, 95th percentile"),
    "queries": gettext_lazy("queries a page"),
    "workers": gettext_lazy("keepers"),
    "latest_s": gettext_lazy("s from a deadline to its step, the latest"),
    "steps_per_s": gettext_lazy("steps a second"),
    "days": gettext_lazy("days of each point"),
    "hour_readings": gettext_lazy("hourly readings"),
    "processes": gettext_lazy("processes"),
    "results": gettext_lazy("days of factors judged"),
    "months": gettext_lazy("months of factors"),
    "valid_share": gettext_lazy("share of them that is valid"),
    "results_per_s": gettext_lazy("days of factors a second"),
    "hours_per_s": gettext_lazy("hourly values judged a second, one thread"),
    "fractions_hours_per_s": gettext_lazy("the formula in fractions, hourly values a second"),
    "file_lines_per_s": gettext_lazy("lines of a file judged a second"),
    "frames_over": gettext_lazy("frames over the limit"),
    "missed": gettext_lazy("of them without an alarm"),
    "alarm_p50_s": gettext_lazy("s from the frame to its alarm, median"),
    "alarm_p95_s": gettext_lazy("s from the frame to its alarm, 95th percentile"),
    "alarm_max_s": gettext_lazy("s from the frame to its alarm, the latest"),
    "subjects": gettext_lazy("subjects"),
    "indicators": gettext_lazy("indicators"),
    "observations": gettext_lazy("observations"),
    "standing_s": gettext_lazy("s to compute the standing again, median"),
    "standing_worst_s": gettext_lazy("s to compute the standing, slowest"),
    "drill_p50_ms": gettext_lazy("ms for a row opened to its observations, median"),
    "drill_p95_ms": gettext_lazy("ms for a row opened to its observations, 95th percentile"),
    "ranks_p50_ms": gettext_lazy("ms for a group's ranks, median"),
    "ranks_p95_ms": gettext_lazy("ms for a group's ranks, 95th percentile"),
    "sheet_p50_ms": gettext_lazy("ms for a page of the entry sheet, median"),
    "sheet_p95_ms": gettext_lazy("ms for a page of the entry sheet, 95th percentile"),
    "hours_seconds": gettext_lazy("s for the rules over hours, beside the days"),
    "findings": gettext_lazy("findings"),
    "unlike": gettext_lazy("computed again and different"),
    "rejudge_p50_ms": gettext_lazy("ms from a late mark to the day's new statistic, median"),
    "rejudge_p95_ms": gettext_lazy("ms from a late mark to the new statistic, 95th percentile"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    figure: str
    value: str
    source: str
    bar: str = ""


def anchors(name: str) -> list[dict[str, Any]]:
    """What others reached, for one measurement; empty where nobody published a figure."""
    text = files("jiulong.bench").joinpath("anchors.json").read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(text).get(name, [])
    return found


def meets(name: str, figure: str, value: Any) -> bool | None:
    """Whether a figure meets its bar; None if it has none."""
    if (name, figure) not in BARS:
        return None
    way, bar = BARS[name, figure]
    if value is None:  # it never happened
        return False
    return bool(value >= bar if way == "≥" else value <= bar)


def sound(name: str, figures: Mapping[str, Any]) -> bool:
    """Whether nothing was lost or recorded twice."""
    return all(
        meets(name, figure, value) is not False
        for figure, value in figures.items()
        if figure in CORRECTNESS
    )


def lines(name: str, figures: Mapping[str, Any]) -> list[Line]:
    """A measurement's figures, then its anchors, each marked with where it comes from."""
    ours = [
        Line(str(LABELS.get(key, key)), _number(value), _("measured here"), _bar(name, key, value))
        for key, value in figures.items()
    ]
    theirs = [
        Line(f"{a['figure']} ({a['unit']})", _number(a["value"]), _("cited")) for a in anchors(name)
    ]
    return [*ours, *theirs]


def _bar(name: str, figure: str, value: Any) -> str:
    met = meets(name, figure, value)
    if met is None:
        return ""
    way, bar = BARS[name, figure]
    return f"{way} {_number(bar)} {_('met') if met else _('MISSED')}"


def _number(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_number(part)}" for name, part in value.items())
    if isinstance(value, str) or value is None:
        return value or _("never")
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.3f}".rstrip("0")
    return f"{value:,.0f}"


def table(title: str, rows: Iterable[Line]) -> str:
    """Text columns; wide characters count as two."""
    cells = [(row.figure, row.value, row.source, row.bar) for row in rows]
    widths = [max((_width(row[column]) for row in cells), default=0) for column in range(3)]
    body = [
        f"  {_pad(figure, widths[0])}  {' ' * (widths[1] - _width(value))}{value}"
        f"  {_pad(source, widths[2])}  {bar}".rstrip()
        for figure, value, source, bar in cells
    ]
    return "\n".join([title, *body])


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def machine() -> dict[str, Any]:
    """On what, and how busy it was: a figure without this means nothing."""
    return {
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_average_before": round(os.getloadavg()[0], 2),
    }


def verdicts(run: Mapping[str, Any]) -> dict[str, bool]:
    """For every bar whether a whole run met it, as `measurement.figure`."""
    return {
        f"{name}.{figure}": bool(meets(name, figure, run[name][figure]))
        for name, figure in BARS
        if name in run and figure in run[name]
    }
