"""The statistic layer: a row a point, factor and day or month, and every change of a settled day.

The layers below are `reading` (raw) and the accepted hours, which are never stored by themselves:
they follow from raw values, marks, checks and flow, and stand here as bits of their day.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.models import Factor, Point


class Cause(models.TextChoices):
    """Why a day is computed. A cause may carry what it is about: `mark/17`."""

    READINGS = "readings", _("Readings came")
    ENDED = "ended", _("The day ended")
    MARK = "mark", _("Mark")
    CHECK = "qc", _("Quality control")
    MANUAL = "manual", _("Manual data")
    SUBSTITUTION = "substitution", _("A load that it was replaced by changed")
    RULES = "rules", _("Computed anew")
    LIMITS = "limits", _("Limits changed")


class DayStatistic(models.Model):
    """The effective mean of one factor on one local day (HJ 356-2019 §6), and how it came about.

    Concentrations in the factor's unit, flow in m³, load in kg. Hours are bits: bit h stands for
    the hour that begins at h:00 local time.
    """

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="days")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    valid = models.BooleanField()
    over = models.BooleanField(help_text="all its hours are due; until then it grows")
    substituted = models.BooleanField(default=False, help_text="the load is one of other days")
    deviates = models.BooleanField(
        default=False, help_text="a mean the logger sent is not what its own values give"
    )
    n_expected = models.SmallIntegerField()
    n_valid = models.SmallIntegerField()
    valid_hours = models.IntegerField(default=0)
    made_hours = models.IntegerField(default=0, help_text="hours worked out from minutes")
    revision = models.SmallIntegerField(default=0, help_text="changes since the day was settled")
    mean = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    ratio = models.DecimalField(max_digits=7, decimal_places=4, help_text="valid ÷ expected")
    flow_m3 = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    load_kg = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    sent_mean = models.DecimalField(
        max_digits=30, decimal_places=12, null=True, help_text="the day mean that the logger sent"
    )
    method = models.CharField(max_length=12, help_text="weighted or arithmetic")
    sent_method = models.CharField(
        max_length=12, blank=True, help_text="which of the two the logger uses, where that shows"
    )
    rule = models.CharField(max_length=40, help_text="name of the rule set")
    invalid = models.JSONField(default=dict, help_text="{reason: bits of its hours}")
    reasons = models.JSONField(default=list, help_text="why there is no mean, or no own load")
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "point", "factor"]
        constraints = [
            models.UniqueConstraint(fields=["point", "factor", "on"], name="one_statistic_a_day")
        ]
        indexes = [
            models.Index(
                fields=["point", "factor", "on"],
                condition=models.Q(valid=False),
                name="day_not_valid",
            )
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.factor_id} {self.on}"


class MonthStatistic(models.Model):
    """The effective mean of one month: of its effective daily means. `month` is its first day."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="months")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    valid = models.BooleanField()
    n_expected = models.SmallIntegerField(help_text="days")
    n_valid = models.SmallIntegerField()
    n_substituted = models.SmallIntegerField(default=0)
    mean = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    ratio = models.DecimalField(max_digits=7, decimal_places=4)
    flow_m3 = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    load_kg = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    rule = models.CharField(max_length=40)
    reasons = models.JSONField(default=list)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["-month", "point", "factor"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "factor", "month"], name="one_statistic_a_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.factor_id} {self.month:%Y-%m}"


class Revision(models.Model):
    """A settled day that came out differently: before, after, and why. Append-only by trigger."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="revisions")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    number = models.SmallIntegerField(help_text="counts the revisions of the day from 1")
    before = models.JSONField(help_text="the columns that changed, as they were")
    after = models.JSONField(help_text="the same columns, as they are")
    causes = models.JSONField(help_text="what led to it, as DueDay.cause has it")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "factor", "on", "number"], name="one_revision_a_number"
            )
        ]
        indexes = [models.Index(fields=["-at"], name="revision_lately")]

    def __str__(self) -> str:
        return f"{self.point_id} {self.factor_id} {self.on} #{self.number}"


class Settling(models.Model):
    """What the statistics of a day were when it was settled, or after a settled day changed.

    The event of it carries the digest of `digests`, and lies under a seal. Append-only by trigger.
    """

    on = models.DateField(db_index=True)
    digests = models.JSONField(help_text="{point: SHA-256 of its day's rows}; `settling.FOUND`")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"


class DueDay(models.Model):
    """A day of a point that has to be computed (again), and why. Gone once it was."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    cause = models.CharField(max_length=60)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["point", "on", "cause"], name="one_due_day_a_cause")
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.on} {self.cause}"
