"""Sections of packs: `bulletin_kinds`, `meeting_series`, `responsibility`,
`visit_problems`, `demo_pairings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.bulletins import kinds, targets
from jiulong.bulletins.content.registry import builders
from jiulong.bulletins.models import (
    BulletinKind,
    Letter,
    LetterScheme,
    MeetingSeries,
    Pairing,
    ProblemRule,
)
from jiulong.organisation.models import Unit, User
from jiulong.packs.sections import (
    Change,
    Context,
    Fault,
    Section,
    differences,
    no_such,
    register,
)
from jiulong.registers import numbering

KINDS: Final = "bulletin_kinds"
SERIES: Final = "meeting_series"
LETTERS: Final = "responsibility"
PROBLEMS: Final = "visit_problems"
PAIRINGS: Final = "demo_pairings"
UNITS: Final = "units"


def _code(item: Any) -> str:
    return str(item.key)


def _json(item: Any) -> dict[str, Any]:
    return dict(item.model_dump(mode="json", by_alias=True))


class _Kept:
    """Plan, apply and export of items that are kept whole as `spec` of a row."""

    def __init__(self, key: str, model: Any) -> None:
        self.key, self.model = key, model

    def plan(self, items: Sequence[Any], context: Context) -> Sequence[Change]:
        rows = self.model.objects.filter(retired_at=None).values_list("code", "spec")
        held = context.held.get(self.key, frozenset())
        return differences(items, dict(rows), held=held, wanted=_json, code=_code)

    def apply(self, changes: Sequence[Change], context: Context) -> None:
        for change in changes:
            if change.kind == "retire":
                self.model.objects.filter(code=change.key).update(retired_at=context.now)
            elif change.kind != "same":
                values = {"pack": context.pack, "spec": _json(change.item), "retired_at": None}
                self.model.objects.update_or_create(code=change.key, defaults=values)

    def export(self, pack: str) -> Sequence[dict[str, Any]]:
        rows = self.model.objects.filter(pack=pack, retired_at=None).order_by("code")
        return [row.spec for row in rows]


def _check_kinds(items: Sequence[kinds.KindItem], _context: Context) -> Iterable[Fault]:
    for place, item in enumerate(items):
        if item.content not in builders():
            told = no_such(_("contents of bulletins"), item.content, builders())
            yield Fault((place, "content"), told)
        if item.number and numbering.faults(item.number):
            yield Fault((place, "number"), _("a number needs {serial}; it may have {year}"))
        if not item.steps:
            yield Fault((place, "steps"), _("at least one signature is needed"))
        keys = [one.key for one in item.steps]
        if len(set(keys)) != len(keys):
            yield Fault((place, "steps"), _("two steps have the same key"))


def _check_series(items: Sequence[kinds.SeriesItem], context: Context) -> Iterable[Fault]:
    for place, item in enumerate(items):
        yield from context.unknown((place, "unit"), UNITS, item.unit)
        yield from context.unknown((place, "matter"), "matters", item.matter)
        if item.register_key is not None:
            yield from context.unknown((place, "register"), "registers", item.register_key)
        for name in ("matters", "named"):
            for number, code in enumerate(getattr(item, name)):
                yield from context.unknown((place, name, number), "matters", code)
        for number, code in enumerate(item.attends):
            yield from context.unknown((place, "attends", number), UNITS, code)


def _check_letters(items: Sequence[kinds.ResponsibilityItem], context: Context) -> Iterable[Fault]:
    for place, item in enumerate(items):
        yield from context.unknown((place, "issuer"), UNITS, item.issuer)
        for number, code in enumerate(item.units):
            yield from context.unknown((place, "units", number), UNITS, code)
        for number, clause in enumerate(item.clauses):
            for line, one in enumerate(clause.indicators):
                if one.owner is not None:
                    path = (place, "clauses", number, "indicators", line, "owner")
                    yield from context.unknown(path, UNITS, one.owner)


def _strands(changes: Sequence[Change], _context: Context) -> Iterable[str]:
    """Letters that were handed out keep their text; only the scheme goes."""
    for change in changes:
        if change.kind == "retire":
            waiting = Letter.objects.filter(
                scheme__code=change.key, state=Letter.State.HANDED_OUT
            ).count()
            if waiting:
                told = _("%(count)s letters of “%(code)s” still wait for their signature")
                yield told % {"count": waiting, "code": change.key}


def _check_problems(items: Sequence[kinds.ProblemItem], context: Context) -> Iterable[Fault]:
    for place, item in enumerate(items):
        if item.key not in targets.kinds():
            yield Fault((place, "key"), no_such(_("what is paired"), item.key, targets.kinds()))
        yield from context.unknown((place, "matter"), "matters", item.matter)
        matter = context.known.get("matters", item.matter)
        for name in item.values if matter is not None else ():
            known = [one.key for one in matter.fields]
            if name not in known:
                yield Fault((place, "values", name), no_such(item.matter, name, known))


def _check_pairings(items: Sequence[kinds.PairingItem], context: Context) -> Iterable[Fault]:
    for place, item in enumerate(items):
        yield from context.unknown((place, "unit"), UNITS, item.unit)
        if item.to not in targets.kinds():
            yield Fault((place, "to"), no_such(_("what is paired"), item.to, targets.kinds()))
        if item.to == "village":
            yield from context.unknown((place, "target"), UNITS, item.target)


def _plan_pairings(items: Sequence[kinds.PairingItem], context: Context) -> Sequence[Change]:
    stored = set(Pairing.objects.filter(pack=context.pack).values_list("code", flat=True))
    return [
        Change("same" if item.key in stored else "add", item.key, {}, _json(item), item)
        for item in items
    ]


def _apply_pairings(changes: Sequence[Change], context: Context) -> None:
    today = timezone.localdate(context.now)
    for change in changes:
        if change.kind == "add":
            _pair(change.item, context, today)


def _pair(item: kinds.PairingItem, context: Context, today: date) -> None:
    """One pairing; what it names and is not there (a project of another pack) is left out."""
    kind, unit = targets.kinds()[item.to], Unit.objects.filter(code=item.unit).first()
    pk = kind.find(item.target)
    thing = targets.row_of(kind.label, str(pk)) if pk is not None else None
    if thing is None or unit is None:
        return
    Pairing.objects.create(
        code=item.key, pack=context.pack, unit=unit, leader_post=item.post,
        leader=User.objects.filter(username=item.leader).first() if item.leader else None,
        label=kind.label, target=str(pk), title=str(thing)[:160], every=item.every,
        duty=item.duty, since=_since(item.since, today), made_at=context.now,
    )  # fmt: skip


def _since(text: str, today: date) -> date:
    if text.startswith("-"):
        return today - timedelta(days=int(text[1:].partition(" ")[0]))
    return date.fromisoformat(text)


def register_sections() -> None:
    """Called once when the apps are ready."""
    for key, model, stored, check, label in (
        (KINDS, kinds.KindItem, BulletinKind, _check_kinds, gettext_lazy("Kinds of bulletins")),
        (SERIES, kinds.SeriesItem, MeetingSeries, _check_series, gettext_lazy("Regular meetings")),
        (LETTERS, kinds.ResponsibilityItem, LetterScheme, _check_letters,
         gettext_lazy("Responsibility letters")),
        (PROBLEMS, kinds.ProblemItem, ProblemRule, _check_problems,
         gettext_lazy("Problems seen on visits")),
    ):  # fmt: skip
        kept = _Kept(key, stored)
        register(
            Section(
                key=key, label=label, model=model, order=66, code=_code, plan=kept.plan,
                apply=kept.apply, check=check, export=kept.export,
                built_in=(
                    {name: item.name for name, item in kinds.BOX.items()} if key == KINDS
                    else frozenset()
                ),
                strands=_strands if key == LETTERS else lambda _changes, _context: [],
            )
        )  # fmt: skip
    register(
        Section(
            key=PAIRINGS, label=gettext_lazy("Demo pairings"), model=kinds.PairingItem, order=97,
            code=_code, plan=_plan_pairings, apply=_apply_pairings, check=_check_pairings,
            demo=True,
        )
    )  # fmt: skip
