"""A scheme from a YAML file: the scheme by itself, or a pack's file with `schemes:` in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from yaml.nodes import Node, SequenceNode

from jiulong.packs.explaining import place, validated
from jiulong.packs.reading import Document, Mistake, UnreadableError, child, read_file
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.rows_file import language_of_engine

#: Key of a pack's section.
SECTION: Final = "schemes"


class SchemeFileError(Exception):
    """The file holds no scheme that can be used; `mistakes` with file, line and column."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(map(str, mistakes)))


def read(path: Path, shown: str, code: str | None = None) -> Scheme:
    """The scheme of a file; of several the one with the code.

    Raises:
        SchemeFileError: the file or the scheme is wrong; it says where.
    """
    try:
        document = read_file(path, shown)
    except UnreadableError as error:
        raise SchemeFileError([error.mistake]) from error
    node = _chosen(document, code)
    model, mistakes = validated(Scheme, node, document)
    if not isinstance(model, Scheme):
        raise SchemeFileError(mistakes)
    language = language_of_engine()
    faults = [
        Mistake(
            document.position(place(node, fault.path)),
            fault.refusal.text(language) if fault.refusal else fault.message,
        )
        for fault in model.faults()
    ]
    if faults:
        raise SchemeFileError(sorted(faults))
    return model


def _chosen(document: Document, code: str | None) -> Node:
    items = child(document.root, SECTION)
    if items is None:
        nodes: list[Node] = [document.root]
    elif isinstance(items, SequenceNode):
        nodes = list(items.value)
    else:
        nodes = []
    codes = [str(getattr(child(node, "code"), "value", "")) for node in nodes]
    chosen = [node for node, one in zip(nodes, codes, strict=True) if code in (None, one)]
    if len(chosen) == 1:
        return chosen[0]
    known = ", ".join(codes) or "–"
    told = _("there is no scheme “%(code)s”; the file has %(known)s")
    if code is None:
        told = _("%(count)d schemes; name one with --code: %(known)s")
    position = document.position(items or document.root)
    words = {"code": code, "known": known, "count": len(nodes)}
    raise SchemeFileError([Mistake(position, told % words)])
