"""Units and the people who act for them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.Model):
    """A part of the district's organisation, or an enterprise as an outside unit."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("District")
        DEPARTMENT = "department", _("Department")
        STREET = "street", _("Street or town")
        ZONE = "zone", _("Functional zone")
        ENTERPRISE = "enterprise", _("Enterprise")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person's account. What the role allows stands in `rules.py`, as data."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("System administrator")
        OFFICER = "officer", _("Enforcement officer")
        OBSERVER = "observer", _("Observer")
        ENTERPRISE = "enterprise", _("Enterprise")

    role = models.CharField(max_length=20, choices=Role.choices, default=Role.OBSERVER)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.get_full_name() or self.username
