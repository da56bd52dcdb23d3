"""Reported parameters against filed ones, and ranges against limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from jiulong.monitoring.models import Factor, Finding, Limit, Point
from jiulong.monitoring.queries import limits_in_force
from jiulong.monitoring.raising import end_findings, raise_finding
from jiulong.plant import codes, judging
from jiulong.plant.models import ParameterFiling, ReportedParameter


@dataclass(frozen=True, slots=True)
class Compared:
    """One parameter: what is filed and confirmed, and what the instrument says."""

    info: str
    filed: Decimal | None
    filing: ParameterFiling | None
    reported: ReportedParameter | None

    @property
    def differs(self) -> bool:
        """Both are known and are not the same number."""
        if self.filed is None or self.reported is None:
            return False
        return self.reported.value is None or self.reported.value != self.filed

    @property
    def state(self) -> str:
        """A light: same, differs, not filed, not reported."""
        if self.differs:
            return "over"
        if self.filed is None:
            return "near" if self.reported is not None else "none"
        return "met" if self.reported is not None else "none"


def in_force(filings: Iterable[ParameterFiling]) -> dict[str, tuple[Decimal, ParameterFiling]]:
    """What is filed for each parameter: of the confirmed filings the one that begins last."""
    found: dict[str, tuple[Decimal, ParameterFiling]] = {}
    for filing in sorted(filings, key=lambda one: (one.valid_from, one.pk)):
        for info, text in filing.values.items():
            found[info] = (Decimal(text), filing)
    return found


def compared(point: int, factor: int, now: datetime) -> list[Compared]:
    """Every parameter of an analyser that is filed or reported, in the order of `codes.FILED`."""
    filings = ParameterFiling.objects.filter(
        point=point, factor=factor, state=ParameterFiling.State.CONFIRMED, valid_from__lte=now
    )
    reported = {
        one.info: one
        for one in ReportedParameter.objects.filter(point=point, factor=factor, current=True)
    }
    return together(in_force(filings), reported)


def together(
    filed: Mapping[str, tuple[Decimal, ParameterFiling]],
    reported: Mapping[str, ReportedParameter],
) -> list[Compared]:
    """Filed and reported side by side."""
    found = []
    for info in codes.FILED:
        if info in filed or info in reported:
            value, filing = filed.get(info, (None, None))
            found.append(Compared(info, value, filing, reported.get(info)))
    return found


def compare(point_id: int, factor_id: int, now: datetime) -> None:
    """Raise or end what the comparison finds for one analyser."""
    point = Point.objects.get(pk=point_id)
    factor = Factor.objects.get(pk=factor_id)
    rows = compared(point_id, factor_id, now)
    differing = [row for row in rows if row.differs]
    _settle(judging.PARAMETER, point, factor, now, _differences(differing))
    _settle(judging.RANGE, point, factor, now, _range(point, factor, rows, now))


def _settle(
    rule: str, point: Point, factor: Factor, now: datetime, found: tuple[datetime, Any] | None
) -> None:
    if found is None:
        end_findings(rule=rule, point=point, factor=factor, now=now)
        return
    since, detail = found
    standing = Finding.objects.filter(rule=rule, point=point, factor=factor, ended_at=None)
    going_on = standing.values_list("started_at", flat=True).first()
    if (
        going_on is None
        and standing.model.objects.filter(
            Q(ended_at__gt=since), rule=rule, point=point, factor=factor
        ).exists()
    ):
        since = now  # it was settled and is so again: a new event, from now on
    numbers = {name: detail.pop(name) for name in ("value", "limit_value") if name in detail}
    raise_finding(
        rule=rule, point=point, factor=factor, started_at=going_on or since, now=now,
        detail=detail, **numbers,
    )  # fmt: skip


def _differences(rows: list[Compared]) -> tuple[datetime, dict[str, Any]] | None:
    if not rows:
        return None
    detail: dict[str, Any] = {}
    moments = []
    for row in rows:
        if row.reported is None or row.filing is None or row.filed is None:
            continue
        moments.append(max(row.reported.since, row.filing.valid_from))
        detail[row.info] = {
            "filed": f"{row.filed:f}",
            "reported": row.reported.text,
            "since": row.reported.since.isoformat(),
            "frame": f"{row.reported.batch}/{row.reported.ordinal}",
        }
    return min(moments), {"parameters": detail}


def range_bounds(limit: Decimal) -> tuple[Decimal, Decimal]:
    """Between which numbers the range of an analyser should lie for a limit."""
    low, high = judging.RANGE_TIMES
    return limit * low, limit * high


def _range(
    point: Point, factor: Factor, rows: list[Compared], now: datetime
) -> tuple[datetime, dict[str, Any]] | None:
    """The reported range if it is not two to three times the limit of the day, else of the hour."""
    reported = next((row.reported for row in rows if row.info == codes.RANGE), None)
    if reported is None or reported.value is None:
        return None
    held = {one.statistic: one.maximum for one in limits_in_force(point, now)
            if one.factor_id == factor.pk and one.maximum is not None}  # fmt: skip
    limit = held.get(Limit.Statistic.DAY) or held.get(Limit.Statistic.HOUR)
    if not limit:
        return None
    value = reported.value * factor.scale  # instruments say it in the unit that they send in
    low, high = range_bounds(limit)
    if low <= value <= high:
        return None
    return reported.since, {
        "value": value, "limit_value": limit, "range_from": f"{low:f}", "range_to": f"{high:f}",
    }  # fmt: skip
