"""`jiulong pack`: check, plan, apply, export and list packs; publish their JSON Schema."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiulong.packs import codes, publishing, queries
from jiulong.packs.actions import apply_packs
from jiulong.packs.checking import check
from jiulong.packs.planning import MistakenError, Outcome
from jiulong.packs.reading import Mistake, write
from jiulong.packs.words import state_word, told

#: PostgreSQL knows no such table, or no such column.
NOT_MIGRATED: Final = frozenset({"42P01", "42703"})
PATH_HELP: Final = "a pack's folder, a folder of packs, or the name of a pack in the box"


class Command(BaseCommand):
    requires_system_checks = []  # nothing of the pages is needed
    help = "Check, plan, apply, export or list packs. Packs are the district's systems as YAML."

    def add_arguments(self, parser: CommandParser) -> None:
        parsers = parser.add_subparsers(dest="act", required=True)
        for act, text in (
            ("check", "say what is wrong in packs, as file:line:column; needs no database"),
            ("plan", "say what applying packs would change"),
            ("apply", "set up packs and those they require: all of it or nothing"),
        ):
            one = parsers.add_parser(act, help=text)
            one.add_argument("paths", nargs="+", metavar="PATH", help=PATH_HELP)
            self._json(one)
            if act != "check":
                one.add_argument("--demo", action="store_true", help="with their demo records")
        one = parsers.add_parser("export", help="write an applied pack as YAML, as it is now")
        one.add_argument("name", metavar="NAME")
        self._json(parsers.add_parser("list", help="list packs, and what was applied when"))
        one = parsers.add_parser(
            "codes", help="list every code that a pack may name: units, roles, verbs, icons …"
        )
        one.add_argument("kind", nargs="?", choices=codes.keys(), help="only of this kind")
        one.add_argument("--find", default="", metavar="WORDS", help="only what says so")
        one.add_argument(
            "--with", dest="paths", nargs="+", default=[], metavar="PATH",
            help="packs outside the box, too",
        )  # fmt: skip
        self._json(one)
        one = parsers.add_parser("schema", help="write the JSON Schema for editors")
        one.add_argument("--out", type=Path, metavar="DIR", help="into this folder")

    @staticmethod
    def _json(parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['act']}")(options)
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", "") not in NOT_MIGRATED:
                raise
            told = _(
                "The database is not set up, or older than this program: run %(command)s first."
            )
            raise CommandError(told % {"command": "“jiulong migrate”"}) from error

    def _check(self, options: dict[str, Any]) -> None:
        shelf, mistakes = check(options["paths"], settings.PACKS)
        if options["json"]:
            names = [pack.name for pack in shelf.given]
            self._write({"packs": names, "mistakes": [*map(_as_json, mistakes)]})
        else:
            for mistake in mistakes:
                self.stdout.write(str(mistake))
        if mistakes:
            raise CommandError(_mistakes_word(mistakes))
        if not options["json"]:
            for pack in shelf.given:
                self.stdout.write(_("%(name)s: no mistakes.") % {"name": pack.name})

    def _plan(self, options: dict[str, Any]) -> None:
        with _telling(self, options):
            self._tell(queries.plan(None, options["paths"], demo=options["demo"]), options)

    def _apply(self, options: dict[str, Any]) -> None:
        with _telling(self, options):
            outcomes = apply_packs(actor=None, paths=options["paths"], demo=options["demo"])
            self._tell(outcomes, options)

    def _tell(self, outcomes: Sequence[Outcome], options: dict[str, Any]) -> None:
        if options["json"]:
            self._write({"packs": [_outcome(one) for one in outcomes]})
            return
        for outcome in outcomes:
            for line in told(outcome):
                self.stdout.write(line)

    def _export(self, options: dict[str, Any]) -> None:
        value = queries.export(options["name"])
        if value is None:
            text = _("The pack “%(name)s” was never applied.")
            raise CommandError(text % {"name": options["name"]})
        self.stdout.write(write(value), ending="")

    def _list(self, options: dict[str, Any]) -> None:
        packs = queries.packs(None)
        if options["json"]:
            self._write({"packs": [pack.as_json() for pack in packs]})
            return
        for pack in packs:
            holds = ", ".join(f"{key} {count}" for key, count in pack.holds.items())
            line = f"{pack.name:<18} {pack.version:<12} {state_word(pack.state)}  {pack.title}"
            line = f"{line}  ({holds})" if holds else line
            self.stdout.write(f"{line}  {pack.source}" if pack.source else line)

    def _codes(self, options: dict[str, Any]) -> None:
        found = codes.groups(settings.PACKS, options["paths"], options["find"])
        wanted = [group for group in found if options["kind"] in (None, group.key)]
        if options["json"]:
            self._write({group.key: [code.as_json() for code in group.codes] for group in wanted})
            return
        for group in wanted:
            self.stdout.write(f"\n{group.key}  {group.about}" if len(wanted) > 1 else group.about)
            for code in group.codes:
                line = f"  {code.code:<26} {code.name}  {code.more}  {code.pack}"
                self.stdout.write(line.rstrip())
        if not wanted:
            raise CommandError(_("No code says so."))

    def _schema(self, options: dict[str, Any]) -> None:
        folder: Path | None = options["out"]
        for name, text in publishing.files().items():
            if folder is None:
                self.stdout.write(text, ending="")
                return
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
            self.stdout.write(str(folder / name))

    def _write(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=2))


class _telling:  # noqa: N801 - reads as a word of the sentence
    """Mistakes on standard output as `check` writes them, and a failing exit."""

    def __init__(self, command: Command, options: dict[str, Any]) -> None:
        self.command, self.options = command, options

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, MistakenError):
            if self.options["json"]:
                self.command.stdout.write(
                    json.dumps({"mistakes": [*map(_as_json, error.mistakes)]}, ensure_ascii=False)
                )
            else:
                for mistake in error.mistakes:
                    self.command.stdout.write(str(mistake))
            raise CommandError(_mistakes_word(error.mistakes)) from error


def _as_json(mistake: Mistake) -> dict[str, Any]:
    place = mistake.position
    return {"file": place.file, "line": place.line, "column": place.column,
            "message": mistake.message}  # fmt: skip


def _mistakes_word(mistakes: Sequence[Mistake]) -> str:
    text = ngettext("%(n)d mistake; nothing was changed.", "%(n)d mistakes; nothing was changed.",
                    len(mistakes))  # fmt: skip
    return text % {"n": len(mistakes)}


def _outcome(one: Outcome) -> dict[str, Any]:
    head = one.pack.head
    return {
        "name": one.pack.name,
        "version": head.version if head else "",
        "before": one.before or None,
        "recorded": one.record is not None,
        "same": one.same,
        "changes": one.as_json(),
    }
