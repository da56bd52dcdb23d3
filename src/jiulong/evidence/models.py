"""What shows whether a frame was altered: seals; events, and how far each worker has read."""

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
        indexes = [models.Index(fields=["subject", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.subject} {self.subject_id}"


class Cursor(models.Model):
    """How far a worker has read a stream; moved in the same transaction as its output."""

    name = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class Seal(models.Model):
    """The signed Merkle root over batches `first_batch` … `last_batch`, chained to the last seal.

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
