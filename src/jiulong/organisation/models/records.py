"""What is written down about sessions, logins and readings; models of this app."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import SessionManager
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.models.people import User


class Session(AbstractBaseSession):
    """A signed-in browser (or one about to). Rows by account, so that all of them can end."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    began_at = models.DateTimeField(null=True, help_text="when the person signed in")
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, default="")

    objects = SessionManager()  # type: ignore[misc]  # as Django's own model has it

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> type:
        from jiulong.organisation.sessions import SessionStore  # noqa: PLC0415 - it needs us

        return SessionStore


class PasswordUsed(models.Model):
    """A password that an account had: its hash, so that it does not come back at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passwords_used")
    encoded = models.CharField(max_length=128)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.at}"


class LogLine(models.Model):
    """A login, a refusal, a sign-out. Written once; a trigger keeps it at least 183 days."""

    class Kind(models.TextChoices):
        LOGIN = "login", _("Sign-in")
        LOGOUT = "logout", _("Sign-out")
        LOCK = "lock", _("Account locked")
        LIMIT = "limit", _("Session ended")
        FACTOR = "factor", _("Second factor")

    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150, help_text="as it was typed, or as it was then")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    good = models.BooleanField(help_text="whether it was let through")
    address = models.GenericIPAddressField(null=True)
    detail = models.CharField(max_length=200, default="")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at} {self.name} {self.kind}"


class ReadRecord(models.Model):
    """Who read which masked field, and why. Written once; kept at least 183 days."""

    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    user_name = models.CharField(max_length=150, help_text="as it was then")
    subject = models.CharField(max_length=60, help_text="model label, e.g. registers.entry")
    subject_id = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.user_name} {self.subject} {self.subject_id} {self.field}"
