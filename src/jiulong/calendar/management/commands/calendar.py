"""`jiulong calendar`: how far the holidays are known; with --year and --from, enter a notice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiulong.calendar import actions, queries
from jiulong.calendar.notices import NoticeError, read


class Command(BaseCommand):
    help = "Say how far holidays are known, or enter a year's notice from a file. Warns when late."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, help="the year of the notice")
        parser.add_argument(
            "--from", type=Path, dest="file", metavar="FILE", help="the notice or a list, UTF-8"
        )
        parser.add_argument("--source", default="", help="the notice's number; default: the file")

    def handle(self, *_args: Any, **options: Any) -> None:
        if (options["year"] is None) != (options["file"] is None):
            raise CommandError(_("--year and --from belong together."))
        if options["year"] is not None:
            self._enter(options["year"], options["file"], options["source"])
        self._tell()

    def _enter(self, year: int, file: Path, source: str) -> None:
        try:
            days = read(file.read_text(encoding="utf-8-sig"), year)
            actions.set_year(actor=None, year=year, days=days, source=source or file.name)
        except NoticeError as error:
            raise CommandError("\n".join(map(str, error.faults))) from error
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise CommandError(str(error)) from error
        text = ngettext("%(year)s: %(n)d day entered.", "%(year)s: %(n)d days entered.", len(days))
        self.stdout.write(text % {"year": year, "n": len(days)})

    def _tell(self) -> None:
        horizon = queries.horizon(timezone.localdate())
        told = {"last": horizon.last or "—", "days": horizon.days, "year": horizon.next_year}
        self.stdout.write(_("Holidays are known up to %(last)s.") % told)
        if horizon.near:
            text = _("That is %(days)s days from now: enter the notice for %(year)s.") % told
            self.stderr.write(self.style.WARNING(text))
