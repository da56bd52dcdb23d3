"""A month's proof of completeness: what was owed, what came and when, what was tried for the rest.

Plain data, so that its digest can be computed again by anybody: canonical JSON is
`json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))` in UTF-8.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from jiulong.evidence import verifying
from jiulong.gaps import engine, policy
from jiulong.gaps.models import Gap, HistoryRequest, MonthProof, MonthTally
from jiulong.monitoring.models import Period, Point
from jiulong.rounding import ROUNDING

SHARE: Decimal = Decimal("0.0001")


def share(came: int, expected: int) -> Decimal | None:
    """Came ÷ expected to four places, half to even; None where nothing is owed.

    It never rounds up to 1: what lacks one reading in a hundred thousand is not complete.
    """
    if not expected:
        return None
    exact = Decimal(came) / Decimal(expected)
    rounded = exact.quantize(SHARE, rounding=ROUNDING)
    return rounded if rounded < 1 or came >= expected else 1 - SHARE


def contents(points: Iterable[Point], month: date) -> dict[int, dict[str, Any]]:
    """The proof of each point, by its id, in three queries however many they are."""
    listed = list(points)
    found: dict[int, dict[str, Any]] = {
        point.pk: {
            "point": point.code, "name": point.name, "month": f"{month:%Y-%m}",
            "rows": [], "gaps": [],
        }
        for point in listed
    }  # fmt: skip
    tallies = MonthTally.objects.filter(point__in=found, month=month).order_by("period")
    for tally in tallies:
        found[tally.point_id]["rows"].append(_row(tally))
    for gap in _gaps(found, month):
        found[gap.point_id]["gaps"].append(_gap(gap))
    return found


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON, as hex."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check() -> verifying.Checked:
    """Every proof against its event: what `jiulong verify` asks."""
    rows = MonthProof.objects.select_related("point").order_by("id")
    return verifying.as_told(
        "prove_month", rows.iterator(),
        lambda row, told: digest(row.content) == row.digest == told["sha256"],
        subject="gaps.monthproof", say=lambda row: f"{row.point.code} {row.month:%Y-%m}",
    )  # fmt: skip


def step(now: datetime) -> bool:
    """Prove the last month when its time has come (a chore); at most a hundred points at once."""
    from jiulong.gaps.actions import prove_month  # noqa: PLC0415 - actions need what is here

    this = engine.month_start(engine.month_of(now - policy.PROOF_AFTER))
    month = engine.month_of(this - timedelta(days=1))
    owed = MonthTally.objects.filter(month=month).values("point")
    proven = MonthProof.objects.filter(month=month).values("point")
    points = Point.objects.filter(pk__in=owed).exclude(pk__in=proven).order_by("pk")[:100]
    return bool(prove_month(actor=None, points=points, month=month, now=now))


def _row(tally: MonthTally) -> dict[str, Any]:
    came = tally.live + tally.late
    return {
        "period": Period(tally.period).name.lower(),
        "expected": tally.expected,
        "live": tally.live,
        "late": tally.late,
        "never": tally.expected - came,
        "share": str(share(came, tally.expected)),
    }


def _gaps(points: Iterable[int], month: date) -> Iterable[Gap]:
    requests = HistoryRequest.objects.select_related("command")
    return (
        Gap.objects.filter(
            point__in=list(points),
            start__lt=engine.month_start(engine.next_month(month)),
            end__gt=engine.month_start(month),
        )
        .prefetch_related(Prefetch("requests", requests))
        .order_by("period", "start", "pk")
    )


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "period": Period(gap.period).name.lower(),
        "start": gap.start.astimezone(engine.ZONE).isoformat(),
        "end": gap.end.astimezone(engine.ZONE).isoformat(),
        "missing": gap.missing,
        "left": gap.left,
        "state": gap.state,
        "cause": gap.cause,
        "reason": gap.reason,
        "requests": [_request(one) for one in gap.requests.all()],
    }


def _request(one: HistoryRequest) -> dict[str, Any]:
    return {
        "at": one.asked_at.astimezone(engine.ZONE).isoformat(timespec="seconds"),
        "cn": one.command.cn,
        "qn": one.command.qn,
        "begin": one.begin.astimezone(engine.ZONE).isoformat(),
        "end": one.end.astimezone(engine.ZONE).isoformat(),
        "outcome": one.outcome,
    }
