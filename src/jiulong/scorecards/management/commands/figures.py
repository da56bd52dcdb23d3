"""`jiulong figures`: metrics and formulas for some periods, as the keeper works them out hourly."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.scorecards.actions.computing import compute_values
from jiulong.scorecards.engine import periods

#: More reasons why there is no value are counted, not told.
MOST_TOLD: Final = 20


class Command(BaseCommand):
    """Work figures out again, and say where there is none and why."""

    help = _("Work out metrics and formulas for some periods")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "period", nargs="*", help=_("2024, 2024H1, 2024Q1 or 2024-03; default: those over last")
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        today = timezone.localtime(now).date()
        ended = [periods.previous(periods.of(today, every)) for every in periods.MONTHS]
        wanted = options["period"] or ended
        if wrong := [one for one in wanted if not periods.is_period(one)]:
            told = _("“%s” is no period; expected as 2024, 2024H1, 2024Q1 or 2024-03")
            raise CommandError(told % wrong[0])
        done = compute_values(actor=None, wanted=wanted, now=now)
        self.stdout.write(_("%(count)d figures written.") % {"count": done.written})
        for skip in done.skipped[:MOST_TOLD]:
            self.stdout.write(f"{skip.period} {skip.indicator} {skip.subject}: {skip.why}")
        if (more := len(done.skipped) - MOST_TOLD) > 0:
            self.stdout.write(_("… and %(count)d more without a value") % {"count": more})
