"""Scoring: a scheme and observations give standings, and nothing else goes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import localcontext
from typing import NamedTuple

from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.assembling import Tally, tally
from jiulong.scorecards.engine.bulk import undisturbed
from jiulong.scorecards.engine.missing import Cell, filled
from jiulong.scorecards.engine.numbers import CONTEXT
from jiulong.scorecards.engine.observations import Fault, Observations, ObservationsError
from jiulong.scorecards.engine.ranking import ranked
from jiulong.scorecards.engine.readings import Source
from jiulong.scorecards.engine.results import Result, Standing
from jiulong.scorecards.engine.rules import Column
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.words import Refusal


class _Group(NamedTuple):
    key: str
    subjects: tuple[str, ...]


def score(scheme: Scheme, observations: Observations, period: str) -> Result:
    """The standings of a period.

    Raises:
        ValueError: the period is none.
        ObservationsError: a subject stands in a group that the scheme does not know, or a fact is
            less than nothing.
    """
    periods.parse(period)
    with localcontext(CONTEXT), undisturbed():
        source = Source(observations, period)
        found: list[Standing] = []
        for group in _groups(scheme, observations, period):
            found += _scored(scheme, source, group)
        return Result(scheme, period, tuple(found))


def _groups(scheme: Scheme, observations: Observations, period: str) -> list[_Group]:
    members: dict[str, list[str]] = {}
    for subject, group in observations.members(period).items():
        members.setdefault(group, []).append(subject)
    order = [group.key for group in scheme.groups] or sorted(members)
    if unknown := sorted(members.keys() - set(order)):
        subject = members[unknown[0]][0]
        refusal = Refusal(
            "group_unknown", group=unknown[0], subject=subject, known=", ".join(order)
        )
        line = observations.line_of(subject, unknown[0])
        raise ObservationsError([Fault(line, refusal)])
    return [_Group(key, tuple(members[key])) for key in order if key in members]


def _scored(scheme: Scheme, source: Source, group: _Group) -> Sequence[Standing]:
    cells = columns(scheme, source, group.key, group.subjects)
    tallies: Mapping[str, Tally] = {
        subject: tally(scheme, source, subject, [column[subject] for column in cells])
        for subject in group.subjects
    }
    return ranked(scheme, source, group.key, tallies)


def columns(
    scheme: Scheme, source: Source, group: str, subjects: tuple[str, ...]
) -> list[dict[str, Cell]]:
    """One column a criterion: subject → cell, with what lack of data does to it."""
    found = []
    for slot in scheme.slots(group):
        column = Column(slot.criterion.key, slot.full, subjects, source)
        policy = slot.criterion.missing or slot.criterion.rule.missing_by_default or scheme.missing
        found.append(filled(slot, slot.criterion.rule.marks(column), policy))
    return found
