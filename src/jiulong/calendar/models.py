"""Days that differ from their weekday, years whose notice is known, and office hours."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A date that is off although a weekday, worked although a weekend, or off by name."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Day off")
        WORKDAY = "workday", _("Make-up day")

    date = models.DateField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=40, blank=True, default="", help_text="of the holiday")
    source = models.CharField(max_length=200, help_text="the notice, package or person")

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"


class CalendarYear(models.Model):
    """A year whose holidays are known; the calendar reaches as far as these without a gap."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class OfficeHours(models.Model):
    """When offices are open. Of the rows that cover a day the newest holds."""

    spans = models.CharField(max_length=60, help_text="08:00-12:00 14:30-17:30")
    season_from = models.CharField(max_length=5, blank=True, default="", help_text="06-01")
    season_to = models.CharField(max_length=5, blank=True, default="", help_text="09-30")
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        # The order in which the clocks read them: later validity, then seasons, then later rows.
        ordering = [models.F("from_on").asc(nulls_first=True), "season_from", "id"]

    def __str__(self) -> str:
        return self.spans


class CalendarVersion(models.Model):
    """One row that a trigger gives a new value whenever the calendar changes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.UUIDField()

    def __str__(self) -> str:
        return str(self.version)
