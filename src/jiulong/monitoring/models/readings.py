"""What instruments said, and when they were heard."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.models.points import Point


class Period(models.IntegerChoices):
    """What stretch of time a reading speaks of. Interval readings are dated at their START."""

    REALTIME = 0, _("Real time")  # CN 2011
    MINUTE = 1, _("Minute")  # CN 2051
    HOUR = 2, _("Hour")  # CN 2061
    DAY = 3, _("Day")  # CN 2031
    STATE = 4, _("Device state")  # CN 2021
    RUNTIME = 5, _("Device run time")  # CN 2041


class Reading(models.Model):
    """One frame's values, wide: the arrays run parallel to `factors`.

    The table is partitioned by month of `at` and written by COPY; see the migration. A frame of a
    split packet is a `part` of its own, so that every row keeps its link to one raw frame.
    """

    pk = models.CompositePrimaryKey("point", "period", "at", "part")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    batch = models.BigIntegerField()
    point = models.ForeignKey(
        Point, on_delete=models.DO_NOTHING, db_constraint=False, db_column="point", related_name="+"
    )
    ordinal = models.IntegerField()
    period = models.SmallIntegerField(choices=Period.choices)
    part = models.SmallIntegerField(default=0)
    factors = ArrayField(models.SmallIntegerField())
    values = ArrayField(models.FloatField(null=True))
    minima = ArrayField(models.FloatField(null=True), null=True)
    maxima = ArrayField(models.FloatField(null=True), null=True)
    totals = ArrayField(models.FloatField(null=True), null=True)
    flags = models.TextField(help_text="one character a factor; '.' where none was sent")

    class Meta:
        managed = False
        db_table = "reading"

    def __str__(self) -> str:
        return f"{self.point_id} {self.period} {self.at:%Y-%m-%d %H:%M:%S}"


class Discrepancy(models.Model):
    """A second frame for the same point, period and time that differs. Both are kept."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, db_constraint=False)
    period = models.SmallIntegerField(choices=Period.choices)
    at = models.DateTimeField()
    kept_batch = models.BigIntegerField()
    kept_ordinal = models.IntegerField()
    other_batch = models.BigIntegerField()
    other_ordinal = models.IntegerField()
    received_at = models.DateTimeField()
    differences = models.JSONField(help_text="{factor code: [kept value, other value]}")

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["other_batch", "other_ordinal"], name="one_discrepancy_a_frame"
            )
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.at}"


class PointState(models.Model):
    """When a point was last heard. Kept by the recorder."""

    point = models.OneToOneField(
        Point, primary_key=True, on_delete=models.CASCADE, db_constraint=False, related_name="state"
    )
    heard_at = models.DateTimeField(help_text="receive time of the last accepted frame of any kind")
    frames = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.point_id} {self.heard_at}"


class Watch(models.Model):
    """What the judge remembers of a point from one look to the next. Kept by the judge alone."""

    point = models.OneToOneField(
        Point, primary_key=True, on_delete=models.CASCADE, db_constraint=False, related_name="watch"
    )
    heard_at = models.DateTimeField(help_text="receive time of the last frame the judge has seen")
    hours_until = models.DateTimeField(
        null=True, help_text="hours before this were looked at for missing data"
    )

    def __str__(self) -> str:
        return f"{self.point_id} {self.heard_at}"
