"""`jiulong bench …`: every figure beside its anchor and its limit, measured in the same run."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from jiulong.bench import (
    alarm,
    chart,
    decode,
    desk,
    escalate,
    ingest,
    kill,
    report,
    scorecards,
    statistics,
    storm,
    validity,
)
from jiulong.bench.generator import GeneratorError, NoCompilerError, cache
from jiulong.bench.ingest import NotRecordedError
from jiulong.bench.scratch import FailedError

Figures = dict[str, Any]
MEASURES: Final[dict[str, Callable[..., Any]]] = {
    "decode": decode.measure,
    "ingest": ingest.measure,
    "storm": storm.measure,
    "kill": kill.measure,
    "chart": chart.measure,
    "desk": desk.measure,
    "escalate": escalate.measure,
    "statistics": statistics.measure,
    "validity": validity.measure,
    "alarm": alarm.measure,
    "scorecards": scorecards.measure,
}
KINDS: Final = tuple(MEASURES)
#: Which options each takes.
WORDS: Final = {
    "ingest": ("connections", "seconds"),
    "storm": ("connections", "seed"),
    "kill": ("connections", "seconds", "seed"),
    "desk": ("cases",),
    "escalate": ("cases", "seed"),
    "alarm": ("seed",),
    "statistics": ("points", "days", "processes"),
}


class Command(BaseCommand):
    """Each measurement brings a database of its own and throws it away."""

    help = _("Measure, beside what others reached and what the machine can do.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        for name in (*KINDS, "all"):
            kind = kinds.add_parser(name)
            kind.add_argument("--json", action="store_true", help=_("one JSON object instead"))
            if name in {"ingest", "storm", "kill", "all"}:
                kind.add_argument("--connections", type=int, default=500)
            if name in {"ingest", "kill", "all"}:
                kind.add_argument("--seconds", type=int, default=60 if name == "kill" else 10)
            if name in {"storm", "kill", "escalate", "alarm", "all"}:
                kind.add_argument("--seed", type=int, default=1)
            if name in {"desk", "escalate"}:
                cases = desk.CASES if name == "desk" else escalate.CASES
                kind.add_argument("--cases", type=int, default=cases)
            if name == "statistics":
                kind.add_argument("--points", type=int, default=statistics.POINTS)
                kind.add_argument("--days", type=int, default=statistics.DAYS)
                kind.add_argument("--processes", type=int, default=statistics.PROCESSES)
            if name == "all":
                kind.add_argument("--kill-seconds", type=int, default=60)
                kind.add_argument("--output", type=Path, help=_("file for the JSON"))

    def handle(self, *args: Any, kind: str, **options: Any) -> None:  # noqa: ARG002 - Django's
        try:
            if kind == "all":
                self._all(options)
            else:
                self._one(kind, options)
        except (GeneratorError, NoCompilerError, FailedError, NotRecordedError) as error:
            raise CommandError(str(error)) from error

    def _one(self, kind: str, options: Figures) -> None:
        figures = measure(kind, options)
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        else:
            self.stdout.write(report.table(kind, report.lines(kind, figures)))
        if not report.sound(kind, figures):
            raise CommandError(_("something was lost or done twice"))

    def _all(self, options: Figures) -> None:
        run: Figures = {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": report.machine(),
        }
        for kind in KINDS:
            seconds = options["kill_seconds" if kind == "kill" else "seconds"]
            run[kind] = measure(kind, options | {"seconds": seconds})
            if not options["json"]:
                self.stdout.write(report.table(kind, report.lines(kind, run[kind])) + "\n")
        run["bars"] = report.verdicts(run)
        text = json.dumps(run, ensure_ascii=False, indent=2)
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
        output = options["output"] or cache() / name
        output.write_text(text + "\n", encoding="utf-8")
        self.stdout.write(text if options["json"] else _("written to %s") % output)
        if not all(report.sound(kind, run[kind]) for kind in KINDS):
            raise CommandError(_("something was lost or done twice"))


def measure(kind: str, options: Figures) -> Figures:
    """The figures of one measurement, by name."""
    given = {name: options[name] for name in WORDS.get(kind, ()) if name in options}
    found: Any = MEASURES[kind](**given)
    return asdict(found)
