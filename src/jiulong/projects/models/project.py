"""A key project and the stages it went through."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from jiulong.organisation.models import Unit
from jiulong.projects import stages

#: GB/T 40058-2021: year and month, region, central department, type, random number with check
#: sign: 24 signs with the hyphens. The sum behind the check sign is not published: not tested.
NATIONAL_CODE = r"^\d{2}(0[1-9]|1[0-2])-\d{6}-\d{2}-\d{2}-\d{5}[0-9X]$"
NOT_BELOW_NOUGHT = MinValueValidator(Decimal(0))


class Project(models.Model):
    """One key project: money in 万元, areas in 亩 and m². Nothing is deleted, see `dropped_on`."""

    class Level(models.TextChoices):
        PROVINCE = "province", pgettext_lazy("level of a project", "Provincial")
        CITY = "city", pgettext_lazy("level of a project", "City")
        DISTRICT = "district", pgettext_lazy("level of a project", "District")

    class Kind(models.TextChoices):
        NEW = "new", pgettext_lazy("kind of project", "New start")
        CONTINUING = "continuing", pgettext_lazy("kind of project", "Continued")
        COMPLETING = "completing", pgettext_lazy("kind of project", "To be completed")
        RESERVE = "reserve", pgettext_lazy("kind of project", "In reserve")

    class Industry(models.TextChoices):
        MANUFACTURING = "manufacturing", pgettext_lazy("industry", "Manufacturing")
        SERVICES = "services", pgettext_lazy("industry", "Services")
        AGRICULTURE = "agriculture", pgettext_lazy("industry", "Agriculture")
        TRANSPORT = "transport", pgettext_lazy("industry", "Transport")
        UTILITIES = "utilities", pgettext_lazy("industry", "Energy and pipelines")
        ECOLOGY = "ecology", pgettext_lazy("industry", "Ecology and water")
        RENEWAL = "renewal", pgettext_lazy("industry", "Urban renewal")
        LIVELIHOOD = "livelihood", pgettext_lazy("industry", "Livelihood")

    class Batch(models.TextChoices):
        """五个一批, as Fujian counts projects."""

        PLANNED = "planned", pgettext_lazy("batch of projects", "Planned")
        SIGNED = "signed", pgettext_lazy("batch of projects", "Signed")
        STARTED = "started", pgettext_lazy("batch of projects", "Started")
        PRODUCING = "producing", pgettext_lazy("batch of projects", "In production")
        EXPANDING = "expanding", pgettext_lazy("batch of projects", "Expanding")

    code = models.CharField(max_length=40, unique=True, help_text="the district's own number")
    national_code = models.CharField(
        max_length=24, blank=True, db_index=True, validators=[RegexValidator(NATIONAL_CODE)],
        help_text="GB/T 40058-2021, 24 signs",
    )  # fmt: skip
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=10, choices=Level.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    industry = models.CharField(max_length=16, choices=Industry.choices)
    batch = models.CharField(max_length=10, choices=Batch.choices, blank=True)
    stage = models.CharField(
        max_length=10, choices=list(stages.STAGES.items()), default=stages.PLANNED
    )
    description = models.TextField(blank=True, help_text="what is built, and how much of it")

    zone = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="projects_here",
        help_text="the zone, street or town it lies in",
    )  # fmt: skip
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="projects_led")
    supervising_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="projects_supervised"
    )
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT,
        related_name="projects_in_charge",
    )  # fmt: skip
    leader_post = models.CharField(
        max_length=60, blank=True, help_text="the leader in charge where there is no account"
    )
    contact_name = models.CharField(max_length=40, blank=True, help_text="shown masked")
    contact_phone = models.CharField(max_length=20, blank=True, help_text="shown masked")

    total_investment = models.DecimalField(
        max_digits=14, decimal_places=2, validators=[NOT_BELOW_NOUGHT], help_text="万元"
    )
    invested_before = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), validators=[NOT_BELOW_NOUGHT],
        help_text="万元, to the end of the year before the first year plan",
    )  # fmt: skip
    planned_start_on = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    late_reason = models.CharField(
        max_length=200, blank=True, help_text="why it starts late, accepted by the keeper"
    )
    planned_finish_on = models.DateField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)
    in_statistics_on = models.DateField(null=True, blank=True, help_text="纳统")

    approved_on = models.DateField(null=True, blank=True, help_text="立项")
    planning_permit_on = models.DateField(null=True, blank=True, help_text="规划许可")
    land_permit_on = models.DateField(null=True, blank=True, help_text="用地批准")
    eia_on = models.DateField(null=True, blank=True, help_text="环评")
    construction_permit_on = models.DateField(null=True, blank=True, help_text="施工许可")

    land_needed_mu = models.DecimalField(
        max_digits=10, decimal_places=2, default=Decimal(0), validators=[NOT_BELOW_NOUGHT]
    )
    land_delivered_mu = models.DecimalField(
        max_digits=10, decimal_places=2, default=Decimal(0), validators=[NOT_BELOW_NOUGHT]
    )
    demolition_m2 = models.DecimalField(
        max_digits=12, decimal_places=0, default=Decimal(0), validators=[NOT_BELOW_NOUGHT]
    )
    demolished_m2 = models.DecimalField(
        max_digits=12, decimal_places=0, default=Decimal(0), validators=[NOT_BELOW_NOUGHT]
    )
    bond_approved = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), validators=[NOT_BELOW_NOUGHT],
        help_text="万元 of special bonds",
    )  # fmt: skip
    bond_used = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), validators=[NOT_BELOW_NOUGHT],
        help_text="万元 of special bonds",
    )  # fmt: skip

    longitude = models.FloatField(null=True, blank=True, help_text="degrees, WGS 84")
    latitude = models.FloatField(null=True, blank=True, help_text="degrees, WGS 84")
    address = models.CharField(max_length=200, blank=True)

    filed_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    dropped_on = models.DateField(null=True, blank=True, help_text="taken off the list")
    dropped_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="counts every change; guards writes")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(bond_used__lte=F("bond_approved")), name="bond_used_within_approved"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[stages.PLANNED, stages.SIGNED, stages.PREPARING])
                | Q(started_on__isnull=False, construction_permit_on__isnull=False),
                name="no_start_without_permit",
            ),
        ]
        indexes = [
            models.Index(fields=["lead_unit", "stage"], name="project_lead_stage"),
            models.Index(fields=["zone", "stage"], name="project_zone_stage"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def leader_name(self) -> str:
        """Who is in charge, in words; empty: nobody is named."""
        return self.leader_post or (str(self.leader) if self.leader else "")


class StageMove(models.Model):
    """That a project entered a stage on a day. Append-only by trigger."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stage_moves")
    stage = models.CharField(max_length=10, choices=list(stages.STAGES.items()))
    entered_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(help_text="when it was recorded")

    class Meta:
        ordering = ["entered_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "stage"], name="one_entry_a_stage")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.stage} {self.entered_on}"
