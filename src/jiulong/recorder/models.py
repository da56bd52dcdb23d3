"""Frames that carry no measurements: logs, states, serial numbers, sampler answers."""

from __future__ import annotations

from django.db import models

from jiulong.monitoring.models import Point


class Message(models.Model):
    """One accepted frame that is not a reading, kept by key and value."""

    point = models.ForeignKey(
        Point, on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    cn = models.CharField(max_length=4, db_index=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField(db_index=True)
    batch = models.BigIntegerField()
    ordinal = models.IntegerField()
    content = models.JSONField()

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "ordinal"], name="one_message_a_frame")
        ]

    def __str__(self) -> str:
        return f"{self.cn} {self.at}"
