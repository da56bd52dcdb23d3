"""What is measured, of whom, and what was promised.

Periods are text, as the engine reads them: `2024`, `2024H1`, `2024Q1`, `2024-03`. A value of a
cumulative indicator at `2024-03` covers January to March.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.models import Unit
from jiulong.registers.models import Enterprise, Entry


class Indicator(models.Model):
    """One line of the statistics. It comes from a pack; its code is its name in schemes."""

    class Direction(models.TextChoices):
        UP = "up", _("More is better")
        DOWN = "down", _("Less is better")

    class Every(models.TextChoices):
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")
        HALF = "half", _("Half-year")
        YEAR = "year", _("Year")

    class Kind(models.TextChoices):
        LEVEL = "level", _("Level")
        GROWTH = "growth", _("Growth over last year, %")

    class Source(models.TextChoices):
        REPORTED = "reported", _("Reported")
        METRIC = "metric", _("Computed from the system")
        FORMULA = "formula", _("Formula over indicators")

    code = models.CharField(max_length=80, unique=True)
    pack = models.CharField(max_length=40, blank=True)
    names = models.JSONField(default=dict, help_text='{"zh": …, "en": …}')
    measure = models.CharField(max_length=20, blank=True, help_text="unit of measure, e.g. 亿元, %")
    direction = models.CharField(max_length=4, choices=Direction.choices, default=Direction.UP)
    every = models.CharField(max_length=7, choices=Every.choices, default=Every.MONTH)
    cumulative = models.BooleanField(default=True, help_text="from January to the period's end")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.LEVEL)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.REPORTED)
    metric = models.CharField(max_length=80, blank=True, help_text="code in `metrics`")
    formula = models.CharField(max_length=300, blank=True, help_text="engine.formulas")
    decimals = models.PositiveSmallIntegerField(default=2)
    least = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    most = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    may_fall = models.BooleanField(
        default=False, help_text="whether a cumulative value may be below the month before"
    )
    january_with_february = models.BooleanField(
        default=False, help_text="no value for January; February's covers both"
    )
    near = models.DecimalField(
        max_digits=7, decimal_places=3, null=True, blank=True,
        help_text="how far behind is still yellow: % of what is expected, points of a growth rate",
    )  # fmt: skip
    owner = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="indicators_owned",
        help_text="the department in charge of it",
    )  # fmt: skip
    category = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=50)
    note = models.TextField(blank=True, help_text="definition and source")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class Subject(models.Model):
    """Whoever is measured: a unit, zone, park, enterprise or project."""

    class Kind(models.TextChoices):
        UNIT = "unit", _("Unit")
        ZONE = "zone", _("Zone")
        PARK = "park", _("Park")
        ENTERPRISE = "enterprise", _("Enterprise")
        PROJECT = "project", _("Project")

    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="scored_as",
        help_text="the unit itself, or the one that answers for it",
    )  # fmt: skip
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="scored_as"
    )
    entry = models.ForeignKey(
        Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="scored_as"
    )
    ref = models.CharField(max_length=80, blank=True, help_text="of a higher floor: project/12")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    tags = models.JSONField(default=list, help_text="words that schemes select groups by")
    pack = models.CharField(max_length=40, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """What a subject is to reach by the end of a period. Changed by a new row, never in place."""

    class Tolerance(models.TextChoices):
        ABOUT = "about", _("about")  # 左右
        AT_LEAST = "at_least", _("at least")  # 以上
        AT_MOST = "at_most", _("at most")  # 以内
        EXACT = "exact", _("exactly")
        DONE = "done", _("to be completed")  # 完成年度任务

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="targets")
    period = models.CharField(max_length=7)
    value = models.DecimalField(
        max_digits=24, decimal_places=6, null=True, help_text="none: to be completed, no number"
    )
    tolerance = models.CharField(
        max_length=8, choices=Tolerance.choices, default=Tolerance.AT_LEAST
    )
    words = models.CharField(max_length=200, blank=True, help_text="as it was published")
    gap_reason = models.CharField(
        max_length=300, blank=True, help_text="why the parts do not add up to this"
    )
    source = models.CharField(max_length=200, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True, help_text="of the change")
    current = models.BooleanField(default=True)
    pack = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["indicator", "subject", "period", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "subject", "period"],
                condition=models.Q(current=True),
                name="one_current_target",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.subject_id} {self.period}"
