"""The sections `standards` and `alarm_rules` of packs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, StringConstraints

from jiulong.monitoring import catalogue, deadlines, limits
from jiulong.monitoring.factors import columns_of, definition
from jiulong.monitoring.judgements.base import rules
from jiulong.monitoring.models import (
    AlarmRule,
    Factor,
    Standard,
    StandardAssignment,
    StandardLimit,
)
from jiulong.monitoring.units import stored
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
from jiulong.packs.text import Text

STANDARDS: Final = "standards"
ALARM_RULES: Final = "alarm_rules"

Words = Annotated[str, StringConstraints(min_length=1, max_length=120)]
#: A number with its unit; pure numbers (pH, times of dilution) have none.
Quantity = Annotated[str, StringConstraints(pattern=r"^-?\d+(\.\d+)?( \S+)?$", max_length=40)]


class StandardBound(Item):
    """What a grade says of one factor. A bound is a number with its unit, never a bare number."""

    factor: str = Field(description="code of HJ 212-2017, table B.1, such as `w01018`")
    statistic: Literal["instant", "hour", "day", "month"] = Field(
        default="day", description="what the standard means by its number"
    )
    min: Quantity | None = Field(default=None, description="such as `6`")
    max: Quantity | None = Field(default=None, description="such as `50 mg/L` or `1 µg/L`")
    place: Literal["outfall", "workshop", "any"] = Field(
        default="any", description="where it is measured: class-1 toxics at the workshop outlet"
    )
    since: date | None = Field(default=None, description="from which day; default: the grade's")
    until: date | None = Field(default=None, description="last day")
    clause: Words = Field(description="where in the standard")
    confidence: Literal["read", "high", "medium"] = Field(
        default="high", description="read in the text, well known, or still to be checked"
    )
    note: str = Field(default="", max_length=300)


class StandardItem(Item):
    """One grade of a discharge standard."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9./-]+$", max_length=60)] = Field(
        description="such as `GB18918-2002/1A`; never changes"
    )
    number: Words = Field(description="such as `GB 18918-2002`")
    grade: str = Field(default="", max_length=40)
    title: Text
    grade_title: Text | None = None
    since: date = Field(description="in force from")
    limits: list[StandardBound] = Field(min_length=1)


class AlarmRuleItem(Item):
    """What holds for one of the judge's rules from a day on, in place of its default."""

    rule: str = Field(description="code of a rule, such as `near_limit`")
    since: date = Field(description="from which day")
    thresholds: dict[str, str] = Field(
        default_factory=dict, description="name → number, as text: `6`, `0.90`, `30 minutes`"
    )
    respond: str = Field(default="", description="such as `2 hours` or `next_day 12:00`")
    close: str = Field(default="", description="such as `5 working_days` or `same_day`")
    severity: Literal["", "information", "warning", "serious"] = ""
    source: Annotated[str, StringConstraints(min_length=1, max_length=200)]


def amount(text: str, factor: Factor) -> Decimal:
    """A quantity of a pack in the factor's stored unit.

    Raises:
        ValueError: no number, or a unit that does not fit.
    """
    number, _, unit = text.partition(" ")
    try:
        return stored(Decimal(number), unit, factor)
    except InvalidOperation as error:
        raise ValueError(_no_number(text)) from error


def _no_number(text: str) -> str:
    return _("“%(text)s” is no number with a unit") % {"text": text}


def _json(item: Any) -> dict[str, Any]:
    return dict(item.model_dump(mode="json", by_alias=True))


def _check_standards(items: Sequence[StandardItem], _context: Context) -> Iterator[Fault]:
    for n, item in enumerate(items):
        for m, bound in enumerate(item.limits):
            path = (n, "limits", m)
            factor = Factor(**columns_of(definition(bound.factor)))
            if not factor.name:
                told = _("“%(code)s” is no factor of HJ 212-2017, table B.1")
                yield Fault((*path, "factor"), told % {"code": bound.factor})
                continue
            if bound.min is None and bound.max is None:
                yield Fault(path, _("give a minimum or a maximum"))
            for name in ("min", "max"):
                try:
                    if (text := getattr(bound, name)) is not None:
                        amount(text, factor)
                except ValueError as error:
                    yield Fault((*path, name), str(error))
            if bound.until and bound.until < (bound.since or item.since):
                yield Fault((*path, "until"), _("The last day is before the first."))


def _plan_standards(items: Sequence[StandardItem], context: Context) -> Sequence[Change]:
    known = {row.code: row.spec for row in Standard.objects.filter(retired_at=None)}
    return differences(items, known, held=context.held.get(STANDARDS, frozenset()), wanted=_json)


def _apply_standards(changes: Sequence[Change], context: Context) -> None:
    touched = []
    for change in changes:
        if change.kind == "retire":
            Standard.objects.filter(code=change.key).update(retired_at=context.now)
        elif change.kind != "same":
            touched.append(_write_standard(change.item, context.pack))
    assigned = StandardAssignment.objects.filter(standard__in=touched)
    limits.settle(sorted(set(assigned.values_list("point", flat=True))))


def _write_standard(item: StandardItem, pack: str) -> Standard:
    values = {
        "number": item.number, "grade": item.grade, "title": _text(item.title),
        "grade_title": _text(item.grade_title), "spec": _json(item), "pack": pack,
        "retired_at": None,
    }  # fmt: skip
    standard, _made = Standard.objects.update_or_create(code=item.code, defaults=values)
    standard.limits.all().delete()
    StandardLimit.objects.bulk_create(_bound(standard, item, bound) for bound in item.limits)
    return standard


def _bound(standard: Standard, item: StandardItem, bound: StandardBound) -> StandardLimit:
    columns = columns_of(definition(bound.factor))
    factor = Factor.objects.get_or_create(code=columns.pop("code"), defaults=columns)[0]
    low, high = (None if text is None else amount(text, factor) for text in (bound.min, bound.max))
    return StandardLimit(
        standard=standard, factor=factor, statistic=bound.statistic, place=bound.place,
        minimum=low, maximum=high, written="–".join(filter(None, (bound.min, bound.max))),
        valid_from=bound.since or item.since, valid_to=bound.until, clause=bound.clause,
        confidence=bound.confidence, note=bound.note,
    )  # fmt: skip


def _text(text: Text | None) -> dict[str, str]:
    return {} if text is None else {"zh": text.zh, "en": text.en}


def _export_standards(pack: str) -> Sequence[dict[str, Any]]:
    return [row.spec for row in Standard.objects.filter(pack=pack, retired_at=None)]


def _rule_code(item: AlarmRuleItem) -> str:
    return f"{item.rule}@{item.since}"


def _check_rules(items: Sequence[AlarmRuleItem], _context: Context) -> Iterator[Fault]:
    for n, item in enumerate(items):
        rule = rules().get(item.rule)
        if rule is None:
            told = no_such(_("the rules of the judge"), item.rule, list(rules()))
            yield Fault((n, "rule"), told)
            continue
        for name, text in item.thresholds.items():
            if name not in rule.thresholds:
                told = no_such(_("the thresholds of this rule"), name, list(rule.thresholds))
                yield Fault((n, "thresholds", name), told)
                continue
            try:
                catalogue.parsed(rule.thresholds[name], text)
            except ValueError as error:
                yield Fault((n, "thresholds", name), str(error))
        for name in ("respond", "close"):
            try:
                deadlines.check(getattr(item, name))
            except ValueError as error:
                yield Fault((n, name), str(error))


def _rule_rows() -> dict[str, dict[str, Any]]:
    return {f"{row.rule}@{row.valid_from}": _rule_json(row) for row in AlarmRule.objects.all()}


def _rule_json(row: AlarmRule) -> dict[str, Any]:
    return {
        "rule": row.rule, "since": row.valid_from.isoformat(), "thresholds": row.thresholds,
        "respond": row.respond, "close": row.close, "severity": row.severity,
        "source": row.source,
    }  # fmt: skip


def _plan_rules(items: Sequence[AlarmRuleItem], context: Context) -> Sequence[Change]:
    held = context.held.get(ALARM_RULES, frozenset())
    return differences(items, _rule_rows(), held=held, code=_rule_code, wanted=_json)


def _apply_rules(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        rule, _at, since = change.key.partition("@")
        row: dict[str, Any] = {"rule": rule, "valid_from": date.fromisoformat(since)}
        if change.kind == "retire":
            AlarmRule.objects.filter(**row).delete()
        elif change.kind != "same":
            values = _json(change.item) | {"pack": context.pack}
            del values["rule"], values["since"]
            AlarmRule.objects.update_or_create(defaults=values, **row)


def _export_rules(pack: str) -> Iterable[dict[str, Any]]:
    return [_rule_json(row) for row in AlarmRule.objects.filter(pack=pack)]


def register_sections() -> None:
    """Offer the sections to packs."""
    register(
        Section(
            key=STANDARDS, label=gettext_lazy("Discharge standards"), model=StandardItem, order=40,
            check=_check_standards, plan=_plan_standards, apply=_apply_standards,
            export=_export_standards,
        )
    )  # fmt: skip
    register(
        Section(
            key=ALARM_RULES, label=gettext_lazy("Alarm rules"), model=AlarmRuleItem, order=41,
            code=_rule_code, check=_check_rules, plan=_plan_rules, apply=_apply_rules,
            export=lambda pack: list(_export_rules(pack)),
        )
    )  # fmt: skip
