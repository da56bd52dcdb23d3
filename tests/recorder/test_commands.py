"""`jiulong rebuild` on the command line."""

from __future__ import annotations

import gc
import uuid
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from hj212 import encode
from jiulong.gateway.journal import Entry, pack
from jiulong.gateway.models import Logger
from jiulong.monitoring.models import PointState, Reading
from jiulong.recorder import working
from jiulong.recorder.management.commands import rebuild
from tests.recorder.plant import NOW, PEER, microseconds


@pytest.fixture
def untuned() -> Iterator[None]:
    """The process is as it was afterwards."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_it_rebuilds_with_progress(
    logger: Logger, untuned: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "PROGRESS_S", 0)
    monkeypatch.setattr(working, "NICENESS", 0)
    cp = "DataTime=20260310120000;w01018-Rtd=1"
    frame = encode(mn=logger.mn, pw="123456", st="32", cn="2011", flag=5, cp=cp)
    entries = [Entry(microseconds(NOW), 0, PEER, frame)] * 2
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journal_append(%s, %s, 'test', 2, %s)", [uuid.uuid4(), NOW, pack(entries)]
        )
    output = StringIO()
    call_command("rebuild", stdout=output)
    first, last = output.getvalue().splitlines()
    assert first == "2 of 2 frames"
    assert last.endswith("2 readings, 1 of them repeats, 0 messages")
    assert Reading.objects.get().values == [1.0]
    assert PointState.objects.get().frames == 2
