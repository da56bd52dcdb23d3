"""Things that exist: registers of typed entries, and enterprises, which are on the same map."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
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
    address = models.CharField(max_length=200, blank=True, default="")
    initials = models.CharField(
        max_length=120, blank=True, default="", help_text="first letters of the name's pinyin"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Register(models.Model):
    """A kind of things, as its pack says; `spec` is a checked `schema.RegisterSpec`."""

    code = models.CharField(max_length=80, unique=True)
    pack = models.CharField(max_length=40)
    spec = models.JSONField()
    position = models.PositiveSmallIntegerField(default=50)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class Entry(models.Model):
    """One thing of a register. Nothing is deleted: what is gone is `removed_at`."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="entries")
    number = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    data = models.JSONField(default=dict, help_text="values by field key, see fields.py")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="held_entries",
        help_text="the person in charge, where the register has one",
    )
    longitude = models.FloatField(null=True, blank=True, help_text="WGS-84 degrees")
    latitude = models.FloatField(null=True, blank=True, help_text="WGS-84 degrees")
    address = models.CharField(max_length=200, blank=True)
    search = models.TextField(
        blank=True, help_text="title, number and searchable fields, lower case"
    )
    initials = models.CharField(
        max_length=200, blank=True, db_index=True, help_text="first letters of the title's pinyin"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["register", "number"]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="entry_number_in_register")
        ]
        indexes = [
            GinIndex(fields=["data"], name="entry_data", opclasses=["jsonb_path_ops"]),
            models.Index(fields=["register", "unit"], name="entry_register_unit"),
            models.Index(fields=["register", "-updated_at"], name="entry_register_updated"),
            models.Index(
                fields=["register", "number"],
                name="entry_there",
                condition=models.Q(removed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Serial(models.Model):
    """The last number given out in a series of a register ("2026" where numbers have a year)."""

    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="serials")
    series = models.CharField(max_length=60)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "series"], name="serial_of_series")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class OwnView(models.Model):
    """A list that a person saved for themselves: an address's query under a name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="own_views"
    )
    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="own_views")
    name = models.CharField(max_length=40)
    query = models.JSONField(default=dict, help_text="parameters of the address, text by name")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "register", "name"], name="own_view_name")
        ]

    def __str__(self) -> str:
        return self.name


class ImportJob(models.Model):
    """A file that was handed in to become entries. Checked first; then all of it or nothing."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be checked")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Ready to be imported")
        FAULTY = "faulty", _("Has faults")
        QUEUED = "queued", _("Waiting to be imported")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Imported")
        GIVEN_UP = "given_up", _("Given up")

    register = models.ForeignKey(
        Register, null=True, on_delete=models.CASCADE, related_name="imports",
        help_text="none: enterprises",
    )  # fmt: skip
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports"
    )
    name = models.CharField(max_length=200)
    content = models.BinaryField(help_text="the file; emptied when the job is over")
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0, help_text="rows")
    total = models.PositiveIntegerField(default=0, help_text="rows")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list, help_text='[["C17", "…"], …]; "" is the whole file')
    faults_count = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True, help_text="last sign of life of whoever works on it")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
