"""The packs in the box, all together: applied once, nothing is left to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from jiulong import settings as defaults
from jiulong.packs import queries
from jiulong.packs.actions import apply_packs
from jiulong.packs.reading import write


@pytest.mark.usefixtures("whole_box")
def test_it_is_applied_once_and_exported_as_it_is(tmp_path: Path) -> None:
    again = apply_packs(actor=None, paths=[settings.PACKS])
    assert [one.pack.name for one in again if one.changed] == []
    for outcome in again:
        value = queries.export(outcome.pack.name)
        assert value is not None
        folder = tmp_path / outcome.pack.name
        folder.mkdir()
        (folder / "pack.yaml").write_text(write(value), encoding="utf-8")
    exported = queries.plan(None, [tmp_path])
    assert [one.pack.name for one in exported if one.changed or one.record] == []


def test_the_districts_packs_are_where_the_setting_looks() -> None:
    assert Path(__file__).parents[3] / "packs" == defaults.PACKS
