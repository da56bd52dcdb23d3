"""What must be done: kinds of matters, cases and their tasks, clocks that ran, notices.

What happened to a case is not here: `evidence.Event` is the one timeline, ledger and audit trail.
The columns of a case are what the events add up to, kept for lists and clocks.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.cases.lifecycle import OPEN
from jiulong.organisation.models import Unit
from jiulong.registers.models import Enterprise, Entry

_OPEN = Q(stage__in=sorted(OPEN))


class MatterType(models.Model):
    """A kind of casework, as its pack says; `spec` is a checked `schema.MatterSpec`."""

    code = models.CharField(max_length=80, unique=True)
    pack = models.CharField(max_length=40)
    spec = models.JSONField()
    position = models.PositiveSmallIntegerField(default=50)
    retired_at = models.DateTimeField(null=True, blank=True, help_text="no new cases from then on")

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class TriggerRule(models.Model):
    """What opens cases by itself. `spec` is a `schema.Trigger`."""

    code = models.CharField(max_length=80, unique=True)
    pack = models.CharField(max_length=40)
    spec = models.JSONField()
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class Serial(models.Model):
    """The last number given: one row a pattern and year, so that numbers have no gaps."""

    name = models.CharField(max_length=120, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"


class Case(models.Model):
    """One thing that must be put right, from its filing to its proof."""

    class Light(models.TextChoices):
        NONE = "", _("On course")
        BLUE = "blue", _("Reminded")
        YELLOW = "yellow", pgettext_lazy("light", "Yellow")
        RED = "red", pgettext_lazy("light", "Red")

    number = models.CharField(max_length=60, unique=True)
    matter = models.ForeignKey(MatterType, on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    data = models.JSONField(default=dict, help_text="values by form field, see registers/fields.py")
    reply = models.JSONField(default=dict, help_text="values of the last reply's fields")
    severity = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=12)
    stage_before = models.CharField(max_length=12, blank=True, help_text="while suspended")
    version = models.PositiveIntegerField(default=1, help_text="counts every change; guards writes")

    source = models.CharField(max_length=40, blank=True, help_text="who found it; empty: a person")
    source_ref = models.CharField(max_length=120, blank=True, help_text="what it is about, there")
    findings = models.PositiveIntegerField(default=0, help_text="how many findings joined")
    client_id = models.CharField(
        max_length=64, null=True, blank=True, unique=True,
        help_text="made by the sending device, so that a report sent twice is one",
    )  # fmt: skip
    tracking = models.CharField(max_length=20, null=True, blank=True, unique=True)
    contact = models.JSONField(default=dict, help_text="of a resident who wants an answer; masked")

    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    dispatch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="cases_led")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="cases_in_hand"
    )
    verifier = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    involved = ArrayField(
        models.IntegerField(), default=list, help_text="ids of all units that may see it as theirs"
    )

    turn = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", help_text="whose move it is"
    )
    turn_verb = models.CharField(max_length=20, blank=True, help_text="the right the move needs")
    turn_due_at = models.DateTimeField(null=True, help_text="until when the move is due")
    assigned_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True, help_text="of the last reply")
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="the promise: end of the handling clock")
    clock = models.CharField(max_length=24, blank=True, help_text="limit of the handling clock")
    clock_serial = models.PositiveSmallIntegerField(
        default=0, help_text="counts handling clocks; each has its own ladder"
    )
    asked_until = models.DateTimeField(null=True, help_text="extension that waits for an answer")
    feedback_due_at = models.DateTimeField(null=True)
    late = models.BooleanField(null=True, help_text="whether a reply came after due_at")

    light = models.CharField(max_length=6, choices=Light.choices, blank=True, default="")
    rung = models.PositiveSmallIntegerField(default=0, help_text="index of the next rung")
    rung_at = models.DateTimeField(null=True, help_text="when it comes; none: no more")
    reworks = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    reminders = models.PositiveSmallIntegerField(default=0)

    result = models.CharField(max_length=10, blank=True)
    confirmed = models.BooleanField(null=True, help_text="by the reporter or the enterprise")
    rating = models.PositiveSmallIntegerField(null=True, help_text="1 to 5")

    entry = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="cases")
    enterprise = models.ForeignKey(
        Enterprise, null=True, on_delete=models.PROTECT, related_name="cases"
    )
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="children",
        help_text="what it was merged into or follows",
    )  # fmt: skip
    street = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    grid = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", help_text="or community"
    )
    longitude = models.FloatField(null=True, help_text="WGS-84 degrees")
    latitude = models.FloatField(null=True, help_text="WGS-84 degrees")
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-filed_at", "-id"]
        constraints = [
            # A finding's subject has one open case a matter: a second worker joins, never doubles.
            models.UniqueConstraint(
                fields=["matter", "source", "source_ref"],
                condition=_OPEN & ~Q(source=""),
                name="one_open_case_a_subject",
            ),
        ]
        indexes = [
            models.Index(
                fields=["turn", "turn_verb", "turn_due_at"], condition=_OPEN, name="case_turn"
            ),
            models.Index(fields=["rung_at"], condition=Q(rung_at__isnull=False), name="case_rung"),
            models.Index(fields=["matter", "-filed_at", "-id"], name="case_matter_filed"),
            models.Index(fields=["-filed_at", "-id"], name="case_filed"),
            models.Index(fields=["lead", "stage"], name="case_lead_stage"),
            models.Index(fields=["due_at"], condition=_OPEN, name="case_open_due"),
            models.Index(
                fields=["asked_until"],
                condition=Q(asked_until__isnull=False),
                name="case_asked_until",
            ),
            GinIndex(fields=["involved"], name="case_involved"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Task(models.Model):
    """A part of a case for one unit, with a clock of its own."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for others")
        OPEN = "open", pgettext_lazy("task", "Open")
        PAUSED = "paused", _("Waits for documents")
        DONE = "done", pgettext_lazy("task", "Done")
        DROPPED = "dropped", pgettext_lazy("task", "Dropped")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    key = models.CharField(max_length=40)
    name = models.JSONField(help_text="packs.text.Text, stored")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tasks")
    support = models.BooleanField(
        default=False, help_text="asked beside the plan, as a support unit"
    )
    after = ArrayField(models.CharField(max_length=40), default=list)
    state = models.CharField(max_length=8, choices=State.choices)
    clock = models.CharField(max_length=24, blank=True)
    opened_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    late = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    missing = models.JSONField(default=list, help_text="documents that were asked for")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="task_key_in_case")]
        indexes = [
            models.Index(
                fields=["unit", "due_at"], condition=Q(state="open"), name="task_open_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class Escalation(models.Model):
    """A rung of the ladder that came: once for each clock of each case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations")
    clock_serial = models.PositiveSmallIntegerField()
    rung = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    light = models.CharField(max_length=6)
    due_at = models.DateTimeField(help_text="the deadline it was about")
    scheduled_at = models.DateTimeField()
    at = models.DateTimeField(help_text="when it really came")
    bulletin = models.BooleanField(default=False, help_text="to be named in the bulletin")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock_serial", "rung"], name="each_rung_once_a_clock"
            )
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="escalation_at"),
            models.Index(
                fields=["-at", "-id"], condition=Q(bulletin=True), name="escalation_bulletin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class Opened(models.Model):
    """What a trigger has dealt with, so that it opens nothing twice."""

    trigger = models.CharField(max_length=80)
    reference = models.CharField(max_length=160, help_text="finding, or entry and date")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opened_by")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trigger", "reference"], name="trigger_fires_once")
        ]

    def __str__(self) -> str:
        return f"{self.trigger} {self.reference}"


class Notice(models.Model):
    """A word to one person about a case; what was sent outside stands in `sent`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    send_at = models.DateTimeField(
        null=True, help_text="when to (re)try outside; none: nothing to send"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    sent = models.JSONField(default=dict, help_text="channel → time or error")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_user_at"),
            models.Index(
                fields=["send_at"], condition=Q(send_at__isnull=False), name="notice_send"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class NoticeChoice(models.Model):
    """How a person wants to be told outside of the app."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="notice_choice",
    )
    mail = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True, help_text="an apprise address")
    kinds = ArrayField(models.CharField(max_length=40), default=list)
    language = models.CharField(max_length=10, default="zh-hans", help_text="of what is sent")

    def __str__(self) -> str:
        return str(self.user)
