"""Answers: in the sender's form, none where none is due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hj212 import PROFILES, Frame, answer, encode, parse
from tests.hj212.frames import HEADER, MN, QN, STANDARD, wire


def frame(sent: bytes) -> Frame:
    result = parse(sent)
    assert isinstance(result, Frame)
    return result


def test_2017_equals_the_example() -> None:
    assert answer(frame(wire()), "2017") == STANDARD["9014 data ack"]
    notice = frame(wire("", HEADER.replace("2011", "1013")))
    assert answer(notice, "2017") == STANDARD["9013 notify ack"]


def test_2005_equals_the_example() -> None:
    asked = frame(encode(cn="2051", st="32", qn="20040516010101001", mn="8" * 14, flag=1))
    assert answer(asked, "2005") == STANDARD["2005 9014"]
    inside = frame(encode(cn="2051", st="32", mn="8" * 14, flag=1, cp="QN=20040516010101001"))
    assert answer(inside, "2005") == STANDARD["2005 9014"]


def test_2005_names_the_packet() -> None:
    part = frame(encode(cn="2051", st="32", qn=QN, flag=3, pnum=2, pno=1))
    assert f"QN={QN};CN=2051;PNO=1;PNUM=2&&".encode() in (answer(part, "2005") or b"")


@pytest.mark.parametrize("flag", [4, 8, 0, 6])
def test_none_where_none_is_wanted(flag: int) -> None:
    assert answer(frame(wire(header=HEADER.replace("Flag=5", f"Flag={flag}"))), "2017") is None


def test_every_packet_gets_its_own() -> None:
    for name in ("C.50 split 1/2", "C.50 split 2/2"):
        part = frame(STANDARD[name])
        assert part.qn.encode() in (answer(part, "2017") or b"")


@pytest.mark.parametrize("cn", ["9011", "9012", "9013", "9014", "9022"])
@pytest.mark.parametrize("policy", ["flag", "always"])
def test_never_to_an_answer(cn: str, policy: str) -> None:
    profile = replace(PROFILES["2017"], ack=policy)  # type: ignore[arg-type]
    assert answer(frame(wire(header=HEADER.replace("2011", cn))), profile) is None


def test_policies() -> None:
    silent = frame(wire(header=HEADER.replace("Flag=5", "Flag=4")))
    asking = frame(wire())
    assert answer(silent, replace(PROFILES["2017"], ack="always")) is not None
    assert answer(asking, replace(PROFILES["2017"], ack="never")) is None
    assert answer(asking, PROFILES["2017"]) is not None  # the kept answer follows the profile


@pytest.mark.parametrize("name", STANDARD)
@pytest.mark.parametrize("profile", PROFILES)
def test_answers_are_frames_nobody_answers(name: str, profile: str) -> None:
    sent = answer(frame(STANDARD[name]), profile)
    if sent is not None:
        reply = frame(sent)
        assert (reply.st, reply.repaired, answer(reply, profile)) == ("91", (), None)
        assert reply.dialogue_qn == frame(STANDARD[name]).dialogue_qn
        assert reply.mn in ("", MN)
