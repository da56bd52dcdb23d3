"""What a project promised for the year, and what it says of each month."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from jiulong.cases.models import Case
from jiulong.projects.models.project import Project

NOT_BELOW_NOUGHT = MinValueValidator(Decimal(0))


class YearPlan(models.Model):
    """What is to be invested and reached in a year."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    investment = models.DecimalField(
        max_digits=14, decimal_places=2, validators=[NOT_BELOW_NOUGHT], help_text="万元"
    )
    goal = models.CharField(max_length=400, blank=True, help_text="what stands at the year's end")
    revised_at = models.DateTimeField()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="one_project_plan_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.year}"


class PlanMonth(models.Model):
    """How far the plan says that the year's investment and the works are at a month's end."""

    plan = models.ForeignKey(YearPlan, on_delete=models.CASCADE, related_name="months")
    month = models.DateField(help_text="its first day")
    planned = models.DecimalField(
        max_digits=14, decimal_places=2, validators=[NOT_BELOW_NOUGHT],
        help_text="万元 from January to the end of the month",
    )  # fmt: skip
    node = models.CharField(max_length=200, blank=True, help_text="形象进度 to be reached")

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "month"], name="one_project_plan_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.month:%Y-%m}"


class MonthReport(models.Model):
    """A unit's word on a month; `planned` is the plan as it stood when the month was reported."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("month's report", "Draft")
        SUBMITTED = "submitted", pgettext_lazy("month's report", "Submitted")
        CONFIRMED = "confirmed", pgettext_lazy("month's report", "Confirmed")
        RETURNED = "returned", pgettext_lazy("month's report", "Returned")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reports")
    month = models.DateField(help_text="its first day")
    planned = models.DecimalField(
        max_digits=14, decimal_places=2, help_text="万元 from January to the end of the month"
    )
    done = models.DecimalField(
        max_digits=14, decimal_places=2, validators=[NOT_BELOW_NOUGHT],
        help_text="万元 from January to the end of the month",
    )  # fmt: skip
    node_planned = models.CharField(max_length=200, blank=True)
    node_done = models.CharField(max_length=200, blank=True, help_text="形象进度 reached")
    problems = models.CharField(max_length=400, blank=True)
    reason = models.CharField(
        max_length=200, blank=True, help_text="why figures that look wrong are right"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, help_text="counts revisions; guards writes")

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["project", "month"], name="one_project_report_a_month")
        ]
        indexes = [models.Index(fields=["month", "state"], name="project_report_month_state")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.month:%Y-%m}"


class ReportRevision(models.Model):
    """What a month's report said each time it was written or judged. Append-only by trigger."""

    report = models.ForeignKey(MonthReport, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=MonthReport.State.choices)
    done = models.DecimalField(max_digits=14, decimal_places=2, help_text="万元")
    node_done = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], name="one_project_revision_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} #{self.number}"


class Milestone(models.Model):
    """A node of the works. Its photographs are evidence files attached to it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=120)
    planned_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "planned_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(done_on__isnull=False),
                name="milestone_confirmed_after_done",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Funding(models.Model):
    """Money of a project by where it comes from, in 万元."""

    class Source(models.TextChoices):
        BUDGET = "budget", pgettext_lazy("source of funds", "Budget")
        BOND = "bond", pgettext_lazy("source of funds", "Special bonds")
        LOAN = "loan", pgettext_lazy("source of funds", "Bank loans")
        OWN = "own", pgettext_lazy("source of funds", "Own funds")
        OTHER = "other", pgettext_lazy("source of funds", "Other")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="funds")
    source = models.CharField(max_length=8, choices=Source.choices)
    planned = models.DecimalField(max_digits=14, decimal_places=2, validators=[NOT_BELOW_NOUGHT])
    arrived = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), validators=[NOT_BELOW_NOUGHT]
    )
    used = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), validators=[NOT_BELOW_NOUGHT]
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "source"], name="one_fund_a_source"),
            models.CheckConstraint(
                condition=Q(used__lte=models.F("arrived")), name="project_used_within_arrived"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.source}"


class Obstacle(models.Model):
    """What holds a project up: a case of a matter of the pack, and whose project it is."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="obstacles")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="obstacle")
    raised_on = models.DateField()

    class Meta:
        ordering = ["-raised_on", "-id"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.case_id}"
