"""Rules as a person reads them: how figures become points, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiulong.scorecards.engine.names import Name
from jiulong.scorecards.engine.readings import Reading
from jiulong.scorecards.engine.rules import AnyRule
from jiulong.scorecards.engine.rules.base_and_cap import BaseAndCap
from jiulong.scorecards.engine.rules.completion import Completion
from jiulong.scorecards.engine.rules.computed import Computed
from jiulong.scorecards.engine.rules.facts import Bonus, Penalty, Veto
from jiulong.scorecards.engine.rules.growth_level import GrowthLevel
from jiulong.scorecards.engine.rules.judges import Judges
from jiulong.scorecards.engine.rules.scales import (
    AnyScale,
    Linear,
    LinearScale,
    RankPoints,
    RankScale,
    ShareOfSpread,
    SpreadScale,
    Steps,
)
from jiulong.scorecards.engine.schemes import Criterion, Scheme

Labels = Mapping[str, Name]


@dataclass(frozen=True)
class Line:
    """A criterion in words."""

    key: str
    name: str
    weight: str
    words: list[str]
    groups: list[str]


@dataclass(frozen=True)
class Part:
    """A contest in words; without a weight it stands beside all contests."""

    name: str
    weight: str
    lines: list[Line] = field(default_factory=list)


def readable(scheme: Scheme, labels: Labels) -> list[Part]:
    """The whole scheme."""
    language = get_language() or "zh"
    groups = {group.key: group.name.show(language) for group in scheme.groups}
    parts = [
        Part(contest.name.show(language), _figure(contest.weight),
             [_line(one, labels, groups, language) for one in contest.criteria])
        for contest in scheme.contests
    ]  # fmt: skip
    if scheme.adjustments:
        extras = [_line(one, labels, groups, language) for one in scheme.adjustments]
        parts.append(Part(_("Beside all contests"), "", extras))
    return parts


def _line(one: Criterion, labels: Labels, groups: Mapping[str, str], language: str) -> Line:
    words = list(_words(one.rule, labels, language))
    if one.missing:
        words.append(_missing(one.missing))
    return Line(
        one.key, one.name.show(language), _figure(one.weight) if one.weight else "", words,
        [groups[key] for key in one.groups],
    )  # fmt: skip


def _figure(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _reading(value: Reading, labels: Labels, language: str) -> str:
    if value.number is not None:
        return _figure(value.number)
    code = value.indicator or ""
    if value.formula is not None:
        shown = str(value.formula)
    elif code in ("target", "expected", "base"):
        shown = {"target": _("the target"), "expected": _("what is expected to date"),
                 "base": _("last year's comparable base")}[code]  # fmt: skip
    else:
        shown = labels[code].show(language) if code in labels else code
    if value.measure == "growth":
        shown = _("growth of %(figure)s, %%") % {"figure": shown}
    elif value.measure == "change":
        shown = _("change of %(figure)s") % {"figure": shown}
    elif value.measure == "completion":
        shown = _("completion of %(figure)s, %%") % {"figure": shown}
    return shown


def _words(rule: AnyRule, labels: Labels, language: str) -> Iterator[str]:
    match rule:
        case Bonus() | Penalty() | Veto():
            yield from _facts(rule, language)
        case Judges():
            yield _("Mean of at least %(least)s judges (0–%(most)s) without the %(trim)s highest "
                    "and lowest") % {"least": rule.minimum, "most": _figure(rule.out_of),
                                     "trim": rule.trim}  # fmt: skip
        case Computed():
            yield _("Percent of full marks: %(formula)s") % {"formula": rule.percent}
        case Completion():
            told = {"value": _reading(rule.value, labels, language),
                    "against": _reading(rule.against, labels, language),
                    "cap": _percent(rule.cap)}  # fmt: skip
            yield _("%(value)s ÷ %(against)s × full marks, at most %(cap)s %%") % told
        case GrowthLevel():
            told = {"value": _reading(rule.value, labels, language),
                    "growth": _figure(rule.growth_percent),
                    "level": _figure(100 - rule.growth_percent)}  # fmt: skip
            yield _("%(value)s: growth counts %(growth)s %%, level %(level)s %%") % told
            yield _("Growth: %(scale)s") % {"scale": _scale(rule.growth)}
            yield _("Level: %(scale)s") % {"scale": _scale(rule.level)}
        case BaseAndCap():
            yield _("%(value)s over a base, capped") % {
                "value": _reading(rule.value, labels, language)
            }
        case _:
            yield f"{_reading(rule.value, labels, language)}: {_scale(rule)}"


def _scale(scale: AnyScale | RankPoints | ShareOfSpread | Linear | Steps) -> str:
    match scale:
        case RankScale() | RankPoints():
            told = {"first": _figure(scale.first), "less": _figure(scale.step),
                    "last": _figure(scale.last), "floor": _figure(scale.floor)}  # fmt: skip
            if scale.step is not None:
                return _("by rank: the first gets %(first)s %%, each place behind %(less)s points "
                         "of percent less, at least %(floor)s %%") % told  # fmt: skip
            return _("by rank: from %(first)s %% for the first evenly to %(last)s %%") % told
        case SpreadScale() | ShareOfSpread():
            told = {"best": _figure(scale.best), "worst": _figure(scale.worst)}
            return _("evenly between the best (%(best)s %%) and the worst (%(worst)s %%)") % told
        case LinearScale() | Linear():
            told = {"zero": _figure(scale.zero), "full": _figure(scale.full)}
            return _("evenly: %(zero)s gets nothing, %(full)s full marks") % told
    sign = "≥" if scale.direction == "up" else "≤"
    lines = [f"{sign} {_figure(one.at)}: {_figure(one.percent)} %" for one in scale.steps]
    return "; ".join([*lines, _("else %(percent)s %%") % {"percent": _figure(scale.otherwise)}])


def _facts(rule: Bonus | Penalty | Veto, language: str) -> Iterator[str]:
    if isinstance(rule, Veto):
        for fact in rule.struck_by:
            yield fact.name.show(language) if fact.name else fact.fact
        effects = [
            _("the score becomes 0") if rule.zero else "",
            _("ranked behind all others") if rule.last else "",
            _("class %(class)s") % {"class": rule.class_} if rule.class_ else "",
        ]
        yield "→ " + ", ".join(one for one in effects if one)
        return
    sign = "+" if isinstance(rule, Bonus) else "−"
    for one in rule.counted:
        name = one.name.show(language) if one.name else one.fact
        limit = _(" (at most %(limit)s)") % {"limit": _figure(one.limit)} if one.limit else ""
        yield f"{name}: {sign}{_figure(one.each)}{limit}"
    if rule.limit is not None:
        yield _("At most %(limit)s in all") % {"limit": _figure(rule.limit)}
    if rule.since == "year":
        yield _("Counted from the beginning of the year")


def _percent(share: Decimal) -> str:
    return _figure(share * 100)


def _missing(policy: str) -> str:
    return {
        "zero": _("Without data: no points"),
        "exclude": _("Without data: left out, its weight goes to the others"),
        "worst": _("Without data: the lowest points of the group"),
        "not_rated": _("Without data: not rated"),
    }[policy]
