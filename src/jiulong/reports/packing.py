"""The section `account_rankings` of packs: by which formula accounts rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiulong.packs.sections import Change, Context, Section, differences, register
from jiulong.reports.models import RankingRule
from jiulong.reports.ranking import BOX, RankingItem

KEY = "account_rankings"


def _json(item: Any) -> dict[str, Any]:
    return dict(item.model_dump(mode="json"))


def _code(item: Any) -> str:
    return str(item.of)


def _plan(items: Sequence[Any], context: Context) -> Sequence[Change]:
    stored = {row.of: row.content for row in RankingRule.objects.all()}
    held = context.held.get(KEY, frozenset())
    return differences(items, stored, held=held, wanted=_json, code=_code)


def _apply(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "retire":
            RankingRule.objects.filter(of=change.key).delete()
        elif change.kind != "same":
            values = {"pack": context.pack, "content": _json(change.item)}
            RankingRule.objects.update_or_create(of=change.key, defaults=values)


def _export(pack: str) -> Sequence[dict[str, Any]]:
    return [row.content for row in RankingRule.objects.filter(pack=pack)]


def register_sections() -> None:
    """Called once when the apps are ready."""
    register(
        Section(
            key=KEY,
            model=RankingItem,
            order=46,
            plan=_plan,
            apply=_apply,
            export=_export,
            code=_code,
            built_in={name: item.title for name, item in BOX.items()},
            label=_("Rankings of accounts"),
        )
    )
