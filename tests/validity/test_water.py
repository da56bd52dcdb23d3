"""`jiulong water`: anybody's hours recounted, without a database."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from jiulong import cli

HEAD = "time,factor,value,flow,flag"
Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writes(*lines: str, head: str = HEAD, encoding: str = "utf-8", end: str = "\n") -> Path:
        path = tmp_path / "hours.csv"
        path.write_bytes((end.join((head, *lines)) + end).encode(encoding))
        return path

    return writes


def lines(on: str, text: str, factor: str = "w01018", start: int = 0) -> list[str]:
    """`18x40/10` eighteen hours; `-` nothing came; a third part is the flag."""
    found = []
    for word in text.split():
        count, _, rest = word.partition("x")
        value, flow, *flag = rest.split("/")
        for _ in range(int(count)):
            value = "" if value == "-" else value
            hour = f"{on}T{len(found) + start:02}:00:00"
            found.append(",".join((hour, factor, value, flow, flag[0] if flag else "N")))
    return found


def water(*words: str) -> str:
    out = io.StringIO()
    call_command("water", *words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def counted(path: Path, *words: str, rules: str = "hj356-2019") -> dict[str, Any]:
    found = json.loads(
        water("statistics", "--input", str(path), "--rules", rules, "--json", *words)
    )
    assert isinstance(found, dict)
    return found


def refused(path: Path | str, *words: str) -> list[str]:
    """What is said, without the path; nothing was printed."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(
            "water", "statistics", "--input", str(path), *words, stdout=out, stderr=io.StringIO()
        )
    assert (caught.value.returncode, out.getvalue()) == (2, "")
    return [line.replace(str(path), "F") for line in str(caught.value).splitlines()]


def test_it_gives_days_and_months_in_exactly_this_form(write: Write) -> None:
    # C = (12·40·10 + 12·60·30)/480 = 55; M = 55·480/1000 = 26.4; next day 17/24 borrows the load
    path = write(*lines("2026-08-01", "12x40/10 12x60/30"), *lines("2026-08-02", "17x40/10"))
    assert counted(path) == {
        "days": [
            {
                "date": "2026-08-01",
                "factor": "w01018",
                "valid": True,
                "mean": "55.000",
                "n_expected": 24,
                "n_valid": 24,
                "ratio": "1.0000",
                "load_kg": "26.400000",
                "substituted": False,
                "reasons": [],
            },
            {
                "date": "2026-08-02",
                "factor": "w01018",
                "valid": False,
                "mean": None,
                "n_expected": 24,
                "n_valid": 17,
                "ratio": "0.7083",
                "load_kg": "26.400000",
                "substituted": True,
                "reasons": ["missing", "too_few", "substituted"],
            },
        ],
        "months": [
            {
                "month": "2026-08",
                "factor": "w01018",
                "valid": False,
                "mean": None,
                "n_expected": 31,
                "n_valid": 1,
                "ratio": "0.0323",
                "load_kg": "52.800000",
                "n_substituted": 1,
                "reasons": ["too_few", "load_incomplete"],
            }
        ],
    }


def test_it_sorts_by_date_then_factor_and_fills_the_days_between(write: Write) -> None:
    # pH came on one day only: only COD has a gap.
    path = write(
        *lines("2026-08-03", "24x40/10"),
        *lines("2026-08-01", "24x7/10", "w01001"),
        *reversed(lines("2026-08-01", "24x40/10")),
    )
    found = [(day["date"], day["factor"], day["n_valid"]) for day in counted(path)["days"]]
    assert found == [
        ("2026-08-01", "w01001", 24),
        ("2026-08-01", "w01018", 24),
        ("2026-08-02", "w01018", 0),
        ("2026-08-03", "w01018", 24),
    ]


def test_it_converts_metals_to_the_mg_of_their_limits(write: Write) -> None:
    # w20111 is coded in µg/L: (12·0.4·100 + 12·0.8·300)/4,800 = 3,360/4,800 = 0.7 µg/L
    # = 0.0007 mg/L; M = 0.0007·4,800/1000 = 0.00336 kg. With a column, the column says.
    plain = lines("2026-08-01", "12x0.4/100 12x0.8/300", "w20111")
    found = [counted(write(*plain))["days"][0]]
    by_column = [f"{line},µg/L" for line in plain]
    found.append(counted(write(*by_column, head=f"{HEAD},unit"))["days"][0])
    in_mg = lines("2026-08-01", "12x0.0004/100 12x0.0008/300", "w20111")
    found.append(
        counted(write(*[f"{line},mg/L" for line in in_mg], head=f"{HEAD},unit"))["days"][0]
    )
    assert {(day["mean"], day["load_kg"]) for day in found} == {("0.000700", "0.003360000")}


def test_it_knows_names_and_old_codes_by_their_rules(write: Write) -> None:
    # pH is never weighted by whatever name; 2005's mercury is in mg/L; 10 L/s are 36 m³ an hour
    path = write(
        *lines("2026-08-01", "12x6/90 12x8/10", "pH"),
        *lines("2026-08-01", "12x6/90 12x8/10", "001"),
        *lines("2026-08-01", "24x0.001/10", "020"),
        *lines("2026-08-01", "24x10/", "W00000"),
    )
    found = {day["factor"]: (day["mean"], day["load_kg"]) for day in counted(path)["days"]}
    assert found == {
        "001": ("7.000", None),
        "020": ("0.001000", "0.000240000"),
        "pH": ("7.000", None),
        "w00000": ("864.000", None),
    }


def test_it_judges_batches_and_other_counts_a_day(write: Write) -> None:
    batch = write(*lines("2026-08-01", "8x5/0 6x80/25 2x-/25 8x5/0"))
    found = counted(batch, "--intermittent")["days"][0]
    assert (found["valid"], found["mean"], found["n_expected"]) == (True, "80.000", 8)
    # Every ten minutes: 108 of 144 are three quarters, 107 are not.
    times = [f"2026-08-01T{n // 6:02}:{n % 6}0:00" for n in range(144)]
    for n_valid, valid in ((108, True), (107, False)):
        path = write(*[f"{at},w01018,40,2,N" for at in times[:n_valid]])
        found = counted(path, "--expected-per-day", "144")["days"][0]
        assert (found["valid"], found["n_valid"], found["n_expected"]) == (valid, n_valid, 144)


def test_it_judges_by_the_rule_set_that_is_named(write: Write) -> None:
    path = write(*lines("2026-08-01", "1x90/10"))
    day = counted(path, rules="hj212-annex-d")["days"][0]
    assert (day["valid"], day["mean"], day["load_kg"]) == (True, "90.000", "0.900000")
    assert counted(path, rules="fujian-230")["days"][0]["valid"] is False


def test_it_takes_a_local_day_whatever_offset_was_written(write: Write) -> None:
    # 16:00Z is midnight in Shanghai: one and the same day, one and the same hour.
    local = lines("2026-08-01", "24x40/10")
    path = write("2026-07-31T16:00:00Z,w01018,40,10,N", *local)
    days = counted(path)["days"]
    assert [(day["date"], day["n_valid"]) for day in days] == [("2026-08-01", 24)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_reads_what_office_programs_write(write: Write, encoding: str, end: str) -> None:
    quoted = [
        ",".join(f'"{cell}"' for cell in line.split(","))
        for line in lines("2026-08-01", "24x40/10", "化学需氧量")
    ]
    path = write(*quoted, "", head=HEAD.upper(), encoding=encoding, end=end)
    day = counted(path)["days"][0]
    assert (day["factor"], day["mean"], day["load_kg"]) == ("化学需氧量", "40.000", "9.600000")


def test_it_takes_what_was_said_twice_once_and_refuses_contradictions(write: Write) -> None:
    twice = [*lines("2026-08-01", "24x40/10"), "2026-08-01T03:00:00,w01018,40.0,10.00,N"]
    assert counted(write(*twice))["days"][0]["n_valid"] == 24
    other = [*lines("2026-08-01", "24x40/10"), "2026-08-01T03:00:00,w01018,41,10,N"]
    told = "F:26: contradicts line 5, which has the same time and factor"
    assert refused(write(*other)) == [told]


def test_it_tells_every_line_that_is_wrong_and_prints_nothing(write: Write, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    bad = [
        "2026-08-01T00:00:00,w01018,40,10,N",
        "2026-08-01T01:00:00,w01018,forty,10,N",
        "2026-08-01T02:00:00,w01018,40,-1,N",
        "2026-08-01T03:00:00,w01018,40,10,Z",
        "2026-08-01T04:30:00,w01018,40,10,N",
        "2026-08-32T05:00:00,w01018,40,10,N",
        "2026-08-01,w01018,40,10,N",
        "2026-08-01T07:00:00,,40,10,N",
        "2026-08-01T08:00:00,w01018,40,10",
        "2026-08-01T09:00:00,w01018,NaN,10,N",
        "2026-08-01T10:00:00,w01018,1_000,10,N",
        "2026-08-01T11:00:00,w01018,4e30,10,N",
        "2026-08-01T12:00:00,w01018,１２,10,N",
        "1026-08-01T12:00:00,w01018,12,10,N",
    ]
    assert refused(write(*bad)) == [
        "F:3: value “forty” is no number",
        "F:4: flow -1 is less than 0; it is the m³ discharged in that hour",
        "F:5: flag “Z” is none of HJ 212: . B C D F M N P S T",
        "F:6: time “2026-08-01T04:30:00” is no full hour, the start of the hour",
        "F:7: time “2026-08-32T05:00:00” cannot be read; expected as 2026-08-01T02:00:00",
        "F:8: time “2026-08-01” cannot be read; expected as 2026-08-01T02:00:00",
        "F:9: no factor is given",
        "F:10: 4 fields where the head has 5",
        "F:11: value “NaN” is no number",
        "F:12: value “1_000” is no number",
        "F:13: value “4e30” has more digits than anything that is measured",
        "F:14: value “１２” is no number",
        "F:15: time “1026-08-01T12:00:00” lies outside of 1992 to 2199",
    ]


def test_it_counts_the_faults_that_it_does_not_tell(write: Write) -> None:
    told = refused(write(*["x,w01018,1,1,N"] * 75))
    assert (len(told), told[-1]) == (51, "… and 25 more lines are wrong")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("time,factor,value,flow", ["F:1: there is no column “flag”"]),
        ("time;factor;value;flow;flag", [
            *(f"F:1: there is no column “{name}”" for name in HEAD.split(",")),
            ("F:1: the column “time;factor;value;flow;flag” is unknown; known are"
            " time, factor, value, flow, flag, unit, reasons"),
        ]),
        (f"{HEAD},flow", ["F:1: the column “flow” stands there twice"]),
        (f"{HEAD},point", [
            ("F:1: the column “point” is unknown; known are time, factor, value, flow, flag, unit,"
             " reasons")
        ]),
    ],
)  # fmt: skip
def test_it_tells_what_is_wrong_with_the_head(write: Write, head: str, told: list[str]) -> None:
    assert refused(write(head=head)) == told


def test_it_refuses_what_is_no_such_file(tmp_path: Path, write: Write) -> None:
    empty, binary, nul = tmp_path / "empty", tmp_path / "binary", tmp_path / "nul"
    empty.write_bytes(b"")
    binary.write_bytes(HEAD.encode() + b"\n\xff\xff\xff\x00")
    nul.write_bytes(HEAD.encode() + b"\n2026-08-01T00:00,w01018,1\x00,1,N")
    assert refused(empty) == ["F:1: the file is empty"]
    assert refused(binary) == ["F:1: this is neither UTF-8 nor GBK text; save it as CSV in UTF-8"]
    assert refused(nul) == [r"F:2: value “1\x00” is no number"]
    nul.write_text(f'{HEAD}\n2026-08-01T00:00,"w01018,1,1,N\n', "utf-8")
    assert refused(nul) == ["F:2: this is no CSV: unexpected end of data"]
    assert refused(tmp_path / "none") == ["F: No such file or directory"]
    assert refused(tmp_path) == ["F: Is a directory"]


def test_a_head_alone_gives_nothing(write: Write) -> None:
    assert counted(write()) == {"days": [], "months": []}


def test_it_refuses_a_unit_it_cannot_convert_and_a_century_of_gaps(write: Write) -> None:
    assert refused(write("2026-08-01T00:00,w01018,1,1,N,ppm", head=f"{HEAD},unit")) == [
        "F:2: unit “ppm” is unknown; known are mg/L, µg/L, ng/L"
    ]
    far = write("2026-08-01T00:00,w01018,1,1,N", "2126-08-01T00:00,w01018,1,1,N")
    assert refused(far) == [
        "F:3: more than 40 years lie between 2026-08-01 (line 2) and 2126-08-01"
    ]


def test_it_heeds_what_else_speaks_against_an_hour(write: Write) -> None:
    head = f"{HEAD},reasons"
    day = lines("2026-08-01", "24x40/10")
    path = write(*[f"{line},{'qc mark' if n < 7 else ''}" for n, line in enumerate(day)], head=head)
    found = counted(path)["days"][0]
    assert (found["n_valid"], found["reasons"]) == (17, ["qc", "mark", "too_few"])
    assert refused(write(f"{day[0]},missing", head=head)) == [
        "F:2: reason “missing” is unknown; known are flag, qc, mark, disagreement"
    ]


def test_it_lists_the_rule_sets_that_there_are(write: Write) -> None:
    assert refused(write(), "--rules", "hj356") == [
        "There is no rule set “hj356”; known are hj356-2019, fujian-230, hj212-annex-d."
    ]
    told = json.loads(water("rules", "--json"))["rules"]
    assert [(one["code"], one["effective_from"], one["default"]) for one in told] == [
        ("hj356-2019", "2020-03-24", True),
        ("fujian-230", "2023-07-01", False),
        ("hj212-annex-d", "2017-05-01", False),
    ]
    assert water("rules").splitlines()[0] == (
        "hj356-2019      * 2020-03-24 –             HJ 356-2019 data validity"
    )


def test_it_takes_the_rule_set_in_force_where_none_is_named(write: Write) -> None:
    path = write(*lines("2026-08-01", "24x40/10"))
    assert json.loads(water("statistics", "--input", str(path), "--json")) == counted(path)
    early = write(*lines("2019-08-01", "24x40/10"))
    assert refused(early) == [
        (
            "no rule set was in force on 2019-08-01; name one with --rules:"
            " hj356-2019, fujian-230, hj212-annex-d"
        )
    ]


def test_it_takes_rule_sets_of_a_pack(tmp_path: Path, write: Write) -> None:
    pack = tmp_path / "mine" / "pack.yaml"
    pack.parent.mkdir()
    head = "name: mine\ntitle: t\nversion: 1\nsummary: s\nrule_sets:\n- code: strict\n  name: n\n"
    rest = "  effective_from: 2026-01-01\n  default: true\n  min_ratio: 0.9\n"
    pack.write_text(f"{head}{rest}  laws: [{{law: x}}]\n", "utf-8")
    path = write(*lines("2026-08-01", "21x40/10"))  # 21/24 = 0.875
    words = ("statistics", "--input", str(path), "--json", "--pack")
    assert json.loads(water(*words, str(pack)))["days"][0]["valid"] is False
    pack.write_text(f"{head}{rest}  min_ratoi: 1\n", "utf-8")
    told = refused(path, "--pack", str(pack.parent))
    assert any("min_ratoi" in line for line in told)


def test_a_table_is_for_reading(write: Write) -> None:
    path = write(*lines("2026-08-01", "12x40/10 12x60/30"), *lines("2026-08-02", "17x40/10"))
    assert [line.split() for line in water("statistics", "--input", str(path)).splitlines()] == [
        ["day", "factor", "valid", "mean", "hours", "load", "kg", "because"],
        ["2026-08-01", "w01018", "yes", "55.000", "24/24", "26.400000"],
        ["2026-08-02", "w01018", "no", "–", "17/24", "26.400000", "missing", "too_few",
         "substituted"],
        [],
        ["month", "factor", "valid", "mean", "days", "load", "kg", "because"],
        ["2026-08", "w01018", "no", "–", "1/31", "52.800000", "too_few", "load_incomplete"],
        [],
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["0", "-1", "24.0", "x", "86401", "２４"])
def test_it_refuses_a_day_of_no_sensible_length(write: Write, number: str) -> None:
    with pytest.raises(CommandError, match="expected a number from 1 to 86400"):
        water("statistics", "--input", str(write()), "--expected-per-day", number)


def test_it_needs_no_database_and_leaves_no_trace() -> None:
    words = ["water", "statistics", "--input", "x.csv"]
    assert (cli.needs_database(words), cli.is_offline(words)) == (False, True)


@pytest.mark.system
def test_it_reads_a_pipe_where_nothing_else_is(tmp_path: Path) -> None:
    text = "\n".join((HEAD, *lines("2026-08-01", "24x40/10")))
    done = subprocess.run(
        [sys.executable, "-m", "jiulong", "water", "statistics", "--input", "-", "--json"],
        input=text.encode(), capture_output=True, cwd=tmp_path, check=True, timeout=60,
        env={"PATH": "", "PYTHONPATH": str(Path(cli.__file__).parents[1])},
    )  # fmt: skip
    assert json.loads(done.stdout)["days"][0]["mean"] == "40.000"
    assert list(tmp_path.iterdir()) == []
