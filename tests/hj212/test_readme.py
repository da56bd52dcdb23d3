"""The README cannot rot: its tables are drawn from the code, its names exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hj212
from hj212 import Frame, Reason
from hj212.dialogue import LIFE

README = Path(hj212.__file__).parent / "README.md"
TEXT = README.read_text("utf-8")


def drawn(shape: str) -> str:
    rows = LIFE[shape]  # type: ignore[index]
    lines = [f"| {before} | {event} | {after} |" for (before, event), after in rows.items()]
    return "\n".join(["| from | event | to |", "|---|---|---|", *lines])


@pytest.mark.parametrize("shape", LIFE)
def test_life_cycles_are_drawn_from_the_code(shape: str) -> None:
    assert f"<!-- life: {shape} -->\n{drawn(shape)}\n<!-- /life -->" in TEXT


def test_every_reason_is_told() -> None:
    told = TEXT.split("| reason | bytes |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `([a-z-]+)`", told, re.MULTILINE) == [str(r) for r in Reason]


def test_every_public_name_exists() -> None:
    assert [name for name in hj212.__all__ if not hasattr(hj212, name)] == []


def test_every_frame_attribute_is_told() -> None:
    (row,) = re.findall(r"^\| `Frame` \| `([^`]*)`", TEXT, re.MULTILINE)
    names = {name.removesuffix("()") for name in row.split()}
    assert names == {name for name in dir(Frame) if not name.startswith("_")}
