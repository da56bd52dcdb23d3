"""No two locks of the system share a number, or strangers would wait for each other."""

from __future__ import annotations

import re
from pathlib import Path

from jiulong.evidence.locks import Lock
from jiulong.gateway import registry
from jiulong.monitoring import judge
from jiulong.recorder import sql

SOURCE = Path(registry.__file__).parents[1]


def test_it_gives_everybody_a_lock_of_their_own() -> None:
    assert [sql.LOCK, judge.LOCK, registry.TALKER_LOCK] == [Lock.RECORDER, Lock.JUDGE, Lock.TALKER]
    assert len({int(lock) for lock in Lock}) == len(Lock)


def test_it_names_every_lock_here() -> None:
    written = {
        (path.relative_to(SOURCE).as_posix(), int(number))
        for path in SOURCE.rglob("*.py")
        for number in re.findall(r"advisory_(?:xact_)?lock\((\d+)\)", path.read_text("utf-8"))
    }
    assert written == {("gateway/migrations/0003_journal.py", int(Lock.JOURNAL))}
