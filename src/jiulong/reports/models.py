"""Accounts of a month or a year, who signed them, and which outfalls the public may see."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.monitoring.models import Outfall
from jiulong.organisation.models import Unit


class Report(models.Model):
    """How the network ran in a month or a year and who met the limits.

    `content` holds what was counted, language-free; `texts` what the author says of it. Two
    persons sign both by their digest; what is published never changes (by trigger). A correction
    is a new edition of the same time.
    """

    class Kind(models.TextChoices):
        MONTH = "month", pgettext_lazy("account", "Month")
        YEAR = "year", _("Year")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("of an account", "Draft")
        PUBLISHED = "published", pgettext_lazy("of an account", "Published")
        REPLACED = "replaced", pgettext_lazy("of an account", "Replaced by a later edition")

    kind = models.CharField(max_length=5, choices=Kind.choices)
    first_on = models.DateField(help_text="first day of the month or year")
    area = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="street or zone; empty: the whole district",
    )  # fmt: skip
    edition = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(max_length=60, blank=True, help_text="document number")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    content = models.JSONField(help_text="as the sections count it, see `sections`")
    texts = models.JSONField(default=dict, help_text="{section: what the author says}")
    digest = models.CharField(max_length=64, help_text="SHA-256 over what is signed")
    counted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-first_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "first_on", "area", "edition"],
                name="one_account_an_edition",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["kind", "first_on", "area"],
                condition=models.Q(state="draft"),
                name="one_draft_a_time",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_on:%Y-%m} no. {self.edition}"


class Signature(models.Model):
    """One person's name under a draft as it then was. Worth nothing once the draft changed."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="signatures")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "by", "digest"], name="one_signature_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.by_name}"


class PublicOutfall(models.Model):
    """An outfall whose limits and daily means the public page shows, since a day."""

    outfall = models.OneToOneField(Outfall, on_delete=models.PROTECT, related_name="public")
    since = models.DateField(help_text="days before this are not shown")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["outfall__enterprise__name", "outfall__code"]

    def __str__(self) -> str:
        return f"{self.outfall} {self.since}"


class RankingRule(models.Model):
    """How enterprises or operating firms are ranked, as a pack says; else the box's rule."""

    of = models.CharField(max_length=12, unique=True, help_text="enterprises or operators")
    pack = models.CharField(max_length=40)
    content = models.JSONField(help_text="checked `ranking.RankingItem`")

    class Meta:
        ordering = ["of"]

    def __str__(self) -> str:
        return self.of
