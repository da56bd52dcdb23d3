"""What is missing, and what was tried to get it."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema

from jiulong.api.schemas.common import Number, period_name
from jiulong.gaps.models import Gap
from jiulong.gaps.queries import Completeness


class GapOut(Schema):
    """A stretch in which readings of one period are missing, or were."""

    id: int
    point: str
    period: str
    minutes: int
    start: datetime
    end: datetime
    missing: int
    left: int
    remaining: list[tuple[datetime, datetime]]
    state: str
    cause: str
    reason: str
    asked: int
    next_ask_at: datetime | None
    found_at: datetime
    filled_at: datetime | None

    @classmethod
    def of(cls, gap: Gap) -> GapOut:
        plain = set(cls.model_fields) - {"point", "period", "remaining"}
        return cls(
            point=gap.point.code,
            period=period_name(gap.period),
            remaining=[(start, end) for start, end in gap.remaining],
            **{name: getattr(gap, name) for name in plain},
        )


class RequestOut(Schema):
    """One request to a logger; `command` is its number."""

    command: int
    begin: datetime
    end: datetime
    asked_at: datetime
    asked_by: str | None
    outcome: str


class GapDetail(GapOut):
    """A gap with every request that was made for it."""

    requests: list[RequestOut]

    @classmethod
    def with_requests(cls, gap: Gap) -> GapDetail:
        requests = [
            RequestOut(
                command=one.command_id, begin=one.begin, end=one.end, asked_at=one.asked_at,
                asked_by=str(one.asked_by) if one.asked_by else None, outcome=one.outcome,
            )
            for one in gap.requests.all()
        ]  # fmt: skip
        return cls(**GapOut.of(gap).model_dump(), requests=requests)


class AskIn(Schema):
    """Why a logger is asked now."""

    reason: str


class CompletenessOut(Schema):
    """What a period's readings of a month came to; `share` of what was owed came."""

    period: str
    expected: int
    live: int
    late: int
    never: int
    share: Number | None

    @classmethod
    def of(cls, row: Completeness) -> CompletenessOut:
        return cls(
            period=period_name(row.period), expected=row.expected, live=row.live, late=row.late,
            never=row.never, share=row.share,
        )  # fmt: skip
