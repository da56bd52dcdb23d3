"""Results into tables: only what changed is written, and a settled day that changed is revised."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

import orjson
from django.db import connection

from jiulong.evidence.actions import Act, record_events
from jiulong.rounding import text
from jiulong.validity import settling, sql
from jiulong.validity.computing import Result
from jiulong.validity.context import Context
from jiulong.validity.dayrules import Stretch
from jiulong.validity.models import DayStatistic, Revision
from jiulong.validity.runs import Run
from jiulong.validity.writing import update_rows

#: Columns of a result as the table calls them.
COLUMNS: Final = tuple(
    {"point": "point_id", "factor": "factor_id"}.get(name, name) for name in Result._fields
)
#: From here on what changed; before it stands which day it is.
FACTS: Final = Result._fields[3:]
_COPY: Final = "COPY validity_daystatistic ({}, revision, computed_at) FROM STDIN".format(
    ", ".join(f'"{name}"' for name in COLUMNS)
)
_STANDING: Final = sql.STANDING.format(
    columns=", ".join(f'd."{name}"' for name in COLUMNS) + ", d.id, d.revision"
)
#: Rows of one statement.
BATCH: Final = 500
NULL: Final = "\\N"  # as COPY has it

Key = tuple[int, int, date]
Causes = Mapping[tuple[int, date], Sequence[str]]


class Standing(NamedTuple):
    """A row as it stands."""

    pk: int
    revision: int
    result: Result


class Kept(NamedTuple):
    """What one keeping did."""

    fresh: list[Result]
    changed: list[tuple[Result, Result]]  # before, after
    revised: int

    @property
    def results(self) -> list[Result]:
        """What is new or changed."""
        return [*self.fresh, *(after for _before, after in self.changed)]


def standing(runs: Sequence[Run]) -> dict[Key, Standing]:
    """The statistics that stand for these days. One query."""
    parameters: dict[str, Any] = {
        "points": [run.point for run in runs],
        "firsts": [run.first for run in runs],
        "lasts": [run.last for run in runs],
    }
    found: dict[Key, Standing] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, parameters)
        for *columns, pk, revision in cursor:
            columns[-2:] = map(_parsed, columns[-2:])
            result = Result(*columns)
            found[result[:3]] = Standing(pk, revision, result)
    return found


def _parsed(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def keep(
    results: Sequence[Result], stands: Mapping[Key, Standing], causes: Causes,
    context: Context, now: datetime,
) -> Kept:  # fmt: skip
    """Write what is new and what changed; revise settled days. Nothing else is touched."""
    fresh: list[Result] = []
    changed: list[tuple[Standing, Result]] = []
    for result in results:
        before = stands.get(result[:3])
        if before is None:
            fresh.append(result)
        elif before.result != result:
            changed.append((before, result))
    _copy(fresh, now)
    revised = [pair for pair in changed if now >= context.settled_at(pair[1].on)]
    _update(changed, {before.pk for before, _ in revised}, now)
    _revise(revised, causes, now)
    settling.tell(((row.point, row.on) for row in (*fresh, *(new for _old, new in changed))), now)
    return Kept(fresh, [(before.result, after) for before, after in changed], len(revised))


def _copy(fresh: Iterable[Result], now: datetime) -> None:
    """Rows that are new, by COPY in its text format: nothing of a result needs escaping."""
    stamp = now.isoformat()
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        lines: list[str] = []
        for result in fresh:
            lines.append(_line(result, stamp))
            if len(lines) >= BATCH:
                copy.write("".join(lines))
                lines.clear()
        copy.write("".join(lines))


def _line(result: Result, stamp: str) -> str:
    """A row in COPY's text format; written out, for there may be three million of them."""
    (point, factor, on, valid, over, substituted, deviates, n_expected, n_valid, valid_hours,
     made_hours, mean, ratio, flow_m3, load_kg, sent_mean, method, sent_method, rule, invalid,
     reasons) = result  # fmt: skip
    return (
        f"{point}\t{factor}\t{on}\t{valid}\t{over}\t{substituted}\t{deviates}\t{n_expected}\t"
        f"{n_valid}\t{valid_hours}\t{made_hours}\t{NULL if mean is None else mean}\t{ratio}\t"
        f"{NULL if flow_m3 is None else flow_m3}\t{NULL if load_kg is None else load_kg}\t"
        f"{NULL if sent_mean is None else sent_mean}\t{method}\t{sent_method}\t{rule}\t"
        f"{json.dumps(invalid) if invalid else '{}'}\t"
        f"{json.dumps(reasons) if reasons else '[]'}\t0\t{stamp}\n"
    )


def _update(changed: Sequence[tuple[Standing, Result]], revised: set[int], now: datetime) -> None:
    names = (*(name.removesuffix("_id") for name in COLUMNS[3:]), "revision", "computed_at")
    update_rows(
        DayStatistic,
        names,
        (
            (before.pk, *after[3:], before.revision + (before.pk in revised), now)
            for before, after in changed
        ),
    )


def _revise(changed: Sequence[tuple[Standing, Result]], causes: Causes, now: datetime) -> None:
    """Tell for good what came out differently; the event carries its digest, and is sealed."""
    rows = [
        _revision(before, after, causes.get((after.point, after.on), ()), now)
        for before, after in changed
    ]
    Revision.objects.bulk_create(rows, batch_size=BATCH)
    record_events(
        Act(actor=None, verb="revise_day", subject=row, data=told(row), at=now) for row in rows
    )


def _revision(before: Standing, after: Result, causes: Sequence[str], now: datetime) -> Revision:
    names = [name for name in FACTS if getattr(before.result, name) != getattr(after, name)]
    return Revision(
        point_id=after.point,
        factor_id=after.factor,
        on=after.on,
        number=before.revision + 1,
        before={name: plain(getattr(before.result, name)) for name in names},
        after={name: plain(getattr(after, name)) for name in names},
        causes=list(causes),
        at=now,
    )


def told(row: Revision) -> dict[str, Any]:
    """What the event of a revision says: which day, and the digest of all that the row holds."""
    return {
        "point": row.point_id,
        "factor": row.factor_id,
        "on": row.on.isoformat(),
        "number": row.number,
        "causes": row.causes,
        "sha256": digest(row),
    }


def digest(row: Revision) -> str:
    """SHA-256 (hex) of a revision's canonical JSON: sorted keys, no spaces, UTF-8."""
    content = {
        "point": row.point_id, "factor": row.factor_id, "on": row.on.isoformat(),
        "number": row.number, "before": row.before, "after": row.after, "causes": row.causes,
        "at": row.at.isoformat(),
    }  # fmt: skip
    packed = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()


def plain(value: Any) -> Any:
    """A column as JSON keeps it: numbers exactly, as text without idle zeros."""
    if isinstance(value, Decimal):
        return text(value.normalize())
    return value


def stretches(results: Iterable[Result]) -> list[Stretch]:
    """Days that are new or changed, as rules by days are told of them."""
    found: dict[tuple[int, int], tuple[date, date]] = {}
    for result in results:
        first, last = found.get(result[:2], (result.on, result.on))
        found[result[:2]] = (min(first, result.on), max(last, result.on))
    return [Stretch(*key, *days) for key, days in sorted(found.items())]
