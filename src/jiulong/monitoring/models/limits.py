"""What may not be exceeded, from when to when, and where it is written."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.models.points import Factor, Outfall, Point


class Statistic(models.TextChoices):
    """What a limit speaks of."""

    INSTANT = "instant", _("Instantaneous value")
    HOUR = "hour", _("Hourly mean")
    DAY = "day", _("Daily mean")
    MONTH = "month", _("Monthly mean")


def _bounded(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(minimum__isnull=False) | models.Q(maximum__isnull=False), name=name
    )


class Standard(models.Model):
    """One grade of a discharge standard, as a pack brings it. Retired, never deleted."""

    code = models.CharField(max_length=60, unique=True, help_text="e.g. GB18918-2002/1A")
    number = models.CharField(max_length=40, help_text="e.g. GB 18918-2002")
    grade = models.CharField(max_length=40, blank=True)
    title = models.JSONField(default=dict, help_text="{zh, en}")
    grade_title = models.JSONField(default=dict, help_text="{zh, en}")
    spec = models.JSONField(default=dict, help_text="the pack's item")
    pack = models.CharField(max_length=40, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.number} {self.grade}".strip()


class StandardLimit(models.Model):
    """What a grade of a standard says of one factor, from when to when."""

    class Place(models.TextChoices):
        OUTFALL = "outfall", _("Main outfall")
        WORKSHOP = "workshop", _("Workshop outlet")
        ANY = "any", _("Any outlet")

    class Confidence(models.TextChoices):
        READ = "read", _("Read in the standard")
        HIGH = "high", _("Well known")
        MEDIUM = "medium", _("To be checked")

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="limits")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT)
    statistic = models.CharField(max_length=10, choices=Statistic.choices)
    place = models.CharField(max_length=10, choices=Place.choices, default=Place.ANY)
    minimum = models.DecimalField(max_digits=18, decimal_places=9, null=True)
    maximum = models.DecimalField(max_digits=18, decimal_places=9, null=True)
    written = models.CharField(max_length=40, help_text="number and unit as the standard has them")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="last day it holds")
    clause = models.CharField(max_length=120)
    confidence = models.CharField(max_length=10, choices=Confidence.choices)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["standard", "factor", "statistic", "valid_from"]
        constraints = [_bounded("standard_limit_bounds_something")]

    def __str__(self) -> str:
        return f"{self.standard} {self.factor} {self.written}"


#: Which kind of outlet a point is, for standards that tell them apart.
OUTLETS = [
    (StandardLimit.Place.OUTFALL, _("Main outfall")),
    (StandardLimit.Place.WORKSHOP, _("Workshop outlet")),
]


class StandardAssignment(models.Model):
    """Which grade of a standard a point is held to, from when to when."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="standards")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="assignments")
    place = models.CharField(
        max_length=10,
        choices=OUTLETS,
        default=StandardLimit.Place.OUTFALL,
        help_text="toxic metals of class 1 are limited at the workshop outlet",
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="last day it holds")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["point", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "standard", "valid_from"], name="one_assignment_a_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.standard_id} {self.valid_from}"


class PermitLimit(models.Model):
    """What a point's permit says of one factor, from when to when."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="permit_limits")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT)
    statistic = models.CharField(max_length=10, choices=Statistic.choices)
    minimum = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    maximum = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="last day it holds")
    source = models.CharField(max_length=200, help_text="permit number, or standard and clause")

    class Meta:
        ordering = ["point", "factor", "statistic", "valid_from"]
        constraints = [_bounded("permit_limit_bounds_something")]

    def __str__(self) -> str:
        return f"{self.factor} {self.statistic} {self.minimum or ''}–{self.maximum or ''}"


class Limit(models.Model):
    """What is in force: the one answer of `monitoring.limits`, settled from permit and standards.

    Of one point, factor and statistic at most one row holds on a day.
    """

    Statistic = Statistic

    class Origin(models.TextChoices):
        PERMIT = "permit", _("Permit")
        STANDARD = "standard", _("Standard")

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="limits")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT)
    statistic = models.CharField(max_length=10, choices=Statistic.choices)
    minimum = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    maximum = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="last day it holds")
    source = models.CharField(max_length=200, help_text="permit number, or standard and clause")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PERMIT)
    reference = models.CharField(
        max_length=80, blank=True, help_text="the row it stands on: permit/17, standard/203"
    )
    supersedes = models.JSONField(
        default=list,
        blank=True,
        help_text="what also speaks of it: [{origin, source, minimum, maximum}]",
    )
    note = models.CharField(
        max_length=20, blank=True, help_text="why: permit_laxer, warns_of_day, or nothing"
    )

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


class PermittedLoad(models.Model):
    """How much of a factor may leave an outfall in one year (permit, copy)."""

    outfall = models.ForeignKey(Outfall, on_delete=models.PROTECT, related_name="permitted_loads")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    tonnes = models.DecimalField(max_digits=14, decimal_places=6)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["outfall", "factor", "year"]
        constraints = [
            models.UniqueConstraint(fields=["outfall", "factor", "year"], name="one_load_a_year"),
            models.CheckConstraint(condition=models.Q(tonnes__gt=0), name="load_above_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.outfall} {self.factor} {self.year} {self.tonnes} t"
