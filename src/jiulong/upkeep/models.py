"""What keeps instruments true, and who says so. What was handed in never changes (by trigger).

Columns that are null at first – a review, a withdrawal, the end of a fault – are filled once.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.monitoring.models import Factor, Point
from jiulong.organisation.models import Unit


class Provision(models.Model):
    """What a pack says otherwise than the box, or besides it: a kind of mark, a limit, a form.

    `content` is a checked item of `provisions`; see there.
    """

    section = models.CharField(max_length=40)
    code = models.CharField(max_length=80)
    pack = models.CharField(max_length=40)
    content = models.JSONField()

    class Meta:
        ordering = ["section", "code"]
        constraints = [
            models.UniqueConstraint(fields=["section", "code"], name="provision_code_in_section")
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.code}"


class Report(models.Model):
    """What somebody of a station hands in about it. It is never edited, only withdrawn, once."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="null: the logger itself",
    )
    by_name = models.CharField(max_length=150)
    by_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True


class Mark(Report):
    """A statement about data: of the instrument, or of production and treatment.

    It counts from when it is handed in – late, from when it is accepted – until it is rejected,
    withdrawn or superseded.
    """

    class Group(models.TextChoices):
        DEVICE = "device", _("Device mark")
        CONDITION = "condition", _("Condition mark")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for review")
        ACCEPTED = "accepted", pgettext_lazy("of a mark", "Accepted")
        REJECTED = "rejected", pgettext_lazy("of a mark", "Rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("of a mark", "Withdrawn")
        SUPERSEDED = "superseded", _("Superseded")

    kind = models.CharField(max_length=40, help_text="code of a kind of mark")
    group = models.CharField(max_length=10, choices=Group.choices)
    letter = models.CharField(max_length=1, blank=True, help_text="as the kind had it then")
    invalidates = models.BooleanField(help_text="values do not count, as the kind had it then")
    factors = ArrayField(
        models.SmallIntegerField(), default=list, blank=True, help_text="empty: all of the point"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(help_text="excluded")
    explanation = models.TextField()
    due_at = models.DateTimeField(help_text="12:00 of the day after the first marked day")
    late = models.BooleanField(help_text="handed in after that")
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="successor"
    )
    accepted = models.BooleanField(null=True, help_text="null: nobody has reviewed it")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    review_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["point", "started_at"], name="mark_point_started")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__gt=models.F("started_at")), name="mark_has_length"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.point_id} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> str:
        """A `State`; for lists annotate `successor` by `select_related`."""
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        if getattr(self, "successor", None) is not None:
            return self.State.SUPERSEDED
        if self.accepted is None:
            return self.State.WAITING
        return self.State.ACCEPTED if self.accepted else self.State.REJECTED

    @property
    def counts_once_accepted(self) -> bool:
        """It was late and nobody has reviewed it yet; for lists as `state`."""
        return self.late and self.state == self.State.WAITING


class QcTest(Report):
    """One check of an instrument, with the limit by which it was judged frozen in it."""

    class Kind(models.TextChoices):
        STANDARD = "standard", _("Standard sample")  # HJ 355-2019: at least every 24 h
        COMPARISON = "comparison", _("Field comparison")  # with a manual sample, monthly
        ZERO = "zero", _("Zero")
        SPAN = "span", pgettext_lazy("a check of an instrument", "Span")

    class Source(models.TextChoices):
        PERSON = "person", _("Entered by hand")
        LOGGER = "logger", _("Sent by the logger")

    class Measure(models.TextChoices):
        RELATIVE = "relative", _("relative")  # of the reference, as a ratio
        RANGE = "range", _("of the range")  # of the instrument's range, as a ratio
        ABSOLUTE = "absolute", _("absolute")  # in the unit of the factor

    kind = models.CharField(max_length=12, choices=Kind.choices)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.PERSON)
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="qc_tests")
    at = models.DateTimeField()
    reference = models.DecimalField(max_digits=18, decimal_places=6, help_text="true value")
    measured = models.DecimalField(max_digits=18, decimal_places=6)
    range_upper = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    pairs = models.JSONField(
        default=list, help_text="comparison: [[reference, measured], …] as text, at least three"
    )
    laboratory = models.CharField(max_length=120, blank=True)
    measure = models.CharField(max_length=10, choices=Measure.choices)
    error = models.DecimalField(max_digits=18, decimal_places=6)
    tolerance = models.DecimalField(max_digits=18, decimal_places=6)
    rule = models.CharField(max_length=80, help_text="code of the limit")
    rule_source = models.CharField(max_length=200)
    passed = models.BooleanField()
    note = models.CharField(max_length=400, blank=True)
    frame = models.CharField(max_length=40, blank=True, help_text="journal link: batch/ordinal")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["point", "factor", "passed", "at"], name="qctest_series"),
            models.Index(
                fields=["point", "at"],
                condition=models.Q(passed=False, withdrawn_at=None),
                name="qctest_failed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["frame", "factor", "kind"],
                condition=~models.Q(frame=""),
                name="qctest_once_a_frame",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.point_id} {self.at:%Y-%m-%d %H:%M}"


class MaintenancePlan(models.Model):
    """How often a list is worked through at a point, from a day on."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="maintenance_plans")
    form = models.CharField(max_length=60, help_text="code of a form")
    every_days = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    to_on = models.DateField(null=True, help_text="last day it holds")

    class Meta:
        ordering = ["point", "every_days", "form"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "form"], condition=models.Q(to_on=None), name="plan_one_holds"
            )
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.point_id} / {self.every_days} d"


class MaintenanceRecord(Report):
    """A list that was worked through at a station, with what was found."""

    form = models.CharField(max_length=60, help_text="code of a form")
    at = models.DateTimeField(help_text="when the work was done")
    values = models.JSONField(help_text="{item: value as text}, items of the form")
    people = models.CharField(max_length=200, help_text="who did it")
    abnormal = models.BooleanField(help_text="an item was not as it should be")
    note = models.CharField(max_length=400, blank=True)
    longitude = models.FloatField(null=True, help_text="degrees WGS 84, where the device was")
    latitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["point", "form", "at"], name="maintenance_of_point")]

    def __str__(self) -> str:
        return f"{self.form} {self.point_id} {self.at:%Y-%m-%d}"


class FaultReport(Report):
    """A fault of a station, reported in time or late, until it is restored."""

    began_at = models.DateTimeField()
    factors = ArrayField(
        models.SmallIntegerField(), default=list, blank=True, help_text="empty: all of the point"
    )
    description = models.TextField()
    due_at = models.DateTimeField(help_text="until when it had to be reported")
    late = models.BooleanField()
    restore_by = models.DateTimeField(help_text="until when it has to be restored")
    restored_at = models.DateTimeField(null=True)
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    restored_note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-began_at", "-id"]
        indexes = [models.Index(fields=["point", "began_at"], name="fault_of_point")]

    def __str__(self) -> str:
        return f"{self.point_id} {self.began_at:%Y-%m-%d %H:%M}"


class ManualDatum(Report):
    """One value of one manual sample, taken while an instrument cannot measure."""

    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="+")
    sampled_at = models.DateTimeField()
    value = models.DecimalField(max_digits=18, decimal_places=6, help_text="in the factor's unit")
    flow_m3 = models.DecimalField(
        max_digits=18, decimal_places=3, null=True, help_text="in the time the sample stands for"
    )
    method = models.CharField(max_length=120, help_text="of analysis, e.g. HJ 828-2017")
    laboratory = models.CharField(max_length=120)
    fault = models.ForeignKey(
        FaultReport, null=True, on_delete=models.PROTECT, related_name="manual_data"
    )

    class Meta:
        ordering = ["-sampled_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "factor", "sampled_at"],
                condition=models.Q(withdrawn_at=None),
                name="manual_one_value_a_sample",
            )
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.factor_id} {self.sampled_at:%Y-%m-%d %H:%M}"


class OperatingContract(models.Model):
    """Which firm operates a station for its enterprise, from a day to a day."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="contracts")
    operator = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=80, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True, help_text="last day it holds")

    class Meta:
        ordering = ["point", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["point"], condition=models.Q(to_on=None), name="contract_one_holds"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operator} {self.point_id} {self.from_on}"


class Objection(Report):
    """What a station's firm holds against a finding, a review or another decision."""

    about = models.CharField(max_length=60, help_text="model label, e.g. monitoring.finding")
    about_id = models.CharField(max_length=60)
    text = models.TextField()
    answer_by = models.DateTimeField()
    answer = models.TextField(blank=True)
    upheld = models.BooleanField(null=True, help_text="the firm was right; null: no answer yet")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-entered_at", "-id"]
        indexes = [models.Index(fields=["about", "about_id"], name="objection_about")]

    def __str__(self) -> str:
        return f"{self.about} {self.about_id}"
