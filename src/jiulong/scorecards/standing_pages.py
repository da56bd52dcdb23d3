"""What the pages of standings show, made from rows: lines of the table, chart, trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from jiulong.packs.text import Text
from jiulong.scorecards.engine.names import Name
from jiulong.scorecards.engine.observations import Row
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.words import Step
from jiulong.scorecards.models import Outcome, Standing, StandingRow
from jiulong.scorecards.queries.standings import Past
from jiulong.scorecards.standing_rules import is_open

LIGHTS = {
    Standing.State.COMPUTED: "none",
    Standing.State.DISPUTABLE: "near",
    Standing.State.FROZEN: "told",
    Standing.State.PUBLISHED: "met",
}
#: In the place of a figure of somebody else.
HIDDEN = "…"
#: What a point may rest on, and the page that shows it.
_REFS: Final[Mapping[str, tuple[Any, str]]] = {
    "scorecards.observation": (gettext_lazy("Value"), "scorecards:figure"),
    "scorecards.target": (gettext_lazy("Target"), ""),
    "scorecards.adjustment": (gettext_lazy("Filed and confirmed"), "scorecards:adjustment"),
    "scorecards.judgescore": (gettext_lazy("A judge's marks"), ""),
}
#: Size of a trend line in pixels.
SPARK_WIDTH, SPARK_HEIGHT = 96, 24


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    row: StandingRow
    score: str
    gap: str
    moved: int | None
    points: Sequence[tuple[str, str]]  # points and full marks by contest
    own: bool
    waiting: int  # objections without an answer
    outcomes: Sequence[Outcome]
    spark: str = ""  # points of a polyline
    full: bool = True  # no: rank and class alone

    @property
    def up(self) -> int:
        """Places won, lost where negative."""
        return self.moved or 0

    @property
    def down(self) -> int:
        return -self.up


def lines(
    rows: Sequence[StandingRow], scheme: Scheme, *, own: frozenset[int],
    waiting: Mapping[int, int], outcomes: Mapping[int, Sequence[Outcome]],
    trends: Mapping[int, Sequence[Past]], gaps: bool = True,
) -> list[Line]:  # fmt: skip
    """The table's lines in the order of the rows; `gaps`: how far the next one is ahead."""
    return [
        Line(
            row=row, full=(full := is_open(row)),
            score=f"{scheme.rounded(row.score):f}" if full else "",
            gap=f"{scheme.rounded(row.gap):f}" if row.gap is not None and full and gaps else "",
            moved=None if row.rank_before is None else row.rank_before - row.rank,
            points=[(one["points"] if full else "", shown(one["out_of"])) for one in row.contests],
            own=row.pk in own, waiting=waiting.get(row.pk, 0),
            outcomes=outcomes.get(row.pk, ()), spark=spark(trends.get(row.subject_id, ())),
        )
        for row in rows
    ]  # fmt: skip


def shown(number: str) -> str:
    """A figure with two decimals at most."""
    return f"{Decimal(number).quantize(Decimal('0.01')).normalize():f}"


def spark(past: Sequence[Past]) -> str:
    """Ranks over time as points of a polyline: the first rank is at the top."""
    if len(past) < 2:
        return ""
    deepest = max(2, *(one.of for one in past))
    step = SPARK_WIDTH / (len(past) - 1)
    places = (
        (n * step, 2 + (one.rank - 1) * (SPARK_HEIGHT - 4) / (deepest - 1))
        for n, one in enumerate(past)
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def chart(lines: Sequence[Line], names: Mapping[str, Text]) -> dict[str, Any]:
    """The stacked bars: who, and the points of each contest; extras are not stacked.

    Of rows that are not read in full there is no bar.
    """
    lines = [line for line in lines if line.full]
    keys = [one["contest"] for one in lines[0].row.contests if one["contest"]] if lines else []
    return {
        "names": [line.row.subject.name for line in lines],
        "scores": [line.score for line in lines],
        "series": [
            {
                "name": str(names[key]),
                "data": [
                    next((one["points"] for one in line.row.contests if one["contest"] == key), 0)
                    for line in lines
                ],
            }
            for key in keys
        ],
    }


# --- The tree of one row ---


@dataclass(frozen=True)
class Source:
    """An observation on which a line rests."""

    indicator: str
    period: str
    value: str
    refs: Sequence[tuple[str, str]]  # words and address; the address may be empty
    revised: bool = False


@dataclass(frozen=True)
class Told:
    """One sentence of an explanation; what it was worked out from stands beneath it, deeper."""

    depth: int
    text: str
    sources: Sequence[Source]


@dataclass(frozen=True)
class Opened:
    """A criterion with its explanation."""

    key: str
    name: str
    points: str
    out_of: str
    share: int  # percent of full marks, for the bar: 0 to 120
    missing: str
    told: Sequence[Told] = field(default_factory=list)


@dataclass(frozen=True)
class OpenedContest:
    """A contest with its criteria."""

    name: str
    points: str
    out_of: str
    criteria: Sequence[Opened]


def opened(
    row: StandingRow, steps: Sequence[Step], names: Mapping[str, Text], labels: Mapping[str, Name],
    revised: frozenset[str],
) -> list[OpenedContest]:  # fmt: skip
    """All contests of a row, down to the observations; `steps` explain its criteria."""
    found = []
    for contest in row.contests:
        criteria = [
            _criterion(one, step, names, labels, revised)
            for one, step in zip(row.criteria, steps, strict=True)
            if one["contest"] == contest["contest"]
        ]
        name = str(names.get(contest["contest"], contest["contest"]))
        found.append(OpenedContest(name, contest["points"], shown(contest["out_of"]), criteria))
    return found


def _criterion(
    one: Mapping[str, Any], step: Step, names: Mapping[str, Text], labels: Mapping[str, Name],
    revised: frozenset[str],
) -> Opened:  # fmt: skip
    full, points = Decimal(one["out_of"]), Decimal(one["points"])
    key = one["criterion"]
    return Opened(
        key=key, name=str(names.get(key) or _("Limits of the scheme")), points=one["points"],
        out_of=shown(one["out_of"]), share=min(int(points * 100 / full), 120) if full else 0,
        missing=one["missing"], told=told(step, labels, revised),
    )  # fmt: skip


def told(
    step: Step, labels: Mapping[str, Name], revised: frozenset[str] = frozenset()
) -> list[Told]:
    """The sentences of an explanation, the result first."""
    return list(_walk(step, get_language() or "zh", labels, revised, 0))


def _walk(
    step: Step, language: str, labels: Mapping[str, Name], revised: frozenset[str], depth: int
) -> Iterator[Told]:
    sources = [_source(one, language, labels, revised) for one in step.rows]
    yield Told(depth, step.text(language, labels), sources)
    for inner in step.steps:
        yield from _walk(inner, language, labels, revised, depth + 1)


def _source(row: Row, language: str, labels: Mapping[str, Name], revised: frozenset[str]) -> Source:
    label = labels.get(row.indicator)
    refs = row.ref.split()
    return Source(
        indicator=label.show(language) if label else row.indicator, period=row.period,
        value=f"{row.value:f}", refs=[_ref(one) for one in refs],
        revised=any(one in revised for one in refs),
    )  # fmt: skip


def _ref(ref: str) -> tuple[str, str]:
    """A reference in words, and where it is shown."""
    kind, _slash, pk = ref.partition("/")
    words, name = _REFS.get(kind, (kind, ""))
    return f"{words} #{pk}", _at(name).replace("/0/", f"/{pk}/") if name and pk.isdecimal() else ""


@cache
def _at(name: str) -> str:
    """The address of number 0: a row has hundreds of references, and each would be worked out."""
    return reverse(name, args=[0])


def alone(step: Step) -> Step:
    """The step without figures of others: the highest and the lowest of the group."""
    params = dict(step.params)
    if step.key == "spread":
        params |= {"low": HIDDEN, "high": HIDDEN}
    return step._replace(params=params, steps=tuple(map(alone, step.steps)))


def refs_of(steps: Iterable[Step]) -> set[str]:
    """Every reference on which they rest."""
    return {ref for step in steps for ref in step.refs}
