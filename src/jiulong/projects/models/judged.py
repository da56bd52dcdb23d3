"""Lights: the published rules, what they gave for each month, and where a person said otherwise."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from jiulong.packs.models import OfPack
from jiulong.projects.models.project import Project


class Colour(models.TextChoices):
    """Of a light. `none`: the rules do not speak of the project in that month."""

    GREEN = "green", pgettext_lazy("light of a project", "Green")
    YELLOW = "yellow", pgettext_lazy("light of a project", "Yellow")
    RED = "red", pgettext_lazy("light of a project", "Red")
    NONE = "none", pgettext_lazy("light of a project", "No light")


class LightRules(OfPack):
    """A set of rules as its pack says; `spec` is a checked `lights.spec.LightSpec`."""

    position = models.PositiveSmallIntegerField(default=50)

    class Meta:
        ordering = ["position", "code"]


class Light(models.Model):
    """What the rules in force gave for a project and a month."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lights")
    month = models.DateField(help_text="its first day")
    colour = models.CharField(max_length=6, choices=Colour.choices)
    rule = models.CharField(max_length=40, blank=True, help_text="which rule decided")
    rules = models.CharField(max_length=80, help_text="code of the set of rules")
    explanation = models.JSONField(
        default=list, help_text="a step per rule: rule, colour, word, figures, source"
    )
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["project", "month"], name="one_project_light_a_month")
        ]
        indexes = [models.Index(fields=["month", "colour"], name="project_light_month_colour")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.month:%Y-%m} {self.colour}"


class LightOverride(models.Model):
    """A person's colour instead of the computed one, from a day until a day (both included)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="overrides")
    colour = models.CharField(max_length=6, choices=Colour.choices)
    reason = models.CharField(max_length=400)
    since = models.DateField()
    until = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="taken back before its day")

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")), name="project_override_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["project", "until"], name="project_override_until")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.colour} until {self.until}"
