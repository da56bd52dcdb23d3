"""Schemes, what they make of the observations, and how that is disputed, frozen and followed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.cases.models import Case
from jiulong.organisation.models import Unit
from jiulong.scorecards.models.indicators import Subject


class SchemeVersion(models.Model):
    """The rules of a contest; a change is a new version. `spec` is `engine.schemes.Scheme`.

    Several versions may be adopted: each period goes by the newest that is in force on its first
    day.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ADOPTED = "adopted", _("In force")
        RETIRED = "retired", _("No longer in force")

    code = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    pack = models.CharField(max_length=40, blank=True)
    spec = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the spec as canonical JSON")
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    effective_from = models.DateField(help_text="periods that begin on or after this day")
    effective_to = models.DateField(null=True, blank=True, help_text="last day; none: open")
    note = models.CharField(max_length=300, blank=True, help_text="what changed and why")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="versions_of_a_scheme"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Standing(models.Model):
    """How everybody ranks in one period by one version of a scheme.

    `observations` is the very input of the engine, so that anybody can recount it; once frozen,
    the row no longer changes (kept by trigger).
    """

    class State(models.TextChoices):
        COMPUTED = "computed", pgettext_lazy("standing", "Computed")
        DISPUTABLE = "disputable", _("Open to objections")
        FROZEN = "frozen", pgettext_lazy("standing", "Frozen")
        PUBLISHED = "published", pgettext_lazy("standing", "Published")

    scheme = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="standings")
    period = models.CharField(max_length=7)
    state = models.CharField(max_length=10, choices=State.choices, default=State.COMPUTED)
    run = models.PositiveSmallIntegerField(default=1, help_text="counts the computations")
    computed_at = models.DateTimeField()
    observations = models.JSONField(
        default=list, help_text="[subject, group, indicator, period, value, ref] sorted"
    )
    inputs_digest = models.CharField(max_length=64, help_text="SHA-256 of `observations`")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the result as canonical JSON")
    dispute_until = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-period", "scheme"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "period"], name="one_standing_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.period}"


class StandingRow(models.Model):
    """One subject's place, and how each of its points came about."""

    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="rows")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="standings")
    group = models.CharField(max_length=60)
    score = models.DecimalField(max_digits=16, decimal_places=6)
    rank = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField(help_text="how many are in the group")
    class_name = models.CharField(max_length=20, blank=True)
    rank_before = models.PositiveSmallIntegerField(null=True, help_text="in the period before")
    gap = models.DecimalField(
        max_digits=16, decimal_places=6, null=True, help_text="points to the rank above"
    )
    struck = models.BooleanField(default=False, help_text="by a veto")
    rated = models.BooleanField(default=True, help_text="no: for lack of data, or exempt")
    contests = models.JSONField(default=list, help_text="[{contest, points, out_of}]")
    criteria = models.JSONField(
        default=list, help_text="[{criterion, contest, points, out_of, weight, missing}]"
    )
    explained = models.BinaryField(
        default=b"", help_text="how each of `criteria` came about: standing_trees.packed"
    )
    notes = models.JSONField(default=list, help_text="on class, veto, rating: standing_trees")

    class Meta:
        ordering = ["standing", "group", "rank", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["standing", "subject"], name="one_row_a_subject")
        ]

    def __str__(self) -> str:
        return f"{self.standing_id} {self.subject_id} #{self.rank}"


class Outcome(models.Model):
    """A consequence that a published standing had for one row: a case, or a line of a list."""

    row = models.ForeignKey(StandingRow, on_delete=models.PROTECT, related_name="outcomes")
    key = models.CharField(max_length=80, help_text="of the consequence in the scheme")
    does = models.CharField(max_length=10, help_text="case, interview, commend")
    contest = models.CharField(max_length=80, blank=True, help_text="of which it speaks; none: all")
    names = models.JSONField(default=dict, help_text='{"zh": …, "en": …}')
    case = models.ForeignKey(
        Case, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: only listed"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["row", "key", "contest"]
        constraints = [
            models.UniqueConstraint(fields=["row", "key", "contest"], name="one_outcome_a_row")
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.key}"


class Adjustment(models.Model):
    """A bonus, deduction, veto or exemption with its proof; counts once another confirmed it."""

    class Kind(models.TextChoices):
        BONUS = "bonus", _("Bonus")
        PENALTY = "penalty", _("Deduction")
        VETO = "veto", _("Veto")
        EXEMPT = "exempt", pgettext_lazy("standing", "Not rated")

    kind = models.CharField(max_length=7, choices=Kind.choices)
    scheme = models.CharField(max_length=80, help_text="code of the scheme")
    criterion = models.CharField(max_length=80, help_text="the fact, such as bonus@award")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="adjustments")
    period = models.CharField(max_length=7)
    amount = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    reason = models.CharField(max_length=300)
    ref = models.CharField(max_length=120, blank=True, help_text="case, circular or commendation")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.period}"


class Dispute(models.Model):
    """An objection to a row while the window is open, and its answer."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        UPHELD = "upheld", _("Upheld")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    row = models.ForeignKey(StandingRow, on_delete=models.PROTECT, related_name="disputes")
    criterion = models.CharField(max_length=80, blank=True)
    claim = models.TextField(help_text="what is wrong and what is right")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.row_id} {self.state}"


class Panel(models.Model):
    """The judges of one criterion in one period, for one group."""

    scheme = models.CharField(max_length=80)
    criterion = models.CharField(max_length=80)
    period = models.CharField(max_length=7)
    group = models.CharField(max_length=60, blank=True, help_text="whose subjects; none: all")
    highest = models.DecimalField(max_digits=8, decimal_places=2, default=100)
    minimum = models.PositiveSmallIntegerField(default=3, help_text="scores needed to count")
    trim = models.PositiveSmallIntegerField(default=1, help_text="left out at each end")
    blind = models.BooleanField(default=True, help_text="judges read aliases instead of names")
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-period", "scheme", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "criterion", "period", "group"], name="one_panel_a_group"
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.period}"


class Assignment(models.Model):
    """One judge looks at one subject, unless a conflict of interest stands against it."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="assignments")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    alias = models.CharField(max_length=20, help_text="what a blind judge reads instead of a name")
    conflict = models.CharField(max_length=200, blank=True, help_text="declared; then no score")

    class Meta:
        ordering = ["panel", "judge", "alias"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "judge", "subject"], name="one_assignment_a_judge"
            )
        ]

    def __str__(self) -> str:
        return f"{self.panel_id} {self.judge_id} {self.alias}"


class JudgeScore(models.Model):
    """What a judge gave; a change before the panel closes is a new row."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="scores")
    value = models.DecimalField(max_digits=8, decimal_places=2)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        ordering = ["assignment", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=models.Q(current=True), name="one_current_score"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.value}"
