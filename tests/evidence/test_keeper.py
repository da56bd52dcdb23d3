"""The keeper goes round, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

from jiulong.evidence import chores
from jiulong.evidence.chores import Chore
from jiulong.evidence.keeper import BACK_OFF, BACK_OFF_MAX, FAILED, Keeper, run
from jiulong.evidence.models import Seal
from tests.evidence.conftest import NOON

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


class Diary:
    """A chore that finds work so many times and notes when it was called."""

    def __init__(self, *found: bool | Exception) -> None:
        self.found = list(found)
        self.at: list[datetime] = []

    def step(self, now: datetime) -> bool:
        self.at.append(now)
        answer = self.found.pop(0) if self.found else False
        if isinstance(answer, Exception):
            raise answer
        return answer


def chore(diary: Diary, name: str = "chore", every: timedelta = 30 * SECOND) -> Chore:
    return Chore(name, every, diary.step)


def test_it_goes_on_while_there_is_work_then_waits() -> None:
    diary = Diary(True, True, False)
    keeper = Keeper([chore(diary)])
    assert [keeper.step(NOON) for _ in range(3)] == [timedelta(0), timedelta(0), 30 * SECOND]
    assert keeper.step(NOON + 10 * SECOND) == 20 * SECOND
    assert diary.at == [NOON] * 3
    keeper.step(NOON + 30 * SECOND)
    assert diary.at[3:] == [NOON + 30 * SECOND]


def test_it_gives_every_chore_its_turn() -> None:
    busy, other = Diary(True, True, True), Diary()
    keeper = Keeper([chore(busy, "busy"), chore(other, "other", 5 * SECOND)])
    assert keeper.step(NOON) == timedelta(0)
    assert (len(busy.at), len(other.at)) == (1, 1)
    keeper.step(NOON + 5 * SECOND)
    assert (len(busy.at), len(other.at)) == (2, 2)


def test_it_waits_longer_and_longer_for_a_database_that_is_away() -> None:
    diary = Diary(*[OperationalError("away") for _ in range(8)])
    keeper = Keeper([chore(diary)])
    waits = [keeper.step(NOON) for _ in range(8)]
    assert waits[:4] == [BACK_OFF, 2 * BACK_OFF, 4 * BACK_OFF, 8 * BACK_OFF]
    assert waits[-1] == BACK_OFF_MAX
    assert keeper.step(NOON) == 30 * SECOND
    diary.found = [OperationalError("away again")]
    assert keeper.step(NOON + 30 * SECOND) == BACK_OFF


def test_it_leaves_a_chore_that_fails_and_does_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failing, other = Diary(ValueError("batch 7 is damaged")), Diary()
    keeper = Keeper([chore(failing, "seal"), chore(other, "other", 10 * SECOND)])
    assert keeper.step(NOON) == 10 * SECOND
    assert "seal failed: batch 7 is damaged" in caplog.text
    keeper.step(NOON + 10 * SECOND)
    assert (len(failing.at), len(other.at)) == (1, 2)
    keeper.step(NOON + FAILED)
    assert len(failing.at) == 2


def test_it_waits_when_there_is_nothing_to_do() -> None:
    assert Keeper([]).step(NOON) == BACK_OFF_MAX


def test_it_runs_until_it_is_told_to_end() -> None:
    diary, waits = Diary(True), []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) == 2

    run(Keeper([chore(diary)]), clock=lambda: NOON, wait=wait)
    assert waits == [0.0, 30.0]


def test_it_seals_as_a_chore(journal: list[int]) -> None:
    known = {chore.name: chore for chore in chores.registered()}
    steps: Callable[[datetime], bool] = known["seal"].step
    now = NOON + timedelta(hours=3)
    assert [steps(now) for _ in range(4)] == [True, True, True, False]
    assert Seal.objects.count() == 3


def test_it_replaces_a_chore_of_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "_registered", {})
    first, second = chore(Diary()), chore(Diary())
    chores.register(first)
    chores.register(second)
    assert chores.registered() == [second]


def test_it_ends_at_once_when_it_is_terminated(tmp_path: Path) -> None:
    # A database that is not there: it waits, and still ends.
    environment = {
        **os.environ,
        "JIULONG_VAR": str(tmp_path),
        "JIULONG_DATABASE_URL": "postgresql://127.0.0.1:1/none?connect_timeout=1&pool=off",
    }
    keeper = subprocess.Popen(
        [sys.executable, "-m", "jiulong", "keeper"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert keeper.stdout is not None
    assert "seal" in keeper.stdout.readline()
    assert keeper.stderr is not None
    assert "no database" in keeper.stderr.readline()
    keeper.send_signal(signal.SIGTERM)
    assert keeper.wait(timeout=5) == 0
    keeper.stdout.close()
    keeper.stderr.close()
