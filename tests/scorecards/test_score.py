"""`jiulong score`: a standing recounted from files, without a database."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings

from jiulong import cli
from jiulong.scorecards.engine.observations import Observations, Row
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.scoring import score
from jiulong.scorecards.rows_file import written
from tests.scorecards.engine.test_properties import PERIOD, schemes, tables

HEAD = "subject,group,indicator,period,value"
SCHEME = """\
code: towns
name: {zh: 镇街竞赛, en: Towns}
effective_from: 2024-01-01
frequency: month
contests:
  - key: industry
    name: {zh: 比工业, en: Industry}
    criteria:
      - key: output
        name: {zh: 产值, en: Output}
        weight: 100
        rule: {kind: completion, value: output}
"""
A = "甲镇,towns,output"
LINES = (f"{A},2024-03,30", f"{A}@target,2024,40")
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writes(*lines: str, head: str = HEAD, encoding: str = "utf-8", end: str = "\n") -> Path:
        path = tmp_path / "rows.csv"
        path.write_bytes((end.join((head, *lines)) + end).encode(encoding))
        (tmp_path / "scheme.yaml").write_text(SCHEME)
        return path

    return writes


def run(path: Path, *words: str, lang: str = "en", scheme: Path | None = None) -> tuple[str, str]:
    out, notes = io.StringIO(), io.StringIO()
    call_command(
        "score", "--scheme", str(scheme or path.parent / "scheme.yaml"), "--observations",
        str(path), "--lang", lang, *words, stdout=out, stderr=notes,
    )  # fmt: skip
    return out.getvalue(), notes.getvalue()


def refused(path: Path, *words: str, lang: str = "en", scheme: Path | None = None) -> list[str]:
    """What is said, without the paths; nothing was printed."""
    with pytest.raises(CommandError) as caught:
        run(path, *words, lang=lang, scheme=scheme)
    assert caught.value.returncode == 2
    return [line.replace(f"{path.parent}/", "") for line in str(caught.value).splitlines()]


def test_it_gives_standings_in_exactly_this_form(write: Write) -> None:
    path = write(*(f"{line},ref/{n}" for n, line in enumerate(LINES)), head=f"{HEAD},ref")
    found = json.loads(run(path, "--json", lang="zh")[0])
    assert found == {
        "standings": [
            {
                "subject": "甲镇",
                "group": "towns",
                "score": "75.00",
                "rank": 1,
                "class": None,
                "rated": True,
                "veto": False,
                "gap_to_next": None,
                "of": 1,
                "notes": [],
                "criteria": [
                    {
                        "criterion": "output",
                        "points": "75.00",
                        "explain": "产值：75 分（满分 100 分）\n"
                        "  75 % × 100 分 = 75 分\n"
                        "    完成率 = 30 ÷ 40 = 75 %\n"
                        "      output（2024-03）：30\n"
                        "      output目标（2024）：40",
                        "contest": "industry",
                        "out_of": "100",
                        "weight": "100",
                        "missing": None,
                        "steps": found["standings"][0]["criteria"][0]["steps"],
                    }
                ],
            }
        ]
    }
    leaf = found["standings"][0]["criteria"][0]["steps"]["steps"][0]["steps"][0]["steps"][1]
    assert leaf == {
        "key": "read",
        "text": "output目标（2024）：40",
        "value": "40",
        "inputs": [{"indicator": "output@target", "period": "2024", "value": "40", "ref": "ref/1"}],
        "steps": [],
    }


def test_it_prints_a_table_or_opens_one_subject(write: Write) -> None:
    table, notes = run(write(*LINES))
    assert [line.split() for line in table.splitlines() if line] == [
        ["towns"],
        ["rank", "subject", "score", "class", "to", "next", "Industry"],
        ["1", "甲镇", "75.00", "–", "–", "75.00"],
    ]
    assert notes.splitlines() == ["period 2024-03"]
    opened = run(write(*LINES), "--explain", "甲镇")[0].splitlines()
    assert opened[0] == "Output: 75 of 100 points"
    assert refused(write(*LINES), "--explain", "乙镇") == ["“乙镇” takes no part in the period"]


def test_the_example_of_the_documentation_is_what_it_says(tmp_path: Path) -> None:
    text = Path("docs/schemes.md").read_text()
    parts = {name: re.search(rf"```{name}\n(.*?)```", text, re.DOTALL) for name in ("yaml", "csv")}
    for name, part in parts.items():
        assert part is not None
        (tmp_path / f"example.{name}").write_text(part[1])
    path = tmp_path / "example.csv"
    found = json.loads(run(path, "--json", scheme=tmp_path / "example.yaml")[0])["standings"]
    told = re.findall(r"^ +(\d)  (\S+) +(\S+)  ([A-D]) +\S+   (.+?)(?:,.*)?$", text, re.MULTILINE)
    assert len(told) == len(found) == 3
    for one, (rank, subject, score_, class_, parts_) in zip(found, told, strict=True):
        assert (str(one["rank"]), one["subject"], one["score"], one["class"]) == (
            rank, subject, score_, class_,
        )  # fmt: skip
        points = [each["points"] for each in one["criteria"] if float(each["points"])]
        assert points == [f"{int(part)}.00" for part in parts_.split(" + ")]


FORMS = "expected as 2024, 2024H1, 2024Q1 or 2024-03"
DIGITS = "is no number that can be used: at most 18 digits before the point, 12 after"


@pytest.mark.parametrize(
    ("line", "number", "said"),
    [
        (f"{A},2024-03,", 3, "no value; leave the line out where nothing is known"),
        (f"{A},2024-03,NaN", 3, "value “NaN” is no number"),
        (f"{A},2024-03,1e999", 3, "value “1e999” is no number"),
        (f"{A},2024-03,1e30", 3, f"“1E+30” {DIGITS}"),
        (f"{A},2024-03,１２", 3, "value “１２” is no number"),
        (f'{A},2024-03,"1,234"', 3, "value “1,234” is no number"),
        (f"{A},2024-03,12%", 3, "value “12%” is no number"),
        (f"{A},2024-3,1", 3, f"“2024-3” is no period; {FORMS}"),
        (",towns,output,2024-03,1", 3, "no subject is given"),
        ("甲镇,,output,2024-03,1", 3, "no group is given for 甲镇"),
        ("甲镇,towns,,2024-03,1", 3, "“” is no code of an indicator"),
        (f"{A},2024-03", 3, "4 fields where the head has 5"),
        (f"{A},2024-02,1\n\n{A},2024-02,1", 5,
         "output of 甲镇 for 2024-02 stands in line 3 already"),
        (f"甲镇,zones,y,2024-04,1\n{A},2024-04,1", 4,
         "甲镇 is in “towns” for 2024-04, and in “zones” in line 3"),
    ],
)  # fmt: skip
def test_it_refuses_lines_with_their_number(
    write: Write, line: str, number: int, said: str
) -> None:
    assert refused(write(LINES[0], line)) == [f"rows.csv:{number}: {said}"]


def test_it_tells_all_wrong_lines_and_counts_what_is_too_many(write: Write) -> None:
    told = refused(write(*["甲镇,towns,output,2024-03,x"] * 60))
    assert (len(told), told[0], told[-1]) == (
        51, "rows.csv:2: value “x” is no number", "… and 10 more lines are wrong",
    )  # fmt: skip


KNOWN = "subject, group, indicator, period, value, ref"


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("subject,group,indicator,period", "there is no column “value”"),
        (f"{HEAD},note", f"the column “note” is unknown; known are {KNOWN}"),
        (f"{HEAD},value", "the column “value” stands there twice"),
        (f'{HEAD},"ref', "this is no CSV: unexpected end of data"),
    ],
)
def test_it_refuses_a_wrong_head(write: Write, head: str, said: str) -> None:
    assert refused(write(*LINES, head=head)) == [f"rows.csv:1: {said}"]


def test_it_reads_what_spreadsheets_write(write: Write) -> None:
    expected = run(write(*LINES), "--json")[0]
    lines = ["", " 甲镇 ,towns,output,2024-03, 30 ", ",,,,", LINES[1], ""]
    assert run(write(*lines, encoding="utf-8-sig", end="\r\n"), "--json")[0] == expected
    told = "rows.csv:2: not UTF-8 (GBK, perhaps); save it as “CSV UTF-8”"
    assert refused(write(*LINES, encoding="gbk")) == [told]


def test_it_refuses_files_that_say_nothing(write: Write, tmp_path: Path) -> None:
    path = write()
    assert refused(path) == ["rows.csv:1: there is no line beneath the head"]
    path.write_text("")
    assert refused(path) == ["rows.csv:1: the file is empty"]
    assert refused(tmp_path / "none.csv") == ["none.csv: No such file or directory"]
    assert refused(write(*LINES), scheme=tmp_path / "none.yaml") == [
        "none.yaml:1:1: No such file or directory"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight: 100", "weight: 90", "6:3: weights of the contests add up to 90; expected 100"),
        ("kind: completion", "kind: completed", "12:15: “completed”; expected one of"),
        ("value: output}", "value: output, cop: 1}", "12:49: there is no key “cop” here"),
        ("frequency: month", "frequency: monthly", "4:12: “monthly”; expected one of"),
        ("code: towns", "code: [", "3:1: expected a comma or the closing bracket"),
    ],
)
def test_it_refuses_a_scheme_with_its_place(write: Write, old: str, new: str, said: str) -> None:
    path = write(*LINES)
    (path.parent / "scheme.yaml").write_text(SCHEME.replace(old, new))
    [told] = refused(path)
    assert told.startswith(f"scheme.yaml:{said}")


def test_it_speaks_chinese_by_default(write: Write) -> None:
    told = refused(write(LINES[0], LINES[0]), lang="zh")
    assert told == ["rows.csv:3: 甲镇 的 output（2024-03）已见于第 2 行"]


def test_it_takes_a_scheme_of_a_pack_by_its_code(write: Write) -> None:
    path = write(*LINES)
    item = SCHEME.replace("\n", "\n    ").strip()
    other = item.replace("code: towns", "code: others")
    (path.parent / "scheme.yaml").write_text(f"schemes:\n  - {item}\n  - {other}\n")
    assert refused(path) == ["scheme.yaml:2:3: 2 schemes; name one with --code: towns, others"]
    assert refused(path, "--code", "x") == [
        "scheme.yaml:2:3: there is no scheme “x”; the file has towns, others"
    ]
    assert "75.00" in run(path, "--code", "others")[0]


def test_it_names_what_nobody_reads_and_what_nobody_has(write: Write) -> None:
    lines = ["甲镇,towns,ouput,2024-03,1", "甲镇,towns,output@target,2024,1"]
    path = write(*lines)
    notes = run(path)[1].replace(f"{path.parent}/", "").splitlines()
    assert notes == [
        "period 2024-03",
        "rows.csv:2: nothing in the scheme reads “ouput”",
        "no row has “output”, which “output” reads",
    ]


def test_it_takes_the_period_that_is_asked_for(write: Write) -> None:
    path = write(*LINES, "甲镇,towns,output,2024-02,20")
    assert "50.00" in run(path, "--period", "2024-02")[0]
    assert refused(path, "--period", "2023") == [
        "rows.csv: no row is of 2023; there are 2024-02, 2024-03, 2024"
    ]
    assert refused(path, "--period", "march") == [
        "“march” is no period; expected as 2024, 2024H1, 2024Q1 or 2024-03"
    ]


def test_it_refuses_a_group_that_the_scheme_does_not_have(write: Write) -> None:
    path = write(*LINES)
    groups = "groups: [{key: zones, name: 园区}]\ncontests:"
    (path.parent / "scheme.yaml").write_text(SCHEME.replace("contests:", groups))
    assert refused(path) == [
        "rows.csv:2: 甲镇 is in group “towns”, which the scheme does not have; it has zones"
    ]


def test_it_needs_no_database() -> None:
    words = ["score", "--scheme", "x.yaml", "--observations", "x.csv"]
    assert (cli.needs_database(words), cli.is_offline(words)) == (False, True)


@pytest.mark.system
def test_it_runs_where_nothing_else_is_and_leaves_no_trace(write: Write) -> None:
    path = write(*LINES)
    words = ["score", "--scheme", "scheme.yaml", "--observations", "-", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "jiulong", *words],
        input=path.read_bytes(),
        cwd=path.parent,
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "JIULONG_DATABASE_URL": "postgresql://x@127.0.0.1:1/none"},
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    assert [one["score"] for one in found["standings"]] == ["75.00"]
    assert sorted(one.name for one in path.parent.iterdir()) == ["rows.csv", "scheme.yaml"]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(scheme_=schemes(), rows=tables())
def test_a_recount_outside_finds_the_same(scheme_: Scheme, rows: list[Row], tmp_path: Path) -> None:
    inside = score(scheme_, Observations.of(rows), PERIOD).as_json("zh")
    (tmp_path / "scheme.json").write_text(
        json.dumps(scheme_.model_dump(mode="json", by_alias=True), ensure_ascii=False)
    )
    (tmp_path / "rows.csv").write_text(written(rows))
    out = io.StringIO()
    call_command(
        "score", scheme=tmp_path / "scheme.json", observations=str(tmp_path / "rows.csv"),
        period=PERIOD, json=True, stdout=out, stderr=io.StringIO(),
    )  # fmt: skip
    assert json.loads(out.getvalue()) == inside
