"""The packs of the evaluation per mu and of the park: applied, their past played, recounted."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from jiulong.cases.models import Case
from jiulong.packs.actions import apply_packs
from jiulong.scorecards import schemes_file
from jiulong.scorecards.engine.observations import Observations, Row
from jiulong.scorecards.engine.scoring import score
from jiulong.scorecards.engine.unused import unread_rows, without_rows
from jiulong.scorecards.models import Outcome, Standing
from jiulong.scorecards.standing_exports import observations_csv, scheme_yaml

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def recounted(standing: Standing, folder: Path) -> list[tuple[str, str, int]]:
    """Subject, score and rank as `jiulong score` finds them in the exported files."""
    (folder / "scheme.yaml").write_text(scheme_yaml(standing.scheme))
    (folder / "rows.csv").write_text(observations_csv(standing))
    out = io.StringIO()
    call_command(
        "score", scheme=folder / "scheme.yaml", observations=str(folder / "rows.csv"),
        period=standing.period, json=True, stdout=out, stderr=io.StringIO(),
    )  # fmt: skip
    found = json.loads(out.getvalue())["standings"]
    return sorted((one["subject"], one["score"], one["rank"]) for one in found)


def kept(standing: Standing) -> list[tuple[str, str, int]]:
    rows = standing.rows.select_related("subject")
    return sorted((row.subject.code, f"{row.score:.2f}", row.rank) for row in rows)


@pytest.mark.django_db
def test_the_evaluation_per_mu_has_a_past_that_anybody_recounts(tmp_path: Path) -> None:
    # Takes seconds: a district, 60 enterprises, two standings, cases and interviews, by the acts
    # that people use. All that follows looks at this one past.
    apply_packs(actor=None, paths=["mujun"], demo=True, now=NOW)
    standings = {one.period: one for one in Standing.objects.select_related("scheme")}
    assert sorted(standings) == ["2024", "2025"]
    for standing in standings.values():
        assert recounted(standing, tmp_path) == kept(standing)
    last = standings["2025"].rows
    classes = Counter(last.filter(group="owned").values_list("class_name", flat=True))
    # 36 enterprises: 30 % are 11, 60 % are 22, 90 % are 32; whoever was struck came last
    assert classes == {"A": 11, "B": 11, "C": 10, "D": 4}
    struck = last.get(struck=True)
    assert (struck.subject.code, struck.rank, struck.class_name) == ("MJ007", 36, "D")
    unrated = last.filter(rated=False)
    assert [(row.subject.code, row.class_name) for row in unrated] == [("MJ048", "B")]
    matters = Outcome.objects.filter(case__isnull=False).values_list(
        "case__matter__code", flat=True
    )
    assert set(matters) == {"mujun.exit", "mujun.talk"}
    assert Case.objects.filter(matter__code="mujun.exit").count() >= 4


def pack_rows(folder: Path, groups: dict[str, str]) -> list[Row]:
    """The values of a pack as rows, this year being 2026."""
    subjects = yaml.safe_load((folder / "subjects.yaml").read_text())["subjects"]
    group_of = {one["code"]: groups[one["tags"][0]] for one in subjects}
    years = {"yearbefore": "2024", "lastyear": "2025", "thisyear": "2026"}
    found = []
    with (folder / "values.csv").open() as file:
        for record in csv.DictReader(file):
            subject, indicator = record.pop("subject"), record.pop("indicator")
            for column, text in record.items():
                year, quarter = column[:-2], column[-2:]
                if text:
                    period = years[year] + quarter
                    value = Decimal(text)
                    found.append(Row(subject, group_of[subject], indicator, period, value))
    return found


def test_the_park_is_assessed_by_every_line_of_its_scheme() -> None:
    folder = Path("packs/yuanqu")
    scheme = schemes_file.read(folder / "schemes.yaml", "schemes.yaml")
    rows = pack_rows(folder, {"yuanqu-make": "make", "yuanqu-tech": "tech"})
    observations = Observations.of(rows)
    assert (unread_rows(scheme, observations), without_rows(scheme, observations)) == ([], [])
    for period in ("2025Q4", "2026Q3"):
        standings = score(scheme, observations, period).standings
        assert len(standings) == 60
        assert all(one.rated and 0 < one.score <= 105 for one in standings)
        assert {one.class_ for one in standings} == {"A", "B", "C", "D"}
        assert not [each for one in standings for each in one.criteria if each.missing]
