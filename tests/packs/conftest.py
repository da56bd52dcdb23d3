"""Packs written for a test: `box` is an empty folder of packs, `write` puts files into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

HEAD = """\
name: {name}
title: {{zh: 试验, en: Trial}}
version: {version}
summary: 试验用
requires: [{requires}]
"""

Write = Callable[..., Path]


@pytest.fixture
def box(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "packs"
    folder.mkdir()
    settings.PACKS = folder
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def write(box: Path) -> Write:
    """write("name", "units: …", requires="other") → the pack's folder."""

    def write_pack(name: str, text: str = "", *, requires: str = "", version: str = "1") -> Path:
        folder = box / name
        folder.mkdir(exist_ok=True)
        head = HEAD.format(name=name, requires=requires, version=version)
        (folder / "pack.yaml").write_text(head, encoding="utf-8")
        (folder / "things.yaml").write_text(dedent(text), encoding="utf-8")
        return folder

    return write_pack


UNITS = """\
units:
  - {code: 350602, name: 芗城区, kind: district}
  - {code: 350602001, name: 东铺头街道, kind: street, parent: 350602, longitude: 117.66, latitude: 24.51}
"""  # noqa: E501
