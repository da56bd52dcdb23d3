"""What `jiulong verify` asks of statistics: are days, months and revisions as their events tell?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import connection
from django.db.models import Min
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiulong.evidence import chores, tallies, verifying
from jiulong.evidence.verifying import Checked
from jiulong.monitoring.models import Point
from jiulong.validity import months, settling
from jiulong.validity.context import context
from jiulong.validity.keeping import digest
from jiulong.validity.models import MonthStatistic, Revision, Settling

#: The first settled day of a point whose rows are not those of the last word on it, in one
#: statement: nobody writes between the two halves. With it how many are.
COMPARED: Final = """
WITH told AS (
    SELECT DISTINCT ON (s."on", d.key::int) s."on", d.key::int AS point, d.value AS sha
    FROM validity_settling s CROSS JOIN LATERAL jsonb_each_text(s.digests) d
    ORDER BY s."on", d.key::int, s.id DESC
), found AS ({found}), compared AS (
    SELECT "on", point, told.sha IS NOT DISTINCT FROM found.sha AS same
    FROM told FULL JOIN found USING ("on", point)
)
SELECT count(*) FILTER (WHERE same), min("on"::text || ' ' || point) FILTER (WHERE NOT same)
FROM compared
"""
OF_SETTLED: Final = settling.FOUND.format(where='"on" IN (SELECT "on" FROM validity_settling)')


def register() -> None:
    """Have `jiulong verify` look at days, the digests of settled ones, and revisions."""
    verifying.register("settled_days", _("Settled days"), settlings)
    verifying.register("day_statistics", _("Days of points"), days)
    verifying.register("revisions", _("Revisions"), revisions)
    tallies.register(
        tallies.Tally(
            months.TALLY, _("Months of points"), "validity_monthstatistic", "month", "point_id",
            ("factor_id", *months.FIELDS), "true", _first_month, _next_month,
            lambda month: context().settled_at(months.last_of(month)),
            lambda point, _month: _code(point),
        )
    )  # fmt: skip
    chores.register(
        chores.Chore(
            "tally-months", timedelta(minutes=10), lambda now: tallies.step(months.TALLY, now)
        )
    )


def settlings() -> Checked:
    """The digests of settled days against their events."""
    return verifying.as_told(
        "settle_day", Settling.objects.order_by("id").iterator(),
        lambda row, told: told["sha256"] == settling.digest(row.digests),
        subject="validity.settling",
    )  # fmt: skip


def days() -> Checked:
    """The rows of settled days against their digests."""
    with connection.cursor() as cursor:
        cursor.execute(COMPARED.format(found=OF_SETTLED))
        count, first = cursor.fetchone()
    if first is None:
        return Checked(count)
    on, _space, point = first.partition(" ")
    return Checked(count, _t("%(point)s on %(day)s") % {"point": _code(int(point)), "day": on})


def revisions() -> Checked:
    """Every revision against its event."""
    return verifying.as_told(
        "revise_day", Revision.objects.order_by("id").iterator(),
        lambda row, told: told["sha256"] == digest(row), subject="validity.revision",
    )  # fmt: skip


def _code(point: int) -> str:
    return Point.objects.filter(pk=point).values_list("code", flat=True).first() or str(point)


def _first_month() -> date | None:
    first: date | None = MonthStatistic.objects.aggregate(first=Min("month"))["first"]
    return first


def _next_month(month: date) -> date:
    return months.last_of(month) + timedelta(days=1)
