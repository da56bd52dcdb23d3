"""`jiulong score`: a standing recounted outside, by the same engine. No database is touched."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiulong.scorecards import rows_file, schemes_file
from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.observations import Observations, ObservationsError
from jiulong.scorecards.engine.results import Result, Standing
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.scoring import score
from jiulong.scorecards.engine.unused import unread_rows, without_rows
from jiulong.scorecards.rows_file import UnreadableError
from jiulong.scorecards.schemes_file import SchemeFileError

#: What the shell is told when the input or the question is wrong.
WRONG: Final = 2
STDIN: Final = "-"
_LANGUAGES: Final = {"zh": "zh-hans", "en": "en"}


class Command(BaseCommand):
    """Recount a standing, or try a scheme."""

    help = _("Scores and ranks of the observations in a file, by a scheme; needs no database")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scheme", required=True, type=Path, metavar="FILE.yaml",
            help=_("a scheme, or a pack's file with “schemes:”"),
        )  # fmt: skip
        parser.add_argument("--code", help=_("which scheme, where the file has several"))
        parser.add_argument("--observations", required=True, metavar="FILE.csv", help=_(
            "columns subject,group,indicator,period,value and, if one likes, ref; - reads standard"
            " input"
        ))  # fmt: skip
        parser.add_argument(
            "--period", help=_("2024, 2024H1, 2024Q1 or 2024-03; default: the last")
        )
        parser.add_argument("--lang", choices=sorted(_LANGUAGES), default="zh")
        parser.add_argument("--json", action="store_true", help=_("one JSON object instead"))
        parser.add_argument("--explain", metavar="SUBJECT", help=_("open one subject's points"))

    def handle(self, *args: Any, lang: str, **options: Any) -> None:  # noqa: ARG002 - Django's
        with override(_LANGUAGES[lang]):
            self._score(lang, options)

    def _score(self, lang: str, options: dict[str, Any]) -> None:
        name = options["observations"]
        try:
            scheme = schemes_file.read(options["scheme"], str(options["scheme"]), options["code"])
            observations = rows_file.read(_body(name), name)
            period = _period(options["period"], scheme, observations, name)
            result = score(scheme, observations, period)
        except (SchemeFileError, UnreadableError) as error:
            raise CommandError(str(error), returncode=WRONG) from error
        except ObservationsError as error:
            raise CommandError(str(rows_file.refused(name, error)), returncode=WRONG) from error
        self._notes(scheme, observations, name, period if options["period"] is None else None)
        if options["explain"] is not None:
            self._explain(result, options["explain"], lang)
        elif options["json"]:
            self.stdout.write(json.dumps(result.as_json(lang), ensure_ascii=False, indent=1))
        else:
            self._table(result, lang)

    def _notes(
        self, scheme: Scheme, observations: Observations, name: str, period: str | None
    ) -> None:
        """On standard error, so that the result stays what it is."""
        told = [_("period %s") % period] if period else []
        told += [
            f"{name}:{row.line}: " + _("nothing in the scheme reads “%s”") % row.indicator
            for row in unread_rows(scheme, observations)
        ]
        told += [
            _("no row has “%(indicator)s”, which “%(criterion)s” reads")
            % {"indicator": indicator, "criterion": criterion}
            for criterion, indicator in without_rows(scheme, observations)
        ]
        for line in told:
            self.stderr.write(rows_file.printable(line), self.style.NOTICE)

    def _explain(self, result: Result, subject: str, lang: str) -> None:
        try:
            one = result.of(subject)
        except KeyError:
            told = _("“%s” takes no part in the period") % subject
            raise CommandError(told, returncode=WRONG) from None
        for scored in one.criteria:
            self.stdout.write(scored.text(lang, result.scheme.labels))
        for note in one.notes:
            self.stdout.write(note.text(lang, result.scheme.labels))

    def _table(self, result: Result, lang: str) -> None:
        for group, standings in groupby(result.standings, key=lambda one: one.group):
            known = result.scheme.group(group)
            self.stdout.write(known.name.show(lang) if known else group)
            for line in _lines(result, list(standings), lang):
                self.stdout.write(line)
            self.stdout.write("")


def _body(name: str) -> bytes:
    if name == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        told = f"{name}: {error.strerror or error}"
        raise CommandError(told, returncode=WRONG) from error


def _period(asked: str | None, scheme: Scheme, observations: Observations, name: str) -> str:
    if asked is not None:
        if not periods.is_period(asked):
            told = _("“%s” is no period; expected as 2024, 2024H1, 2024Q1 or 2024-03")
            raise CommandError(told % asked, returncode=WRONG)
        if not observations.members(asked):
            told = _("no row is of %(period)s; there are %(known)s")
            known = ", ".join(sorted(observations.periods(), key=periods.order)[-12:])
            raise CommandError(
                f"{name}: " + told % {"period": asked, "known": known}, returncode=WRONG
            )
        return asked
    return observations.last_period(scheme.frequency)


def _lines(result: Result, standings: Sequence[Standing], lang: str) -> Iterator[str]:
    """The group's table: rank, subject, score, class, gap, and the points of each contest."""
    contests = [contest.key for contest in result.scheme.contests]
    names = [result.scheme.name_of(key).show(lang) for key in contests]
    if any("" in one.contest_points() for one in standings):
        contests, names = [*contests, ""], [*names, _("± points")]
    rows = [[_("rank"), _("subject"), _("score"), _("class"), _("to next"), *names]]
    for one in standings:
        points = one.contest_points()
        rows.append([
            str(one.rank) if one.rated else "–", one.subject, f"{one.score:f}", one.class_ or "–",
            "–" if one.gap_to_next is None else f"{one.gap_to_next:f}",
            *(f"{points[key]:f}" if key in points else "–" for key in contests),
        ])  # fmt: skip
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
            room = " " * (width - _width(cell))
            cells.append(cell + room if index in (1, 3) else room + cell)
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Columns on a terminal; wide characters take two."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)
