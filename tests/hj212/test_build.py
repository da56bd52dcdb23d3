"""Building: every command, splitting, uploads in all versions, and clear refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from hj212 import (
    PROFILES,
    EncodeError,
    Frame,
    Merger,
    body_text,
    encode,
    parse,
    request,
    respond,
    split,
    upload,
)
from hj212.build import CP_MAX, SEGMENT_MAX
from tests.hj212.frames import MN, QN, SM4_KEY, STANDARD

LOGIN: dict[str, Any] = {"qn": QN, "st": "32", "pw": "123456", "mn": MN}
VALUES = {
    "OverTime": "5", "ReCount": "3", "SystemTime": "20160801085857", "RtdInterval": "30",
    "MinInterval": "10", "NewPW": "654321", "BeginTime": "20160801084000", "MN": MN,
    "EndTime": "20160801084000", "PolId": "w01018", "CstartTime": "000000", "CTime": "2",
    "InfoId": "i12001", "SKCreateTime": "20240601085857223", "NewSK": "0000000000000000",
    "WarnTime": "30", "AlarmTarget": "1", "ReportTime": "0800", "RunMode": "1", "SandTime": "10",
    "RunInterval": "60", "PumpState": "1", "Volume": "5",
}  # fmt: skip
REQUESTS = [
    (name, cn)
    for name, profile in PROFILES.items()
    for cn, command in profile.commands.items()
    if command.sender != "device" and command.kind != "answer"
]


def frames_of(wires: list[bytes]) -> list[Frame]:
    frames = [parse(wire) for wire in wires]
    assert all(isinstance(frame, Frame) and not frame.repaired for frame in frames)
    return [frame for frame in frames if isinstance(frame, Frame)]


@pytest.mark.parametrize(("name", "cn"), REQUESTS)
def test_every_command_is_built_and_read_back(name: str, cn: str) -> None:
    profile = PROFILES[name]
    command = profile.commands[cn]
    params = {key: VALUES[key] for key in command.ask}
    (frame,) = frames_of(request(cn, params, profile=profile, **LOGIN))
    assert (frame.cn, frame.qn, frame.flag) == (cn, QN, profile.version_bits | 1)
    assert frame.params == {command.renamed.get(key, key): v for key, v in params.items()}


@pytest.mark.parametrize(
    ("example", "cn", "params"),
    [
        ("C.1 req 1000", "1000", {"OverTime": 5, "ReCount": 3}),
        ("C.3 set time 1012", "1012", {"PolId": "w01018", "SystemTime": "20160801085857"}),
        ("C.8 1064", "1064", {"MinInterval": 10}),
        ("C.9 1072", "1072", {"NewPW": "654321"}),
        ("C.10 2011 req", "2011", {}),
        ("C.11 2012", "2012", {}),
        ("C.20 2051 history req", "2051", {k: VALUES[k] for k in ("BeginTime", "EndTime")}),
        ("C.31 3012", "3012", {"PolId": "w01018"}),
        ("C.34 3015 req", "3015", {}),
        ("C.35 3016", "3016", {"PolId": "w01018", "CstartTime": "000000", "CTime": 2}),
        ("C.43 3020 status req", "3020", {"PolId": "w01018", "InfoId": "i12001"}),
    ],
)
def test_requests_equal_the_examples(example: str, cn: str, params: dict[str, str | int]) -> None:
    assert request(cn, params, profile="2017", **LOGIN) == [STANDARD[example]]


def test_setting_a_site_parameter_equals_the_example() -> None:
    made = request("3021", {"PolId": "w01018", "InfoId": "i13004"}, profile="2017",
                   data={"i13004": {"Info": "168.0"}}, **LOGIN)  # fmt: skip
    assert made == [STANDARD["C.46 3021"]]


def test_upload_equals_the_example() -> None:
    data: dict[str, dict[str, Any]] = {
        "w01001": {"Rtd": 7.1, "Flag": "N"},
        "w01018": {"SampleTime": "20160801070000", "Rtd": 2.2, "Flag": "N", "EFlag": "A01"},
    }
    moment = datetime(2016, 8, 1, 0, 58, 57, tzinfo=UTC)
    made = upload(cn="2011", profile="2017", time=moment, data=data, **LOGIN)
    assert made == [STANDARD["C.14 2011 upload (typo fixed)"]]


def test_old_upload_has_neither_qn_nor_flag() -> None:
    login: dict[str, Any] = {"st": "32", "pw": "123456", "mn": "88888880000001"}
    made = upload(
        cn="2011", profile="2005", time="20040516020111", ack=False,
        data={"B01": {"Rtd": 100}, "101": {"Rtd": 1.1, "Flag": "N"},
              "102": {"Rtd": 2.2, "Flag": "N"}}, **login,
    )  # fmt: skip
    assert made == [STANDARD["2005 2011 upload"]]
    (acked,) = frames_of(upload(cn="2011", profile="2005", data={}, qn=QN, **login))
    assert (acked.qn, acked.flag, acked.wants_ack) == (QN, 1, True)


def test_upload_of_2025_marks_backfill_and_enciphers() -> None:
    profile = replace(PROFILES["2025"], keys=(SM4_KEY,))
    data: dict[str, dict[str, Any]] = {"a01011": {"Min": 1.35, "Avg": 1.35, "Flag": "N"}}
    (wire,) = upload(cn="2051", profile=profile, data=data, rf=True, time="20240520210600", **LOGIN)
    assert b"a01011" not in wire
    frame = parse(wire, keys=lambda _mn: [SM4_KEY])
    assert isinstance(frame, Frame)
    assert (frame.rf, frame.flag, frame.encrypted) == (True, 9, "raw")
    assert frame.data["a01011"]["Avg"] == "1.35"


@pytest.mark.parametrize("version", ["2005", "2017", "2025"])
def test_split_set_merges_to_what_it_was(version: str) -> None:
    data = {f"w{n:05d}": {"Min": "1", "Avg": "2", "Max": "3", "Flag": "N"} for n in range(60)}
    wires = upload(cn="2061", profile=version, data=data, time="20160801080000", **LOGIN)
    frames = frames_of(wires)
    assert [(frame.pno, frame.pnum) for frame in frames] == [
        (place, len(frames)) for place in range(1, len(frames) + 1)
    ]
    for frame in frames:
        assert len(frame.segment) <= SEGMENT_MAX
        assert len(frame.cp) + len("CP=&&&&") <= CP_MAX
        assert frame.params == {"DataTime": "20160801080000"}
        assert frame.flag == {"2005": 3, "2017": 7, "2025": 11}[version]
    distinct = 1 if version == "2005" else len(frames)
    assert len({frame.qn for frame in frames}) == distinct
    merger = Merger()
    merged = [done for frame in reversed(frames) for done in merger.add(frame, 0.0)]
    assert [(m.complete, m.params) for m in merged] == [(True, {"DataTime": "20160801080000"})]
    assert merged[0].data == data


SENT_BY_DEVICES = [
    (name, cn)
    for name, profile in PROFILES.items()
    for cn, command in profile.commands.items()
    if command.sender != "host" and command.kind != "answer"
]


@pytest.mark.parametrize(("name", "cn"), SENT_BY_DEVICES)
def test_every_frame_of_a_device_is_built_and_read_back(name: str, cn: str) -> None:
    command = PROFILES[name].commands[cn]
    params = {key: VALUES.get(key, "20160801085857") for key in command.reply}
    data: dict[str, Any] = {
        "w01018": {"Avg": "2.2", "Flag": "N"},
        "i11001": {"Info": "//好;=&&,//"},
    }
    made = upload(cn=cn, profile=name, data=data, params=params, **LOGIN)
    (frame,) = frames_of(made)
    assert (frame.cn, frame.wants_ack, frame.data, frame.params) == (cn, True, data, params)


@pytest.mark.parametrize(
    ("example", "cn", "params"),
    [("9011 QnRtn=1", "9011", {"QnRtn": 1}), ("9012 ExeRtn=1", "9012", {"ExeRtn": 1}),
     ("9013 notify ack", "9013", {}),
     ("C.37 3018 reply", "3018", {"PolId": "w01018", "Stime": 40})],
)  # fmt: skip
def test_responses_equal_the_examples(example: str, cn: str, params: dict[str, str | int]) -> None:
    (asked,) = frames_of(request("3018", {"PolId": "w01018"}, profile="2017", **LOGIN))
    assert respond(cn, params, to=asked) == STANDARD[example]


def test_responses_of_2005_have_the_qn_inside() -> None:
    (asked,) = frames_of([STANDARD["2005 1072"]])
    assert respond("9011", {"QnRtn": 1}, to=asked) == STANDARD["2005 9011"]


def test_split_takes_qns_from_outside() -> None:
    cp = ";".join(f"w{n:05d}-Rtd=1" for n in range(100))
    fresh = iter(["20160801085900001", "20160801085900002"])
    frames = frames_of(split(cn="2011", flag=5, cp=cp, next_qn=lambda: next(fresh), **LOGIN))
    assert [frame.qn for frame in frames] == [QN, "20160801085900001"]


def test_a_log_too_long_for_a_packet_is_refused() -> None:
    with pytest.raises(EncodeError, match="longer than a packet"):
        split(cn="3020", flag=5, cp="A=1;i11001-Info=//" + "长" * 400 + "//", **LOGIN)


@pytest.mark.parametrize(
    ("cn", "params", "message"),
    [
        ("9999", {}, "no command 9999"),
        ("1013", {}, "not for the host"),
        ("9014", {}, "not for the host"),
        ("1062", {}, "needs RtdInterval"),
        ("1012", {"SystemTime": "1;2"}, "needs //"),
        ("1012", {"SystemTime": "1", "a=b": "2"}, "cannot be a key"),
    ],
)
def test_requests_that_make_no_sense(cn: str, params: dict[str, str], message: str) -> None:
    with pytest.raises(EncodeError, match=message):
        request(cn, params, profile="2017", **LOGIN)


def test_encode_refuses_what_cannot_travel() -> None:
    with pytest.raises(EncodeError, match="MN"):
        encode(cn="2011", mn="a;b")
    with pytest.raises(EncodeError, match="four digits"):
        encode(cn="2011", cp="x" * 10_000)
    with pytest.raises(EncodeError, match="Flag"):
        encode(cn="2011", flag=256)
    with pytest.raises(EncodeError, match="QN must be"):
        split(cn="2011", st="32", qn="x", flag=5, cp=";".join(f"a{n}-b=1" for n in range(300)))


def test_numbers_are_written_plainly() -> None:
    assert body_text({"A": 1e-7, "B": Decimal("2.50"), "C": 7, "D": 1e20}, {}) == (
        "A=0.0000001;B=2.50;C=7;D=100000000000000000000"
    )
    with pytest.raises(EncodeError, match="no measured value"):
        body_text({"A": float("nan")}, {})
    assert body_text({}, {"w00000": {"Rtd": 1}, "w00000#2": {"Rtd": 2}}) == (
        "w00000-Rtd=1;w00000-Rtd=2"
    )


def test_parameters_travel_in_the_tables_order() -> None:
    span = {"EndTime": "20160801090000", "BeginTime": "20160801080000"}
    (wire,) = request(
        "2061", span, profile="2017", qn="20160801085857223", st="32", pw="123456", mn="M1"
    )
    assert b"CP=&&BeginTime=20160801080000;EndTime=20160801090000&&" in wire
