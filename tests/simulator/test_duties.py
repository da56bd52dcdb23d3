"""A logger does what it is told, once, and answers in its own version's form."""

from __future__ import annotations

import pytest

from hj212 import PROFILES, Frame, answer, encode, parse, request
from jiulong.simulator.duties import COMMANDS, NOTICES
from jiulong.simulator.station import Station
from jiulong.simulator.water import DAY_S, LOCAL_S
from jiulong.simulator.wire import LoggerSpec, clock_text

MIDNIGHT = 1_763_000_000 // DAY_S * DAY_S - LOCAL_S
NOON = MIDNIGHT + 12 * 3600.0
MN = "0100DE303506020000000001"
QN = "20251113120000000"


def station(profile: str = "2017") -> Station:
    one = Station(LoggerSpec(MN, "123456", "food", "effluent", 77, profile), since=NOON)
    one.connect(NOON)
    one.sends_realtime = False
    one.tick(NOON)
    drain(one)
    return one


def read(raw: bytes) -> Frame:
    found = parse(raw)
    assert isinstance(found, Frame)
    return found


def drain(one: Station) -> list[Frame]:
    """Everything it wants to say, acknowledged as it comes."""
    said: list[Frame] = []
    while raws := one.outgoing(0):
        for frame in map(read, raws):
            said.append(frame)
            reply = answer(frame, PROFILES[one.spec.profile])
            if reply is not None:
                one.receive(read(reply), NOON)
    return said


def tell(one: Station, cn: str, qn: str = QN, pw: str = "123456", **params: str) -> list[Frame]:
    for raw in request(cn, params, profile=one.spec.profile, qn=qn, st="32", pw=pw, mn=one.spec.mn):
        one.receive(read(raw), NOON)
    return drain(one)


def results(frames: list[Frame]) -> list[tuple[str, str]]:
    """(CN, result) of the answers, replies without a result."""
    names = ("QnRtn", "ExeRtn")
    return [
        (f.cn, next((f.params[name] for name in names if name in f.params), "")) for f in frames
    ]


DONE = [("9011", "1"), ("9012", "1")]


def test_it_gives_and_takes_the_time() -> None:
    one = station()
    told = tell(one, "1011")
    assert results(told) == [("9011", "1"), ("1011", ""), ("9012", "1")]
    assert told[1].params["SystemTime"] == clock_text(NOON)
    assert {frame.qn for frame in told} == {QN}
    assert results(tell(one, "1012", "2", SystemTime=clock_text(NOON - 300))) == DONE
    assert one.clock(NOON) == NOON - 300


@pytest.mark.parametrize(
    ("ask", "tell_it", "name", "good", "bad"),
    [
        ("1061", "1062", "RtdInterval", "120", "29"),
        ("1063", "1064", "MinInterval", "5", "7"),
    ],
)
def test_it_changes_its_intervals(ask: str, tell_it: str, name: str, good: str, bad: str) -> None:
    one = station()
    assert results(tell(one, tell_it, "1", **{name: bad})) == [("9011", "1"), ("9012", "3")]
    assert results(tell(one, tell_it, "2", **{name: good})) == DONE
    assert tell(one, ask, "3")[1].params[name] == good


def test_it_changes_its_password_after_it_has_answered() -> None:
    one = station()
    told = tell(one, "1072", NewPW="654321")
    assert results(told) == DONE
    assert {frame.pw for frame in told} == {"123456"}
    assert results(tell(one, "1061", "2")) == [("9011", "3")]
    assert results(tell(one, "1061", "3", pw="654321"))[0] == ("9011", "1")


def test_it_refuses_what_it_does_not_know() -> None:
    one = station()
    strange = encode(cn="1999", st="32", qn=QN, pw="123456", mn=MN, flag=5)
    one.receive(read(strange), NOON)
    assert results(drain(one)) == [("9011", "8")]
    other = encode(cn="1061", st="32", qn="2", pw="123456", mn=MN[:-1] + "9", flag=5)
    one.receive(read(other), NOON)
    assert results(drain(one)) == [("9011", "4")]


def test_it_fills_a_bottle_and_says_which() -> None:
    one = station()
    told = tell(one, "3015")
    assert results(told) == [("9011", "1"), ("3015", ""), ("9012", "1"), ("3020", "")]
    assert told[1].params == {"DataTime": clock_text(NOON), "VaseNo": "1"}
    assert told[3].data == {"i42003": {"Info": "0"}, "i43007": {"Info": "4.0"}}  # the cabinet
    assert told[1].wants_ack
    assert tell(one, "3015", "2")[1].params["VaseNo"] == "2"


def test_the_same_order_fills_no_second_bottle() -> None:
    one = station()
    first = tell(one, "3015")
    assert [frame.raw for frame in tell(one, "3015")] == [frame.raw for frame in first[:3]]
    assert len(one.bottles.filled) == 1


def test_a_full_carousel_fails_until_it_is_emptied() -> None:
    one = station()
    for number in range(24):
        assert results(tell(one, "3015", str(number)))[2] == ("9012", "1")
    assert results(tell(one, "3015", "full")) == [("9011", "1"), ("9012", "2")]
    one.bottles.empty()
    assert tell(one, "3015", "empty")[1].params["VaseNo"] == "1"


def test_2025_retains_by_factor() -> None:
    one = station("2025")
    told = tell(one, "3022", PolId="w01018")
    assert told[1].params["VaseNo"] == "1"
    assert results(tell(one, "3022", "2", PolId="w20120")) == [("9011", "1"), ("9012", "3")]


def test_2005_fills_a_bottle_by_3012_and_does_not_say_which() -> None:
    one = station("2005")
    assert results(tell(one, "3012", PolId="101"))[:2] == DONE
    assert [number for number, _at in one.bottles.filled] == [1]


def test_an_over_limit_sampler_keeps_water_by_itself() -> None:
    one = station()
    assert one.keep_by_itself(NOON - 3600) == 1
    (told,) = drain(one)
    assert (told.cn, told.params["VaseNo"]) == ("3015", "1")
    assert told.params["DataTime"] == clock_text(NOON - 3600)
    one.bottles.size = 1
    assert one.keep_by_itself(NOON) is None
    assert drain(one) == []


def test_a_cabinet_is_cold_unless_it_is_broken() -> None:
    one = station()
    assert 3.4 < one.bottles.temperature_c(NOON + 900) < 4.6
    one.bottles.warmer_c = 6.0
    assert one.bottles.temperature_c(NOON) == 10.0


def test_it_sends_history_one_by_one_and_then_says_so() -> None:
    one = station()
    begin, end = clock_text(MIDNIGHT), clock_text(MIDNIGHT + 3 * 3600)
    told = tell(one, "2061", BeginTime=begin, EndTime=end)
    assert [frame.cn for frame in told] == ["9011", "2061", "2061", "2061", "2061", "9012"]
    assert [f.params["DataTime"][8:10] for f in told[1:5]] == ["00", "01", "02", "03"]
    assert (told[0].qn, told[5].qn) == (QN, QN)
    assert QN not in {frame.qn for frame in told[1:5]}


def test_history_waits_for_each_acknowledgement() -> None:
    one = station()
    begin, end = clock_text(MIDNIGHT), clock_text(MIDNIGHT + 3600)
    raw = request(
        "2051", {"BeginTime": begin, "EndTime": end}, profile="2017", qn=QN, st="32",
        pw="123456", mn=MN,
    )[0]  # fmt: skip
    one.receive(read(raw), NOON)
    assert [read(raw).cn for raw in one.outgoing(0)] == ["9011", "2051"]
    assert one.outgoing(1) == []


@pytest.mark.parametrize("cn", ["2031", "2041", "2051", "2061"])
def test_history_of_a_time_without_any_ends_with_no_data(cn: str) -> None:
    begin, end = clock_text(NOON + DAY_S), clock_text(NOON + 2 * DAY_S)
    told = tell(station(), cn, BeginTime=begin, EndTime=end)
    assert results(told) == [("9011", "1"), ("9012", "100")]


def test_a_day_of_run_time_can_be_asked_for() -> None:
    begin, end = clock_text(MIDNIGHT - 2 * DAY_S), clock_text(MIDNIGHT - DAY_S)
    told = tell(station(), "2041", BeginTime=begin, EndTime=end)
    assert [frame.cn for frame in told] == ["9011", "2041", "2041", "9012"]
    assert told[1].data == {"SB1": {"RT": "23.5"}}


def test_real_time_data_stop_and_start() -> None:
    one = station()
    assert results(tell(one, "2012")) == [("9013", "")]
    assert not one.sends_realtime
    told = tell(one, "2011", "2")
    assert [frame.cn for frame in told] == ["9011", "9012", "2011"]
    assert one.sends_realtime


def test_device_states_are_sent_when_asked_for() -> None:
    one = station()
    assert [frame.cn for frame in tell(one, "2021")] == ["9011", "9012", "2021"]
    assert results(tell(one, "2022", "2")) == [("9013", "")]


@pytest.mark.parametrize("cn", ["3011", "3012", "3013", "3014"])
def test_it_serves_an_analyser_it_has(cn: str) -> None:
    one = station()
    assert results(tell(one, cn, PolId="w01018")) == DONE
    assert results(tell(one, cn, "2", PolId="w20120")) == [("9011", "1"), ("9012", "3")]
    assert "w01018" in one.duties.log[-1]


def test_it_keeps_a_sampling_period() -> None:
    one = station()
    given = {"PolId": "w01018", "CstartTime": "060000", "CTime": "2"}
    assert results(tell(one, "3016", **given)) == DONE
    assert tell(one, "3017", "2", PolId="w01018")[1].params == given
    bad = {**given, "CTime": "25"}
    assert results(tell(one, "3016", "3", **bad))[-1] == ("9012", "3")


def test_it_tells_turnaround_serial_state_and_parameters() -> None:
    one = station()
    assert tell(one, "3018", "1", PolId="w01018")[1].params["Stime"] == "60"
    serial = tell(one, "3019", "2", PolId="w01018")[1].data["w01018"]["SN"]
    assert len(serial) == 24
    assert tell(one, "3019", "3", PolId="w01018")[1].data["w01018"]["SN"] == serial
    state = tell(one, "3020", "4", PolId="w01018", InfoId="i12001")[1]
    assert state.data["i12001"]["Info"] == "0"
    log = tell(one, "3020", "5", PolId="w01018", InfoId="i11001")[1]
    assert log.data["i11001"]["Info"] == "//无记录//"
    assert results(tell(one, "3020", "6", PolId="w01018", InfoId="i99999"))[-1][1] == "100"


def test_a_parameter_that_was_set_is_told_afterwards() -> None:
    one = station()
    params = {"PolId": "w01018", "InfoId": "i13004", "i13004-Info": "168.0"}
    assert results(tell(one, "3021", **params)) == DONE
    told = tell(one, "3020", "2", PolId="w01018", InfoId="i13004")
    assert told[1].data["i13004"]["Info"] == "168.0"


def test_2005_answers_with_the_qn_inside() -> None:
    one = station("2005")
    told = tell(one, "1011")
    assert [frame.qn for frame in told] == ["", "", ""]
    assert [frame.params["QN"] for frame in told] == [QN] * 3
    assert results(tell(one, "1072", "2", NewPW="654321")) == DONE
    assert one.password == "654321"


def test_2025_takes_a_new_key() -> None:
    one = station("2025")
    given = {"SKCreateTime": QN, "NewSK": "0" * 16}
    assert results(tell(one, "1014", **given)) == DONE
    assert one.key == b"0" * 16
    assert results(tell(station("2025"), "1002", "2", MN="5")) == [("9011", "2")]


def test_it_takes_timeouts() -> None:
    one = station()
    assert results(tell(one, "1000", OverTime="5", ReCount="2")) == DONE
    assert (one.over_time_s, one.re_count) == (5.0, 2)
    assert results(tell(one, "1000", "2", OverTime="0", ReCount="2"))[-1] == ("9012", "3")


@pytest.mark.parametrize("profile", ["2017", "2025"])
def test_it_knows_every_request_a_host_may_make(profile: str) -> None:
    asked = {
        cn
        for cn, command in PROFILES[profile].commands.items()
        if command.sender in {"host", "both"} and command.kind in {"request", "notify"}
    }
    assert asked - set(COMMANDS) - set(NOTICES) == {"1002"} & asked
