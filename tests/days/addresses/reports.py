"""Accounts of a month."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone

from jiulong.monitoring.models import Outfall
from jiulong.reports.actions import draft_report
from jiulong.reports.models import Report
from tests.days.addresses.common import FILE, SENT, Look, user


def an_account() -> list[Any]:
    """The account of this month, drafted once."""
    first = timezone.localdate().replace(day=1)
    found = Report.objects.filter(first_on=first, kind="month").first()
    if found is None:
        found = draft_report(actor=user("officer"), kind="month", day=first)
    return [found.pk]


LOOKS: Final = (
    Look("reports:reports", "officer"),
    Look("reports:new", "officer"),
    Look("reports:outfalls", "officer"),
    Look("reports:show", "officer", lambda: [Outfall.objects.order_by("pk")[0].pk]),
    Look("reports:report", "officer", an_account),
    Look("reports:explain", "officer", an_account),
    Look("reports:rows", "officer", lambda: [*an_account(), "days"]),
)  # fmt: skip
OTHERS: Final = {
    SENT: "reports:recount reports:sign reports:publish",
    FILE: "reports:print reports:open_csv",
    "off unless a site turns it on; tests/reports looks at it": "reports:open",
}
