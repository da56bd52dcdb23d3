"""Every pair of colours that carries text is readable: WCAG 2.2 AA, computed from the tokens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import jiulong.desk

CSS = Path(jiulong.desk.__file__).parent / "static/desk/css"
SHEET = (CSS / "tokens.css").read_text(encoding="utf-8")
TEXT, SHAPE = 4.5, 3.0  # WCAG 1.4.3 for text, 1.4.11 for shapes and edges

GROUNDS = ("paper", "surface", "raised")
TINTED = [
    (f"{name}-ink", f"{name}-tint") for name in ("water", "jade", "amber", "cinnabar", "indigo")
]
TEXT_PAIRS = [
    *(
        (ink, ground)
        for ink in (
            "ink",
            "muted",
            "water-ink",
            "jade-ink",
            "amber-ink",
            "cinnabar-ink",
            "indigo-ink",
        )
        for ground in GROUNDS
    ),
    *TINTED,
    *(("ink", f"{name}-tint") for name in ("water", "jade", "amber", "cinnabar", "indigo")),
    ("muted", "water-tint"),
    ("on-deep", "deep"),
    ("on-deep", "deep-raised"),
    ("on-deep-muted", "deep"),
    ("on-deep-muted", "deep-raised"),
    ("on-water", "water"),
    ("on-amber", "amber"),
    ("on-cinnabar", "cinnabar"),
    ("on-fill", "amber-fill"),
    ("on-fill", "cinnabar-fill"),
    ("on-loop", "loop"),
    ("on-loop-muted", "loop"),
    ("on-loop", "loop-hover"),
    ("on-loop-muted", "loop-hover"),
    ("on-loop-idle", "loop-idle"),
]
SHAPE_PAIRS = [
    *(
        (name, ground)
        for name in ("water", "jade", "amber", "cinnabar", "indigo", "edge", "focus")
        for ground in GROUNDS
    ),
    ("jade", "jade-tint"),
    ("amber", "amber-tint"),
]


def tokens(theme: str) -> dict[str, str]:
    block = re.search(rf'\[data-bs-theme="{theme}"\] {{(.*?)\n}}', SHEET, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_in_every_pair(theme: str) -> None:
    given = tokens(theme)
    needed = [(pair, TEXT) for pair in TEXT_PAIRS] + [(pair, SHAPE) for pair in SHAPE_PAIRS]
    faint = {
        pair: round(contrast(given[pair[0]], given[pair[1]]), 2)
        for pair, least in needed
        if contrast(given[pair[0]], given[pair[1]]) < least
    }
    assert faint == {}


def test_it_has_the_same_tokens_in_both_themes() -> None:
    assert tokens("light").keys() == tokens("dark").keys()


def test_it_names_colours_in_one_place_only() -> None:
    elsewhere = {
        sheet.name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^;{]*{)", sheet.read_text(encoding="utf-8"))
        for sheet in CSS.glob("*.css")
        if sheet.name not in {"tokens.css", "print.css"}
    }
    assert {name: found for name, found in elsewhere.items() if found} == {}


def test_it_knows_black_on_white() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
