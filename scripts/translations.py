"""Collect, check and compile the translations without gettext on the machine.

--update    merge new texts of code and templates into the catalogue
--check     fail if a text has no Chinese, or its placeholders differ
--compile   write the .mo files Django reads
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "jiulong"
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
#: No dates and no people in the header: a catalogue changes when its texts do.
HEADER = {
    "header_comment": "# Chinese of Jiulong. Kept by scripts/translations.py.",
    "project": "Jiulong",
    "version": "1",
    "creation_date": datetime(2026, 1, 1, tzinfo=UTC),
    "revision_date": datetime(2026, 1, 1, tzinfo=UTC),
    "last_translator": "Jiulong",
    "language_team": "Jiulong",
    "msgid_bugs_address": "see CONTRIBUTING.md",
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_t": None,  # gettext beside gettext_lazy
    "_lazy": None,  # gettext_lazy beside gettext
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # what Django's templatize writes for template tags
    "_p": ((1, "c"), 2),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Comments, and a language's own name in the switch to it.
NOT_FOR_READERS = re.compile(
    r'{#.*?#}|{% comment %}.*?{% endcomment %}|lang="zh-Hans">[^<]*<', re.DOTALL
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def texts() -> Iterator[tuple[str, int, str | tuple[str, ...], str | None]]:
    """Every translatable text: (file, line, msgid or (singular, plural), context)."""
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]):
        if "static" in path.parts or "migrations" in path.parts:
            continue
        code = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # What is between the tags comes out as words; indented, they would be no Python.
            lines = templatize(code, origin=str(path)).splitlines()
            code = "\n".join(line.lstrip() for line in lines)
        name = path.relative_to(ROOT).as_posix()
        for line, message, _comments, context in extract(
            "python", io.BytesIO(code.encode()), keywords=KEYWORDS
        ):
            yield name, line, message, context


def collected() -> Catalog:
    catalog = Catalog(locale="zh_Hans", domain="django", charset="utf-8", fuzzy=False)
    for name, _line, message, context in texts():
        catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def current() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans", domain="django", charset="utf-8", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django")


def update() -> None:
    catalog = current()
    catalog.update(collected(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    for name, value in HEADER.items():
        setattr(catalog, name, value)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(
            file, catalog, width=100, sort_output=True, omit_header=False, include_lineno=False
        )


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def faults() -> Iterator[str]:
    known = current()
    for wanted in collected():
        if not wanted.id:
            continue
        first = wanted.id if isinstance(wanted.id, str) else wanted.id[-1]
        where = wanted.locations[0][0]
        yield from _fault_of(first, where, known.get(wanted.id, wanted.context))
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        text = NOT_FOR_READERS.sub("", path.read_text(encoding="utf-8"))
        if CHINESE.search(text):
            yield f"{path.relative_to(ROOT)}: Chinese text belongs in the catalogue"


def _fault_of(text: str, where: str, found: Message | None) -> Iterator[str]:
    if CHINESE.search(text):
        yield f"{where}: msgids are English: {text!r}"
    translation = (found.string if found else "") or ""
    chinese = translation if isinstance(translation, str) else translation[0]
    if not chinese:
        yield f"{where}: no Chinese for {text!r}"
    elif placeholders(chinese) != placeholders(text):
        yield f"{where}: other placeholders in the Chinese of {text!r}"


def compile_catalogue() -> None:
    if CATALOGUE.exists():
        with CATALOGUE.with_suffix(".mo").open("wb") as file:
            write_mo(file, current())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    settings.configure(USE_I18N=True)
    django.setup()
    if options.update:
        update()
    if options.compile:
        compile_catalogue()
    if options.check:
        found = list(faults())
        print("\n".join(found) or "translations: complete")
        sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
