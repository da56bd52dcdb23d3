"""Bulletins: what they say, where each figure comes from, who passed them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.bulletins.lifecycle import DRAFT, ISSUED, REPLACED, REVOKED, WAITING, WITHDRAWN
from jiulong.organisation.models import Unit
from jiulong.packs.models import OfPack


class BulletinKind(OfPack):
    """A kind of bulletin as a pack says; `spec` is a checked `kinds.KindItem`."""

    code = models.CharField(max_length=40, unique=True)


class Template(models.Model):
    """A .docx of an office, checked when it came; the newest of a kind that is in use counts."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    content = models.BinaryField(help_text="the .docx as it was sent")
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Bulletin(models.Model):
    """One paper. `content` is `content.Content`; once issued nothing changes (by trigger).

    A correction is a new bulletin that names the one it replaces or revokes.
    """

    class State(models.TextChoices):
        DRAFT = DRAFT, pgettext_lazy("of a bulletin", "Draft")
        WAITING = WAITING, pgettext_lazy("of a bulletin", "Being passed")
        ISSUED = ISSUED, pgettext_lazy("of a bulletin", "Issued")
        REPLACED = REPLACED, pgettext_lazy("of a bulletin", "Replaced")
        REVOKED = REVOKED, pgettext_lazy("of a bulletin", "Revoked")
        WITHDRAWN = WITHDRAWN, pgettext_lazy("of a bulletin", "Not issued")

    class Effect(models.TextChoices):
        REPLACE = "replace", _("replaces")
        REVOKE = "revoke", _("revokes")

    kind = models.CharField(max_length=40, help_text="key of its kind, see `kinds`")
    spec = models.JSONField(
        default=dict, help_text="its kind as it held when it was handed in, `kinds.KindItem`"
    )
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True, help_text="given when it is issued")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    step = models.PositiveSmallIntegerField(default=0, help_text="which step of its kind is next")
    round = models.PositiveSmallIntegerField(default=1, help_text="counts up with each return")
    version = models.PositiveIntegerField(default=1, help_text="counts every change; guards writes")
    about_label = models.CharField(max_length=60, blank=True, help_text="scorecards.standing")
    about_pk = models.CharField(max_length=60, blank=True)
    period = models.CharField(max_length=7, blank=True, help_text="as the engine writes periods")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="bulletins", help_text="the office that drafts"
    )
    to_units = ArrayField(models.IntegerField(), default=list, help_text="ids of whom it goes to")
    content = models.JSONField(help_text="content.Content: title, sections, signature, copies")
    by_hand = models.CharField(
        max_length=300, blank=True, help_text="where figures come from that quote nothing"
    )
    authors = ArrayField(
        models.IntegerField(), default=list, help_text="ids of who wrote in this round"
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 over what is signed")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField()
    counted_at = models.DateTimeField(help_text="when its figures were read")
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    effect = models.CharField(max_length=7, choices=Effect.choices, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(null=True)
    issue_event = models.BigIntegerField(null=True, help_text="id of the event that a seal covers")
    public = models.BooleanField(default=False, help_text="shown to everybody once issued")

    class Meta:
        ordering = ["-drafted_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="one_bulletin_a_number"
            )
        ]
        indexes = [models.Index(fields=["state", "kind"], name="bulletin_state_kind")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Quote(models.Model):
    """One figure of a bulletin and where it was read. Frozen with its bulletin."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="quotes")
    key = models.CharField(max_length=12, help_text="as the text names it: [[q1]]")
    text = models.CharField(max_length=120, help_text="as printed")
    what = models.CharField(max_length=160, help_text="whose, in words")
    label = models.CharField(max_length=60, help_text="model or `count`, see `sources`")
    pk_text = models.CharField(max_length=120)
    field = models.CharField(max_length=80)
    value = models.TextField(help_text="canonical, as `sources` writes it")
    digest = models.CharField(max_length=64, help_text="SHA-256 of label, pk, field and value")

    class Meta:
        ordering = ["bulletin", "id"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "key"], name="one_quote_a_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.text}"


class BulletinStep(models.Model):
    """That one person passed or returned a bulletin as it then was. Append-only by trigger."""

    class Verdict(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("of a bulletin", "Handed in")
        PASSED = "passed", pgettext_lazy("of a bulletin", "Passed")
        RETURNED = "returned", pgettext_lazy("of a bulletin", "Returned")

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="steps")
    round = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20, help_text="of the step in its kind")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text="of what was read")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.key} {self.verdict}"
