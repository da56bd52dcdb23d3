"""Section `rule_sets` of packs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiulong.packs.sections import Change, Context, Fault, Section, differences, register
from jiulong.packs.text import Text
from jiulong.upkeep.models import Provision
from jiulong.validity.engine.rules import RULE_SETS
from jiulong.validity.rule_sets import SECTION, RuleSetItem
from jiulong.validity.setting_back import rules_changed


def _json(item: Any) -> dict[str, Any]:
    return dict(item.model_dump(mode="json", exclude_none=True))


def _plan(items: Sequence[RuleSetItem], context: Context) -> Sequence[Change]:
    stored = {row.code: row.content for row in Provision.objects.filter(section=SECTION)}
    held = context.held.get(SECTION, frozenset())
    return differences(items, stored, held=held, wanted=_json)


def _apply(changes: Sequence[Change], context: Context) -> None:
    touched: list[date] = []
    stored = Provision.objects.filter(section=SECTION)
    for change in changes:
        if change.kind != "same":
            before = stored.filter(code=change.key).values_list("content", flat=True).first()
            touched += _starts(change, before)
        if change.kind == "retire":
            Provision.objects.filter(section=SECTION, code=change.key).delete()
        elif change.kind != "same":
            values = {"pack": context.pack, "content": _json(change.item)}
            Provision.objects.update_or_create(section=SECTION, code=change.key, defaults=values)
    if touched:
        rules_changed(min(touched))


def _starts(change: Change, before: dict[str, Any] | None) -> list[date]:
    """From when on days may come out otherwise: the first days of the old set and the new one."""
    contents = [before or {}, {} if change.kind == "retire" else _json(change.item)]
    found = [one["effective_from"] for one in contents if "effective_from" in one]
    own = RULE_SETS.get(change.key)
    return [*map(date.fromisoformat, found), *([own.effective_from] if own else [])]


def _export(pack: str) -> Sequence[dict[str, Any]]:
    return [row.content for row in Provision.objects.filter(section=SECTION, pack=pack)]


def _check(items: Sequence[RuleSetItem], _context: Context) -> Iterator[Fault]:
    for index, item in enumerate(items):
        if item.effective_to is not None and item.effective_to < item.effective_from:
            told = _t("%(end)s lies before the first day, %(start)s")
            words = {"end": item.effective_to, "start": item.effective_from}
            yield Fault((index, "effective_to"), told % words)


def register_section() -> None:
    """Offer the rule sets to packs."""
    register(Section(
        key=SECTION, label=_("Rule sets of valid data"), model=RuleSetItem, order=46, plan=_plan,
        apply=_apply, check=_check, export=_export,
        built_in={code: Text(zh=one.name, en=one.name_en) for code, one in RULE_SETS.items()},
    ))  # fmt: skip
