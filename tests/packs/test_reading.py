"""YAML of packs: what it means, where it is wrong, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jiulong.packs import reading
from jiulong.packs.reading import UnreadableError, read, read_file, write


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1", 1),
        ("-3", -3),
        ("350602001001", 350602001001),
        ("007", "007"),
        ("2.50", Decimal("2.50")),
        ("true", True),
        ("no", "no"),
        ("on", "on"),
        ("~", None),
        ("", None),
        ("2026-03-01", "2026-03-01"),
        ("12:30", "12:30"),
        ("1e9", "1e9"),
        ("0x10", "0x10"),
        ("9" * 31, "9" * 31),
        ("'1'", "1"),
        ("街道", "街道"),
        ("[1, x]", [1, "x"]),
        ("{350602: x}", {"350602": "x"}),
    ],
)
def test_it_knows_few_meanings(written: str, meant: object) -> None:
    assert read(f"a: {written}".encode(), "f").value == {"a": meant}


#: What is written → place and beginning of what is told.
WRONG: dict[bytes, tuple[str, str]] = {
    b"a: b: c": ("1:5", "a colon that does not belong here"),
    b"a:\n\t- b": ("2:1", "a tab; expected spaces"),
    b"a\nb": ("1:1", "expected keys such as"),
    b"- a": ("1:1", "expected keys such as"),
    b"a:\n- x\nb": ("3:2", "a word without a colon"),
    b"a: [1, 2": ("1:9", "expected a comma or the closing bracket"),
    b"a: 'x": ("1:6", "the file ends within quotes"),
    b"a: &x 1": ("1:4", "an anchor"),
    b"a: [&x [1], *x]": ("1:5", "an anchor"),
    b"a: *x": ("1:4", "an alias"),
    b"a: !!python/object/apply:os.system [ls]": ("1:4", "a tag"),
    b"a: !x y": ("1:4", "a tag"),
    b"": ("1:1", "nothing in it"),
    b"# only words\n": ("1:1", "nothing in it"),
    b"a: 1\n---\nb: 2": ("2:1", "a second document"),
    b"a: @x": ("1:4", "a sign no word can begin with"),
    b"ab: 1\ncd: \xff": ("2:5", "not UTF-8"),
    b"a: 1\r\nb: \x00": ("2:4", "a character that cannot be written (U+0000)"),
    "a: 街\u200b\x07".encode(): ("1:6", "a character that cannot be written (U+0007)"),
    b"a: " + b"[" * 100: ("1:33", "nested too deeply"),
    b"a: 1\nb: 2\na: 3": ("3:1", "“a” stands twice, first in line 1"),
    b"a:\n  - b: 1\n c: 2": ("3:2", "this line does not stand under the one before"),
    b'a: "\\q"': ("1:6", "a backslash that means nothing"),
    b"? [x]\n: 3": ("1:3", "expected a word before the colon"),
    b"a: - b": ("1:4", "a “- ” that does not belong here"),
    b"a: }": ("1:4", "a sign that does not belong here"),
}


@pytest.mark.parametrize("body", WRONG)
def test_it_says_where_and_what(body: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(body, "f.yaml")
    place, told = WRONG[body]
    assert str(caught.value).startswith(f"f.yaml:{place}: {told}")


def test_it_takes_a_mark_of_byte_order() -> None:
    assert read("\ufeffa: 街".encode(), "f").value == {"a": "街"}


def test_it_refuses_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"#" * (reading.MOST_BYTES + 1))
    with pytest.raises(UnreadableError, match="4194305 bytes; expected at most 4194304"):
        read_file(path, "f.yaml")


def test_it_says_when_a_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"f\.yaml:1:1: No such file"):
        read_file(tmp_path / "f.yaml", "f.yaml")


def test_laughs_do_not_grow() -> None:
    """A billion laughs: refused at the first anchor, at once."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    with pytest.raises(UnreadableError, match="f:1:5"):
        read("\n".join(lines).encode(), "f")


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=0, max_value=9999)
plain = st.one_of(words, st.integers(-(10**20), 10**20), st.booleans(), st.none(), numbers)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(words, values, min_size=1, max_size=4))
def test_it_reads_what_it_writes(value: dict[str, Any]) -> None:
    assert read(write(value).encode(), "f").value == value


def outcome(body: bytes) -> dict[str, Any] | UnreadableError:
    try:
        return read(body, "f").value
    except UnreadableError as error:
        return error


SIGNS = "ab:- \n[]{},#&*!|>'\"%@`?~\t0127街\\\x00\u2028"


@given(st.text(st.sampled_from(SIGNS), max_size=60))
def test_it_reads_or_says_where_whatever_comes(text: str) -> None:
    found = outcome(text.encode())
    if isinstance(found, UnreadableError):
        position = found.mistake.position
        assert 1 <= position.line <= len(text.splitlines()) + 1
        assert position.column >= 1
        assert found.mistake.message
    else:
        assert isinstance(found, dict)


@given(st.binary(max_size=40))
def test_it_reads_or_refuses_any_bytes(body: bytes) -> None:
    found = outcome(body)
    assert isinstance(found, dict) or found.mistake.position.line >= 1
