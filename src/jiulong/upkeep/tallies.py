"""What was handed in lies under the seals: marks, checks, manual data, faults, objections.

They are told of by the day on which they were handed in; a review, a withdrawal, a repair or an
answer that comes later is told with its row again.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db.models import Min
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiulong.evidence import chores, tallies
from jiulong.monitoring.models import Point
from jiulong.upkeep.models import FaultReport, ManualDatum, Mark, Objection, QcTest, Report

DAY: Final = timedelta(days=1)
TOLD_AT: Final = time(12)
KINDS: Final[tuple[tuple[type[Report], str | Promise], ...]] = (
    (Mark, _("Marks on data")),
    (QcTest, _("Checks of instruments")),
    (ManualDatum, _("Manual data")),
    (FaultReport, _("Reports of faults")),
    (Objection, _("Objections")),
)


def register() -> None:
    """Tell of each kind, day by day; every column is under the digest."""
    for model, label in KINDS:
        fields = model._meta.concrete_fields  # noqa: SLF001 - Django's
        columns = [str(field.column) for field in fields]
        tallies.register(
            tallies.Tally(
                _name(model), label, model._meta.db_table,  # noqa: SLF001
                f"(entered_at AT TIME ZONE '{settings.TIME_ZONE}')::date", "point_id",
                sorted(columns), "true", partial(_first, model), _next, _due, _say,
            )
        )  # fmt: skip
        step = partial(tallies.step, _name(model))
        chores.register(chores.Chore(f"tally-{_name(model)}", timedelta(minutes=10), step))


def tell(report: Report, now: datetime) -> None:
    """This row was written in this transaction."""
    day = timezone.localdate(report.entered_at)
    tallies.retell(_name(type(report)), [(day, report.point_id)], now)


def is_told(report: Report) -> bool:
    """Whether days of this kind of report are told of; maintenance records are not."""
    return any(isinstance(report, model) for model, _label in KINDS)


def _name(model: type[Report]) -> str:
    return model._meta.label_lower  # noqa: SLF001


def _first(model: type[Report]) -> date | None:
    first = model._default_manager.aggregate(first=Min("entered_at"))["first"]  # noqa: SLF001
    return None if first is None else timezone.localdate(first)


def _next(day: date) -> date:
    return day + DAY


def _due(day: date) -> datetime:
    told = datetime.combine(day + DAY, TOLD_AT)
    return timezone.make_aware(told, timezone.get_default_timezone())


def _say(point: int, _day: date) -> str:
    return Point.objects.filter(pk=point).values_list("code", flat=True).first() or str(point)
