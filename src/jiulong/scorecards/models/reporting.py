"""Sheets that units fill in, and the append-only observations that came of them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.models import Unit
from jiulong.packs.models import OfPack
from jiulong.scorecards.models.indicators import Indicator, Subject


class SheetPlan(OfPack):
    """Who fills in which indicators how often, and who signs; `spec` is `sections.SheetItem`."""


class Sheet(models.Model):
    """One unit's sheet of one period. `signed` counts the levels that have signed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("To be filled in")
        SUBMITTED = "submitted", _("Waits for signature")
        RETURNED = "returned", _("Returned")
        SIGNED = "signed", _("Signed off")
        LOCKED = "locked", _("Locked")

    plan = models.ForeignKey(SheetPlan, on_delete=models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sheets")
    period = models.CharField(max_length=7)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="counts every change; guards writes")
    draft = models.JSONField(
        default=dict, help_text="typed, not yet observed: {subject: {indicator: {value, note}}}"
    )
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signatures = models.JSONField(default=list, help_text="[{level, user, name, at, digest}]")
    late = models.BooleanField(null=True, help_text="whether it came after `due_at`")
    locked_at = models.DateTimeField(null=True)
    returned_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-period", "plan", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit", "period"], name="one_sheet_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.unit_id} {self.period}"


class Observation(models.Model):
    """One value. A correction is a new row with a reason; the old one stays, no longer current."""

    class Status(models.TextChoices):
        PRELIMINARY = "preliminary", _("Preliminary")
        REVISED = "revised", _("Revised")
        FINAL = "final", _("Final")

    class Companion(models.TextChoices):
        VALUE = "", _("Value")
        BASE = "base", _("Last year on a comparable basis")

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="observations")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="observations")
    period = models.CharField(max_length=7)
    companion = models.CharField(max_length=6, choices=Companion.choices, blank=True, default="")
    value = models.DecimalField(max_digits=24, decimal_places=6)
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.PRELIMINARY)
    revision = models.PositiveSmallIntegerField(default=1)
    current = models.BooleanField(default=True)
    reason = models.CharField(max_length=300, blank=True, help_text="of a revision")
    note = models.CharField(max_length=300, blank=True)
    sheet = models.ForeignKey(
        Sheet, null=True, on_delete=models.PROTECT, related_name="observations"
    )
    refs = ArrayField(
        models.CharField(max_length=80), default=list, blank=True,
        help_text="what it was computed from: monitoring.alarm/12, scorecards.observation/7",
    )  # fmt: skip
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["indicator", "subject", "period", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "subject", "period", "companion"],
                condition=models.Q(current=True),
                name="one_current_observation",
            ),
            models.UniqueConstraint(
                fields=["indicator", "subject", "period", "companion", "revision"],
                name="revisions_of_an_observation",
            ),
        ]
        indexes = [models.Index(fields=["period", "indicator"], name="observations_of_a_period")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.subject_id} {self.period} = {self.value}"
