"""Which columns the ledger of abnormal data has, in which order, and what stands in them.

Data of packs (section `desk_ledgers`): offices differ in their columns, and what a case calls its
tasks is the pack's affair. Without a pack the box has a ledger that needs no casework.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from pydantic import Field

from jiulong.duty.models import LedgerLayout
from jiulong.packs.sections import Change, Context, Fault, Item, Section, differences, no_such
from jiulong.packs.sections import register as offer
from jiulong.packs.text import Text

KEY: Final = "desk_ledgers"
#: What a column may show of a finding, its alarm and the alarm's case.
SOURCES: Final = (
    "serial", "date", "enterprise", "outfall", "outfall_code", "point", "factor", "period",
    "value", "limit", "multiple", "unit", "rule", "kind", "severity", "case", "stage", "outcome",
    "handler",
)  # fmt: skip
#: `task.KEY.FIELD`, `task.KEY` (its words), `reply.FIELD`.
PREFIXES: Final = ("task.", "reply.")


class Column(Item):
    """One column. Several sources are joined; what is empty is left out."""

    label: Text = Field(description="head of the column, as the form has it")
    of: list[str] = Field(
        min_length=1,
        description="what stands in it: " + ", ".join(SOURCES)
        + "; `task.KEY.FIELD`, `task.KEY`, `reply.FIELD` of the case",
    )  # fmt: skip
    width: int = Field(default=12, ge=3, le=80, description="in half-width signs, for sheets")


class Layout(Item):
    """The ledger of abnormal data of a desk: title and columns in the official order."""

    key: str = Field(description="its name, unique over all packs", max_length=80)
    title: Text = Field(description="stands above the table")
    columns: list[Column] = Field(min_length=1, max_length=40, description="from left to right")


def _column(zh: str, en: str, width: int, *of: str) -> Column:
    return Column(label=Text(zh, en), of=list(of), width=width)


#: 序号 日期 企业 排口 因子 时段 监测值 限值 超标倍数 异常类型 … 经办人 [seed 004, D]
BOX: Final = Layout(
    key="box",
    title=Text("异常数据台账", "Ledger of abnormal data"),
    columns=[
        _column("序号", "No.", 6, "serial"),
        _column("日期", "Date", 12, "date"),
        _column("企业", "Enterprise", 24, "enterprise"),
        _column("排口", "Outfall", 14, "outfall"),
        _column("因子", "Factor", 12, "factor"),
        _column("时段", "Time", 18, "period"),
        _column("监测值", "Value", 10, "value"),
        _column("限值", "Limit", 10, "limit"),
        _column("超标倍数", "Multiple", 10, "multiple"),
        _column("异常类型", "What is wrong", 14, "rule"),
        _column("企业说明", "Explanation", 24, "task.statement"),
        _column("核实情况", "What was seen", 24, "task.remote"),
        _column("处理结果", "What came of it", 18, "outcome", "stage"),
        _column("经办人", "Handled by", 10, "handler"),
    ],
)


def layout() -> Layout:
    """The layout in force: the pack's, else that of the box."""
    row = LedgerLayout.objects.filter(retired_at=None).order_by("code").first()
    return Layout.model_validate(row.spec) if row else BOX


def _check(items: Sequence[Layout], _context: Context) -> Sequence[Fault]:
    return [
        Fault((index, "columns", place, "of", number), no_such(_("sources"), source, SOURCES))
        for index, item in enumerate(items)
        for place, column in enumerate(item.columns)
        for number, source in enumerate(column.of)
        if source not in SOURCES and not source.startswith(PREFIXES)
    ]


def _wanted(item: Any) -> dict[str, Any]:
    return dict(item.model_dump(mode="json"))


def _plan(items: Sequence[Layout], context: Context) -> Sequence[Change]:
    stored = {row.code: row.spec for row in LedgerLayout.objects.filter(retired_at=None)}
    return differences(items, stored, held=context.held.get(KEY, frozenset()), wanted=_wanted)


def _apply(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "retire":
            LedgerLayout.objects.filter(code=change.key).update(retired_at=context.now)
        elif change.kind != "same":
            values = {"pack": context.pack, "spec": _wanted(change.item), "retired_at": None}
            LedgerLayout.objects.update_or_create(code=change.key, defaults=values)


def _export(pack: str) -> Sequence[dict[str, Any]]:
    return [dict(row.spec) for row in LedgerLayout.objects.filter(pack=pack, retired_at=None)]


def register() -> None:
    """Offer the section to packs."""
    from django.utils.translation import gettext_lazy  # noqa: PLC0415 - `_` here is not lazy

    offer(
        Section(
            key=KEY, label=gettext_lazy("Ledgers of the desk"), model=Layout, order=76,
            plan=_plan, apply=_apply, check=_check, export=_export,
        )
    )  # fmt: skip
