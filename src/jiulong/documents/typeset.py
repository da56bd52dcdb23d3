"""PDF and pages as pictures, set by Typst: no system library, the font inside, Chinese line breaks.

The layout stands in paper.typ and is the same for every document; the document comes to it as data.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

from jiulong.documents.blocks import Columns, Document, Figure, Picture
from jiulong.documents.charts import Drawing, drawn
from jiulong.documents.plain import as_data

HERE: Final = Path(__file__).resolve().parent
FONTS: Final = HERE / "fonts"
#: Files tell no moment of their making unless the document does: equal documents, equal bytes.
NO_MOMENT: Final = 0
#: A word longer than this may break anywhere: hashes and addresses must not leave their cell.
LONG_WORD: Final = re.compile(r"[!-~]{27,}")
ZERO_WIDTH: Final = "\u200b"
ONE_DRAWING: Final = """
#set page(width: 156mm, height: auto, margin: 0mm)
#image(bytes(sys.inputs.drawing), format: "svg", width: 100%)
"""


class TypesettingError(Exception):
    """The document cannot be set; the fault is ours, as its texts are never read as markup."""


@cache
def fonts() -> typst.Fonts:
    """The vendored font alone: what a machine has installed must not change a document."""
    if not any(FONTS.glob("*.ttf")):
        raise TypesettingError(f"No fonts in {FONTS}; scripts/setup.py brings them")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)]
    )


def as_pdf(document: Document) -> bytes:
    """The document as PDF. Raises TypesettingError."""
    made = _compile(document, "pdf")
    return made if isinstance(made, bytes) else made[0]


def as_pages(document: Document, *, ppi: float = 96) -> list[bytes]:
    """Each page as PNG: for looking at, and for figures in other papers."""
    made = _compile(document, "png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made)


def drawing_png(drawing: Drawing, *, ppi: float = 200) -> bytes:
    """A figure alone, as wide as the text of an official page (156 mm)."""
    made = _typst(ONE_DRAWING, None, "png", {"drawing": drawn(drawing)}, ppi=ppi)
    return made if isinstance(made, bytes) else made[0]


def _compile(
    document: Document, form: Literal["pdf", "png"], *, ppi: float = 96
) -> bytes | list[bytes]:
    data = as_data(document)
    with tempfile.TemporaryDirectory(prefix="jiulong-paper-") as folder:
        _illustrate(document.blocks, data["blocks"], Path(folder))
        told = json.dumps(_breakable(data), ensure_ascii=False)
        moment = NO_MOMENT if document.made_at is None else int(document.made_at.timestamp())
        source = (HERE / "paper.typ").read_text(encoding="utf-8")
        return _typst(source, folder, form, {"document": told}, ppi=ppi, moment=moment)


def _typst(
    source: str,
    root: str | None,
    form: Literal["pdf", "png"],
    inputs: dict[str, str],
    *,
    ppi: float,
    moment: int = NO_MOMENT,
) -> bytes | list[bytes]:
    try:
        compiler = typst.Compiler(
            source.encode(),
            root=root,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )
        made, _warnings = compiler.compile_with_warnings(format=form, ppi=ppi, timestamp=moment)
    except typst.TypstError as error:
        raise TypesettingError(str(error)) from error
    return made or b""


def _illustrate(blocks: Sequence[Any], data: list[dict[str, Any]], folder: Path) -> None:
    """Puts the drawings into the data and the pictures beside it, by their digest."""
    for block, told in zip(blocks, data, strict=True):
        match block:
            case Figure():
                told["drawing"] = drawn(block.drawing)
            case Picture():
                (folder / f"{told['png']}.png").write_bytes(block.png)
                told["png"] = f"/{told['png']}.png"
            case Columns():
                _illustrate(block.left, told["left"], folder)
                _illustrate(block.right, told["right"], folder)
            case _:
                pass


def _breakable(value: Any) -> Any:
    """Long words with places to break; drawings and files keep their text."""
    if isinstance(value, dict):
        kept = {"drawing", "png", "kind"}
        return {key: one if key in kept else _breakable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_breakable(one) for one in value]
    if isinstance(value, str):
        return LONG_WORD.sub(lambda found: ZERO_WIDTH.join(found[0]), value)
    return value
