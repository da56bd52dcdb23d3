"""The engine's own measurement: it compares before it counts."""

from __future__ import annotations

import pytest

from jiulong.bench import validity


def test_it_judges_as_the_formula_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validity, "DAYS", 20)
    monkeypatch.setattr(validity, "FILE_DAYS", 10)
    found = validity.measure()
    assert found.unlike == 0
    assert min(found.hours_per_s, found.fractions_hours_per_s, found.file_lines_per_s) > 0
