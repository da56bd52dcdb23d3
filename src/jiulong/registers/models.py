"""Things that exist. Enterprises first; kinds of things from packs come with the next engine."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.models import Unit


class Enterprise(models.Model):
    """A firm of the district; acts in the system as an outside unit."""

    class Trade(models.TextChoices):
        FOOD = "food", _("Food")
        STEEL = "steel", _("Steel")
        PLATING = "plating", _("Electroplating")
        DYEING = "dyeing", _("Dyeing")
        PAPER = "paper", _("Paper")
        MUNICIPAL = "municipal", _("Municipal plant")
        OTHER = "other", _("Other")

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="enterprise")
    name = models.CharField(max_length=120, db_index=True)
    credit_code = models.CharField(
        max_length=18, unique=True, help_text="unified social credit code, GB 32100-2015"
    )
    trade = models.CharField(max_length=20, choices=Trade.choices)
    street = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="enterprises_here"
    )
    longitude = models.FloatField(null=True, blank=True, help_text="WGS-84 degrees")
    latitude = models.FloatField(null=True, blank=True, help_text="WGS-84 degrees")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
