"""What a frozen standing is known by: digests of its rules, its input and its result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from jiulong.rounding import text
from jiulong.scorecards.engine.results import Result
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.models import Standing, StandingRow

#: `[{"subject", "group", "score", "rank", "class", "criteria": [{"criterion", "points"}]}]`:
#: what `jiulong score --json` prints, without explanations.
Facts = list[dict[str, Any]]


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no blanks, UTF-8: the same content is the same bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def of_result(result: Result) -> Facts:
    """What the engine found, subjects in the order of their codes."""
    found = [
        {
            "subject": one.subject,
            "group": one.group,
            "score": text(one.score),
            "rank": one.rank,
            "class": one.class_,
            "criteria": [
                {"criterion": each.criterion, "points": text(each.points)} for each in one.criteria
            ],
        }
        for one in result.standings
    ]
    return sorted(found, key=lambda one: one["subject"])


def of_rows(scheme: Scheme, rows: Iterable[StandingRow]) -> Facts:
    """The same of rows of the database, with their subjects."""
    found = [
        {
            "subject": row.subject.code,
            "group": row.group,
            "score": text(scheme.rounded(row.score)),
            "rank": row.rank,
            "class": row.class_name or None,
            "criteria": [
                {"criterion": each["criterion"], "points": each["points"]} for each in row.criteria
            ],
        }
        for row in rows
    ]
    return sorted(found, key=lambda one: str(one["subject"]))


def of_inputs(rows: Sequence[Sequence[str]]) -> str:
    """The digest of the observations that a standing rests on."""
    return digest(rows)


def facts(standing: Standing) -> dict[str, Any]:
    """What the event of freezing tells, and a seal covers."""
    return {
        "scheme": standing.scheme.code,
        "version": standing.scheme.version,
        "rules": standing.scheme.digest,
        "period": standing.period,
        "inputs": standing.inputs_digest,
        "digest": standing.digest,
        "rows": standing.rows.count(),
    }
