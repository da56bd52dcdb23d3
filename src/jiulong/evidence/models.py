"""What shows whether something was altered: seals, events, files and whose hands they went through.

How far each worker has read a stream stands here too.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Event(models.Model):
    """One act of one person, written once. The actor's name is frozen as it was."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, help_text="model label, e.g. gateway.logger")
    subject_id = models.CharField(max_length=60)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject", "subject_id", "id"], name="event_of_subject")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.subject} {self.subject_id}"


class Cursor(models.Model):
    """How far a worker has read a stream; moved in the same transaction as its output."""

    name = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class Seal(models.Model):
    """The signed Merkle roots over batches and events, chained to the seal before.

    `statements.SealStatement` is what is signed. A seal covers what had been committed to the
    journal when it was made. An hour without batches has a seal too (then `last_batch` is below
    `first_batch`): nothing of it was in the journal by then. What came during an outage of the
    database is committed after it, and lies in a later seal. Append-only by trigger.
    """

    number = models.PositiveIntegerField(primary_key=True)
    first_batch = models.BigIntegerField()
    last_batch = models.BigIntegerField()
    period_end = models.DateTimeField(help_text="seals what was committed of the time before this")
    batches = models.PositiveIntegerField()
    frames = models.PositiveBigIntegerField()
    root = models.BinaryField(help_text="SHA-256 Merkle root over the batch roots")
    previous = models.BinaryField(help_text="digest of the seal before this one")
    digest = models.BinaryField(help_text="SHA-256 of this seal's statement")
    key_id = models.CharField(max_length=16)
    signature = models.BinaryField(help_text="Ed25519 over the digest")
    sealed_at = models.DateTimeField()
    # Of events; null in seals that were made before events were sealed too.
    first_event = models.BigIntegerField(null=True)
    last_event = models.BigIntegerField(null=True)
    events = models.PositiveIntegerField(null=True)
    events_root = models.BinaryField(null=True, help_text="SHA-256 Merkle root over the events")

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"#{self.number}"


class SealContents(models.Model):
    """The leaf hashes of a seal's tree, so that a changed batch is named and proofs are cheap.

    One row a seal instead of one a batch: 40 bytes a batch. Append-only by trigger.
    """

    seal = models.OneToOneField(
        Seal, primary_key=True, on_delete=models.PROTECT, related_name="contents"
    )
    ids = ArrayField(models.BigIntegerField(), help_text="the batches, ascending")
    hashes = models.BinaryField(help_text="32 bytes a batch: hash of its statement")

    def __str__(self) -> str:
        return f"contents of {self.seal_id}"


class SealEvents(models.Model):
    """The leaf hashes of a seal's events, as `SealContents` has those of its batches.

    None for a seal without events. Append-only by trigger.
    """

    seal = models.OneToOneField(
        Seal, primary_key=True, on_delete=models.PROTECT, related_name="event_contents"
    )
    ids = ArrayField(models.BigIntegerField(), help_text="the events, ascending")
    hashes = models.BinaryField(help_text="32 bytes an event: hash of its line")

    def __str__(self) -> str:
        return f"events of {self.seal_id}"


class File(models.Model):
    """Content that was kept once under its hash, and what was read from it. Append-only by trigger.

    Its name, and what it is for, belong to each `Attachment`.
    """

    sha256 = models.CharField(max_length=64, unique=True, help_text="hex, of the content")
    sm3 = models.CharField(max_length=64, blank=True, help_text="hex, where JIULONG_FILE_SM3 is on")
    size = models.PositiveBigIntegerField(help_text="bytes")
    media_type = models.CharField(max_length=100, help_text="by content, never by name")
    width = models.PositiveIntegerField(null=True, help_text="pixels, as it is seen")
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True, help_text="as the camera says (EXIF)")
    longitude = models.FloatField(null=True, help_text="degrees WGS 84, as the camera says (EXIF)")
    latitude = models.FloatField(null=True)
    device = models.CharField(max_length=120, blank=True, help_text="make and model (EXIF)")
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.media_type}"

    @property
    def is_picture(self) -> bool:
        """Whether there is a preview."""
        return self.width is not None

    @property
    def short(self) -> str:
        """Enough of the hash to compare with a printed one."""
        return self.sha256[:16]


class Attachment(models.Model):
    """That a file belongs to a subject, who added it, and what for."""

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="attachments")
    subject = models.CharField(max_length=60, help_text="model label, e.g. cases.case")
    subject_id = models.CharField(max_length=60)
    purpose = models.CharField(max_length=40, blank=True, help_text="before, after, document, …")
    name = models.CharField(max_length=200, help_text="as the sender called it")
    note = models.CharField(max_length=400, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_by_name = models.CharField(max_length=150)
    added_at = models.DateTimeField()
    captured_sha256 = models.CharField(
        max_length=64, blank=True, help_text="hex, made by the device when the picture was taken"
    )
    captured_at = models.DateTimeField(null=True, help_text="by the clock of the device")
    longitude = models.FloatField(null=True, help_text="where the device was, degrees WGS 84")
    latitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="kept, but no longer shown")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject", "subject_id", "id"], name="attachment_of_subject")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def captured_unchanged(self) -> bool | None:
        """Whether it is what the device took; None: it was not taken in the app."""
        return self.captured_sha256 == self.file.sha256 if self.captured_sha256 else None


class CustodyStep(models.Model):
    """One step of a subject's chain of custody, signed by one person or, where asked, by two.

    The second signature is added once; nothing else ever changes (by trigger).
    """

    subject = models.CharField(max_length=60, help_text="model label; evidence.file for one file")
    subject_id = models.CharField(max_length=60)
    step = models.CharField(max_length=60, help_text="taken, sealed, handed_over, …")
    note = models.CharField(max_length=400, blank=True)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    first_name = models.CharField(max_length=150)
    first_at = models.DateTimeField()
    needs_second = models.BooleanField(default=False)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    second_name = models.CharField(max_length=150, blank=True)
    second_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject", "subject_id", "id"], name="custody_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(second_by=None) | ~models.Q(second_by=models.F("first_by")),
                name="custody_two_people",
            ),
            models.UniqueConstraint(
                fields=["subject", "subject_id", "step"],
                condition=models.Q(needs_second=True, second_at=None),
                name="custody_one_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.subject} {self.subject_id}"

    @property
    def complete(self) -> bool:
        """Whether everybody signed who must."""
        return self.second_at is not None or not self.needs_second
