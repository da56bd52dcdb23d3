"""Tokens with which programs read what their owner may read."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ApiToken(models.Model):
    """A token. Only its digest is kept; the token itself is shown once, when it is made.

    It is 256 random bits, so that a fast hash is right: there is no dictionary to try.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100, help_text="what uses it")
    prefix = models.CharField(max_length=12, unique=True, help_text="its beginning, to tell it by")
    digest = models.BinaryField(unique=True, help_text="SHA-256 of the token")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="to the minute")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

    def valid(self, now: datetime) -> bool:
        """Whether it opens the door at `now`."""
        expired = self.expires_at is not None and self.expires_at <= now
        return self.revoked_at is None and not expired and self.owner.is_active
