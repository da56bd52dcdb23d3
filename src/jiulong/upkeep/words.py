"""What upkeep's codes are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.evidence.models import Event
from jiulong.monitoring.models import Factor
from jiulong.monitoring.words import factor_name
from jiulong.pages import lights, words
from jiulong.upkeep.models import Mark, QcTest
from jiulong.upkeep.provisions import FormField, Rulebook

#: State of a mark → the light it has.
MARK_LIGHTS: Final = {
    Mark.State.WAITING: "near",
    Mark.State.ACCEPTED: "met",
    Mark.State.REJECTED: "over",
    Mark.State.WITHDRAWN: "none",
    Mark.State.SUPERSEDED: "none",
}
ACTS: Final[dict[str, str | Promise]] = {
    "answer_objection": pgettext_lazy("act", "Answer an objection"),
    "enter_check": pgettext_lazy("act", "Enter a check"),
    "enter_manual": pgettext_lazy("act", "Enter manual data"),
    "mark_data": pgettext_lazy("act", "Mark data"),
    "plan_maintenance": pgettext_lazy("act", "Plan maintenance"),
    "raise_objection": pgettext_lazy("act", "Object"),
    "receive_check": pgettext_lazy("act", "Take over a check from the logger"),
    "record_maintenance": pgettext_lazy("act", "Record maintenance"),
    "report_fault": pgettext_lazy("act", "Report a fault"),
    "restore_fault": pgettext_lazy("act", "Report a fault as restored"),
    "review_mark": pgettext_lazy("act", "Review a mark"),
    "sign_contract": pgettext_lazy("act", "Enter an operating contract"),
    "withdraw_report": pgettext_lazy("act", "Withdraw what was handed in"),
}
PROOF: Final = pgettext_lazy("purpose of a file", "Proof")


def mark_light(mark: Mark) -> Any:
    """A mark's state with shape and word."""
    state = Mark.State(mark.state)
    return lights.light(MARK_LIGHTS[state], state.label)


def passed_light(passed: bool) -> Any:
    """Whether a check was passed."""
    if passed:
        return lights.light("met", pgettext_lazy("a check", "Passed"))
    return lights.light("over", pgettext_lazy("a check", "Failed"))


def kind_name(book: Rulebook, code: str) -> str:
    """A kind of mark; one that is gone keeps its code."""
    kind = book.kinds.get(code)
    return kind.name.show() if kind else code


def form_name(book: Rulebook, code: str) -> str:
    """A form of maintenance; one that is gone keeps its code."""
    form = book.forms.get(code)
    return form.name.show() if form else code


def factor_names(ids: Iterable[int], known: dict[int, Factor]) -> str:
    """Factors by name; none: all."""
    found = [factor_name(known[pk]) for pk in ids if pk in known]
    return "、".join(found) if found else _t("all factors")


def error(test: QcTest) -> str:
    """`+11.0 %` or `+0.31 mg/L`, with its limit: `± 10 %`."""
    unit = test.factor.unit
    return f"{_amount(test.error, test.measure, unit, '+.2f')} (± {limit(test)})"


def limit(test: QcTest) -> str:
    """The largest error allowed, in words."""
    return _amount(test.tolerance, test.measure, test.factor.unit, "g")


def _amount(value: Decimal, measure: str, unit: str, form: str) -> str:
    if measure == QcTest.Measure.ABSOLUTE:
        shown = f"{value.normalize():f}" if form == "g" else f"{value:{form}}"
        return f"{shown} {unit}".strip()
    percent = value * 100
    shown = f"{percent.normalize():f}" if form == "g" else f"{percent:{form}}"
    of = "" if measure == QcTest.Measure.RELATIVE else " " + _t("of the range")
    return f"{shown} %{of}"


def item_value(field: FormField, value: str) -> str:
    """A kept value of a form, in words."""
    if not value:
        return words.MISSING
    if field.type == "check":
        return _t("fine") if value == "yes" else _t("not fine")
    return f"{value} {field.unit}".strip()


def told(event: Event) -> tuple[str, str]:
    """An event of a report, for dossiers and timelines."""
    data = event.data
    said = [str(data[key]) for key in ("explanation", "description", "text") if data.get(key)]
    if event.verb == "review_mark":
        said.append(
            str(Mark.State.ACCEPTED.label if data["accepted"] else Mark.State.REJECTED.label)
        )
    said += [str(data[key]) for key in ("reason", "note", "answer") if data.get(key)]
    return str(ACTS.get(event.verb, event.verb)), " · ".join(said)


NO_PLAN: Final = _("no plan")
