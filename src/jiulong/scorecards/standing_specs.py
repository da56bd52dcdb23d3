"""The scheme of a version, read once, and what pages and actions ask of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.db.models import Q

from jiulong.packs.text import Text
from jiulong.scorecards.dating import last_day
from jiulong.scorecards.engine.names import Name
from jiulong.scorecards.engine.rules import AnyRule
from jiulong.scorecards.engine.rules.facts import Bonus, Penalty, Veto
from jiulong.scorecards.engine.rules.judges import Judges
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.models import Adjustment, SchemeVersion, Subject

#: Schemes kept in memory, by digest; a district has a handful a year.
KEPT: Final = 64
_read: dict[str, Scheme] = {}


class Fact(NamedTuple):
    """Something that may be filed: a bonus, deduction, veto or exemption of the scheme."""

    kind: str  # an `Adjustment.Kind`
    name: Text
    each: str  # points for one, as text; "" for a veto and an exemption


def of(version: SchemeVersion) -> Scheme:
    """The scheme of a version, read once per process."""
    known = _read.get(version.digest)
    if known is None:
        if len(_read) >= KEPT:
            _read.clear()
        known = _read[version.digest] = Scheme.read(version.spec)
    return known


def as_json(scheme: Scheme) -> dict[str, Any]:
    """A scheme as `SchemeVersion.spec` keeps it."""
    return dict(scheme.model_dump(mode="json", by_alias=True))


def adjustable(version: SchemeVersion) -> dict[str, Fact]:
    """Fact (`bonus@award`) → what it is, of every bonus, deduction, veto and exemption."""
    found: dict[str, Fact] = {}
    for _contest, criterion, _path in of(version).criteria():
        rule: AnyRule = criterion.rule
        if isinstance(rule, Bonus | Penalty):
            kind = Adjustment.Kind.BONUS if isinstance(rule, Bonus) else Adjustment.Kind.PENALTY
            for one in rule.counted:
                name = as_text(one.name or criterion.name)
                found[one.fact] = Fact(kind, name, f"{one.each.normalize():f}")
        elif isinstance(rule, Veto):
            for fact in rule.struck_by:
                found[fact.fact] = Fact(
                    Adjustment.Kind.VETO, as_text(fact.name or criterion.name), ""
                )
    for exempt in of(version).exemptions:
        name = as_text(exempt.name) if exempt.name else Text(exempt.fact, exempt.fact)
        found[exempt.fact] = Fact(Adjustment.Kind.EXEMPT, name, "")
    return found


class Judged(NamedTuple):
    """A criterion that judges score."""

    name: Text
    judges: Judges


def judged(version: SchemeVersion) -> dict[str, Judged]:
    """Key of a criterion → its rule, of those that judges score."""
    return {
        criterion.key: Judged(as_text(criterion.name), criterion.rule)
        for _contest, criterion, _path in of(version).criteria()
        if isinstance(criterion.rule, Judges)
    }


def members(scheme: Scheme, period: str = "") -> dict[int, tuple[str, str]]:
    """Subject's id → (code, group), of all that the groups select; one query.

    A group names codes or tags; a subject that two groups select is in the first. Of a period
    they are those that were there when it ended: who retired later is ranked all the same.
    """
    wanted = {group.key: frozenset(_selects(group.subjects)) for group in scheme.groups}
    found: dict[int, tuple[str, str]] = {}
    there = Q(retired_at=None)
    if period:
        there |= Q(retired_at__date__gt=last_day(period))
    rows = Subject.objects.filter(there).values_list("pk", "code", "tags")
    for pk, code, tags in rows:
        marks = {code, *tags}
        group = next((key for key, select in wanted.items() if select & marks), None)
        if group is not None:
            found[pk] = (code, group)
    return found


def _selects(subjects: Mapping[str, Any] | Collection[str] | None) -> Iterator[str]:
    if isinstance(subjects, Mapping):
        for value in subjects.values():
            yield from [value] if isinstance(value, str) else value
    else:
        yield from subjects or ()


def names(scheme: Scheme) -> dict[str, Text]:
    """Key of a group, contest or criterion → its name."""
    found = {"": Text("加减分与否决", "Bonus, deduction, veto")}
    for group in scheme.groups:
        found[group.key] = as_text(group.name)
    for contest in scheme.contests:
        found[contest.key] = as_text(contest.name)
    for _contest, criterion, _path in scheme.criteria():
        found[criterion.key] = as_text(criterion.name)
    return found


def labels(scheme: Scheme) -> dict[str, Name]:
    """Names of indicators for explanations: the scheme's own, else the register's; one query."""
    from jiulong.scorecards.models import Indicator  # noqa: PLC0415 - only here

    codes = indicators(scheme)
    rows = Indicator.objects.filter(code__in=codes).values_list("code", "names")
    found = {code: Name.model_validate(words) for code, words in rows if words}
    return {**found, **scheme.labels}


def indicators(scheme: Scheme) -> set[str]:
    """Codes of indicators that the rules read, without companions and facts."""
    named = {code for _c, one, _p in scheme.criteria() for code in one.rule.indicators()}
    named |= {one.of for one in scheme.ties.by if "." in one.of}
    return {head for code in named if (head := code.partition("@")[0])}


def as_text(name: Name) -> Text:
    """A name of a scheme as pages show it."""
    return Text(name.zh, name.en)
