"""Regular meetings: who came, what was laid before them, what they decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from jiulong.cases.models import Case
from jiulong.organisation.models import Unit
from jiulong.packs.models import OfPack
from jiulong.registers.models import Entry


class MeetingSeries(OfPack):
    """A regular meeting as a pack says; `spec` is a checked `kinds.SeriesItem`."""

    code = models.CharField(max_length=40, unique=True)


class Meeting(models.Model):
    """One sitting. Its pack is a bulletin of the kind `meeting_pack` about it."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("of a meeting", "Planned")
        HELD = "held", pgettext_lazy("of a meeting", "Held")
        CANCELLED = "cancelled", pgettext_lazy("of a meeting", "Cancelled")

    series = models.CharField(max_length=40, help_text="code of its series")
    title = models.CharField(max_length=120)
    period = models.CharField(max_length=7, help_text="the time it looks at")
    at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    chair = models.CharField(max_length=60, blank=True, help_text="the post that presides")
    agenda = models.JSONField(default=list, help_text="[{title, by, minutes}]")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="meetings",
        help_text="the office that holds it",
    )
    entry = models.ForeignKey(
        Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="of the register of meetings, once something is decided",
    )  # fmt: skip
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    called_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="counts every change; guards writes")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["state", "at"], name="meeting_state_at")]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Whether a unit came, and by whom: the post, not the person."""

    class State(models.TextChoices):
        PRESENT = "present", pgettext_lazy("at a meeting", "Present")
        DEPUTY = "deputy", pgettext_lazy("at a meeting", "Sent a deputy")
        EXCUSED = "excused", pgettext_lazy("at a meeting", "Excused")
        ABSENT = "absent", pgettext_lazy("at a meeting", "Absent")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices)
    post = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["meeting", "unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "unit"], name="one_attendance_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.unit_id} {self.state}"


class Decision(models.Model):
    """What was decided: a case that is supervised, or noted without one."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    goal = models.CharField(max_length=600)
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="one_decision_a_position")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.position} {self.title}"
