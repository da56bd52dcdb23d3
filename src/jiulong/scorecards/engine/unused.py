"""Rows that a scheme never reads, and criteria that read what no row has: mistyped codes."""

from __future__ import annotations

from jiulong.scorecards.engine.observations import MEMBER, PART, Observations, Row
from jiulong.scorecards.engine.schemes import Scheme


def unread_rows(scheme: Scheme, observations: Observations) -> list[Row]:
    """The first row of each indicator that nothing in the scheme reads, in order of lines."""
    read = {MEMBER, *(one.fact for one in scheme.exemptions), *(one.of for one in scheme.ties.by)}
    for _contest, criterion, _path in scheme.criteria():
        read.update(criterion.rule.indicators(), criterion.rule.facts())
        read.add(f"judging@{criterion.key}")
    return [
        row
        for code, row in observations.indicators().items()
        if code not in read and code.partition(PART)[0] not in read and _main(code) not in read
    ]


def without_rows(scheme: Scheme, observations: Observations) -> list[tuple[str, str]]:
    """Criterion and indicator, where no row of anybody has it."""
    known = observations.indicators()
    return [
        (criterion.key, code)
        for _contest, criterion, _path in scheme.criteria()
        for code in dict.fromkeys(criterion.rule.indicators())
        if code not in known
    ]


def _main(code: str) -> str:
    """The indicator of which it is a companion."""
    head, _at, companion = code.partition("@")
    return head if companion in {"target", "expected", "base"} else code
