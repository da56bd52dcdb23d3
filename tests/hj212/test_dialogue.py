"""Dialogues: what may be answered in which order, and what is known afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hj212 import Dialogue, Frame, QnGenerator, encode, parse
from hj212.dialogue import FINAL, LIFE
from tests.hj212.frames import MN, QN, STANDARD

ANSWERS = {
    "9011": "QnRtn=1", "refused": "QnRtn=3", "9012": "ExeRtn=1", "failed": "ExeRtn=5",
    "reply": "DataTime=20160801085857;VaseNo=3", "9013": "",
}  # fmt: skip
NUMBERS = {"refused": "9011", "failed": "9012", "reply": "3015"}


def said(what: str, qn: str = QN, mn: str = MN, cn: str = "") -> Frame:
    number = cn or NUMBERS.get(what, what)
    result = parse(encode(cn=number, st="91", qn=qn, mn=mn, flag=4, cp=ANSWERS.get(what, "")))
    assert isinstance(result, Frame)
    return result


def asked(cn: str = "3015", profile: str = "2017", **params: str) -> Dialogue:
    made = Dialogue.request(cn, params, profile=profile, qn=QN, st="32", pw="123456", mn=MN)
    assert made.start(0.0) == made.frames
    return made


def test_the_sequence_of_c34() -> None:
    made = asked()
    assert made.frames == [STANDARD["C.34 3015 req"]]
    states = []
    for name in ("9011 QnRtn=1", "C.34 3015 reply", "9012 ExeRtn=1"):
        frame = parse(STANDARD[name])
        assert isinstance(frame, Frame)
        assert made.receive(frame, 1.0)
        states.append(made.state)
    assert states == ["accepted", "replied", "done"]
    assert (made.qn_rtn, made.exe_rtn, made.deadline) == ("1", "1", None)
    assert [reply.params["VaseNo"] for reply in made.replies] == ["1"]


@pytest.mark.parametrize(
    ("heard", "state"),
    [
        (["9011", "9012"], "done"),
        (["9012"], "done"),
        (["reply", "9012"], "done"),
        (["9011", "9012", "reply"], "done"),
        (["reply", "9011", "9012"], "done"),
        (["9011", "9011", "reply", "reply", "9012"], "done"),
        (["refused"], "refused"),
        (["9011", "failed"], "failed"),
        (["failed", "reply"], "failed"),
        (["9011"], "unknown"),
        (["9011", "reply"], "unknown"),
        (["reply"], "unknown"),
        ([], "unknown"),
    ],
)
def test_answers_missing_or_in_another_order(heard: list[str], state: str) -> None:
    made = asked()
    for what in heard:
        assert made.receive(said(what), 1.0)
    for second in range(0, 3600, 10):
        made.tick(float(second))
    assert (made.state, len(made.replies)) == (state, heard.count("reply"))
    assert made.finished


def test_late_answers_turn_unknown_into_knowledge() -> None:
    made = asked()
    for second in (10.0, 20.0, 30.0, 40.0):
        made.tick(second)
    assert made.state == "unknown"
    assert made.receive(said("reply"), 50.0)
    assert made.receive(said("9012"), 51.0)
    assert (made.state, made.link_dead, len(made.replies)) == ("done", False, 1)


def test_resends_are_the_same_bytes_and_stop_with_the_first_answer() -> None:
    made = asked("1061")
    assert made.tick(9.9) == []
    assert made.tick(10.0) == made.frames
    assert made.receive(said("9011"), 11.0)
    assert [made.tick(float(second)) for second in range(12, 600, 50)] == [[]] * 12
    assert made.sendings == 2
    assert made.tick(611.0) == []
    assert made.state == "unknown"


def test_gives_up_after_the_last_resend() -> None:
    made = asked("1061")
    sent = [second for second in range(100) if made.tick(float(second))]
    assert sent == [10, 20, 30]
    assert (made.state, made.link_dead, made.sendings) == ("unknown", True, 4)


@pytest.mark.parametrize(
    ("cn", "profile", "repeat"),
    [("3015", "2017", False), ("3012", "2017", False), ("3022", "2025", False),
     ("3018", "2017", True)],
)  # fmt: skip
def test_an_actuator_is_not_repeated_on_a_guess(cn: str, profile: str, repeat: bool) -> None:
    made = asked(cn, profile, **({} if cn == "3015" else {"PolId": "w01018"}))
    assert not made.may_repeat
    made.receive(said("9011"), 1.0)
    made.tick(10_000.0)
    assert (made.state, made.may_repeat) == ("unknown", repeat)


@pytest.mark.parametrize(("cn", "profile"), [("3012", "2017"), ("3015", "2017"), ("3022", "2025")])
def test_an_actuator_is_sent_once_whatever_is_not_heard(cn: str, profile: str) -> None:
    made = asked(cn, profile, **({} if cn == "3015" else {"PolId": "w01018"}))
    assert (made.tick(9.9), made.state) == ([], "sent")
    assert (made.tick(10.0), made.state) == ([], "unknown")
    assert [made.tick(float(second)) for second in range(11, 3600, 7)] == [[]] * 513
    assert (made.sendings, made.may_repeat, made.deadline) == (1, False, None)
    assert not made.link_dead  # one silence is not the ReCount of them that §6.2 asks for
    assert made.receive(said("9012"), 3601.0)
    assert made.state == "done"


def test_foreign_frames_are_not_taken() -> None:
    made = asked()
    assert not made.receive(said("9011", qn="20160801085857999"), 1.0)
    assert not made.receive(said("9011", mn="B" * 24), 1.0)
    assert not made.receive(said("reply", cn="2011"), 1.0)
    assert made.state == "sent"


def test_a_stream_of_uploads_is_no_reply() -> None:
    made = asked("2011")
    assert not made.receive(said("reply", cn="2011", qn="20160801085900000"), 1.0)


def test_history_replies_by_what_was_asked_for() -> None:
    made = asked("2051", BeginTime="20160801080000", EndTime="20160801090000")
    inside = said("reply", cn="2051", qn="20160801085900000")
    assert made.receive(inside, 1.0)
    other = asked("2051", BeginTime="20160701080000", EndTime="20160701090000")
    assert not other.receive(inside, 1.0)


def test_notification_and_upload() -> None:
    notice = asked("2012")
    assert notice.receive(said("9013"), 1.0)
    assert notice.state == "done"
    data = Dialogue([b"x"], cn="2011", mn=MN, qn=QN, shape="upload", re_count=1)
    assert [data.start(0.0), data.tick(10.0), data.tick(20.0)] == [[b"x"], [b"x"], []]
    assert data.finished
    assert data.receive(said("9013", cn="9014"), 21.0)
    assert data.state == "done"
    with pytest.raises(RuntimeError, match="already done"):
        data.start(30.0)


@pytest.mark.parametrize("shape", LIFE)
def test_every_state_is_reached_and_every_unfinished_one_can_end(shape: str) -> None:
    table = LIFE[shape]  # type: ignore[index]
    reached = {"queued"}
    for _ in table:
        reached |= {after for (before, _), after in table.items() if before in reached}
    assert {before for before, _ in table} <= reached
    for state in reached - FINAL - {"queued"}:
        assert table[(state, "give_up")] == "unknown"  # type: ignore[index]


def test_qns_never_repeat() -> None:
    now = datetime(2016, 8, 1, 0, 58, 57, 223_999, tzinfo=UTC)
    numbers = QnGenerator()
    made = [numbers.next(now), numbers.next(now), numbers.next(now - timedelta(hours=1))]
    assert made == ["20160801085857223", "20160801085857224", "20160801085857225"]
    assert QnGenerator(made[-1]).next(now) == "20160801085857226"
    assert numbers.next(now + timedelta(seconds=1)) == "20160801085858223"
    with pytest.raises(ValueError, match="not a QN"):
        QnGenerator("yesterday")
