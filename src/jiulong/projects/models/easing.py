"""A wish to ask less of a project that lags: it waits for a second person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from jiulong.projects.models.project import Project


class Easing(models.Model):
    """Who wants what eased, and why; what stood counts until somebody of the supervision grants it.

    `wanted` is what is done then, with what stood when it was asked; `told` are lines of what, old
    and new, as people read them.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", pgettext_lazy("eases a project", "A lower or later plan")
        CHANGE = "change", pgettext_lazy("eases a project", "Other dates, sums or supervisors")
        DROP = "drop", pgettext_lazy("eases a project", "Off the list")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("easing of a project", "Waits for a second person")
        GRANTED = "granted", pgettext_lazy("easing of a project", "Granted")
        REFUSED = "refused", pgettext_lazy("easing of a project", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("easing of a project", "Taken back")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="easings")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    wanted = models.JSONField(default=dict)
    told = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_by_name = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_by_name = models.CharField(max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True, help_text="why it was refused")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"], condition=Q(state="open"), name="one_open_easing_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"])
                | Q(settled_by=None)
                | ~Q(settled_by=models.F("asked_by")),
                name="nobody_eases_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind} {self.state}"
