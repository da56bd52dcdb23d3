"""What is wrong: findings of one rule each, and the alarms they make together."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.models.points import Factor, Outfall, Point


class Severity(models.TextChoices):
    """How grave it is, from least to most."""

    INFORMATION = "information", _("Information")
    WARNING = "warning", _("Warning")
    SERIOUS = "serious", _("Serious")


class Finding(models.Model):
    """Something that is wrong, judged by one rule. One event is one finding, from start to end.

    What turns out not to have been stays as a row that is withdrawn, with the cause.
    """

    Severity = Severity

    rule = models.CharField(max_length=40, db_index=True)
    severity = models.CharField(max_length=12, choices=Severity.choices)
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="findings")
    factor = models.ForeignKey(Factor, null=True, on_delete=models.PROTECT)
    started_at = models.DateTimeField(db_index=True)
    last_at = models.DateTimeField(help_text="latest time at which it was seen to hold")
    ended_at = models.DateTimeField(null=True, db_index=True)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, help_text="the worst")
    limit_value = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    multiple = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, help_text="worst value ÷ limit − 1"
    )
    detail = models.JSONField(default=dict, help_text="the evidence, as the rule documents it")
    found_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(
        "organisation.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    alarm = models.ForeignKey(
        "monitoring.Alarm", null=True, on_delete=models.PROTECT, related_name="findings"
    )
    withdrawn_at = models.DateTimeField(null=True, help_text="it does not stand any more")
    withdrawn_cause = models.CharField(max_length=300, blank=True)
    reinstated = models.BigIntegerField(
        null=True, editable=False,
        help_text="counts findings that stand again after they were withdrawn, in their order",
    )  # fmt: skip

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "point", "factor", "started_at"],
                name="one_finding_an_event",
                nulls_distinct=False,
            )
        ]
        indexes = [
            # The few that stand open are asked for by every page and by the judge.
            models.Index(
                fields=["point", "rule"], condition=models.Q(ended_at=None), name="finding_open"
            ),
            models.Index(fields=["rule", "point", "ended_at"], name="finding_rule_point_ended"),
            models.Index(
                fields=["reinstated"],
                condition=models.Q(reinstated__isnull=False),
                name="finding_reinstated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.point_id} {self.started_at}"


class Alarm(models.Model):
    """One event at one outfall: findings of a family without a pause as long as its hysteresis.

    Worked out from the findings alone (`monitoring.alarms`). What the desk makes of it stands in
    its case.
    """

    class Family(models.TextChoices):
        LIMIT = "limit", _("Over the limit")
        LINE = "line", _("Line")
        DATA = "data", _("Doubtful data")
        DEVICE = "device", _("Instruments")
        MARK = "mark", _("Marks")

    class State(models.TextChoices):
        OPEN = "open", _("Open")  # a finding still holds
        QUIET = "quiet", _("Quiet")  # none holds; it closes when that lasts
        CLOSED = "closed", _("Closed")
        MERGED = "merged", _("Merged")  # later data showed it to be part of another
        WITHDRAWN = "withdrawn", _("Withdrawn")  # none of its findings stands

    #: The states of an alarm that is something of its own.
    STANDING = (State.OPEN, State.QUIET, State.CLOSED)

    outfall = models.ForeignKey(Outfall, on_delete=models.PROTECT, related_name="alarms")
    family = models.CharField(max_length=8, choices=Family.choices)
    kind = models.CharField(max_length=8, help_text="gravest class of the catalogue: EXH, OFF …")
    severity = models.CharField(max_length=12, choices=Severity.choices)
    rules = ArrayField(models.CharField(max_length=40), help_text="of its findings, sorted")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField(db_index=True)
    last_at = models.DateTimeField(help_text="latest time at which a finding was seen to hold")
    ended_at = models.DateTimeField(null=True, help_text="since when no finding holds")
    closed_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(help_text="when the first of its findings was found")
    respond_by = models.DateTimeField(null=True)
    close_by = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )
    acknowledged_by = models.ForeignKey(
        "organisation.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["outfall", "family"],
                condition=models.Q(state="open"),
                name="one_open_alarm",
            )
        ]
        indexes = [
            models.Index(fields=["outfall", "family", "-started_at"], name="alarm_of_outfall"),
            models.Index(
                fields=["family", "ended_at"], condition=models.Q(state="quiet"), name="alarm_quiet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outfall_id} {self.started_at}"


class AlarmRule(models.Model):
    """What a pack says of one rule, from a day on, in place of the default."""

    rule = models.CharField(max_length=40)
    valid_from = models.DateField()
    thresholds = models.JSONField(default=dict, help_text="name → number, as text")
    respond = models.CharField(max_length=40, blank=True)
    close = models.CharField(max_length=40, blank=True)
    severity = models.CharField(max_length=12, choices=Severity.choices, blank=True)
    source = models.CharField(max_length=200)
    pack = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["rule", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "valid_from"], name="one_rule_a_start")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.valid_from}"
