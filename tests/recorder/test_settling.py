"""A second frame for the same time: a repeat, more of it, or a contradiction."""

from __future__ import annotations

import json

import pytest

from jiulong.monitoring.models import Discrepancy
from tests.recorder.plant import NOW, Plant, china

pytestmark = pytest.mark.asyncio

HOUR = "DataTime=20260310110000;"
COD = "w01018-Min=40,w01018-Avg=41.5,w01018-Max=43,w01018-Cou=5,w01018-Flag=N"
PH = "w01001-Min=7.1,w01001-Avg=7.5,w01001-Max=7.8,w01001-Flag=N"
FLOW = "w00000-Cou=63.0,w00000-Avg=17.5,w00000-Flag=N"


@pytest.fixture(params=["one chunk", "a chunk each", "a new recorder each"])
def cut(request: pytest.FixtureRequest) -> str:
    """How the journal was cut into chunks, which must not matter."""
    word: str = request.param
    return word


async def tell(plant: Plant, cut: str, *cps: str, cn: str = "2061") -> int:
    """Send each body as a batch of its own; the id of the first batch."""
    batches = []
    for cp in cps:
        batches.append(await plant.send(plant.frame(cp, cn)))
        if cut != "one chunk":
            await plant.catch_up()
        if cut == "a new recorder each":
            plant.recorder = plant.new_recorder()
    await plant.catch_up()
    return batches[0]


async def test_it_records_a_repeat_once(plant: Plant, cut: str) -> None:
    first = await tell(plant, cut, HOUR + COD, HOUR + COD, HOUR + COD)
    assert await plant.rows("batch, part") == [(first, 0)]
    assert await plant.discrepancies() == []


async def test_it_counts_repeats(plant: Plant) -> None:
    await tell(plant, "one chunk", HOUR + COD, HOUR + COD, HOUR + COD + ";" + PH)
    assert plant.recorder.duplicates == 1


async def test_it_keeps_the_packets_of_a_split_frame_as_parts(plant: Plant, cut: str) -> None:
    parts = [HOUR + FLOW, HOUR + COD, HOUR + PH]
    first = await tell(plant, cut, *parts, *parts)
    ids = await plant.factors("w00000 w01018 w01001")
    assert await plant.rows("part, batch, factors, flags") == [
        (0, first, ids[:1], "N"), (1, first + 1, ids[1:2], "N"), (2, first + 2, ids[2:], "N"),
    ]  # fmt: skip
    assert await plant.discrepancies() == []


async def test_it_adds_only_what_is_new_of_a_fuller_repeat(plant: Plant, cut: str) -> None:
    first = await tell(plant, cut, HOUR + COD, HOUR + PH + ";" + COD + ";" + FLOW)
    ids = await plant.factors("w01018 w01001 w00000")
    columns = "part, batch, factors, values, minima, maxima, totals, flags"
    assert await plant.rows(columns) == [
        (0, first, ids[:1], [41.5], [40], [43], [5], "N"),
        (1, first + 1, ids[1:], [7.5, 17.5], [7.1, None], [7.8, None], [None, 63.0], "NN"),
    ]
    assert await plant.discrepancies() == []


async def test_it_keeps_both_sides_of_a_contradiction(plant: Plant, cut: str) -> None:
    other = COD.replace("41.5", "14.5").replace("Flag=N", "Flag=M")
    first = await tell(plant, cut, HOUR + COD + ";" + PH, HOUR + PH + ";" + other)
    assert await plant.rows("batch, values") == [(first, [41.5, 7.5])]
    [(kept, kept_ordinal, new, ordinal, differences)] = await plant.discrepancies()
    assert (kept, kept_ordinal, new, ordinal) == (first, 0, first + 1, 0)
    assert json.loads(differences) == {"w01018": [41.5, 14.5], "w01018-Flag": ["N", "M"]}
    row = await Discrepancy.objects.aget()
    assert (row.point_id, row.period, row.at, row.received_at) == (
        plant.logger.point_id, 2, china("20260310110000"), NOW,
    )  # fmt: skip


async def test_it_keeps_the_new_part_of_a_contradiction_too(plant: Plant, cut: str) -> None:
    other = HOUR + COD.replace("43", "44") + ";" + FLOW
    await tell(plant, cut, HOUR + PH, HOUR + COD, other)
    assert await plant.rows("part, values") == [(0, [7.5]), (1, [41.5]), (2, [17.5])]
    [(_, _, _, _, differences)] = await plant.discrepancies()
    assert json.loads(differences) == {"w01018-Max": [43, 44]}


async def test_it_tells_an_empty_value_from_none_at_all(plant: Plant, cut: str) -> None:
    empty = HOUR + "w01018-Avg=,w01018-Flag=D"
    await tell(plant, cut, empty, empty, HOUR + COD)
    assert await plant.rows("values, flags") == [([None], "D")]
    [(_, _, _, _, differences)] = await plant.discrepancies()
    assert json.loads(differences)["w01018"] == [None, 41.5]


async def test_it_does_not_mix_times_periods_and_points(plant: Plant, cut: str) -> None:
    await tell(plant, cut, HOUR + COD, HOUR.replace("11", "10", 1) + COD)
    await tell(plant, cut, HOUR + COD, cn="2051")
    assert await plant.rows("part") == [(0,)] * 3
    assert await plant.discrepancies() == []
