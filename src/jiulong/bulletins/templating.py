"""Forms in .docx with placeholders: checked when they come, filled in a sandbox.

docxtpl fills them. A form of an office is a file of a stranger: how large it may be, which parts
it may have and which placeholders it may use stand here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import docx
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from docx.text.paragraph import Paragraph as WordParagraph
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from jiulong.bulletins import loops
from jiulong.bulletins.paper import Printed
from jiulong.documents.word import timeless

FORMS: Final = Path(__file__).parent / "letterheads"
#: A form is some pages of text and a seal; nobody needs more.
SIZE_MAX: Final = 2 * 1024 * 1024
UNPACKED_MAX: Final = 20 * 1024 * 1024
PARTS_MAX: Final = 200
#: A part that grows a hundredfold holds no text.
RATIO_MAX: Final = 100
#: Placeholders, and what those that are repeated hold.
KNOWN: Final[dict[str, frozenset[str]]] = {
    name: frozenset()
    for name in (
        "head", "title", "number", "to", "signed", "on", "copies", "printed_by", "footer", "mark",
        "sections", "sources", "sources_head",
    )
}  # fmt: skip
PARTS: Final = frozenset({"heading", "paragraphs", "tables", "caption", "head", "rows", "key"})
FILTERS: Final = frozenset({"upper", "lower", "length", "join", "default", "first", "last"})
#: What a tag of docxtpl says beside jinja: that it swallows its paragraph, row, cell or run.
_SWALLOWS: Final = re.compile(r"(\{%|\{\{)(p|tr|tc|r)\b")
PARAGRAPH: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
_TAGS: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_FORBIDDEN: Final = (
    nodes.Call, nodes.Macro, nodes.Import, nodes.FromImport, nodes.Include, nodes.Extends,
    nodes.Block, nodes.CallBlock, nodes.FilterBlock, nodes.Assign, nodes.AssignBlock,
    # 9**9**9 and "x" * 9**9 would be worked out before anything is printed.
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Concat,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in a form, and in which paragraph."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class BadFormError(Exception):
    """A form cannot be used; `faults` say why and where."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(map(str, faults)))


def built_in(*, red: bool) -> bytes:
    """The form in the box: with a red head or without."""
    return (FORMS / ("official.docx" if red else "plain.docx")).read_bytes()


def fill(form: bytes, told: Printed) -> bytes:
    """The form with everything in it; the same bytes for the same paper.

    Raises:
        BadFormError: the form asks for something that is not there.
    """
    _check_loops(form)
    paper = DocxTemplate(io.BytesIO(form))
    context = {**asdict(told), "sources_head": sources_head()}
    try:
        paper.render(context, jinja_env=environment(), autoescape=True)
    except TemplateError as error:
        raise BadFormError([Fault("", str(error))]) from error
    out = io.BytesIO()
    made = told.made_at.replace(tzinfo=None)
    properties = paper.docx.core_properties
    properties.title, properties.created, properties.modified = told.title, made, made
    paper.save(out)
    return timeless(out.getvalue())


def sources_head() -> list[str]:
    """Heads of the table of sources."""
    return [_("No."), pgettext("bulletin", "Figure"), _("Of what"), _("Read from"), _("Digest")]


def environment() -> ImmutableSandboxedEnvironment:
    """Jinja that can do nothing but print what it is given."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


def check(form: bytes) -> None:
    """Whether a form of an office may be used.

    Raises:
        BadFormError: with every mistake and its paragraph.
    """
    _check_zip(form)
    try:
        paper = docx.Document(io.BytesIO(form))
    except Exception as error:
        raise BadFormError([Fault("", _("This is no .docx that Word would open."))]) from error
    faults, rows = [], {"sections", "sources"}
    said = list(_paragraphs(paper))
    for _place, text in said:
        rows |= set(re.findall(r"\bfor\s+([a-z_]+)\s+in\b", text))
    for place, text in said:
        faults += [Fault(place, what) for what in _wrong(text, rows)]
    if faults:
        raise BadFormError(faults)
    _check_loops(form)
    _try(form)


def _check_loops(form: bytes) -> None:
    """Also before each filling: forms may have come before the check was as it is.

    Raises:
        BadFormError: what it repeats would multiply, or it holds what forms do not have.
    """
    found = loops.faults(form, environment(), _FORBIDDEN)
    if found:
        raise BadFormError([Fault(place, what) for place, what in found])


def _check_zip(form: bytes) -> None:
    if len(form) > SIZE_MAX:
        told = _("The file has more than %(most)d MB.") % {"most": SIZE_MAX // 2**20}
        raise BadFormError([Fault("", told)])
    try:
        packed = zipfile.ZipFile(io.BytesIO(form))
    except zipfile.BadZipFile as error:
        raise BadFormError([Fault("", _("This is no .docx file."))]) from error
    with packed:
        parts = packed.infolist()
        if len(parts) > PARTS_MAX or sum(one.file_size for one in parts) > UNPACKED_MAX:
            raise BadFormError([Fault("", _("The file unpacks to far more than a form is."))])
        for one in parts:
            _check_part(packed, one)


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename
    if part.file_size > 1024 and part.file_size > RATIO_MAX * max(part.compress_size, 1):
        raise BadFormError([Fault(name, _("This part unpacks to far more than a form is."))])
    if name.endswith((".bin", ".exe", ".dll")) or "/embeddings/" in name or "/activeX" in name:
        raise BadFormError([Fault(name, _("Forms hold no macros and no embedded objects."))])
    if name.endswith((".xml", ".rels")):
        with packed.open(part) as opened:
            content = opened.read(UNPACKED_MAX)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise BadFormError([Fault(name, _("Forms define no entities."))])
        if name.endswith(".rels") and b'TargetMode="External"' in content:
            raise BadFormError([Fault(name, _("Forms refer to nothing outside themselves."))])


def _paragraphs(paper: Any) -> Iterator[tuple[str, str]]:
    """Every paragraph with where it stands, also in tables, heads and feet."""
    yield from _within(paper.element.body, paper, _("paragraph %(n)d"))
    for section in paper.sections:
        yield from _within(section.header._element, section.header, _("header, paragraph %(n)d"))  # noqa: SLF001
        yield from _within(section.footer._element, section.footer, _("footer, paragraph %(n)d"))  # noqa: SLF001


def _within(element: Any, parent: Any, words: str) -> Iterator[tuple[str, str]]:
    for number, found in enumerate(element.iter(PARAGRAPH), start=1):
        yield words % {"n": number}, WordParagraph(found, parent).text


def _wrong(text: str, rows: set[str]) -> Iterator[str]:
    """What is wrong with the tags of one paragraph."""
    rest = _TAGS.sub("", text)
    if "{{" in rest or "{%" in rest or "}}" in rest or "%}" in rest:
        yield _("a tag is not closed")
    for tag in _TAGS.findall(text):
        bare = _SWALLOWS.sub(r"\1", tag)
        if bare.startswith("{%"):
            yield from _wrong_statement(bare, rows)
        else:
            yield from _wrong_names(bare, rows)


def _wrong_statement(tag: str, rows: set[str]) -> Iterator[str]:
    words = tag.strip("{}% -")
    word = words.partition(" ")[0]
    if word in {"endfor", "endif", "else"}:
        return
    if word not in {"for", "if", "elif"}:
        yield _("“%(tag)s” is not allowed; forms know for and if") % {"tag": tag}
        return
    end = "endfor" if word == "for" else "endif"
    whole = f"{{% {words.removeprefix('el')} %}}{{% {end} %}}"
    yield from _wrong_names(whole, rows)


def _wrong_names(source: str, rows: set[str]) -> Iterator[str]:
    try:
        tree = environment().parse(source)
    except TemplateSyntaxError as error:
        yield _("“%(tag)s” cannot be read: %(why)s") % {"tag": source, "why": error.message}
        return
    if any(True for _one in tree.find_all(_FORBIDDEN)):
        yield _("“%(tag)s” is not allowed; forms only print and repeat") % {"tag": source}
    for used in tree.find_all(nodes.Filter):
        if used.name not in FILTERS:
            yield _("there is no filter “%(name)s”") % {"name": used.name}
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name not in KNOWN and name.name not in rows:
            yield _("there is no placeholder “%(name)s”") % {"name": name.name}
    for part in tree.find_all(nodes.Getattr):
        if part.attr not in PARTS:
            yield _("there is no “%(name)s” within a placeholder") % {"name": part.attr}


def _try(form: bytes) -> None:
    """Fill it once: what only shows then (loops that do not nest) is told now."""
    from django.utils import timezone  # noqa: PLC0415 - only for the trial

    table = {"caption": "", "head": ["a", "b"], "rows": [["1", "2"]]}
    part = {"heading": "h", "paragraphs": ["p"], "tables": [table], "key": ""}
    sample = Printed(
        head="h", title="t", number="n", to="to", sections=[part], signed="s", on="d", copies="c",
        printed_by="u", footer="f", mark="", sources=[["q1", "1", "w", "r", "d"]],
        made_at=timezone.now(),
    )  # fmt: skip
    try:
        fill(form, sample)
    except BadFormError:
        raise
    except Exception as error:
        raise BadFormError(
            [Fault("", _("The form cannot be filled: %(why)s") % {"why": error})]
        ) from error


__all__ = ["BadFormError", "Fault", "built_in", "check", "environment", "fill"]
