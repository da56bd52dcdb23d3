"""The command line as its users meet it: a process, its streams and its exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hj212.__main__ import main
from hj212.jsonl import JsonError, from_line
from tests.hj212.frames import BODY, HEADER, MN, QN, SM4_BODIES, SM4_FRAMES, SM4_KEY, STANDARD, wire

SRC = str(Path(__file__).resolve().parents[2] / "src")
PLAIN = SM4_FRAMES["long"]
ENCIPHERED = PLAIN[: PLAIN.index(b"&&") + 2] + SM4_BODIES["long"] + PLAIN[-8:]


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "hj212", *arguments],
        input=given, capture_output=True, check=False, env={"PYTHONPATH": SRC, "LC_ALL": "C"},
        timeout=60,
    )  # fmt: skip


def decoded(given: bytes, *arguments: str) -> list[dict[str, object]]:
    done = run("decode", *arguments, given=given)
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_decode_gives_the_stable_object() -> None:
    (made,) = decoded(wire())
    assert made == {
        "kind": "frame", "qn": QN, "st": "32", "cn": "2011", "pw": "123456", "mn": MN, "flag": 5,
        "version": 2017, "ack": True, "pnum": None, "pno": None, "rf": False, "crc": "D201",
        "crc_variant": "hj", "repaired": [], "time": "2016-08-01T08:58:57+08:00",
        "data": {"w01018": {"Rtd": "2.2", "Flag": "N"}, "w21003": {"Rtd": "0.31", "Flag": "N"}},
        "params": {"DataTime": "20160801085857"}, "cp": BODY,
    }  # fmt: skip


def test_decode_and_encode_are_the_identity() -> None:
    soup = (
        b"".join(STANDARD.values()) + b"\x00junk##12" + wire(length="0500") + wire(tail=b"\n")
        + wire(crc=b"0000") + ENCIPHERED + wire("i11001-Info=//清洗//".encode("gbk")) + wire()[:50]
    )  # fmt: skip
    for options in ([], ["--crc", "strict"], ["--crc", "ignore"], ["--key", SM4_KEY.hex()]):
        text = run("decode", *options, given=soup).stdout
        back = run("encode", given=text)
        assert (back.returncode, back.stderr, back.stdout) == (0, b"", soup)


def test_clean_frames_need_no_hex() -> None:
    assert not [o for o in decoded(b"".join(STANDARD.values())) if "bytes" in o]


def test_modes_of_the_checksum() -> None:
    swapped = wire(crc=b"0000")
    (bad,) = decoded(swapped)
    assert (bad["kind"], bad["reason"], bad["offset"]) == ("damage", "bad-crc", 0)
    assert bytes.fromhex(str(bad["bytes"])) == swapped
    (ignored,) = decoded(swapped, "--crc", "ignore")
    assert (ignored["kind"], ignored["crc_variant"]) == ("frame", "bad")


def test_key_opens_an_enciphered_frame() -> None:
    (made,) = decoded(ENCIPHERED, "--key", SM4_KEY.hex())
    assert (made["encrypted"], made["time"]) == ("raw", "2024-05-20T21:06:00+08:00")


def test_decode_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "log.bin").write_bytes(wire() + wire())
    done = run("decode", str(tmp_path / "log.bin"))
    assert len(done.stdout.splitlines()) == 2


def test_encode_builds_from_data_without_cp() -> None:
    made = {
        "kind": "frame", "qn": QN, "st": "32", "cn": "2011", "pw": "123456", "mn": MN, "flag": 5,
        "params": {"DataTime": "20160801085857"},
        "data": {"w01018": {"Rtd": 2.2, "Flag": "N"}, "w21003": {"Rtd": "0.31", "Flag": "N"}},
    }  # fmt: skip
    assert from_line(json.dumps(made)) == wire()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "column 2: not JSON"),
        ("[]", "not a JSON object"),
        ("{}", '"kind"'),
        ('{"kind":"damage"}', 'damage without "bytes"'),
        ('{"kind":"frame","bytes":"zz"}', '"bytes"'),
        ('{"kind":"frame","bytes":1}', '"bytes"'),
        ('{"kind":"frame"}', '"cn" is missing'),
        ('{"kind":"frame","cn":2011}', '"cn" must be str'),
        ('{"kind":"frame","cn":"2011","flag":true}', '"flag" must be int'),
        ('{"kind":"frame","cn":"2011","flag":999}', "Flag"),
        ('{"kind":"frame","cn":"2011","data":{"w":1}}', '"data"."w" must be an object'),
        ('{"kind":"frame","cn":"2011","data":{"w":{"Rtd":null}}}', '"data"."w"."Rtd"'),
        ('{"kind":"frame","cn":"2011","params":{"A":NaN}}', '"params"."A" must be finite'),
        ('{"kind":"frame","cn":"2011","params":{"A":[]}}', '"params"."A"'),
        ('{"kind":"frame","cn":"2011","params":{"A;B":"1"}}', "cannot be a key"),
        ('{"kind":"frame","cn":"2011","cp":"A=1","params":{"A":"2"},"data":{}}', "remove"),
        ('{"kind":"frame","cn":"2011","cp":"\\ud800"}', "half a character"),
        ('{"kind":"frame","cn":"2011","mn":"\\ud800"}', "half a character"),
        ('{"kind":"frame","cn":"2011","flag":' + "9" * 5000 + "}", "not JSON"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_told_with_its_place(line: str, message: str) -> None:
    with pytest.raises(JsonError) as caught:
        from_line(line)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "given", "message"),
    [
        (["encode"], b'\n{"kind":"frame"}', b'hj212 encode: line 2: "cn" is missing'),
        (["encode"], b"\xff", b"line 1: not UTF-8 at byte 1"),
        (["decode", "/nowhere"], b"", b"/nowhere: No such file"),
        (["decode", "/"], b"", b"/: Is a directory"),
        (["decode", "--key", "xx"], b"", b"--key: non-hexadecimal"),
        (["decode", "--key", "00"], b"", b"--key: SM4 needs 16 bytes, these are 1"),
        (["explain", "hello"], b"", b"garbage at byte 1"),
        (["explain", "-"], wire(crc=b"0000"), b"the checksum is 0000, not D201"),
        (["explain", "-"], wire() + wire(), b"2 frames given, one wanted"),
        (["explain", "-"], b"", b"explain: "),
    ],
)
def test_bad_input_is_one_line_and_an_exit_code(
    arguments: list[str], given: bytes, message: bytes
) -> None:
    done = run(*arguments, given=given)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ["污染物实时数据", "化学需氧量", "工作正常", "mg/L"]),
     ("en", ["real-time data", "COD", "instrument normal", "mg/L"])],
)  # fmt: skip
def test_explain(lang: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", wire(tail=b"").decode(), "--lang", lang]) == 0
    told = capsys.readouterr().out
    assert [word for word in words if word not in told] == []


@pytest.mark.parametrize("name", STANDARD)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_explain_knows_every_example(
    name: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", STANDARD[name].decode(), "--lang", lang]) == 0
    told = capsys.readouterr().out
    unknown = [line for line in told.splitlines() if "unknown)" in line or "(未知)" in line]
    assert [line for line in unknown if " a010" not in line and "1014" not in line] == []


def test_a_frame_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", wire("A=\x1b[2J", HEADER, tail=b"").decode()]) == 0
    assert "\\x1b[2J" in capsys.readouterr().out
