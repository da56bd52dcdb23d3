"""`jiulong water …`: the rules of valid data on anybody's hours. No database is touched."""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shutil import copyfileobj
from typing import Any, Final
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiulong.packs.loading import HEAD, load
from jiulong.validity import recount
from jiulong.validity.engine.rules import RULE_SETS, NoRuleSetError, RuleSet
from jiulong.validity.hours_file import HoursFile, UnreadableError
from jiulong.validity.rule_sets import SECTION, rule_set_on, with_items

Known = Mapping[str, RuleSet]

#: What the shell is told when the input or the question is wrong.
WRONG: Final = 2
#: A value a second, all day long.
MOST_PER_DAY: Final = 86400
STDIN: Final = "-"


class Command(BaseCommand):
    """Recount what others counted, or list the rule sets."""

    help = _(
        "Effective means and loads of hours in a file, by the district's rules; lists the rule sets"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        counts = kinds.add_parser("statistics", help=_("judge the hours of a file"))
        counts.add_argument("--input", required=True, metavar="FILE.csv", help=_(
            "columns time,factor,value,flow,flag: start of the hour in the time of Shanghai, code"
            " of HJ 212, value in the unit of HJ 212 (or as a column “unit” says), m³ in that hour,"
            " HJ 212 flag; - reads standard input"
        ))  # fmt: skip
        counts.add_argument("--rules", help=_("rule set; by default the one in force on the day"))
        counts.add_argument("--json", action="store_true", help=_("one JSON object instead"))
        counts.add_argument("--expected-per-day", type=_per_day, default=24, metavar="N")
        counts.add_argument(
            "--intermittent",
            action="store_true",
            help=_("discharge by batch: hours without discharge are not expected"),
        )
        rules = kinds.add_parser("rules", help=_("list the rule sets"))
        rules.add_argument("--json", action="store_true", help=_("one JSON object instead"))
        for kind in (counts, rules):
            kind.add_argument("--pack", type=Path, help=_("folder of a pack with rule sets"))

    def handle(self, *args: Any, kind: str, **options: Any) -> None:  # noqa: ARG002 - Django's
        known = _known(options["pack"])
        if kind == "rules":
            self._rules(known, as_json=options["json"])
        else:
            self._statistics(known, options)

    def _rules(self, known: Known, *, as_json: bool) -> None:
        told = [_told(rules) for rules in known.values()]
        if as_json:
            self.stdout.write(json.dumps({"rules": told}, ensure_ascii=False, indent=1))
            return
        for one in told:
            until = one["effective_to"] or ""
            head = (one["code"], "*" if one["default"] else " ", one["effective_from"], until)
            self.stdout.write("{:<16}{} {} – {:<10}  ".format(*head) + one["name"])
            for law in one["laws"]:
                self.stdout.write(f"{'':<18}{law}")

    def _statistics(self, known: Known, options: dict[str, Any]) -> None:
        settings = recount.Settings(
            rules=_rules_named(options["rules"], known),
            expected=options["expected_per_day"],
            intermittent=options["intermittent"],
        )
        with _readable(options["input"]) as (path, name):
            file = HoursFile(path, name, settings.expected)
            try:
                result = recount.recount(file.batches(), settings)
            except UnreadableError as error:
                raise CommandError(str(error), returncode=WRONG) from error
            except NoRuleSetError as error:
                told = _("no rule set was in force on %(day)s; name one with --rules: %(known)s")
                words = {"day": error.day, "known": ", ".join(known)}
                raise CommandError(told % words, returncode=WRONG) from error
        self._notes(file, result, settings)
        rows = recount.as_json(result, settings)
        if options["json"]:
            self.stdout.write(_object(rows))
        else:
            self._table(rows)

    def _notes(self, file: HoursFile, result: recount.Recount, settings: recount.Settings) -> None:
        """On standard error, so that the result stays what it is."""
        for label, unit in sorted(file.converted.items()):
            told = _("%(factor)s: values in %(unit)s, results in mg/L and kg")
            self.stderr.write(told % {"factor": label, "unit": unit}, self.style.NOTICE)
        for label in sorted(file.unknown):
            told = _("%(factor)s is no factor of HJ 212; its values are taken as mg/L")
            self.stderr.write(told % {"factor": label}, self.style.NOTICE)
        early = [one.on for one in result.days if not settings.rules(one.on).in_force(one.on)]
        if early:
            rules = settings.rules(early[0])
            told = _("%(rules)s is in force from %(start)s on; %(count)d days lie outside of that")
            words = {"rules": rules.code, "start": rules.effective_from, "count": len(early)}
            self.stderr.write(told % words, self.style.NOTICE)

    def _table(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        for part, first, counted in (
            ("days", _("day"), _("hours")),
            ("months", _("month"), _("days")),
        ):
            head = (first, _("factor"), _("valid"), _("mean"), counted, _("load kg"), _("because"))
            self.stdout.write(_line(head))
            for row in rows[part]:
                self.stdout.write(_line((
                    row["date" if part == "days" else "month"], row["factor"],
                    _("yes") if row["valid"] else _("no"), row["mean"] or "–",
                    f"{row['n_valid']}/{row['n_expected']}", row["load_kg"] or "–",
                    " ".join(row["reasons"]),
                )))  # fmt: skip
            self.stdout.write("")


#: Widths of the table's columns; numbers stand at the right.
_WIDTHS: Final = (10, 10, 5, 14, 9, 18, 0)
_LEFT: Final = frozenset({0, 1, 2, 6})


def _line(cells: Sequence[str]) -> str:
    """A line of the table; wide characters count as two."""
    told = []
    for index, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True)):
        room = " " * (width - sum(2 if east_asian_width(c) in "WF" else 1 for c in cell))
        told.append(cell + room if index in _LEFT else room + cell)
    return "  ".join(told).rstrip()


def _object(rows: dict[str, list[dict[str, Any]]]) -> str:
    """One JSON object, a day or month a line."""
    parts = []
    for part, items in rows.items():
        lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
        parts.append(f"{json.dumps(part)}:[\n{lines}\n]" if lines else f"{json.dumps(part)}:[]")
    return "{" + ",\n".join(parts) + "}"


def _told(rules: RuleSet) -> dict[str, Any]:
    chinese = (get_language() or "").startswith("zh")
    return {
        "code": rules.code,
        "name": rules.name if chinese else rules.name_en,
        "effective_from": rules.effective_from.isoformat(),
        "effective_to": rules.effective_to and rules.effective_to.isoformat(),
        "default": rules.default,
        "laws": [f"{law.law} {law.clause}".strip() for law in rules.laws],
    }


def _known(pack: Path | None) -> Known:
    """The box's rule sets, and those of a pack's files."""
    if pack is None:
        return RULE_SETS
    read = load(pack.parent if pack.name == HEAD else pack)
    if read.mistakes:
        raise CommandError("\n".join(map(str, read.mistakes)), returncode=WRONG)
    return with_items(read.items(SECTION))


def _rules_named(code: str | None, known: Known) -> Callable[[date], RuleSet]:
    if code is None:
        return lambda day: rule_set_on(day, known)
    rules = known.get(code)
    if rules is None:
        told = _("There is no rule set “%(code)s”; known are %(known)s.")
        words = {"code": code, "known": ", ".join(known)}
        raise CommandError(told % words, returncode=WRONG)
    return lambda _day: rules


def _per_day(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_PER_DAY):
        raise ArgumentTypeError(_("expected a number from 1 to 86400"))
    return int(text)


@contextmanager
def _readable(text: str) -> Iterator[tuple[Path, str]]:
    """A file that can be read twice: what is piped is put down first."""
    path = Path(text)
    try:
        if text != STDIN and path.is_file():
            with path.open("rb"):
                pass
            yield path, text
            return
        with tempfile.NamedTemporaryFile() as kept:
            if text == STDIN:
                copyfileobj(sys.stdin.buffer, kept)
            else:
                with path.open("rb") as piped:
                    copyfileobj(piped, kept)
            kept.flush()
            yield Path(kept.name), text
    except OSError as error:
        raise CommandError(f"{text}: {error.strerror or error}", returncode=WRONG) from error
