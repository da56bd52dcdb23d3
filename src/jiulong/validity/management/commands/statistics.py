"""`jiulong statistics`: compute days and months, check them, or do what is due."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.monitoring.models import Point
from jiulong.validity import checking, statistics

#: Days of points that are computed together: a few tens of megabytes of readings.
TOGETHER: Final = 8000
#: Faults that are told one by one.
FAULTS: Final = 50


def day(text: str) -> date:
    """A date as an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("%s is no date like 2026-03-10") % text) from error


def share(text: str) -> tuple[int, int]:
    """`1/2`: the first of two shares of the outfalls."""
    part, slash, whole = text.partition("/")
    if not (slash and part.isdecimal() and whole.isdecimal() and 1 <= int(part) <= int(whole)):
        raise ArgumentTypeError(_("%s is no share like 1/2") % text)
    return int(part), int(whole)


class Command(BaseCommand):
    help = "Compute days and months of valid data anew, check them, or do what is due."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--once", action="store_true", help="do all that is due, then end")
        what.add_argument("--since", type=day, metavar="DATE", help="compute anew from this day on")
        what.add_argument(
            "--check", type=day, metavar="DATE",
            help="compute from this day on and compare; write nothing; fail if anything differs",
        )  # fmt: skip
        parser.add_argument("--until", type=day, metavar="DATE", help="last day; default: today")
        parser.add_argument(
            "--points", nargs="+", metavar="CODE", default=[], help="only these points"
        )
        parser.add_argument(
            "--processes", type=int, default=1, help="share the points among so many processes"
        )
        parser.add_argument("--share", type=share, default=(1, 1), help="1/2: only the first half")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["once"]:
            while statistics.step(now):
                pass
            return
        since, check = options["since"] or options["check"], bool(options["check"])
        until = options["until"] or timezone.localdate(now)
        if until < since:
            raise CommandError(_("The last day lies before the first."))
        if options["processes"] > 1:
            self._spread(options["processes"])
            return
        found: list[checking.Fault] = []
        done = statistics.Done()
        for points in _chunks(options["points"], options["share"], (until - since).days + 1):
            if check:
                found += checking.check(points, since, until, now)
            else:
                done += statistics.anew(points, since, until, now)
        self._tell(done, found, check=check)

    def _spread(self, processes: int) -> None:
        """Start one process for each share, with the same words, and wait for all."""
        words = [sys.executable, "-m", "jiulong", *sys.argv[1:], "--processes", "1", "--share"]
        started = [
            subprocess.Popen([*words, f"{n}/{processes}"], env=dict(os.environ))
            for n in range(1, processes + 1)
        ]
        if any([process.wait() for process in started]):  # noqa: C419 - wait for every one
            raise CommandError(_("one of the processes failed"))

    def _tell(self, done: statistics.Done, found: list[checking.Fault], *, check: bool) -> None:
        if not check:
            text = _(
                "%(days)s days of points: %(fresh)s results new, %(changed)s changed, "
                "%(revised)s of settled days; %(months)s months"
            )
            names = ("days", "fresh", "changed", "revised", "months")
            self.stdout.write(text % {name: getattr(done, name) for name in names})
            return
        for fault in found[:FAULTS]:
            self.stdout.write(fault.told())
        if found:
            raise CommandError(_("%s faults") % len(found))
        self.stdout.write(_("all as computed"))


def _chunks(codes: list[str], part: tuple[int, int], days: int) -> Iterator[list[int]]:
    """Points to be computed together. Points of one outfall stay in one share."""
    points = Point.objects.order_by("outfall", "pk")
    if codes:
        points = points.filter(code__in=codes)
        known = set(points.values_list("code", flat=True))
        if unknown := sorted(set(codes) - known):
            raise CommandError(_("There is no point %s.") % ", ".join(unknown))
    outfalls = sorted(set(points.values_list("outfall_id", flat=True)))
    mine = set(outfalls[part[0] - 1 :: part[1]])
    chosen = [pk for pk, outfall in points.values_list("pk", "outfall_id") if outfall in mine]
    size = max(TOGETHER // days, 1)
    for start in range(0, len(chosen), size):
        yield chosen[start : start + size]
