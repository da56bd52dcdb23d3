"""What all answers share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from ninja import Schema
from pydantic import PlainSerializer

from jiulong.api.asked import Paged
from jiulong.monitoring.models import Period

T = TypeVar("T")

#: A Decimal as a JSON number: no value here has more digits than a double holds.
Number = Annotated[Decimal, PlainSerializer(float, return_type=float)]


class Page(Schema, Generic[T]):
    """A page of a list."""

    items: list[T]
    total: int
    page: int
    size: int
    pages: int

    @classmethod
    def of(cls, items: list[T], total: int, asked: Paged) -> Page[T]:
        pages = max(1, -(-total // asked.size))
        return cls(items=items, total=total, page=asked.page, size=asked.size, pages=pages)


def period_name(period: int) -> str:
    """`realtime`, `minute`, `hour`, `day` …"""
    return Period(period).name.lower()
