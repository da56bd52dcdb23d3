"""A logger without a socket: uploads, repeats, outages."""

from __future__ import annotations

from hj212 import PROFILES, Frame, answer, encode, parse
from jiulong.simulator.ledger import digest
from jiulong.simulator.scenario import read_scenario
from jiulong.simulator.station import KEPT_MAX, WINDOW, Station
from jiulong.simulator.water import DAY_S, LOCAL_S
from jiulong.simulator.wire import LoggerSpec

MIDNIGHT = 1_763_000_000 // DAY_S * DAY_S - LOCAL_S
NOON = MIDNIGHT + 12 * 3600.0
MN = "0100DE303506020000000001"


def station(profile: str = "2017", since: float = NOON, key: bytes = b"") -> Station:
    spec = LoggerSpec(MN, "123456", "food", "effluent", 77, profile, key)
    return Station(spec, since=since)


def read(raw: bytes, key: bytes = b"") -> Frame:
    found = parse(raw, keys=(lambda _mn: [key]) if key else None)
    assert isinstance(found, Frame)
    return found


def acknowledge(one: Station, raws: list[bytes]) -> None:
    for raw in raws:
        frame = read(raw, one.key)
        reply = answer(frame, PROFILES[one.spec.profile])
        if reply is not None:
            one.receive(read(reply), NOON)


def test_it_sends_real_time_values_at_its_interval_and_only_when_heard() -> None:
    one = station("2017")
    one.tick(NOON + 640)
    assert one.waiting == 1  # the ten minutes before, not what nobody listened to
    one.connect(NOON + 640)
    acknowledge(one, one.outgoing(0))
    for minute in range(11, 16):
        one.tick(NOON + minute * 60)
    frames = [read(raw) for raw in one.outgoing(1)]
    assert [frame.cn for frame in frames] == ["2011"] * len(frames)
    assert len(frames) in {4, 5}
    assert {"SampleTime", "Rtd", "Flag"} == set(frames[0].data["w01018"])


def test_it_sends_minutes_hours_and_days_when_they_are_over() -> None:
    one = station(since=MIDNIGHT)
    one.connect(MIDNIGHT)
    one.sends_realtime = False
    one.tick(MIDNIGHT + DAY_S + 1)
    assert one.waiting == 1 + 143 + 23  # boot; the last of each is still in its delay
    one.tick(MIDNIGHT + DAY_S + 30)
    assert one.waiting == 1 + 144 + 24 + 1
    seen: list[Frame] = []
    while raws := one.outgoing(0):
        seen += map(read, raws)
        acknowledge(one, raws)
    assert one.waiting == 0
    days = [frame for frame in seen if frame.cn == "2031"]
    hours = [frame for frame in seen if frame.cn == "2061"]
    assert [frame.params["DataTime"][8:] for frame in days] == ["000000"]
    volume = sum(float(frame.data["w00000"]["Cou"]) for frame in hours)
    assert abs(volume - float(days[0].data["w00000"]["Cou"])) < 0.05


def test_it_repeats_with_the_same_bytes_until_it_is_acknowledged() -> None:
    one = station()
    one.tick(NOON + 700)
    one.connect(NOON + 700)
    first = one.outgoing(100.0)
    assert one.outgoing(109.9) == []
    again = one.outgoing(110.0)
    assert again == first
    assert one.ledger.resent == len(first)
    acknowledge(one, again)
    assert one.waiting == 0
    assert one.outgoing(200.0) == []
    assert set(one.ledger.acked) == {digest(raw) for raw in first}


def test_it_hangs_up_after_as_many_repeats_as_the_standard_allows() -> None:
    one = station()
    one.tick(NOON + 700)
    one.connect(NOON + 700)
    for repeat in range(4):
        assert not one.broken
        one.outgoing(repeat * 10.0)
    assert one.broken
    one.disconnect()
    one.connect(NOON + 800)
    assert not one.broken
    assert one.outgoing(60.0)


def test_an_acknowledgement_of_something_else_changes_nothing() -> None:
    one = station()
    one.tick(NOON + 700)
    one.connect(NOON + 700)
    raws = one.outgoing(0)
    one.receive(read(encode(cn="9014", st="91", qn="20240101000000000", mn=MN, flag=4)), NOON)
    assert one.waiting == len(raws)
    acknowledge(one, raws)
    acknowledge(one, raws)
    assert (one.waiting, len(one.ledger.acked)) == (0, len(raws))


def test_it_keeps_statistics_through_an_outage_and_sends_them_in_order() -> None:
    one = station("2025")
    one.tick(NOON + 7200 + 60)
    assert one.waiting == 12 + 2 + 0
    one.connect(NOON + 7200 + 60)
    seen: list[Frame] = []
    while raws := one.outgoing(0):
        assert len(raws) <= WINDOW
        seen += map(read, raws)
        acknowledge(one, raws)
    minutes = [frame.params["DataTime"] for frame in seen if frame.cn == "2051"]
    assert minutes == sorted(minutes)
    # 2025 marks what comes late.
    assert {frame.rf for frame in seen if frame.cn == "2051"} == {True}
    assert len({frame.qn for frame in seen}) == len(seen)


def test_a_full_memory_loses_the_oldest() -> None:
    one = station(since=NOON - 60 * DAY_S)
    one.tick(NOON)
    assert one.waiting == KEPT_MAX


def test_2005_sends_real_time_values_without_waiting_for_anybody() -> None:
    one = station("2005")
    one.connect(NOON)
    one.tick(NOON + 119)
    frames = [read(raw) for raw in one.outgoing(0)]
    assert frames
    assert {(frame.cn, frame.qn, frame.wants_ack) for frame in frames} == {("2011", "", False)}
    assert one.waiting == 0
    one.tick(NOON + 640)
    asked = [raw for raw in one.outgoing(1) if read(raw).cn == "2051"]
    acknowledge(one, asked)
    assert len(one.ledger.acked) == 1


def test_an_enciphering_logger_is_read_only_with_its_key() -> None:
    key = b"0123456789abcdef"
    one = station("2025", key=key)
    one.tick(NOON + 640)
    one.connect(NOON + 640)
    raw = one.outgoing(0)[-1]
    assert "w01018" in read(raw, key).data
    assert b"w01018" not in raw


def test_it_knows_when_it_next_has_something_to_do() -> None:
    one = station()
    one.tick(NOON)
    due = one.next_due()
    assert NOON < due <= NOON + 600 + one.spec.delay_s
    one.tick(due - 0.001)
    before = one.waiting
    one.tick(due + 0.001)
    assert one.waiting == before + 1


def test_scenarios_change_what_it_shows() -> None:
    scenario = read_scenario("""
- exceedance: {who: all, factor: w01018, multiple: 3.0, from: 0m, for: 1h}
- frozen: {who: food, factor: w01001, from: 0m, for: 1h}
- fault: {who: effluent, factor: w21003, flag: D, from: 0m, for: 1h}
""")
    plain = station()
    fate = scenario.fate(plain.spec, 0, NOON)
    one = Station(plain.spec, since=NOON, overlays=fate.overlays)
    row = one.model.codes.index
    for each in (plain, one):
        each.connect(NOON)
        each.tick(NOON + 3580)
    usual, changed = ([read(raw) for raw in each.outgoing(0)] for each in (plain, one))
    cod = [float(frame.data["w01018"]["Avg"]) for frame in changed if frame.cn == "2051"]
    assert all(abs(value / one.model.typical(row("w01018")) - 3) < 0.6 for value in cod)
    ph = {frame.data["w01001"]["Rtd"] for frame in changed if frame.cn == "2011"}
    assert len(ph) == 1
    assert len({frame.data["w01001"]["Rtd"] for frame in usual if frame.cn == "2011"}) > 1
    assert {f.data["w21003"]["Flag"] for f in changed if f.cn in {"2011", "2051"}} == {"D"}


def test_it_reports_the_units_of_its_plant() -> None:
    one = station(since=MIDNIGHT)
    one.reports_units = True
    one.sends_realtime = False
    one.connect(MIDNIGHT)
    one.tick(MIDNIGHT + DAY_S + 30)
    one.set_unit("SB2", 0, MIDNIGHT + DAY_S + 31)
    one.announce({"i13008": "1.15"}, MIDNIGHT + DAY_S + 32, pol="w01018")
    told: dict[str, Frame] = {}
    while raws := one.outgoing(0):
        told |= {frame.cn: frame for frame in map(read, raws)}
        acknowledge(one, raws)
    assert told["2021"].data == {"SB1": {"RS": "1"}, "SB2": {"RS": "0"}}
    assert told["2041"].data["SB1"] == {"RT": "24.0"}
    assert told["3020"].params["PolId"] == "w01018"
    assert told["3020"].data["i13008"] == {"Info": "1.15"}
    assert one.duties.parameters["w01018", "i13008"] == "1.15"
