"""What a meeting is told of discharges: a section of its papers."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.bulletins import content, sources
from jiulong.bulletins.words import day
from jiulong.monitoring.models import Alarm
from jiulong.monitoring.queries import visible_points
from jiulong.organisation.models import User
from jiulong.organisation.rules import may

#: A meeting looks at the month behind it.
SPAN: Final = timedelta(days=30)
MOST: Final = 12


def over_the_limit(
    viewer: User, pen: content.Pen, sitting: content.Sitting
) -> content.Section | None:
    """Alarms over the limit of the last 30 days: how many, at how many firms, and the newest."""
    if not may(viewer, "see_all"):
        return None
    since = sitting.now - SPAN
    seen = visible_points(viewer).values("outfall")
    found = Alarm.objects.filter(
        outfall__in=seen, family=Alarm.Family.LIMIT, state__in=Alarm.STANDING,
        started_at__gte=since, started_at__lte=sitting.now,
    )  # fmt: skip
    rows = list(found.select_related("outfall__enterprise").order_by("-started_at", "-pk"))
    firms = {row.outfall.enterprise_id for row in rows}
    asked = f"{since:%Y-%m-%d}"
    told = _("Since %(day)s there were %(alarms)s alarms over the limit at %(firms)s enterprises.")
    lead = told % {
        "day": day(since),
        "alarms": pen.count("water.alarms", asked, len(rows), _("Alarms over the limit")),
        "firms": pen.count("water.firms", asked, len(firms), _("Enterprises over the limit")),
    }
    table = content.Table(
        head=[_("Enterprise"), _("Outfall"), _("Alarm"), _("Since"), _("State")],
        rows=[
            [
                str(row.outfall.enterprise), str(row.outfall), row.kind,
                pen.quote(row, "started_at", day(row.started_at), f"{row.outfall} · {row.kind}"),
                row.get_state_display(),
            ]
            for row in rows[:MOST]
        ],
        widths=[4, 2.4, 1.2, 2.2, 1.4],
    )  # fmt: skip
    return content.Section(paragraphs=[lead], tables=[table] if rows else [])


def register() -> None:
    """Called once when the apps are ready."""
    content.register("water", over_the_limit, label=gettext_lazy("Discharges over their limit"))
    sources.register(
        "monitoring.alarm",
        sources.Source(lambda pk: reverse("duty:alarm", args=[pk]), living=True),
    )
