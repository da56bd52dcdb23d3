"""Rule `arithmetic`: a mean that the logger sent is not what its own values give (annex D)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm, Factor, Finding, Point
from jiulong.monitoring.raising import raise_finding, withdraw_finding
from jiulong.rounding import text
from jiulong.validity.computing import Result
from jiulong.validity.runs import midnight

DAY: Final = timedelta(days=1)


@register
class Arithmetic(RaisedRule):
    """One day of one factor is one finding."""

    code = "arithmetic"
    name = _("Arithmetic of the logger")
    meaning = _(
        "A mean that the logger sent differs by more than 1 % from what its own values give, "
        "weighted by flow or plainly."
    )
    kind = "CALC"
    family = Alarm.Family.DATA
    source = "HJ 212-2017 annex D.1; HJ 356-2019 §6"


def tell(before: Iterable[tuple[Result | None, Result]], now: datetime) -> None:
    """Raise a finding for days that deviate now and did not; end those that do no longer."""
    pairs = [(a, b) for a, b in before if b.deviates != (a is not None and a.deviates)]
    if not pairs:
        return
    points = Point.objects.in_bulk({after.point for _, after in pairs})
    factors = Factor.objects.in_bulk({after.factor for _, after in pairs})
    for _before, after in pairs:
        point, factor = points[after.point], factors[after.factor]
        if after.deviates:
            raise_finding(
                rule=Arithmetic.code, point=point, factor=factor, now=now,
                started_at=midnight(after.on), ended_at=min(midnight(after.on + DAY), now),
                value=after.sent_mean, detail=_detail(after),
            )  # fmt: skip
        else:
            _withdraw(point, factor, midnight(after.on), now)


def _withdraw(point: Point, factor: Factor, started_at: datetime, now: datetime) -> None:
    found = Finding.objects.filter(
        rule=Arithmetic.code, point=point, factor=factor, started_at=started_at, withdrawn_at=None
    ).first()
    if found is not None:
        withdraw_finding(finding=found, cause=gettext_noop("The means agree now"), now=now)


def _detail(after: Result) -> dict[str, Any]:
    hours = after.invalid.get("disagreement", 0)
    found: dict[str, Any] = {"on": after.on.isoformat(), "hours": hours.bit_count()}
    if after.sent_mean is not None:
        found["sent"] = text(after.sent_mean.normalize())
    if after.mean is not None:
        found["computed"] = text(after.mean.normalize())
    return found
