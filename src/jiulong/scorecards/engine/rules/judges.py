"""Judges: the robust mean of their scores, out of a given best score."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from jiulong.scorecards.engine.judging import robust_mean
from jiulong.scorecards.engine.names import Indicator, Number
from jiulong.scorecards.engine.numbers import HUNDRED, ONE, ZERO, exact_text, settled
from jiulong.scorecards.engine.readings import Figure, Gap, look_up
from jiulong.scorecards.engine.rules.base import Column, Mark, Rule, awarded, no_data
from jiulong.scorecards.engine.words import Code, Params, Step


class Judges(Rule):
    """The mean of judges' scores without the highest and lowest, too few of them: no data.

    Each judge's score is an observation `<value>#1`, `#2` … – numbers, not names, so that judging
    stays blind; or `<value>` itself is the mean that was formed elsewhere.
    """

    kind: Literal["judges"]
    value: Indicator | None = Field(
        default=None, description="observation of the scores; by default `judging@<criterion>`"
    )
    out_of: Number = Field(default=HUNDRED, gt=0, description="a judge's best score")
    trim: int = Field(default=1, ge=0, le=20, description="so many are left out at each end")
    minimum: int = Field(default=3, ge=1, le=100, description="fewer scores are no data")

    @property
    def missing_by_default(self) -> Literal["not_rated"]:
        return "not_rated"

    def facts(self) -> Iterator[str]:
        if self.value is not None:
            yield self.value

    def marks(self, column: Column) -> dict[str, Mark]:
        code = self.value or f"judging@{column.criterion}"
        found = {}
        for subject in column.subjects:
            figure = self._figure(column, subject, code)
            if isinstance(figure, Gap):
                found[subject] = no_data(figure)
                continue
            share = min(max(settled(figure.value / self.out_of), ZERO), ONE)
            found[subject] = awarded(column.full, share, figure.steps)
        return found

    def _figure(self, column: Column, subject: str, code: str) -> Figure | Gap:
        source = column.source
        rows = [
            row
            for part in source.observations.parts(subject, code)
            if (row := source.observations.row(subject, part, source.period)) is not None
        ]
        if not rows:
            return look_up(source, subject, code)
        judged = robust_mean([row.value for row in rows], self.trim, self.minimum)
        if judged.mean is None:
            fewest = max(self.minimum, 2 * self.trim + 1)
            told: Params = {"count": len(rows), "minimum": fewest}
            return Gap(Step("too_few_judges", told, None, tuple(rows)))
        params: Params = {
            "indicator": Code(code),
            "count": len(rows),
            "dropped": _listed(judged.dropped),
            "mean": judged.mean,
            "out_of": self.out_of,
        }
        return Figure(judged.mean, (Step("judged", params, judged.mean, tuple(rows)),))


def _listed(scores: tuple[Decimal, ...]) -> str:
    return ", ".join(exact_text(score) for score in scores) or "–"
