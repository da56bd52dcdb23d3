"""Invented cases of a pack, brought to where they stand by the same actions that people use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone

from jiulong.cases import actions, escalation, people, rules, specs
from jiulong.cases.demo_files import hand_in
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case, MatterType, Task
from jiulong.cases.schema import DemoCase, MatterSpec
from jiulong.organisation.models import Unit, User
from jiulong.packs.sections import Change, Context, RefusedError
from jiulong.registers.fields import (
    BooleanField,
    ChoiceField,
    DateField,
    Field,
    MoneyField,
    NumberField,
)
from jiulong.registers.models import Enterprise, Entry
from jiulong.registers.relative import dated

#: Where a demo case has this much of its time behind it when its last step is done.
DONE_BY: Final = 0.9
OPENS: Final = (8, 30)
CLOSES: Final = (17, 30)
UNITS: Final = {"hours": timedelta(hours=1), "days": timedelta(days=1)}
#: An extension in the demo asks for this much more.
MORE: Final = timedelta(days=5)


def plan_demo(items: Sequence[DemoCase], _context: Context) -> list[Change]:
    """Cases that are not there yet, by matter and title; none is ever changed."""
    known = set(Case.objects.values_list("matter__code", "title"))
    return [
        Change("same" if (item.matter, item.title) in known else "add", item.title, item=item)
        for item in items
    ]


def apply_demo(changes: Sequence[Change], context: Context) -> None:
    """File the cases that are new, the oldest first, and take their steps."""
    new = [change.item for change in changes if change.kind == "add"]
    for item in sorted(new, key=lambda item: since(item.filed, context.now)):
        try:
            _play(item, context.now)
        except ValidationError as error:
            told = "; ".join(error.messages)
            raise RefusedError([f"{item.matter} “{item.title}”: {told}"]) from error


def since(text: str, now: datetime) -> datetime:
    """`-12 days` before now."""
    amount, measure = text.split()
    return now + int(amount) * UNITS[measure]


def _play(item: DemoCase, now: datetime) -> None:
    matter = MatterType.objects.get(code=item.matter)
    spec = specs.matter(matter)
    filed_at = at_work(since(item.filed, now), now)
    carry_on(_file(item, matter, spec, now, filed_at), item, spec, now)


def carry_on(case: Case, item: DemoCase, spec: MatterSpec, now: datetime) -> None:
    """Take the item's steps with a case that was filed, spread over the time until now."""
    filed_at = case.filed_at
    steps = [step for step in item.steps if not (step == "assign" and spec.auto_assign)]
    steps = [step for step in steps if not (step == "accept" and spec.auto_accept)]
    span = (now - filed_at) * DONE_BY * len(steps) / (len(steps) + 1)
    if item.took is not None:
        span = min(span, since(item.took, filed_at) - filed_at)
    for number, step in enumerate(steps, start=1):
        at = at_work(filed_at + span * number / len(steps), now)
        escalation.climb_to(case, at)
        case = _STEPS[step](_Scene(item, spec, case, at))
    if case.stage in OPEN:
        escalation.climb_to(case, now)


def at_work(moment: datetime, now: datetime) -> datetime:
    """The moment, or the nearest in the day's office hours: nobody answers at three at night."""
    local = timezone.localtime(moment)
    opens, closes = (local.replace(hour=h, minute=m) for h, m in (OPENS, CLOSES))
    return min(max(opens, min(local, closes)), now)


def _file(
    item: DemoCase, matter: MatterType, spec: MatterSpec, now: datetime, at: datetime
) -> Case:
    entry = Entry.objects.filter(register__code=spec.register_key, number=item.entry).first()
    firm = Enterprise.objects.filter(unit__code=item.enterprise).first()
    return actions.file_case(
        actor=_filer(item, spec), matter=matter, title=item.title, about=item.about,
        data=dated(item.data, spec.fields, _today(now)), severity=item.severity or "",
        entry=entry if item.entry else None, enterprise=firm if item.enterprise else None,
        place=item.place, address=item.address, now=at,
    )  # fmt: skip


def _filer(item: DemoCase, spec: MatterSpec) -> User | None:
    """Who is named, or somebody of the named unit or of the desk who may file."""
    known = User.objects.filter(username=item.by or "").first()
    if known is not None:
        return known
    unit = Unit.objects.filter(code=item.by or spec.dispatch).first()
    ids = [unit.pk] if unit else []
    found = [who for verb in spec.file_by for who in people.of_unit(ids, verb)]
    return found[0] if found else None


class _Scene:
    """One step of one demo case."""

    def __init__(self, item: DemoCase, spec: MatterSpec, case: Case, at: datetime) -> None:
        self.item, self.spec, self.case, self.at = item, spec, case, at

    def who(self, unit: int | None, verb: str) -> User | None:
        """Somebody who may; the first who is not the handler where that matters."""
        found = people.of_unit([unit], verb)
        move = {"verify_case": "verify", "close_case": "close"}.get(verb)
        if move:  # whoever had it in hand neither verifies nor closes it
            everywhere = [*found, *people.of_verb(verb)]
            found = [who for who in everywhere if self.may(who, move)]
        return found[0] if found else None

    def may(self, who: User, move: str) -> bool:
        """Whether they may make the move; where the matter asks for it, from another unit."""
        elsewhere = who.unit_id not in {self.case.lead_id, self.case.filed_unit_id}
        return rules.may_move(who, self.case, self.spec, move) and (
            elsewhere or not self.spec.separate
        )

    @property
    def words(self) -> str:
        return self.item.answer or "已按要求办理。"


def _assign(scene: _Scene) -> Case:
    lead = Unit.objects.filter(code=scene.item.unit or "").first()
    by = scene.who(scene.case.dispatch_id, "assign_case")
    return actions.assign_case(actor=by, case=scene.case, lead=lead, now=scene.at)


def _accept(scene: _Scene) -> Case:
    by = scene.who(scene.case.lead_id, "handle_case")
    return actions.accept_case(actor=by, case=scene.case, now=scene.at)


def _return(scene: _Scene) -> Case:
    by = scene.who(scene.case.lead_id, "handle_case")
    soon = (scene.case.assigned_at or scene.at) + timedelta(hours=2)
    return actions.return_case(actor=by, case=scene.case, reason=scene.words, now=soon)


def _feedback(scene: _Scene) -> Case:
    return actions.feedback(
        actor=scene.case.handler, case=scene.case, text=scene.words, now=scene.at
    )


def _finish_tasks(scene: _Scene) -> Case:
    """All tasks, or those that are named; what they wait for comes first."""
    wanted = set(scene.item.done)
    while tasks := [
        task
        for task in scene.case.tasks.filter(state=Task.State.OPEN).select_related("unit")
        if not wanted or task.key in wanted
    ]:
        for task in tasks:
            by = scene.who(task.unit_id, "handle_case")
            plan = next((each for each in scene.spec.tasks if each.key == task.key), None)
            actions.finish_task(
                actor=by, task=task, answer="已完成，无不同意见。", now=scene.at,
                data=filled(plan.fields if plan else [], {}, _today(scene.at)),
            )  # fmt: skip
    return scene.case


def _reply_data(scene: _Scene) -> dict[str, Any]:
    fields, today = scene.spec.reply, _today(scene.at)
    return filled(fields, dated(scene.item.reply, fields, today), today)


def _today(now: datetime) -> date:
    return timezone.localtime(now).date()


def filled(fields: Sequence[Field], data: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The values, and something for every required field that has none."""
    invented = {field.key: _invented(field, today) for field in fields if field.required}
    return {**invented, **data}


def _invented(field: Field, today: date) -> Any:
    match field:
        case ChoiceField():
            return [field.choices[0].key] if field.several else field.choices[0].key
        case NumberField() | MoneyField():
            return format(getattr(field, "min", None) or 1, "g")
        case DateField():
            return today.isoformat()
        case BooleanField():
            return True
    return "（演示）"


def _reply(scene: _Scene) -> Case:
    if not scene.item.done:
        _finish_tasks(scene)
    by = scene.case.handler or scene.who(scene.case.lead_id, "handle_case")
    hand_in(scene.case, scene.spec, scene.at)
    return actions.reply_case(
        actor=by, case=scene.case, answer=scene.words, result=scene.item.result or "",
        data=_reply_data(scene), now=scene.at,
    )  # fmt: skip


def _verify(scene: _Scene) -> Case:
    by = scene.who(scene.case.verifier_id, "verify_case")
    case = actions.verify_case(actor=by, case=scene.case, note="现场核查属实。", now=scene.at)
    if case.stage == "replied":  # the first of two
        case = actions.verify_case(actor=None, case=case, note="复核属实。", now=scene.at)
    return case


def _send_back(scene: _Scene) -> Case:
    by = scene.who(scene.case.verifier_id, "verify_case")
    reason = "材料不全，整改不到位，请继续办理。"
    return actions.send_back(actor=by, case=scene.case, reason=reason, now=scene.at)


def _confirm(scene: _Scene) -> Case:
    rating = scene.item.rating or (5 if scene.item.satisfied else 2)
    note = "" if scene.item.satisfied else "问题仍未解决。"
    return actions.confirm_case(
        actor=None, case=scene.case, satisfied=scene.item.satisfied, rating=rating, note=note,
        now=scene.at,
    )  # fmt: skip


def _close(scene: _Scene) -> Case:
    asks = {"confirmation", "rating"}.intersection(scene.spec.closing.needs)
    if (asks or scene.item.rating) and scene.case.confirmed is None:
        scene.case = _confirm(scene)
    by = scene.who(scene.case.dispatch_id, "close_case")
    results = scene.spec.closing.results
    result = scene.item.result or (results[0].key if results else "")
    return actions.close_case(actor=by, case=scene.case, result=result, now=scene.at)


def _ask_extension(scene: _Scene) -> Case:
    due = scene.case.due_at or scene.at
    at = min(scene.at, due - timedelta(hours=1))
    return actions.ask_extension(
        actor=scene.case.handler, case=scene.case, until=due + MORE, reason=scene.words, now=at
    )


def _suspend(scene: _Scene) -> Case:
    return actions.suspend_case(actor=None, case=scene.case, reason=scene.words, now=scene.at)


def _withdraw(scene: _Scene) -> Case:
    return actions.withdraw_case(actor=None, case=scene.case, reason=scene.words, now=scene.at)


_STEPS: Final[dict[str, Callable[[_Scene], Case]]] = {
    "assign": _assign,
    "accept": _accept,
    "return": _return,
    "feedback": _feedback,
    "finish_tasks": _finish_tasks,
    "reply": _reply,
    "verify": _verify,
    "send_back": _send_back,
    "confirm": _confirm,
    "close": _close,
    "ask_extension": _ask_extension,
    "suspend": _suspend,
    "withdraw": _withdraw,
}
