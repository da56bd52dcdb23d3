"""What pydantic cannot see in a scheme: sums of weights, unknown keys, orders of tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jiulong.scorecards.engine.numbers import HUNDRED, ZERO
from jiulong.scorecards.engine.readings import Faults, Path
from jiulong.scorecards.engine.schemes import Contest, Criterion, Scheme
from jiulong.scorecards.engine.words import Refusal

#: Stands for a group where a scheme names none.
ANY_GROUP = ""


def faults(scheme: Scheme) -> Faults:
    """All faults with their paths, in the order of the scheme."""
    yield from _dates(scheme)
    yield from _keys(scheme)
    yield from _criteria(scheme)
    yield from _weights(scheme)
    yield from _ties(scheme)
    yield from _classes(scheme)


def _dates(scheme: Scheme) -> Faults:
    end = scheme.effective_to
    if end is not None and end < scheme.effective_from:
        yield ("effective_to",), Refusal("ends_before", end=end, start=scheme.effective_from)
    low, high = scheme.lowest, scheme.highest
    if low is not None and high is not None and low > high:
        yield ("highest",), Refusal("highest_below_lowest")


def _keys(scheme: Scheme) -> Faults:
    yield from _once((group.key, ("groups", i, "key")) for i, group in enumerate(scheme.groups))
    contests = ((one.key, ("contests", i, "key")) for i, one in enumerate(scheme.contests))
    criteria = ((one.key, (*path, "key")) for _c, one, path in scheme.criteria())
    yield from _once([*contests, *criteria])


def _once(keys: Iterator[tuple[str, Path]] | list[tuple[str, Path]]) -> Faults:
    seen: set[str] = set()
    for key, path in keys:
        if key in seen:
            yield path, Refusal("key_twice", key=key)
        seen.add(key)


def _criteria(scheme: Scheme) -> Faults:
    groups = {group.key for group in scheme.groups}
    for contest, criterion, path in scheme.criteria():
        for inner, refusal in criterion.rule.faults():
            yield (*path, "rule", *inner), refusal
        yield from _weight(contest, criterion, path)
        for index, group in enumerate(criterion.groups):
            if group not in groups:
                yield (*path, "groups", index), Refusal("no_such_group", group=group)
    contests = {contest.key for contest in scheme.contests}
    for number, consequence in enumerate(scheme.consequences):
        if consequence.contest is not None and consequence.contest not in contests:
            place: Path = ("consequences", number, "contest")
            yield place, Refusal("no_such_contest", contest=consequence.contest)
        for index, group in enumerate(consequence.groups):
            if group not in groups:
                place = ("consequences", number, "groups", index)
                yield place, Refusal("no_such_group", group=group)


def _weight(contest: str, criterion: Criterion, path: Path) -> Faults:
    extra = criterion.rule.is_extra
    if not contest and not extra:
        yield (*path, "rule"), Refusal("no_adjustment", kind=criterion.rule.kind)
    elif extra and criterion.weight:
        yield (*path, "weight"), Refusal("extra_weight", kind=criterion.rule.kind)
    elif not extra and not criterion.weight:
        yield (*path,), Refusal("no_weight", key=criterion.key)


def _weights(scheme: Scheme) -> Faults:
    """Weights add up for every group; told once where it is the same for all."""
    told: set[tuple[Path, str]] = set()
    for group in [one.key for one in scheme.groups] or [ANY_GROUP]:
        for path, refusal in _weights_of(scheme, group):
            if (path, str(refusal)) not in told:
                told.add((path, str(refusal)))
                yield path, refusal


def _weights_of(scheme: Scheme, group: str) -> Faults:
    total = ZERO
    for index, contest in enumerate(scheme.contests):
        path: Path = ("contests", index)
        found = _own(contest, group)
        if scheme.weights == "percent" and found:
            if contest.weight is None:
                yield path, Refusal("no_weight", key=contest.key)
            elif sum(found) != HUNDRED:
                yield (*path, "criteria"), _sum_refusal(contest.key, found, HUNDRED)
        elif contest.weight is not None and found and sum(found) != contest.weight:
            yield (*path, "criteria"), _sum_refusal(contest.key, found, contest.weight)
        elif contest.weight and not _all(contest):
            yield (*path, "weight"), Refusal("only_extras", key=contest.key)
        if found:
            total += contest.weight if contest.weight is not None else sum(found, ZERO)
    if total != scheme.out_of:
        yield (
            ("contests",),
            Refusal("weights_total", sum=total, expected=scheme.out_of, group=group or "–"),
        )


def _own(contest: Contest, group: str) -> list[Decimal]:
    """Weights of the criteria that count for the group."""
    return [one.weight for one in _all(contest) if not one.groups or group in one.groups]


def _all(contest: Contest) -> list[Criterion]:
    return [one for one in contest.criteria if not one.rule.is_extra]


def _sum_refusal(key: str, weights: list[Decimal], expected: Decimal) -> Refusal:
    return Refusal("weights_sum", key=key, sum=sum(weights, ZERO), expected=expected)


def _ties(scheme: Scheme) -> Faults:
    known = {one.key for one in scheme.contests}
    known |= {one.key for _contest, one, _path in scheme.criteria()}
    known |= {code for _c, one, _path in scheme.criteria() for code in one.rule.indicators()}
    known |= scheme.labels.keys()
    for index, one in enumerate(scheme.ties.by):
        if one.of not in known:
            yield ("ties", "by", index), Refusal("tie_of_nothing", key=one.of)


def _classes(scheme: Scheme) -> Faults:
    if scheme.classes is not None:
        for inner, refusal in scheme.classes.faults():
            yield ("classes", *inner), refusal
    for index, group in enumerate(scheme.groups):
        if group.classes is not None:
            for inner, refusal in group.classes.faults():
                yield ("groups", index, "classes", *inner), refusal
