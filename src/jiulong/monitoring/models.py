"""What instruments say: points, their limits, their readings, and what was found in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.models import Unit
from jiulong.registers.models import Enterprise


class Period(models.IntegerChoices):
    """What stretch of time a reading speaks of. Interval readings are dated at their START."""

    REALTIME = 0, _("Real time")  # CN 2011
    MINUTE = 1, _("Minute")  # CN 2051
    HOUR = 2, _("Hour")  # CN 2061
    DAY = 3, _("Day")  # CN 2031
    STATE = 4, _("Device state")  # CN 2021
    RUNTIME = 5, _("Device run time")  # CN 2041


class Factor(models.Model):
    """What is measured. Unknown codes get a row on first sight: nothing sent is dropped.

    `unit` is the unit that readings are STORED in; `scale` converts what loggers send
    (HJ 212-2017 table B.1 sends some metals in µg/L, limits are in mg/L).
    """

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60, blank=True, help_text="Chinese, official")
    name_en = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    scale = models.DecimalField(max_digits=12, decimal_places=9, default=1)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code


class Outfall(models.Model):
    """Where wastewater leaves an enterprise."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="outfalls")
    code = models.CharField(max_length=20, unique=True, help_text="e.g. DW001 within the permit")
    name = models.CharField(max_length=120)
    longitude = models.FloatField(help_text="WGS-84 degrees")
    latitude = models.FloatField(help_text="WGS-84 degrees")
    receiving_water = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Point(models.Model):
    """A monitored place on the way of the water: one station, one data stream."""

    class Position(models.TextChoices):
        INFLUENT = "influent", _("Influent")
        PROCESS = "process", _("Process")
        EFFLUENT = "effluent", _("Effluent")

    class Discharge(models.TextChoices):
        CONTINUOUS = "continuous", _("All day")
        INTERMITTENT = "intermittent", _("By batch")

    outfall = models.ForeignKey(Outfall, on_delete=models.PROTECT, related_name="points")
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=10, choices=Position.choices, default=Position.EFFLUENT)
    realtime_interval_s = models.PositiveIntegerField(
        default=60, help_text="seconds between real-time frames, HJ 212-2017: 30–3600"
    )
    minute_interval = models.PositiveSmallIntegerField(
        default=10, help_text="minutes: 1 2 3 4 5 6 10 12 15 20 30"
    )
    active_from = models.DateTimeField(help_text="frames are expected from here on")
    active_to = models.DateTimeField(null=True, blank=True)
    discharge = models.CharField(
        max_length=12,
        choices=Discharge.choices,
        default=Discharge.CONTINUOUS,
        help_text="by batch: a day is judged by the hours in which water flowed",
    )
    operator = models.ForeignKey(
        Unit,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="operated_points",
        help_text="the firm that operates the station for the enterprise",
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Limit(models.Model):
    """What may not be exceeded, from when to when, and by what rule."""

    class Statistic(models.TextChoices):
        INSTANT = "instant", _("Instantaneous value")
        HOUR = "hour", _("Hourly mean")
        DAY = "day", _("Daily mean")
        MONTH = "month", _("Monthly mean")

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="limits")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT)
    statistic = models.CharField(max_length=10, choices=Statistic.choices)
    minimum = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    maximum = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="last day it holds")
    source = models.CharField(max_length=200, help_text="permit number, or standard and clause")

    class Meta:
        ordering = ["point", "factor", "statistic", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minimum__isnull=False) | models.Q(maximum__isnull=False),
                name="limit_bounds_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.factor} {self.statistic} {self.minimum or ''}–{self.maximum or ''}"


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


class Finding(models.Model):
    """Something that is wrong, judged by one rule. One event is one finding, from start to end."""

    class Severity(models.TextChoices):
        INFORMATION = "information", _("Information")
        WARNING = "warning", _("Warning")
        SERIOUS = "serious", _("Serious")

    rule = models.CharField(max_length=40, db_index=True)
    severity = models.CharField(max_length=12, choices=Severity.choices)
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="findings")
    factor = models.ForeignKey(Factor, null=True, on_delete=models.PROTECT)
    started_at = models.DateTimeField(db_index=True)
    last_at = models.DateTimeField(help_text="latest time at which it was seen to hold")
    ended_at = models.DateTimeField(null=True, db_index=True)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, help_text="the worst")
    limit_value = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    multiple = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, help_text="worst value ÷ limit − 1"
    )
    detail = models.JSONField(default=dict, help_text="the evidence, as the rule documents it")
    found_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(
        "organisation.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "point", "factor", "started_at"],
                name="one_finding_an_event",
                nulls_distinct=False,
            )
        ]
        indexes = [
            # The few that stand open are asked for by every page and by the judge.
            models.Index(
                fields=["point", "rule"], condition=models.Q(ended_at=None), name="finding_open"
            ),
            models.Index(fields=["rule", "point", "ended_at"], name="finding_rule_point_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.point_id} {self.started_at}"
