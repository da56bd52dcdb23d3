"""Which packs were applied: one row an application, never changed."""

from __future__ import annotations

from typing import Any

from django.db import models

from jiulong.organisation.models import User
from jiulong.packs.text import Text


class OfPack(models.Model):
    """An item of a pack that is in use: `spec` as it was checked, retired once no pack has it."""

    code = models.CharField(max_length=80, unique=True)
    pack = models.CharField(max_length=40)
    spec = models.JSONField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class AppliedPack(models.Model):
    """An application of a pack; the newest row of a name is what holds."""

    name = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what the pack says, hex")
    applied_at = models.DateTimeField()
    actor = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="null: the machine"
    )
    actor_name = models.CharField(max_length=150, help_text="as it was then")
    demo = models.BooleanField(default=False, help_text="with its demo records")
    source = models.TextField(blank=True, help_text="its folder, where that was not in the box")
    head = models.JSONField(help_text="name, title, version, summary, requires, as written")
    contents = models.JSONField(help_text="section → code → item, as written")
    plan = models.JSONField(help_text="section → what changed: kind, key, before, after")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["name", "-id"], name="applied_pack_by_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def title(self) -> Text:
        """What people call the system."""
        return Text.of(self.head["title"])

    @property
    def summary(self) -> Text:
        """What the pack sets up."""
        return Text.of(self.head["summary"])

    def items(self, section: str) -> list[dict[str, Any]]:
        """The items of a section, as they were written."""
        return list(self.contents.get(section, {}).values())

    def codes(self) -> dict[str, frozenset[str]]:
        """Section → codes of its items."""
        return {section: frozenset(items) for section, items in self.contents.items()}
