"""The desk's own: shifts, what was noted in them, what was carried over, and where cameras are.

Alarms belong to monitoring, what is done about them to cases. Who did what while on duty stands in
`evidence.Event`; a shift's log shows both in one line of time.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.monitoring.models import Alarm, Outfall
from jiulong.organisation.models import Unit


class Shift(models.Model):
    """Somebody watches the desk, from when to when, and hands it over to somebody else."""

    class State(models.TextChoices):
        ON = "on", pgettext_lazy("shift", "On duty")
        SIGNED = "signed", pgettext_lazy("shift", "Signed by the outgoing")
        OVER = "over", pgettext_lazy("shift", "Handed over")

    desk = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    number = models.CharField(
        max_length=60, unique=True, help_text="desk, day and serial: 350602-monitoring-20260310-2"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.ON)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="shifts")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="when the outgoing signed")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    before = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="after")
    remarks = models.TextField(blank=True, help_text="by the outgoing, for the incoming")
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk"], condition=~Q(state="over"), name="one_shift_at_a_desk"
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None) | ~Q(taken_by=models.F("handed_by")),
                name="handed_over_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LogEntry(models.Model):
    """A line in the log of a shift. Never changed, never taken away: what is wrong is put right
    by a further line.
    """

    class Kind(models.TextChoices):
        NOTE = "note", pgettext_lazy("line of a log", "Note")
        CALL = "call", pgettext_lazy("line of a log", "Call")
        VISIT = "visit", pgettext_lazy("line of a log", "Visit")
        FAULT = "fault", pgettext_lazy("line of a log", "Fault")

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.NOTE)
    text = models.TextField()
    alarm = models.ForeignKey(
        Alarm, null=True, on_delete=models.PROTECT, related_name="log", help_text="what it is about"
    )

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["shift", "at"], name="log_of_shift")]

    def __str__(self) -> str:
        return f"{self.shift_id} {self.at:%H:%M} {self.kind}"


class Carried(models.Model):
    """An open alarm that a shift hands over, with a word on how far it is."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="carried")
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="carried")
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "alarm"], name="carried_once_a_shift")
        ]

    def __str__(self) -> str:
        return f"{self.shift_id} {self.alarm_id}"


class Camera(models.Model):
    """Where an outfall can be looked at. Opened in its own tab: nothing foreign on our pages."""

    outfall = models.ForeignKey(Outfall, on_delete=models.PROTECT, related_name="cameras")
    name = models.CharField(max_length=60, help_text=_("what it looks at"))
    address = models.URLField(max_length=400)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["outfall", "id"]

    def __str__(self) -> str:
        return f"{self.outfall_id} {self.name}"


class LedgerLayout(models.Model):
    """Columns of the ledger of abnormal data, as a pack has them."""

    code = models.CharField(max_length=80, unique=True)
    pack = models.CharField(max_length=40, blank=True)
    spec = models.JSONField(help_text="as `ledgers.layout.Layout`")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
