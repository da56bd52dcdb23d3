"""Effluent above influent (alarm catalogue LOGIC): a plant that adds what it takes away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Catalogue
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.models import Alarm, Factor, Point
from jiulong.validity.dayrules import Stretch
from jiulong.validity.judgements.base import DayRule, Wanted, columns

#: What treatment takes away: BOD5, COD, suspended solids, total nitrogen, ammonia, phosphorus.
TAKEN: Final = ("w01017", "w01018", "w01012", "w21001", "w21003", "w21011")

#: Valid means of days at outfalls whose influent has one of the same day; of several influents the
#: highest.
ABOVE: Final = """
SELECT d.point_id, d.factor_id, d."on", d.mean, i.mean, i.code, d.revision
FROM unnest(%(points)s::bigint[], %(factors)s::smallint[], %(firsts)s::date[], %(lasts)s::date[])
     AS s(point, factor, first, last)
JOIN validity_daystatistic d ON d.point_id = s.point AND d.factor_id = s.factor
     AND d."on" BETWEEN s.first AND s.last AND d.valid AND d.over
JOIN monitoring_point e ON e.id = d.point_id
JOIN LATERAL (
    SELECT n.mean, p.code FROM monitoring_point p
    JOIN validity_daystatistic n ON n.point_id = p.id AND n.factor_id = d.factor_id
         AND n."on" = d."on" AND n.valid AND n.over
    WHERE p.outfall_id = e.outfall_id AND p.position = 'influent'
    ORDER BY n.mean DESC LIMIT 1
) i ON true
WHERE d.mean > i.mean * (1 + %(share)s) AND i.mean > 0
ORDER BY d.point_id, d.factor_id, d."on"
"""


@register
class AboveInfluent(DayRule):
    """By days: water takes hours through a plant, so that hours of both ends say nothing."""

    code = "above_influent"
    name = _("Effluent above influent")
    meaning = _("The daily mean after treatment is above that of the water that came in.")
    kind = "LOGIC"
    family = Alarm.Family.DATA
    respond = "24 hours"
    close = "3 working_days"
    source = ""
    thresholds = {"share": thresholds.INFLUENT_SHARE}

    def scope(self, stretches: Sequence[Stretch]) -> Sequence[Stretch]:
        """Where an influent changed, its outfall's effluents; only what treatment takes away."""
        taken = set(Factor.objects.filter(code__in=TAKEN).values_list("pk", flat=True))
        points = Point.objects.filter(pk__in={one.point_id for one in stretches})
        outfalls = dict(points.values_list("pk", "outfall"))
        effluents: dict[int, list[int]] = {}
        for point, outfall in Point.objects.filter(
            outfall__in=set(outfalls.values()), position=Point.Position.EFFLUENT
        ).values_list("pk", "outfall"):
            effluents.setdefault(outfall, []).append(point)
        return list(
            dict.fromkeys(
                one._replace(point_id=point)
                for one in stretches
                if one.factor_id in taken
                for point in effluents.get(outfalls[one.point_id], ())
            )
        )

    def wanted(self, stretches: Sequence[Stretch], now: datetime) -> Iterable[Wanted]:
        share = Catalogue.read().at(self.code, now)["share"]
        with connection.cursor() as cursor:
            cursor.execute(ABOVE, {**columns(stretches), "share": share})
            rows = cursor.fetchall()
        for point, factor, on, mean, came_in, code, revision in dict.fromkeys(rows):
            yield Wanted(
                point, factor, on, mean, came_in, detail={"influent": code}, revision=revision
            )
