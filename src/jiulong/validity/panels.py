"""What statistics show on a point's page: the last three days of every factor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from jiulong.monitoring.models import Point
from jiulong.monitoring.queries import factor_rank
from jiulong.validity import queries

#: Days beside each other in the narrow column of the page.
DAYS: Final = 3


def days_panel(request: HttpRequest, point: Point) -> str:
    """The latest effective means against their limits; nothing where none was computed."""
    today = timezone.localdate()
    lately = [today - timedelta(days=n) for n in range(DAYS)]
    found = list(queries.days(request.user, point, None, lately[-1], today))
    if not found:
        return ""
    held = queries.limits_on_days(point, lately[-1], today)
    cells = {(row.factor_id, row.on): queries.cell(row, held) for row in found}
    factors = sorted({row.factor for row in found}, key=lambda one: factor_rank(one.code))
    rows = [(one, [cells.get((one.pk, on)) for on in lately]) for one in factors]
    context: dict[str, Any] = {"point": point, "lately": lately, "rows": rows}
    return render_to_string("validity/panel.html", context, request)
