"""A case of any matter from its filing to its close, by people who may, with what its form asks."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Q
from PIL import Image

from jiulong.cases import actions, people, specs
from jiulong.cases.models import Case, MatterType, Task
from jiulong.cases.needs import missing
from jiulong.cases.reporting.signing import Given, digest_of, sign
from jiulong.cases.schema import MatterSpec
from jiulong.demo.casework import STAFF
from jiulong.evidence.actions import keep_file
from jiulong.organisation.models import Unit, User
from jiulong.registers import specs as register_specs
from jiulong.registers.actions import create_entry
from jiulong.registers.fields import ChoiceField, Field, LinkField, NumberField
from jiulong.registers.models import Enterprise, Entry, Register
from tests.factories import make_enterprise, make_unit, make_user

#: A crossing in 巷口街道.
PLACE = (117.6725, 24.5231)
STREET, VILLAGE = "350602004", "350602004011"
DESKS = [Unit.Kind.DEPARTMENT, Unit.Kind.STREET, Unit.Kind.ZONE]
#: Whose kinds of units a field may name, and one unit of each.
UNITS = {"department": "350602-office", "street": STREET, "zone": "JINFENG"}
PERSONS = {"name": "张某", "phone": "13900000001", "identity": "350602209902021015"}


@cache
def pixel() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def hire() -> None:
    """People in the units that act here, as the demo has them."""
    User.objects.bulk_create(
        User(username=f"{unit.code}.{role}", role=role, unit=unit)
        for unit in Unit.objects.filter(Q(kind__in=DESKS) | Q(code=VILLAGE))
        for role, _title in STAFF.get(unit.kind, ())
    )
    make_user("verifier", Unit.objects.get(code="350602-inspection"))
    firm = make_enterprise(unit=make_unit(Unit.Kind.ENTERPRISE, code="XC001"))
    make_user("enterprise", firm.unit)


def number(field: NumberField) -> str:
    return format(field.min or 1, "g")


def choice(field: ChoiceField) -> str | list[str]:
    return [field.choices[0].key] if field.several else field.choices[0].key


def link(field: LinkField) -> str:
    if field.to == "enterprise":
        return Enterprise.objects.order_by("pk").values_list("unit__code", flat=True)[0]
    return entry_of(field.to).number


#: Something that fits a field, by its type; files and computed fields are not given in words.
VALUES: dict[str, Callable[[Any], Any]] = {
    "text": lambda field: field.example or "试验",
    "choice": choice,
    "number": number,
    "money": lambda _field: "1",
    "date": lambda _field: "2026-03-02",
    "boolean": lambda _field: True,
    "person": lambda field: PERSONS[field.what],
    "unit": lambda field: UNITS[field.kinds[0] if field.kinds else "department"],
    "place": lambda _field: {"longitude": PLACE[0], "latitude": PLACE[1], "address": "试验"},
    "link": link,
}


def values(fields: Sequence[Field]) -> dict[str, Any]:
    """A value for every field that can be given in words."""
    return {each.key: VALUES[each.type](each) for each in fields if each.type in VALUES}


def entry_of(code: str) -> Entry:
    """An entry of the register, of a street."""
    register = Register.objects.get(code=code)
    found = register.entries.first()
    return found or create_entry(
        actor=None, register=register, values=values(register_specs.register(register).fields),
        unit=Unit.objects.get(code=STREET), place=PLACE,
    )  # fmt: skip


#: People by unit and verb.
Known = dict[tuple[int | None, str], list[User]]


class Walk:
    """One case on its road; `now` moves an hour with each step."""

    def __init__(self, matter: MatterType, now: datetime, known: Known | None = None) -> None:
        self.matter, self.now = matter, now
        self.known: Known = {} if known is None else known
        self.spec: MatterSpec = specs.matter(matter)

    def to_close(self, severity: str, result: str = "") -> Case:
        """All of the road. Whoever acts is one of the unit whose move it is."""
        case = self.file(severity)
        if not self.spec.auto_assign:
            by = self.someone(case.dispatch_id, "assign_case")
            lead = None if self.spec.routes else Unit.objects.get(code=UNITS["department"])
            case = actions.assign_case(actor=by, case=case, lead=lead, now=self.hour())
        if not self.spec.auto_accept:
            by = self.someone(case.lead_id, "handle_case")
            case = actions.accept_case(actor=by, case=case, now=self.hour())
        self.finish_tasks(case)
        handler = case.handler or self.someone(case.lead_id, "handle_case")
        self.hand_in(case, handler)
        case = actions.reply_case(
            actor=handler, case=case, answer="已办理", data=values(self.spec.reply),
            result=result, now=self.hour(),
        )  # fmt: skip
        case = self.verify(case)
        case = actions.confirm_case(
            actor=None, case=case, satisfied=True, rating=5, now=self.hour()
        )
        by = self.someone(case.dispatch_id, "close_case", but=case.handler)
        return actions.close_case(actor=by, case=case, result=result, now=self.hour())

    def file(self, severity: str) -> Case:
        """Filed by the desk – or by a village where filer, handler and verifier must differ."""
        unit = Unit.objects.get(code=VILLAGE if self.spec.separate else self.spec.dispatch)
        by = next(who for verb in self.spec.file_by for who in people.of_unit([unit.pk], verb))
        entry = entry_of(self.spec.register_key) if self.spec.register_key else None
        firm = Enterprise.objects.order_by("pk").first()
        return actions.file_case(
            actor=by, matter=self.matter, title="试验", data=values(self.spec.fields),
            severity=severity, entry=entry if self.spec.entry != "none" else None,
            enterprise=firm if self.spec.enterprise != "none" else None,
            place=PLACE if self.spec.place != "none" else None, now=self.hour(),
        )  # fmt: skip

    def finish_tasks(self, case: Case) -> None:
        """All of them, as they come up."""
        plans = {task.key: task for task in self.spec.tasks}
        while task := case.tasks.filter(state=Task.State.OPEN).first():
            plan = plans.get(task.key)
            actions.finish_task(
                actor=self.someone(task.unit_id, "handle_case"), task=task, answer="完成",
                data=values(plan.fields) if plan else {}, now=self.hour(),
            )  # fmt: skip

    def hand_in(self, case: Case, handler: User) -> None:
        """The files that closing asks for; signatures are two people's."""
        needs = {need.key: need for need in missing(case, self.spec) if need.files}
        signatures = needs.pop("signatures", None)
        for need in needs.values():
            name, content = ("x.txt", b"text") if need.key == "document" else ("x.png", pixel())
            keep_file(
                actor=handler, content=content, name=name, subject=case, purpose=need.purpose,
                now=self.hour(),
            )  # fmt: skip
        second = [self.someone(case.dispatch_id, "sign_custody", but=handler)]
        for by in [handler, *second] if signatures else ():
            sign(
                actor=by, case=case, given=Given(typed=str(by), confirmed=True),
                digest=digest_of(case), now=self.hour(),
            )  # fmt: skip

    def verify(self, case: Case) -> Case:
        """By another than the handler; twice where two must."""
        plan = self.spec.verify
        if plan is None:
            return case
        barred = [case.handler]
        for _time in range(2 if plan.two_people else 1):
            by = self.someone(case.verifier_id, plan.verb, but=barred)
            case = actions.verify_case(actor=by, case=case, now=self.hour())
            barred.append(by)
        return case

    def someone(self, unit: int | None, verb: str, *, but: Any = None) -> User:
        """One of the unit's people who may; failing that, one who may everywhere."""
        barred = but if isinstance(but, list) else [but]
        found = [who for who in self.staff(unit, verb) if who not in barred]
        assert found, f"{self.matter.code}: nobody in {unit} may {verb}"
        return found[0]

    def staff(self, unit: int | None, verb: str) -> list[User]:
        """As requests load them; looked up once."""
        if (unit, verb) not in self.known:
            found = [*people.of_unit([unit], verb), *people.of_verb(verb)]
            rows = User.objects.with_rights().select_related("unit").in_bulk([u.pk for u in found])
            self.known[unit, verb] = [rows[who.pk] for who in found]
        return self.known[unit, verb]

    def hour(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


def ways(spec: MatterSpec) -> list[tuple[str, str]]:
    """Severity and result: the first of both, then each result that changes or opens something."""
    severities = [severity.key for severity in spec.severities]
    results = [
        result.key
        for number, result in enumerate(spec.closing.results)
        if number == 0 or result.entry or result.follow_up
    ] or [""]
    return [(severities[n % len(severities)], key) for n, key in enumerate(results)]
