"""Ranking by a published rule: a formula over the figures of the account, printed beside it.

A pack may say another rule (`account_rankings`); without one the box's holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints, field_validator

from jiulong.packs.sections import Item
from jiulong.packs.text import Text
from jiulong.registers import formulas
from jiulong.registers.fields import ComputedField
from jiulong.reports.figures import text
from jiulong.reports.models import RankingRule

PLACES: Final = 2
#: What a formula may name, with what it is. Shares are between 0 and 1.
FIGURES: Final[dict[str, str | Promise]] = {
    "within": _("share of outfall-days within the limits"),
    "over": _("number of outfall-days over the limits"),
    "transmission": _("transmission rate"),
    "validity": _("validity rate"),
    "transmission_validity": _("transmission-validity rate"),
    "online": _("online rate"),
    "marking": _("marking rate"),
    "feedback": _("feedback rate"),
    "passed": _("share of checks of instruments that were passed"),
    "checks": _("number of checks of instruments"),
    "late_faults": _("faults that were reported late"),
    "points": _("number of points"),
}


class RankingItem(Item):
    """How an account ranks enterprises or operating firms: a formula over its figures.

    Higher is better. Who lacks a figure that the formula names is not ranked and stands below.
    """

    of: Literal["enterprises", "operators"] = Field(description="who is ranked")
    title: Text = Field(description="what the ranking is called")
    formula: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(
        description="+ - * / ( ), numbers and figures: " + ", ".join(FIGURES)
    )
    source: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="the document that published the rule"
    )

    @field_validator("formula")
    @classmethod
    def _known(cls, value: str) -> str:
        named = formulas.names(value)
        unknown = (named.numbers | named.days) - FIGURES.keys()
        if unknown:
            raise ValueError(f"no such figure: {', '.join(sorted(unknown))}")
        return value


#: Nothing prescribes a ranking; these weigh what DOMAIN A5 and A8 measure, in the order of what
#: the law asks: first the limits, then data that count, then the line.
BOX: Final = {
    "enterprises": RankingItem(
        of="enterprises",
        title=Text("企业综合得分", "Score of enterprises"),
        formula="60 * within + 30 * transmission_validity + 10 * online",
        source="Jiulong",
    ),
    "operators": RankingItem(
        of="operators",
        title=Text("运维单位综合得分", "Score of operating firms"),
        formula="60 * transmission_validity + 25 * online + 15 * passed",
        source="Jiulong",
    ),
}


def rule(of: str) -> RankingItem:
    """The rule in force for enterprises or operators."""
    row = RankingRule.objects.filter(of=of).first()
    return RankingItem.model_validate(row.content) if row else BOX[of]


def ranked(by: RankingItem, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with `score` and `rank`, best first; equal scores share a rank."""
    field = ComputedField.model_validate(
        {
            "key": "score",
            "type": "computed",
            "label": "score",
            "formula": by.formula,
            "decimals": PLACES,
        }
    )
    scored = [{**row, "score": formulas.reckon(field, row, date.min)} for row in rows]
    scored.sort(key=lambda row: (row["score"] is None, -Decimal(row["score"] or 0), row["name"]))
    for place, row in enumerate(scored, start=1):
        before = scored[place - 2] if place > 1 else None
        same = before is not None and before["score"] == row["score"]
        row["rank"] = None if row["score"] is None else before["rank"] if same and before else place
        row["score"] = text(Decimal(row["score"])) if row["score"] is not None else None
    return scored
