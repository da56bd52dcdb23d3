"""What a standing keeps, and what leaves as files, counts to the same for any scheme."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings

from jiulong.scorecards import rows_file, schemes_file
from jiulong.scorecards.engine.observations import Observations, Row
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.scoring import score
from jiulong.scorecards.standing_digests import of_result
from jiulong.scorecards.standing_exports import as_csv, as_yaml
from jiulong.scorecards.standing_inputs import restored
from jiulong.scorecards.standing_specs import as_json
from jiulong.scorecards.standing_trees import packed, step_of, stored, stored_row, unpacked
from tests.scorecards.engine.test_properties import PERIOD, schemes, tables

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def through_json(value: Any) -> Any:
    return orjson.loads(orjson.dumps(value))


@few
@given(schemes(), tables())
def test_it_counts_the_same_again_from_what_is_kept(scheme: Scheme, rows: list[Row]) -> None:
    result = score(scheme, Observations.of(rows), PERIOD)
    kept = through_json([stored_row(row) for row in rows])
    again = score(
        Scheme.read(through_json(as_json(scheme))), Observations.of(restored(kept)), PERIOD
    )
    assert of_result(again) == of_result(result)
    for one in result.standings:
        for each in one.criteria:
            told = step_of(through_json(stored([each.explain]))[0])
            assert told.as_json("zh") == each.explain.as_json("zh")
            assert told.as_json("en") == each.explain.as_json("en")
        steps = [each.explain for each in one.criteria]
        assert [each.as_json() for each in unpacked(packed(steps))] == [
            each.as_json() for each in steps
        ]


@few
@given(schemes(), tables())
def test_it_counts_the_same_outside_from_its_files(scheme: Scheme, rows: list[Row]) -> None:
    result = score(scheme, Observations.of(rows), PERIOD)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scheme.yaml"
        path.write_text(as_yaml(scheme), encoding="utf-8")
        read = schemes_file.read(path, "scheme.yaml")
    body = as_csv(stored_row(row) for row in rows).encode()
    outside = score(read, rows_file.read(body, "observations.csv"), PERIOD)
    assert outside.as_json() == result.as_json()
