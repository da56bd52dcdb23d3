"""Checks that loggers send: read from the recorder's messages, judged here, taken over once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from jiulong.evidence.models import Cursor
from jiulong.portal import logged_checks
from jiulong.recorder.models import Message
from jiulong.upkeep.models import QcTest
from tests.factories import make_factor, move_cursor
from tests.portal.conftest import Site


def test_it_reads_values_by_factor_and_leaves_out_what_is_no_number() -> None:
    content = {
        "DataTime": "20260310021000", "w01018-SampleRd": "49.2", "w01018-StandardValue": "50",
        "w01018-ResultType": "1", "w21003-SampleRd": "?", "w21003-StandardValue": "5",
        "w21011-SampleRd": "0.5",
    }  # fmt: skip
    assert [*logged_checks.read(content)] == [("w01018", Decimal(50), Decimal("49.2"))]
    plain = {"PolId": "w21003", "SampleRd": "5.1", "StandardValue": "5"}
    assert [*logged_checks.read(plain)] == [("w21003", Decimal(5), Decimal("5.1"))]
    assert [*logged_checks.read({"w01018-SampleRd": "NaN", "w01018-StandardValue": "1"})] == []


def test_it_takes_over_each_frame_once_whatever_the_logger_says_of_the_result(site: Site) -> None:
    now = timezone.now()
    for ordinal, said in enumerate(("49", "61")):
        Message.objects.create(
            point=site.point, cn="2062", at=now - timedelta(hours=ordinal), received_at=now,
            batch=7, ordinal=ordinal,
            content={
                "w01018-SampleRd": said, "w01018-StandardValue": "50", "w01018-ResultType": "1",
                "w01012-SampleRd": "5", "w01012-StandardValue": "5",
            },
        )  # fmt: skip
    assert not logged_checks.step(now)  # nothing is recorded yet
    move_cursor("recorder", 7)
    assert not logged_checks.step(now)
    Cursor.objects.filter(name=logged_checks.CURSOR).update(position=0)  # a rebuild reads again
    assert not logged_checks.step(now + timedelta(minutes=1))
    taken = QcTest.objects.order_by("frame")
    assert [(one.frame, one.passed, one.source, one.by) for one in taken] == [
        ("7/0", True, "logger", None), ("7/1", False, "logger", None),
    ]  # fmt: skip
    assert make_factor("w01012").code == "w01012"  # no limit holds for it: left where it is


def test_no_frame_holds_up_those_after_it_and_none_is_of_the_future(site: Site) -> None:
    now = timezone.now()
    for ordinal, (said, ahead) in enumerate([("1E+40", 0), ("1E+13", 0), ("80", 24), ("49", 0)]):
        Message.objects.create(
            point=site.point, cn="2062", at=now + timedelta(hours=ahead, minutes=ordinal - 10),
            received_at=now, batch=7, ordinal=ordinal,
            content={"w01018-SampleRd": said, "w01018-StandardValue": "50"},
        )  # fmt: skip
    move_cursor("recorder", 7)
    assert not logged_checks.step(now)
    assert not logged_checks.step(now)
    assert [(one.frame, one.passed) for one in QcTest.objects.all()] == [("7/3", True)]
    assert Cursor.objects.get(name=logged_checks.CURSOR).position == 7
