"""The engine needs no framework, and no floor but the rounding rule."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from jiulong.scorecards import engine

ALLOWED = {"pydantic", "pydantic_core", "simpleeval", "jiulong.rounding"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_it_imports_the_standard_library_and_little_else() -> None:
    files = list(Path(engine.__path__[0]).rglob("*.py"))
    found = {name for path in files for name in imported(path)}
    foreign = {
        name
        for name in found
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not name.startswith("jiulong.scorecards.engine")
    }
    assert len(files) > 20
    assert foreign <= ALLOWED
