"""Schemes and rows in few words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jiulong.scorecards.engine.observations import Observations, Row
from jiulong.scorecards.engine.results import Result, Standing
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.scoring import score

PERIOD = "2024-03"


def criterion(key: str, rule: Mapping[str, Any], weight: Any = 100, **more: Any) -> dict[str, Any]:
    extra = rule["kind"] in {"bonus", "penalty", "veto"}
    return {
        "key": key,
        "name": key,
        **({} if extra else {"weight": weight}),
        "rule": dict(rule),
        **more,
    }


def spelled(*criteria: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A scheme of one contest, as it is written."""
    return {
        "code": "scheme",
        "name": "方案",
        "effective_from": "2024-01-01",
        "frequency": "month",
        "contests": [{"key": "contest", "name": "比", "criteria": list(criteria)}],
        **more,
    }


def scheme(*criteria: Mapping[str, Any], **more: Any) -> Scheme:
    return Scheme.read(spelled(*criteria, **more))


def one(kind: str, /, **keys: Any) -> Scheme:
    """A scheme of one criterion `c` of 100 points."""
    return scheme(criterion("c", {"kind": kind, **keys}))


def rows(text: str, group: str = "g", period: str = PERIOD) -> list[Row]:
    """A row a line: subject, indicator, value; a period and a group if one likes."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        subject, indicator, value, *more = line.split()
        at, where = [*more, *(period, group)[len(more) :]]
        found.append(Row(subject, where, indicator, at, Decimal(value)))
    return found


def scored(scheme_: Scheme, text: str, period: str = PERIOD) -> Result:
    return score(scheme_, Observations.of(rows(text, period=period)), period)


def points(scheme_: Scheme, text: str, period: str = PERIOD) -> dict[str, str]:
    """Subject → score as text."""
    return {one.subject: f"{one.score:f}" for one in scored(scheme_, text, period).standings}


def ranks(scheme_: Scheme, text: str) -> dict[str, int]:
    return {one.subject: one.rank for one in scored(scheme_, text).standings}


def sentences(standing: Standing, language: str = "en") -> list[str]:
    """The lines of all criteria, without their indents."""
    found = [each.text(language) for each in standing.criteria]
    return [line.strip() for text in found for line in text.splitlines()]
