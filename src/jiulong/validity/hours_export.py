"""The accepted hours of a point as a file that `jiulong water statistics` takes.

So whoever doubts a day recounts it elsewhere, from the values that were judged and with what spoke
against them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

import hj212
from jiulong.monitoring.models import Point
from jiulong.rounding import text
from jiulong.validity.accepted import Accepted, accept
from jiulong.validity.context import context
from jiulong.validity.engine.means import LOCAL
from jiulong.validity.engine.model import Hour
from jiulong.validity.hours_file import COLUMNS, FLAGS, OPTIONAL
from jiulong.validity.runs import Run

HEAD: Final = (*COLUMNS, *OPTIONAL)


def lines(point: Point, first: date, last: date, now: datetime) -> Iterator[str]:
    """The file line by line: every hour that is due, of every factor of which days are computed.

    Takes no viewer: the caller has asked for the point.
    """
    held = context()
    runs = list(held.under_rules([Run(point.pk, first, (last - first).days + 1)]))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEAD)
    for accepted in accept(runs, held, now, {}):
        for row in _rows(accepted):
            writer.writerow(row)
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _rows(accepted: Accepted) -> Iterator[tuple[str, ...]]:
    for day in range(accepted.run.days):
        for pk, factor in accepted.factors.items():
            if not accepted.wanted[pk][day]:
                continue
            for hour in accepted.hours(pk, day):
                yield _row(factor.code, hour)


def _row(code: str, hour: Hour) -> tuple[str, ...]:
    known = hj212.factor(code)
    mass = known is None or known.to_mg_per_l is not None
    flag, reasons = hour.flag, hour.reasons
    if flag.upper() not in FLAGS:  # none of HJ 212's, and so not usable
        flag, reasons = "", ("flag", *reasons)
    return (
        f"{hour.at.astimezone(LOCAL):%Y-%m-%dT%H:%M:%S}",
        code,
        "" if hour.value is None else text(hour.value),
        "" if hour.flow is None else text(max(hour.flow, hour.flow * 0)),
        flag,
        hj212.factors.MG if mass else "",
        " ".join(reasons),
    )
