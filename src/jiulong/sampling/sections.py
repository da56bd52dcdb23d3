"""The sections `sampling_rules` and `sample_hold_times` of packs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, field_validator, model_validator

from jiulong.monitoring.judgements import rules
from jiulong.packs.sections import (
    Change,
    Context,
    Fault,
    Item,
    Section,
    differences,
    no_such,
    register,
)
from jiulong.sampling.models import HoldTime, SamplingRule
from jiulong.sampling.schedule import read_window

RULES: Final = "sampling_rules"
HOLDS: Final = "sample_hold_times"


class RuleItem(Item):
    """When a sample is ordered without anybody asking.

    `on: finding` orders at once when the judge finds something bad enough; `on: random` draws
    points unannounced, by a seed whose digest is published before.
    """

    key: str = Field(description="its name, unique over all packs", max_length=80)
    on: Literal["finding", "random"] = Field(description="after a finding · by draw")
    reason: str = Field(max_length=120, description="stands on the sample")
    purpose: Literal["enforcement", "check"] = Field(
        default="enforcement", description="for enforcement · as a check"
    )
    trigger: Literal["alarm", "suspicion"] = Field(
        default="alarm", description="for `finding`: an exceedance · a suspicion"
    )
    kinds: list[str] = Field(default=[], description="for `finding`: rules of the judge")
    severities: list[Literal["information", "warning", "serious"]] = Field(
        default=[], description="for `finding`: which severities; empty: all"
    )
    multiple: str | None = Field(
        default=None, description="for `finding`: value ÷ limit − 1 above which it is ordered"
    )
    fresh_minutes: int = Field(
        default=150, ge=1, le=1440,
        description="for `finding`: how long ago it may have been seen to hold last; hourly "
        "values bear the start of their hour",
    )  # fmt: skip
    every_days: int = Field(default=7, ge=1, le=366, description="for `random`: how often")
    window: str = Field(default="00:00-23:59", description="for `random`: between which times")
    count: int = Field(default=1, ge=1, le=100, description="for `random`: how many points")

    @field_validator("multiple")
    @classmethod
    def _number(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"\d+(\.\d+)?", value, re.ASCII):
            raise ValueError(f"{value!r} is no number like 1.0")
        return value

    @field_validator("window")
    @classmethod
    def _window(cls, value: str) -> str:
        read_window(value)
        return value

    @model_validator(mode="after")
    def _whole(self) -> RuleItem:
        if self.on == "finding" and not self.kinds:
            raise ValueError("a rule on findings names their kinds")
        return self


class HoldItem(Item):
    """How long a factor may wait for analysis, where this site's norm says otherwise."""

    factor: str = Field(description="code of the factor, e.g. w01018")
    hours: int = Field(ge=1, le=24 * 366, description="from sampling to analysis")
    source: str = Field(max_length=200, description="norm and clause")


def _wanted(item: Any) -> dict[str, Any]:
    return dict(item.model_dump(mode="json"))


def _plan_rules(items: Sequence[RuleItem], context: Context) -> Sequence[Change]:
    rows = SamplingRule.objects.filter(retired_at=None)
    stored = {row.code: row.spec for row in rows}
    held = context.held.get(RULES, frozenset())
    return differences(items, stored, held=held, wanted=_wanted)


def _apply_rules(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "retire":
            SamplingRule.objects.filter(code=change.key).update(retired_at=context.now)
        elif change.kind != "same":
            values = {"pack": context.pack, "spec": _wanted(change.item), "retired_at": None}
            SamplingRule.objects.update_or_create(code=change.key, defaults=values)


def _check_rules(items: Sequence[RuleItem], _context: Context) -> Iterator[Fault]:
    known = rules()
    for index, item in enumerate(items):
        for place, kind in enumerate(item.kinds):
            if kind not in known:
                what = _("rules of the judge")
                yield Fault((index, "kinds", place), no_such(what, kind, known))


def _export_rules(pack: str) -> Sequence[dict[str, Any]]:
    rows = SamplingRule.objects.filter(pack=pack, retired_at=None)
    return [dict(row.spec) for row in rows]


def _factor(item: Any) -> str:
    return str(item.factor)


def _plan_holds(items: Sequence[HoldItem], context: Context) -> Sequence[Change]:
    stored = {
        row.factor_code: {"factor": row.factor_code, "hours": row.hours, "source": row.source}
        for row in HoldTime.objects.all()
    }
    held = context.held.get(HOLDS, frozenset())
    return differences(items, stored, held=held, code=_factor, wanted=_wanted)


def _apply_holds(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "retire":
            HoldTime.objects.filter(factor_code=change.key).delete()
        elif change.kind != "same":
            values = {
                "hours": change.item.hours, "source": change.item.source, "pack": context.pack,
            }  # fmt: skip
            HoldTime.objects.update_or_create(factor_code=change.key, defaults=values)


def register_sections() -> None:
    """Offer both sections."""
    register(Section(
        key=RULES, label=gettext_lazy("Sampling rules"), model=RuleItem, order=72,
        plan=_plan_rules, apply=_apply_rules, check=_check_rules, export=_export_rules,
    ))  # fmt: skip
    register(Section(
        key=HOLDS, label=gettext_lazy("Hold times of samples"), model=HoldItem, order=71,
        code=_factor, plan=_plan_holds, apply=_apply_holds,
    ))  # fmt: skip
