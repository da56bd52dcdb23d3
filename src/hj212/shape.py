"""The fast reader of a CP body, for bodies of a known shape.

A logger repeats the same keys in the same order for years; only the values move.  A `Shape` is
that sequence of keys, compiled once to a pattern with one group for every value and to a function
that lays the values out as nested dictionaries.  What the nesting is, the patient reader decides
(it groups numbered placeholders instead of values), so the two cannot disagree about structure;
and the pattern admits only values on which they cannot disagree either.  Anything else is left to
the patient reader.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from hj212.body import Data, Params, group
from hj212.header import Head, evict_oldest
from hj212.text import number

SHAPES_MAX = 1024  # distinct key sequences remembered; a county has a few dozen
SHAPE_ITEMS_MAX = 250  # 950 bytes of CP hold fewer; bounds the cost of compiling to some 8 ms
SHAPE_ITEMS_TOTAL = 32_768  # of all remembered together, 0.3 to 0.5 KB each: 16 MB at most
SHAPE_SIGHTINGS = 2  # compile only what comes again, so that junk stays cheap
# Compiling an item (30 us) costs as much as reading so many patiently (0.8 us).  Beyond one full
# cache, we compile only so much as we read patiently: whoever sends ever new shapes can then at
# most double the cost of his frames.
COMPILE_COST = 40

_CANONICAL = re.compile(
    r"[A-Za-z0-9_]{1,40}(?:-[A-Za-z0-9]{1,20})?=[0-9A-Za-z.+\-:]*"
    r"(?:[;,][A-Za-z0-9_]{1,40}(?:-[A-Za-z0-9]{1,20})?=[0-9A-Za-z.+\-:]*)*"
)
_VALUES = re.compile(r"=[^;,]*")
_KEYS = re.compile(r"([;,]?)([A-Za-z0-9_]+(?:-[A-Za-z0-9]+)?)=")
_TEXT = r"([0-9A-Za-z.+\-:]*)"
# No letters and at most 14 digits: float() then knows neither nan, inf, 1_0 nor what is beyond
# NUMBER_BOUND; longer ones are read with patience.
_NUMERIC = r"([0-9.+\-]{0,14})"

# Which attribute is *the* value of a factor, first match wins; DESIGN: one value a factor a frame.
_VALUE = ("Rtd", "Avg", "RS", "RT", "Data")
_CONVERTED = ("ZsRtd", "ZsAvg")
_NUMBERS = frozenset((*_VALUE, *_CONVERTED, "Min", "Max", "Cou", "ZsMin", "ZsMax"))

Values = list[float | None]


class Columns(NamedTuple):
    """One frame as parallel columns, one entry per factor; a column nobody sent is None."""

    factors: tuple[str, ...]  # the same object for every frame of one shape
    values: Values  # Rtd, or Avg, or the state or run time of a device
    minima: Values | None
    maxima: Values | None
    totals: Values | None  # Cou
    flags: tuple[str, ...]  # as sent, '' where none was
    converted: Values | None  # ZsRtd or ZsAvg, flue gas at reference oxygen


def columns_of(data: Data) -> Columns:
    """Columns by the patient way."""
    rows = list(data.values())

    def column(*names: str) -> Values:
        return [number(next((r[name] for name in names if name in r), "")) for r in rows]

    def optional(*names: str) -> Values | None:
        return column(*names) if any(name in row for row in rows for name in names) else None

    return Columns(
        tuple(data), column(*_VALUE), optional("Min"), optional("Max"), optional("Cou"),
        tuple(row.get("Flag", "") for row in rows), optional(*_CONVERTED),
    )  # fmt: skip


Build = Callable[..., tuple[Data, Params]]
Pick = Callable[..., tuple[tuple[str, ...], ...]]


class Shape:
    """A compiled key sequence."""

    __slots__ = (
        "__weakref__", "_build", "_pick", "_present", "datatime", "factors", "items", "match",
    )  # fmt: skip

    def __init__(self, skeleton: str) -> None:
        found = _KEYS.findall(skeleton)
        self.items = len(found)
        self.match = re.compile("".join(_item_pattern(mark, key) for mark, key in found)).fullmatch
        data, params = group((key, index) for index, (_, key) in enumerate(found))
        self.factors = tuple(data)
        self.datatime = params.get("DataTime", -1)
        arguments = ",".join(f"v{index}" for index in range(len(found)))
        self._build: Build = _function(arguments, f"({_nested(data)},{_flat(params)})")
        columns = [_column(data, names) for names in _COLUMNS]
        self._present = tuple(any(place >= 0 for place in column) for column in columns)
        self._pick: Pick = _function(arguments, f"({''.join(map(_picked, columns))})")

    def data(self, values: Sequence[str]) -> tuple[Data, Params]:
        return self._build(*values)

    def columns(self, values: Sequence[str]) -> Columns:
        main, minima, maxima, totals, converted, flags = self._pick(*values)
        _, has_minima, has_maxima, has_totals, has_converted, _ = self._present
        return Columns(
            self.factors,
            _numbers(main),
            _numbers(minima) if has_minima else None,
            _numbers(maxima) if has_maxima else None,
            _numbers(totals) if has_totals else None,
            flags,
            _numbers(converted) if has_converted else None,
        )


_COLUMNS = (_VALUE, ("Min",), ("Max",), ("Cou",), _CONVERTED, ("Flag",))


def _numbers(texts: tuple[str, ...]) -> Values:
    try:
        return list(map(float, texts))
    except ValueError:
        return [number(text) for text in texts]


def _item_pattern(mark: str, key: str) -> str:
    attribute = key.partition("-")[2]
    return f"{mark}{re.escape(key)}={_NUMERIC if attribute in _NUMBERS else _TEXT}"


def _column(data: dict[str, dict[str, int]], names: Sequence[str]) -> list[int]:
    """For each factor the place of the first of these attributes that it has, -1 if none."""
    return [next((row[n] for n in names if n in row), -1) for row in data.values()]


def _picked(places: list[int]) -> str:
    if all(place < 0 for place in places):
        return f"{('',) * len(places)!r},"
    return "(" + "".join("''," if place < 0 else f"v{place}," for place in places) + "),"


def _flat(row: dict[str, int]) -> str:
    return "{" + ",".join(f"{key!r}:v{place}" for key, place in row.items()) + "}"


def _nested(data: dict[str, dict[str, int]]) -> str:
    return "{" + ",".join(f"{key!r}:{_flat(row)}" for key, row in data.items()) + "}"


def _function(arguments: str, body: str) -> Any:
    """A function from source: a dictionary display is twice as fast as any loop over zip().

    The source holds nothing from the wire but keys that matched `_CANONICAL`, as literals.
    """
    return eval(f"lambda {arguments}: {body}", {})  # noqa: S307


class Shapes:
    """The shapes used lately: as many as `SHAPES_MAX`, of `SHAPE_ITEMS_TOTAL` items together.

    It alone keeps shapes alive (but for frames still in use): heads refer to them weakly.
    """

    def __init__(self) -> None:
        self._known: dict[str, Shape] = {}
        self._sightings: dict[int, int] = {}  # by hash: skeletons are long, and a clash is harmless
        self._credit = float(SHAPE_ITEMS_TOTAL)  # items that may be compiled

    def of(self, body: str) -> Shape | None:
        """The shape of a body, or None: read it patiently."""
        if not _CANONICAL.fullmatch(body):
            return None
        skeleton = _VALUES.sub("=", body)
        shape = self._known.pop(skeleton, None)
        if shape is None:
            if not self._worth_compiling(skeleton):
                return None
            shape = Shape(skeleton)
            self._make_room(shape.items)
        self._known[skeleton] = shape  # put back as the youngest
        return shape

    def _worth_compiling(self, skeleton: str) -> bool:
        items = skeleton.count("=")
        self._credit = min(self._credit + items / COMPILE_COST, SHAPE_ITEMS_TOTAL)
        if items > SHAPE_ITEMS_MAX:
            return False
        key = hash(skeleton)
        seen = self._sightings.get(key, 0) + 1
        if len(self._sightings) >= SHAPES_MAX:
            self._sightings.clear()
        self._sightings[key] = seen
        if seen < SHAPE_SIGHTINGS or self._credit < items:
            return False
        self._credit -= items
        return True

    def _make_room(self, items: int) -> None:
        """Counted anew each time, a few microseconds: a running total would drift with threads."""
        total = items + sum(shape.items for shape in list(self._known.values()))
        while len(self._known) >= SHAPES_MAX or total > SHAPE_ITEMS_TOTAL:
            oldest = evict_oldest(self._known)
            if oldest is None:
                return
            total -= oldest.items


_shapes = Shapes()


def shape_of(body: str, head: Head) -> Shape | None:
    """The shape of a body that did not fit its device's last one; remembered in `head`."""
    shape = _shapes.of(body)
    if shape is not None:
        head.shape = weakref.ref(shape)
    return shape
