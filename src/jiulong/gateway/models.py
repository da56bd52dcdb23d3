"""Loggers, what they sent (the journal), what was refused, and what they were told to do."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.models import Point


class Logger(models.Model):
    """A data logger that may speak for a point."""

    class TimeLabel(models.TextChoices):
        START = "start", _("Start of the interval (the standard)")
        END = "end", _("End of the interval (some vendors)")

    mn = models.CharField("MN", max_length=40, unique=True)
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="loggers")
    password = models.CharField(max_length=20, help_text="PW, sent in clear by the protocol")
    password_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text="orders of a new password given before this no longer count",
    )
    addresses = ArrayField(
        models.CharField(max_length=50),
        default=list,
        blank=True,
        help_text="networks it may connect from, CIDR; empty: any",
    )
    profile = models.CharField(max_length=20, default="2017", help_text="key of hj212.PROFILES")
    crc_mode = models.CharField(max_length=10, default="auto", help_text="strict, auto or ignore")
    time_label = models.CharField(max_length=5, choices=TimeLabel.choices, default=TimeLabel.START)
    key = models.CharField(max_length=32, blank=True, help_text="SM4 key, hex (HJ 212-2025)")
    former_keys = ArrayField(
        models.CharField(max_length=32),
        default=list,
        blank=True,
        help_text="keys it had before, newest first: the journal has frames that need them",
    )
    greet = models.BooleanField(default=False, help_text="run the first-connection procedure")
    active = models.BooleanField(default=True)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["mn"]

    def __str__(self) -> str:
        return self.mn

    def keys_before(self, key: str) -> list[str]:
        """`former_keys` once `key` is its key; without it, if it comes back to an old one."""
        return [old for old in dict.fromkeys([self.key, *self.former_keys]) if old not in {"", key}]


class JournalBatch(models.Model):
    """Raw frames as they came, with receive times and verdicts; `journal.body` describes the blob.

    Append-only by trigger. Ids are in commit order: `journal_append` holds a lock until commit.
    """

    id = models.BigIntegerField(primary_key=True)
    received_at = models.DateTimeField()
    node = models.TextField()
    token = models.UUIDField()
    frames = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal"

    def __str__(self) -> str:
        return f"#{self.id}"


class QuarantinedFrame(models.Model):
    """Bytes that were not accepted, with the reason. Kept for good, replayable."""

    batch = models.BigIntegerField()
    ordinal = models.IntegerField()
    received_at = models.DateTimeField(db_index=True)
    peer = models.CharField(max_length=60)
    reason = models.CharField(max_length=30, db_index=True)
    mn = models.CharField(max_length=40, blank=True, db_index=True)
    raw = models.BinaryField()
    replayed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "ordinal"], name="one_quarantine_a_frame")
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.mn}"


class Command(models.Model):
    """Something a logger was told to do, and how far that went."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        REPLIED = "replied", _("Replied")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")

    logger = models.ForeignKey(Logger, on_delete=models.PROTECT, related_name="commands")
    cn = models.CharField(max_length=4)
    parameters = models.JSONField(default=dict)
    qn = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    result = models.CharField(max_length=20, blank=True, help_text="QnRtn or ExeRtn as it came")
    reply = models.JSONField(default=dict, help_text="what the logger answered, by key")
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_index=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["logger", "qn"], name="one_command_a_qn")]

    def __str__(self) -> str:
        return f"{self.cn} {self.qn}"


class CommandStep(models.Model):
    """One line of the dialogue about a command, as it went over the wire."""

    class Direction(models.TextChoices):
        OUT = "out", _("Sent")
        IN = "in", _("Received")
        NOTE = "note", _("Note")

    command = models.ForeignKey(Command, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    direction = models.CharField(max_length=4, choices=Direction.choices)
    state = models.CharField(max_length=10, choices=Command.State.choices)
    text = models.TextField()
    token = models.UUIDField(
        null=True, unique=True, help_text="who wrote it: a write repeated in doubt finds itself"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.direction} {self.text[:40]}"
