"""What a form would do when it is filled, read from the templates that docxtpl makes of it.

Word's paragraphs do not show all of them: text hides in notes, properties, content controls.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.utils.translation import gettext as _
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import Environment, TemplateSyntaxError, nodes

#: Properties of a file that docxtpl fills.
PROPERTIES: Final = ("author", "comments", "identifier", "language", "subject", "title")
FOOTNOTES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
#: A loop in a loop in a loop: sections, tables, rows, cells, and one to spare.
DEEP: Final = 5


def faults(
    form: bytes, environment: Environment, forbidden: tuple[type[nodes.Node], ...]
) -> list[tuple[str, str]]:
    """Where and what: loops that multiply, and statements that forms do not have."""
    found = []
    for place, source in _sources(form):
        try:
            tree = environment.parse(source)
        except TemplateSyntaxError as error:
            found.append((place, str(error.message)))
            continue
        if any(True for _one in tree.find_all(forbidden)):
            found.append((place, _("forms only print and repeat")))
        found += [(place, what) for what in dict.fromkeys(_wrong(tree, []))]
    return found


def _sources(form: bytes) -> Iterator[tuple[str, str]]:
    paper: Any = DocxTemplate(io.BytesIO(form))
    paper.init_docx()
    patch: Callable[[str], str] = paper.patch_xml
    yield _("text"), patch(paper.get_xml())
    for uri, name in ((paper.HEADER_URI, _("header")), (paper.FOOTER_URI, _("footer"))):
        for _key, part in paper.get_headers_footers(uri):
            yield name, patch(paper.get_part_xml(part))
    for part in paper.docx.part.package.parts:
        if part.content_type == FOOTNOTES:
            yield _("footnotes"), patch(part.blob.decode("utf-8", "replace"))
    for key in PROPERTIES:
        yield _("properties"), str(getattr(paper.docx.core_properties, key) or "")


def _wrong(node: nodes.Node, around: list[str]) -> Iterator[str]:
    """`around`: the names that the loops around give, outermost first.

    A loop within a loop runs over what the innermost gives: then all that is printed grows with
    what there is to print. Any other multiplies: three loops over a hundred rows print a million.
    """
    inner = around
    if isinstance(node, nodes.For):
        if not isinstance(node.target, nodes.Name) or node.recursive:
            yield _("a loop gives its rows one name")
            return
        if around and _root(node.iter) != around[-1]:
            told = _("a loop within a loop runs only over “%(name)s” or a part of it")
            yield told % {"name": around[-1]}
        if len(around) >= DEEP:
            yield _("loops are nested at most %(most)d deep") % {"most": DEEP}
        inner = [*around, node.target.name]
    for child in node.iter_child_nodes():
        yield from _wrong(child, inner)


def _root(found: nodes.Node | None) -> str | None:
    """The name that an expression starts from: `section` of `section.tables`."""
    while isinstance(found, nodes.Getattr | nodes.Getitem | nodes.Filter):
        found = found.node
    return found.name if isinstance(found, nodes.Name) else None
