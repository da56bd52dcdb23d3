"""What scoring gives: standings, each open down to the observations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from jiulong.rounding import text
from jiulong.scorecards.engine.bulk import undisturbed
from jiulong.scorecards.engine.numbers import exact_text
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.words import CHINESE, Labels, Language, Step

INDENT = "  "


class Scored(NamedTuple):
    """The points of one criterion.

    Args:
        criterion: its key; contest: the contest's key, "" beside all contests.
        points: as they count, rounded by the scheme.
        out_of: full marks, after weights of missing criteria were shared out; 0 for extras.
        weight: as the scheme has it.
        explain: how the points came about, down to the observations.
        missing: what was done for lack of data; None: there were data.
    """

    criterion: str
    contest: str
    points: Decimal
    out_of: Decimal
    weight: Decimal
    explain: Step
    missing: str | None = None

    def text(self, language: Language = CHINESE, labels: Labels | None = None) -> str:
        """The explanation, a sentence a line, what it rests on indented beneath."""
        return told(self.explain, language, labels or {})


def _told_tree(tree: dict[str, Any], depth: int = 0) -> Iterator[str]:
    """The same lines out of the JSON, where every sentence is said already."""
    yield INDENT * depth + tree["text"]
    for inner in tree["steps"]:
        yield from _told_tree(inner, depth + 1)


def told(step: Step, language: Language, labels: Labels) -> str:
    """The sentence, and indented beneath it what it was worked out from."""
    return "\n".join(_lines(step, language, labels, 0))


def _lines(step: Step, language: Language, labels: Labels, depth: int) -> Iterator[str]:
    yield INDENT * depth + step.text(language, labels)
    for inner in step.steps:
        yield from _lines(inner, language, labels, depth + 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a subject stands in its group. The points of `criteria` add up to `score`.

    Args:
        rank: from 1; those that are not rated stand behind all that are.
        class_: its class; None: there is none.
        veto: whether it was struck.
        rated: False: for lack of data, or exempt.
        gap_to_next: points to the next better rank; None: nobody is before it.
        count: rated subjects of the group.
        notes: about class, veto, rating.
    """

    subject: str
    group: str
    score: Decimal
    rank: int
    class_: str | None
    criteria: tuple[Scored, ...]
    veto: bool
    rated: bool
    gap_to_next: Decimal | None
    count: int
    notes: tuple[Step, ...] = ()

    def contest_points(self) -> dict[str, Decimal]:
        """Contest → points; "" for what stands beside all contests."""
        found: dict[str, Decimal] = {}
        for one in self.criteria:
            found[one.contest] = found.get(one.contest, Decimal(0)) + one.points
        return found


@dataclass(frozen=True, slots=True)
class Result:
    """The standings of a period: groups in the scheme's order, ranks, then subjects."""

    scheme: Scheme
    period: str
    standings: tuple[Standing, ...]

    def of(self, subject: str) -> Standing:
        """A subject's standing.

        Raises:
            KeyError: it takes no part.
        """
        for one in self.standings:
            if one.subject == subject:
                return one
        raise KeyError(subject)

    def as_json(self, language: Language = CHINESE) -> dict[str, Any]:
        """What `jiulong score --json` prints."""
        labels = self.scheme.labels
        with undisturbed():
            return {"standings": [_standing(one, language, labels) for one in self.standings]}


def _standing(one: Standing, language: Language, labels: Labels) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "group": one.group,
        "score": text(one.score),
        "rank": one.rank,
        "class": one.class_,
        "rated": one.rated,
        "veto": one.veto,
        "gap_to_next": None if one.gap_to_next is None else text(one.gap_to_next),
        "of": one.count,
        "notes": [step.text(language, labels) for step in one.notes],
        "criteria": [_scored(scored, language, labels) for scored in one.criteria],
    }


def _scored(one: Scored, language: Language, labels: Labels) -> dict[str, Any]:
    steps = one.explain.as_json(language, labels)
    return {
        "criterion": one.criterion,
        "points": text(one.points),
        "explain": "\n".join(_told_tree(steps)),
        "contest": one.contest,
        "out_of": exact_text(one.out_of),
        "weight": exact_text(one.weight),
        "missing": one.missing,
        "steps": steps,
    }
