"""The tolerant reader of a CP body: slow, patient, and the definition of what a body means.

`;` and `,` are equals, because the standard's own examples mix them up: what belongs together is
told by the factor in front of the `-`, not by the separator.  Text in `//…//` is opaque.  Nothing
is dropped: a repeated attribute opens a second channel (`w00000#2`), an item without `=` stays.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import TypeVar

from hj212.text import text_of

Data = dict[str, dict[str, str]]
Params = dict[str, str]
T = TypeVar("T")

# A bare number after a comma after a number is its fraction: `2,5`.
_DECIMAL_COMMA = r"\s*[+-]?[0-9]{1,18},[0-9]{1,18}(?=\s*(?:[;,]|\Z))"
# A log ends at `//` only where the body ends or another `key=` follows, since people write
# slashes, semicolons and equals signs in logs.  Bounded look-ahead keeps the scan linear.
_LOG = r"\s*//(?:.*?//(?=\s*(?:\Z|[;,]\s*(?:\Z|[^=;,/]{1,40}=)))|.*)"
_ITEM = re.compile(rf"([^=;,]*)(?:(=)({_DECIMAL_COMMA}|{_LOG}|[^;,]*))?\s*(?:[;,]|\Z)", re.DOTALL)


def items(body: str) -> Iterator[tuple[str, str]]:
    """(key, value) in the order sent, spaces around both removed; value '' when there is no `=`."""
    position, end = 0, len(body)
    while position < end:
        match = _ITEM.match(body, position)
        if match is None:  # pragma: no cover - the pattern matches any non-empty rest
            raise AssertionError("item pattern must match everywhere")
        position = match.end()
        key, equals, value = match.group(1), match.group(2), match.group(3)
        if equals or key.strip():
            yield key.strip(), (value or "").strip()


def group(pairs: Iterable[tuple[str, T]]) -> tuple[dict[str, dict[str, T]], dict[str, T]]:
    """Sort items into factors and plain parameters; a repeated key opens a numbered channel."""
    data: dict[str, dict[str, T]] = {}
    params: dict[str, T] = {}
    channel: dict[str, str] = {}
    counts: dict[str, int] = {}  # or a body of nothing but repetitions would cost its square
    for key, value in pairs:
        factor, dash, attribute = key.partition("-")
        if not (dash and factor and attribute):
            params[_free_name(params, key, counts)] = value
            continue
        name = channel.get(factor, factor)
        if attribute in data.get(name, ()):
            name = _free_name(data, factor, counts)
        channel[factor] = name
        data.setdefault(name, {})[attribute] = value
    return data, params


def _free_name(taken: Container[str], name: str, counts: dict[str, int]) -> str:
    candidate = name
    while candidate in taken:
        counts[name] = counts.get(name, 1) + 1
        candidate = f"{name}#{counts[name]}"
    return candidate


def read_body(body: bytes) -> tuple[Data, Params]:
    """Factors and parameters of a CP body, by the patient way."""
    try:
        return group(items(body.decode("utf-8")))
    except UnicodeDecodeError:
        # Latin-1 keeps every byte, so each value can be judged by itself afterwards: one log
        # entry in GB18030 must not spoil its neighbours.  No separator occurs inside GB18030.
        pairs = items(body.decode("latin-1"))
        return group((_again(key), _again(value)) for key, value in pairs)


def _again(latin: str) -> str:
    return text_of(latin.encode("latin-1"))
