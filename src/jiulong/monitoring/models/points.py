"""What is monitored where: factors, outfalls and points."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.models import Unit
from jiulong.registers.models import Enterprise


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
