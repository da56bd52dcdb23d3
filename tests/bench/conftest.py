"""What measurements stand on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jiulong import embedded
from tests import template


@pytest.fixture(autouse=True)
def filled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database for a measurement is migrated when it starts: its own `migrate` finds it done."""
    if request.node.get_closest_marker("system") is None:
        return
    start = embedded.start

    def started(directory: Path, **how: Any) -> embedded.Embedded:
        new = not (directory / "PG_VERSION").exists()
        server = start(directory, **how)
        if new:
            template.fill(server.url)
        return server

    monkeypatch.setattr(embedded, "start", started)
