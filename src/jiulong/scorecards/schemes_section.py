"""The section `schemes` of packs: the rules of contests. A change makes a new version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db.models import Max
from django.utils.translation import get_language, gettext_lazy

from jiulong.packs.sections import Change, Context, Fault, Section, differences, register
from jiulong.scorecards import standing_digests
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.models import SchemeVersion
from jiulong.scorecards.standing_specs import as_json, indicators

SCHEMES: Final = "schemes"


def _code(item: Scheme) -> str:
    return item.code


def _check(items: Sequence[Scheme], context: Context) -> Iterator[Fault]:
    language = get_language() or "zh"
    for n, item in enumerate(items):
        for fault in item.faults():
            told = fault.refusal.text(language) if fault.refusal else fault.message
            yield Fault((n, *fault.path), told)
        yield from _unknown(n, item, context)


def _unknown(n: int, item: Scheme, context: Context) -> Iterator[Fault]:
    """Subjects, indicators and matters that nobody defines."""
    subjects = context.known.items("subjects")
    marks = {mark for one in subjects for mark in (one.code, *one.tags)}
    marks |= {code for one in subjects if one.each for code in one.each.units}
    for m, group in enumerate(item.groups):
        for k, mark in enumerate(group.subjects if isinstance(group.subjects, list) else ()):
            if mark not in marks:
                yield from context.unknown((n, "groups", m, "subjects", k), "subjects", mark)
    for code in sorted(indicators(item)):
        yield from context.unknown((n,), "indicators", code)
    for m, rule in enumerate(item.consequences):
        if rule.matter:
            yield from context.unknown((n, "consequences", m, "matter"), "matters", rule.matter)


def newest() -> dict[str, SchemeVersion]:
    """Code → the newest version in force."""
    rows = SchemeVersion.objects.filter(state=SchemeVersion.State.ADOPTED).order_by("version")
    return {row.code: row for row in rows}


def _plan(items: Sequence[Scheme], context: Context) -> Sequence[Change]:
    stored = {code: row.spec for code, row in newest().items()}
    held = context.held.get(SCHEMES, frozenset())
    return differences(items, stored, held=held, code=_code, wanted=as_json)


def _apply(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "retire":
            SchemeVersion.objects.filter(code=change.key).update(state=SchemeVersion.State.RETIRED)
        elif change.kind != "same":
            _write(change.item, context)


def _write(item: Scheme, context: Context) -> None:
    versions = SchemeVersion.objects.filter(code=item.code)
    last = versions.aggregate(last=Max("version"))["last"] or 0
    spec = as_json(item)
    SchemeVersion.objects.create(
        code=item.code, version=last + 1, pack=context.pack, spec=spec,
        digest=standing_digests.digest(spec), state=SchemeVersion.State.ADOPTED,
        effective_from=item.effective_from, effective_to=item.effective_to,
        made_by=context.actor, made_at=context.now,
        adopted_by=context.actor, adopted_at=context.now,
    )  # fmt: skip


def _export(pack: str) -> Sequence[dict[str, Any]]:
    return [row.spec for row in newest().values() if row.pack == pack]


def register_section() -> None:
    """Called once when the apps are ready."""
    register(
        Section(
            key=SCHEMES, label=gettext_lazy("Schemes"), model=Scheme, order=80, code=_code,
            plan=_plan, apply=_apply, check=_check, export=_export,
        )
    )  # fmt: skip
