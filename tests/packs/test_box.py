"""The packs in the box, all together: applied once, then nothing is left to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jiulong.packs import queries
from jiulong.packs.actions import apply_packs
from jiulong.packs.reading import write

ROOT = Path(__file__).parent.parent.parent
BOX = ROOT / "packs"


@pytest.fixture(autouse=True)
def _box(settings: Any) -> None:
    settings.PACKS = BOX


@pytest.mark.django_db
def test_it_is_applied_once_and_exported_as_it_is(tmp_path: Path) -> None:
    first = apply_packs(actor=None, paths=[BOX])
    assert [one.pack.name for one in first if not one.changed] == []
    assert [one.pack.name for one in apply_packs(actor=None, paths=[BOX]) if one.changed] == []
    for outcome in first:
        value = queries.export(outcome.pack.name)
        assert value is not None
        folder = tmp_path / outcome.pack.name
        folder.mkdir()
        (folder / "pack.yaml").write_text(write(value), encoding="utf-8")
    again = queries.plan(None, [tmp_path])
    assert [one.pack.name for one in again if one.changed or one.record] == []


def test_the_districts_packs_are_where_the_setting_looks() -> None:
    from jiulong import settings as defaults

    assert defaults.PACKS == BOX
