"""Responsibility letters: who promised what, how they see themselves, what they are given."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from jiulong.organisation.models import Unit
from jiulong.packs.models import OfPack


class LetterScheme(OfPack):
    """The text of a letter for a year; `spec` is a checked `kinds.ResponsibilityItem`."""


class Letter(models.Model):
    """One unit's letter of one year; `spec` is the scheme as it was handed out."""

    class State(models.TextChoices):
        HANDED_OUT = "out", pgettext_lazy("of a letter", "To be signed")
        SIGNED = "signed", pgettext_lazy("of a letter", "Signed")
        WAITS = "waits", pgettext_lazy("of a letter", "Score waits for a second person")
        SCORED = "scored", pgettext_lazy("of a letter", "Scored")

    scheme = models.ForeignKey(LetterScheme, on_delete=models.PROTECT, related_name="letters")
    year = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="letters")
    spec = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of year, unit and spec")
    state = models.CharField(max_length=6, choices=State.choices, default=State.HANDED_OUT)
    handed_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_out_at = models.DateTimeField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_name = models.CharField(max_length=150, blank=True)
    signed_at = models.DateTimeField(null=True)
    scored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    scored_at = models.DateTimeField(null=True)
    proof = models.CharField(
        max_length=120, blank=True, help_text="case or circular by which it is struck or fails"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    struck = models.BooleanField(default=False, help_text="by a veto")

    class Meta:
        ordering = ["-year", "scheme", "unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "year", "unit"], name="one_letter_a_year"),
            models.CheckConstraint(
                condition=Q(struck=False)
                | (Q(confirmed_by__isnull=False) & ~Q(scored_by=F("confirmed_by"))),
                name="nobody_strikes_a_letter_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.year} {self.unit_id}"


class Assessment(models.Model):
    """What a unit says of one indicator for a quarter; a later word is a new row."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="assessments")
    quarter = models.CharField(max_length=7, help_text="2026Q1")
    indicator = models.CharField(max_length=40)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    words = models.CharField(max_length=600)
    current = models.BooleanField(default=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["letter", "quarter", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "quarter", "indicator"],
                condition=models.Q(current=True),
                name="one_current_assessment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.quarter} {self.indicator}"


class LetterScore(models.Model):
    """What the district gives for one indicator at the end of the year, and why."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="scores")
    indicator = models.CharField(max_length=40)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    veto = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["letter", "id"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "indicator"], name="one_score_an_indicator")
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.indicator}"
