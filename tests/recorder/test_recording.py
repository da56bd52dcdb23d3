"""From the journal to readings: what is stored, where, once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from hj212 import encode
from jiulong.gateway.journal import Entry, Verdict
from jiulong.gateway.models import Logger
from jiulong.monitoring.models import Factor, Period
from tests.factories import make_logger
from tests.hj212.frames import STANDARD
from tests.recorder.plant import NOW, PEER, Plant, china, microseconds

pytestmark = pytest.mark.asyncio

TWO = "DataTime=20260310120000;w01018-Rtd=22.5,w01018-Flag=N;w01001-Rtd=7.1"


async def test_it_records_a_frame_as_it_was_sent(plant: Plant) -> None:
    batch = await plant.record(TWO)
    factors = await plant.factors("w01018 w01001")
    assert await plant.rows() == [
        (
            china("20260310120000"), NOW, batch, plant.logger.point_id, 0, Period.REALTIME, 0,
            factors, [22.5, 7.1], None, None, None, "N.",
        )
    ]  # fmt: skip


async def test_it_records_the_statistics_of_an_interval(plant: Plant) -> None:
    await plant.record(
        "DataTime=20260310110000;w00000-Cou=63.0,w00000-Min=16.4,w00000-Avg=17.5,w00000-Max=20.1,"
        "w00000-Flag=N;w01018-Avg=,w01018-Flag=D",
        cn="2061",
    )
    columns = "at, period, values, minima, maxima, totals, flags"
    assert await plant.rows(columns) == [
        (
            china("20260310110000"), Period.HOUR,
            [17.5, None], [16.4, None], [20.1, None], [63.0, None], "ND",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cn", "period"),
    [("2011", 0), ("2051", 1), ("2061", 2), ("2031", 3), ("2021", 4), ("2041", 5)],
)
async def test_it_tells_the_period_by_the_command(plant: Plant, cn: str, period: int) -> None:
    key = {"2021": "SB1-RS=1", "2041": "SB1-RT=12.5"}.get(cn, "w01018-Avg=1")
    await plant.record(f"DataTime=20260310000000;{key}", cn=cn)
    assert await plant.rows("period") == [(period,)]


async def test_it_moves_on_and_says_when_there_is_no_more(plant: Plant) -> None:
    batch = await plant.send(plant.frame(TWO))
    assert await plant.recorder.step() == 1
    assert await plant.recorder.step() == 0
    cursor = await plant.database.fetchval("SELECT position FROM evidence_cursor")
    assert cursor == batch


async def test_it_keeps_count_of_signs_of_life(plant: Plant) -> None:
    await plant.record(TWO, TWO.replace("120000", "120100"), at=NOW)
    await plant.record("", cn="9015", at=NOW - timedelta(hours=1))
    state = await plant.database.fetchrow("SELECT * FROM monitoring_pointstate")
    assert tuple(state) == (plant.logger.point_id, NOW + timedelta(milliseconds=1), 3)


async def test_it_takes_late_and_back_filled_frames(plant: Plant) -> None:
    await plant.record(TWO)
    await plant.record(TWO.replace("20260310", "20260115"), at=NOW + timedelta(days=2))
    await plant.record(TWO.replace("20260310", "20240229"), flag=9, rf=True)
    assert await plant.rows("at, tableoid::regclass::text") == [
        (china("20240229120000"), "reading_2024_02"),
        (china("20260115120000"), "reading_2026_01"),
        (china("20260310120000"), "reading_2026_03"),
    ]


async def test_it_puts_a_stray_clock_aside_without_making_tables(plant: Plant) -> None:
    for year in ("1999", "2015", "2026", "2027", "2099"):
        await plant.record(TWO.replace("2026", year))
    assert [row[0] for row in await plant.rows("tableoid::regclass::text")] == [
        "reading_stray", "reading_stray", "reading_2026_03", "reading_stray", "reading_stray",
    ]  # fmt: skip


async def test_it_refuses_a_time_that_is_none(plant: Plant) -> None:
    for cp in ("DataTime=20261310120000", "DataTime=21000101080000", "DataTime=yesterday"):
        await plant.record(f"{cp};w01018-Rtd=1")
    assert await plant.rows() == []
    reasons = await plant.table("gateway_quarantinedframe", "reason")
    assert reasons == [("bad_time",)] * 3


async def test_it_dates_an_instant_without_time_by_its_arrival_and_notes_that(plant: Plant) -> None:
    at = NOW + timedelta(milliseconds=700)
    await plant.record("DataTime=;w01018-Rtd=1", at=at)
    await plant.record("w01018-Rtd=2", at=at + timedelta(seconds=60))
    await plant.record("DataTime=;w01018-Avg=1", cn="2061")  # an hour, but which?
    assert await plant.rows("at, received_at") == [
        (NOW, at), (NOW + timedelta(seconds=60), at + timedelta(seconds=60)),
    ]  # fmt: skip
    notes = await plant.table("recorder_message", "cn, at, content")
    note = json.dumps({"note": "dated by its arrival", "DataTime": ""})
    assert notes == [("2011", NOW, note), ("2011", NOW + timedelta(seconds=60), note)]
    assert await plant.table("gateway_quarantinedframe", "reason") == [("bad_time",)]


async def test_it_dates_intervals_at_their_start(plant: Plant) -> None:
    await Logger.objects.filter(pk=plant.logger.pk).aupdate(time_label="end")
    for cn, time in {
        "2011": "20260310120000", "2051": "20260310121000", "2061": "20260310130000",
        "2031": "20260311000000", "2041": "20260311000000", "2021": "20260310120000",
    }.items():  # fmt: skip
        await plant.record(f"DataTime={time};w01018-Avg=1", cn=cn)
    noon, midnight = china("20260310120000"), china("20260310000000")
    assert await plant.rows("period, at") == [
        (0, noon), (1, noon), (2, noon), (3, midnight), (4, noon), (5, midnight),
    ]  # fmt: skip


async def test_it_learns_of_a_logger_that_was_registered_a_moment_ago(plant: Plant) -> None:
    await plant.record(TWO)
    await Logger.objects.filter(pk=plant.logger.pk).aupdate(mn="NEW-1")
    await plant.record(TWO.replace("120000", "120100"), mn="NEW-1")
    assert len(await plant.rows()) == 2
    await plant.record(TWO.replace("120000", "120200"))  # the old name has vanished
    assert await plant.table("gateway_quarantinedframe", "reason, mn") == [
        ("unknown_mn", plant.logger.mn)
    ]


async def test_it_keeps_what_was_refused_with_the_reason(plant: Plant) -> None:
    good = plant.frame(TWO)
    bad = good[:-6] + b"0000\r\n"
    at = microseconds(NOW)
    batch = await plant.send(
        Entry(at, Verdict.BAD_CRC, PEER, bad),
        good,
        Entry(at, Verdict.UNPARSEABLE, "[::1]:9", b"GET / HTTP/1.1\r\n\0"),
        Entry(at, Verdict.WRONG_PASSWORD, PEER, good),
        Entry(at, 200, PEER, good),
    )
    await plant.catch_up()
    columns = "batch, ordinal, received_at, peer, reason, mn, raw, replayed_at"
    assert await plant.table("gateway_quarantinedframe", columns) == [
        (batch, 0, NOW, PEER, "bad_crc", plant.logger.mn, bad, None),
        (batch, 2, NOW, "[::1]:9", "unparseable", "", b"GET / HTTP/1.1\r\n\0", None),
        (batch, 3, NOW, PEER, "wrong_password", plant.logger.mn, good, None),
        (batch, 4, NOW, PEER, "verdict_200", plant.logger.mn, good, None),
    ]
    assert await plant.rows("ordinal") == [(1,)]


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ({"cp": "DataTime=20260310120000"}, "no_values"),
        ({"cp": "", "cn": "2061"}, "no_values"),
        ({"cp": "DataTime=20260310120000;" + "x" * 50 + "-Rtd=1"}, "unreadable"),
        ({"cp": "Info=1", "cn": "30"}, "unreadable"),
    ],
)
async def test_it_drops_nothing_that_it_cannot_use(
    plant: Plant, frame: dict[str, str], reason: str
) -> None:
    raw = plant.frame(**frame)
    await plant.send(raw)
    await plant.catch_up()
    assert await plant.table("gateway_quarantinedframe", "reason, raw") == [(reason, raw)]
    assert await plant.database.fetchval("SELECT frames FROM monitoring_pointstate") == 1


async def test_it_goes_on_after_a_damaged_batch(plant: Plant) -> None:
    batch = await plant.database.fetchval(
        "SELECT journal_append(gen_random_uuid(), $1, 'gate-2', 3, 'JLJ damaged')", NOW
    )
    await plant.record(TWO)
    columns = "batch, ordinal, received_at, peer, reason, raw"
    assert await plant.table("gateway_quarantinedframe", columns) == [
        (batch, -1, NOW, "gate-2", "damaged_batch", b"JLJ damaged")
    ]
    assert len(await plant.rows()) == 1


async def test_it_reads_the_key_and_the_checksum_mode_of_the_logger(plant: Plant) -> None:
    key = bytes(range(16))
    loggers = Logger.objects.filter(pk=plant.logger.pk)
    # A fixed MN: of frames of any MN, one in 120 has the checksum 0000.
    plant.logger.mn = "010000A8900016F000169DC0"
    await loggers.aupdate(key=key.hex(), mn=plant.logger.mn)
    body = "DataTime=20260310120000;w01018-Rtd=22.5,w01018-Flag=N"
    await plant.record(body, flag=9, key=key)
    assert await plant.rows("values") == [([22.5],)]
    stale = plant.frame(body.replace("12:00", "12:01").replace("120000", "120100"))
    stale = stale[:-6] + b"0000\r\n"
    await plant.send(stale)
    await plant.catch_up()
    assert await plant.table("gateway_quarantinedframe", "reason") == [("unreadable",)]
    await loggers.aupdate(crc_mode="ignore")
    await plant.send(stale)
    plant.recorder.registry.stale = True
    await plant.catch_up()
    assert len(await plant.rows()) == 2


async def test_it_speaks_the_version_of_2005(plant: Plant) -> None:
    await Logger.objects.filter(pk=plant.logger.pk).aupdate(mn="88888880000001")
    raw = encode(
        st="32", cn="2011", pw="123456", mn="88888880000001",
        cp="DataTime=20260310120000;B01-Rtd=100;020-Rtd=0.05,020-Flag=N;101-Rtd=1.1,101-Flag=P",
    )  # fmt: skip
    await plant.send(raw)
    await plant.catch_up()
    factors = await plant.factors("w00000 w20111 w21011")
    assert await plant.rows("factors, values, flags") == [(factors, [100.0, 0.05, 1.1], ".NP")]


async def test_it_takes_the_published_frames_of_the_standard(plant: Plant) -> None:
    loggers = Logger.objects.filter(pk=plant.logger.pk)
    await loggers.aupdate(mn="010000A8900016F000169DC0")
    old = await sync_to_async(make_logger)(plant.logger.point, mn="88888880000001")
    assert old.point_id == plant.logger.point_id
    await plant.send(*STANDARD.values())
    await plant.catch_up()
    by_period = Counter(row[0] for row in await plant.rows("period"))
    assert by_period == {Period.REALTIME: 2, Period.STATE: 1, Period.MINUTE: 2, Period.HOUR: 2}
    assert len(await plant.table("recorder_message")) == 21
    # Examples of requests, which no logger sends. An answer of 2005, which names nobody, is none.
    names = list(STANDARD)
    refused = await plant.table("gateway_quarantinedframe", "ordinal, reason")
    assert [(names[ordinal], reason) for ordinal, reason in refused] == [
        ("C.10 2011 req", "no_values"),
        ("C.20 2051 history req", "no_values"),
        ("2005 2051 req", "no_values"),
    ]
    # The two examples of App. A.2 speak of the same minute and do not agree.
    assert [row[4] for row in await plant.discrepancies()] == [
        '{"a01014": [3.211, 3.2], "a01014-Max": [3.212, 3.2]}'
    ]


async def test_it_stores_numbers_in_one_unit(plant: Plant) -> None:
    await plant.record(
        "DataTime=20260310110000;w20111-Cou=12.3,w20111-Min=0.1,w20111-Avg=12.3,w20111-Max=45;"
        "w20089-Avg=7,w01018-Avg=12.3",
        cn="2061",
    )
    assert await plant.rows("values, minima, maxima, totals") == [
        (
            [0.0123, 7e-6, 12.3], [0.0001, None, None], [0.045, None, None], [0.0123, None, None],
        )
    ]  # fmt: skip
    mercury = await Factor.objects.aget(code="w20111")
    assert (mercury.unit, str(mercury.scale)) == ("mg/L", "0.001000000")


async def test_it_gives_an_unknown_factor_a_row_of_its_own(plant: Plant) -> None:
    await plant.record("DataTime=20260310120000;a99054-Rtd=1;TEMP-Rtd=2;W01018-Rtd=3;w01018-Rtd=4")
    await plant.record("DataTime=20260310120100;w00000-Rtd=1,w00000-Flag=N,w00000-Rtd=7")
    assert await plant.rows("factors, values") == [
        (await plant.factors("a99054 TEMP w01018 w01018#2"), [1, 2, 3, 4]),
        (await plant.factors("w00000 w00000#2"), [1, 7]),
    ]
    channel = await Factor.objects.aget(code="w00000#2")
    assert (channel.name, channel.unit) == ("废水流量 #2", "L/s")
    unknown = await Factor.objects.aget(code="TEMP")
    assert (unknown.name, unknown.unit, unknown.scale) == ("", "", 1)


async def test_it_leaves_codes_of_air_alone(plant: Plant) -> None:
    await plant.record("DataTime=20260310120000;020-Rtd=5", st="31")
    assert await plant.rows("factors") == [(await plant.factors("020"),)]


async def test_it_marks_odd_flags_without_inventing_any(plant: Plant) -> None:
    await plant.record(
        "DataTime=20260310120000;a-Rtd=1,a-Flag=n;b-Rtd=1,b-Flag=hd;c-Rtd=1,c-Flag=;d-Rtd=1,d-Flag=*"
    )
    assert await plant.rows("flags") == [("n?.?",)]


async def test_it_keeps_messages_by_key_and_value(plant: Plant) -> None:
    batch = await plant.record("DataTime=20260310115900;VaseNo=3", cn="3015")
    await plant.record("PolId=w01018;w01018-SN=010000A8900016F000169DC1", cn="3019")
    log = "DataTime=20260310115900;PolId=w01018;i11001-Info=//清洗;管路=1\0//".encode("gb18030")
    await plant.send(plant.frame(log, cn="3020"))
    await plant.send(plant.frame("QnRtn=1", cn="9011"), plant.frame("", cn="9014"))
    await plant.catch_up()
    found = await plant.table("recorder_message", "batch, cn, at, content")
    at = china("20260310115900")
    assert [(row[0] - batch, row[1], row[2], json.loads(row[3])) for row in found] == [
        (0, "3015", at, {"DataTime": "20260310115900", "VaseNo": "3"}),
        (1, "3019", NOW, {"PolId": "w01018", "w01018-SN": "010000A8900016F000169DC1"}),
        (2, "3020", at, {
            "DataTime": "20260310115900", "PolId": "w01018",
            "i11001-Info": "//清洗;管路=1\ufffd//",
        }),
    ]  # fmt: skip
    assert await plant.database.fetchval("SELECT frames FROM monitoring_pointstate") == 5


async def test_it_tells_who_has_news(plant: Plant) -> None:
    heard: list[tuple[str, str]] = []
    for channel in ("readings", "quarantine"):
        await plant.database.add_listener(
            channel, lambda _c, _pid, channel, payload: heard.append((channel, payload))
        )
    at = microseconds(NOW)
    await plant.send(plant.frame(TWO), Entry(at, Verdict.BAD_CRC, PEER, b"##"))
    await plant.catch_up()
    await plant.database.fetchval("SELECT 1")
    assert sorted(heard) == [
        ("quarantine", ""), ("readings", f'{{"points":[{plant.logger.point_id}]}}'),
    ]  # fmt: skip


async def test_it_leaves_no_row_of_an_answer_that_names_nobody(plant: Plant) -> None:
    """In 2005 an answer has no MN; the gateway took it as its line's. Data without one is data."""
    answers = [
        encode(st="91", cn=cn, cp="QN=20261120120000000;CN=2072")
        for cn in ("9011", "9012", "9013", "9014")
    ]
    await plant.send(*answers, encode(st="32", cn="2011", cp=TWO))
    await plant.catch_up()
    refused = await plant.table("gateway_quarantinedframe", "ordinal, reason, mn")
    assert refused == [(4, "unknown_mn", "")]
    assert await plant.database.fetchval("SELECT count(*) FROM monitoring_pointstate") == 0
