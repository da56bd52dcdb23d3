"""What loggers owed and did not send, what was tried to get it, and what a month came to."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.gateway.models import Command
from jiulong.monitoring.models import Period, Point


class IntervalSetting(models.Model):
    """How many minutes apart a point's minute data are, from a time on.

    `Point.minute_interval` says what holds now; these rows say what was owed when.
    """

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="interval_settings")
    minutes = models.PositiveSmallIntegerField()
    since = models.DateTimeField()

    class Meta:
        ordering = ["point", "since"]
        constraints = [
            models.UniqueConstraint(fields=["point", "since"], name="one_interval_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.minutes} min"


class Expectation(models.Model):
    """From when on readings of a period are owed by a point, and up to when they were counted."""

    point = models.ForeignKey(
        Point, on_delete=models.CASCADE, db_constraint=False, related_name="expectations"
    )
    period = models.SmallIntegerField(choices=Period.choices)
    since = models.DateTimeField(help_text="the first reading of this period in service")
    until = models.DateTimeField(help_text="periods that begin before this were counted")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "period"], name="one_expectation_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.period} until {self.until}"


class Gap(models.Model):
    """A stretch in which readings of one period are missing, or were when it was found.

    It keeps its bounds when it is filled: `remaining` says what is missing still. Times are starts
    of periods; `end` is where the last missing period ends.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a gap", "Open")
        ASKED = "asked", pgettext_lazy("a gap", "Asked for")
        FILLED = "filled", pgettext_lazy("a gap", "Filled")
        GIVEN_UP = "given_up", pgettext_lazy("a gap", "Given up")

    class Cause(models.TextChoices):
        OFFLINE = "offline", _("The point was offline")
        REFUSED = "refused", _("Frames were refused at that time")
        UNSENT = "unsent", _("Heard, but these data did not come")

    class Reason(models.TextChoices):
        NONE = "", ""
        NO_DATA = "no_data", _("The logger says that it has none")
        REFUSED = "refused", _("The logger refused each time")
        UNANSWERED = "unanswered", _("The logger did not answer")
        NOTHING = "nothing", _("The logger said yes and sent nothing")
        TOO_OLD = "too_old", _("Too old to be asked for by itself")
        IMPOSSIBLE = "impossible", _("The logger cannot be asked")

    point = models.ForeignKey(
        Point, on_delete=models.PROTECT, db_constraint=False, related_name="gaps"
    )
    period = models.SmallIntegerField(choices=Period.choices)
    minutes = models.PositiveSmallIntegerField(help_text="length of one missing period")
    start = models.DateTimeField()
    end = models.DateTimeField()
    missing = models.PositiveIntegerField(help_text="periods that were missing when it was found")
    left = models.PositiveIntegerField(help_text="periods that are missing still")
    remaining = ArrayField(
        ArrayField(models.DateTimeField(), size=2),
        default=list,
        blank=True,
        help_text="[start, end] of what is missing still",
    )
    denied = ArrayField(
        ArrayField(models.DateTimeField(), size=2),
        default=list,
        blank=True,
        help_text="[start, end] of which the logger said that it has no data",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.UNSENT)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    asked = models.PositiveSmallIntegerField(default=0, help_text="requests sent for it")
    vain = models.PositiveSmallIntegerField(default=0, help_text="requests in a row without data")
    next_ask_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-start", "-id"]
        indexes = [
            models.Index(fields=["point", "period", "start"], name="gap_point_period_start"),
            models.Index(
                fields=["next_ask_at"], condition=models.Q(state="open"), name="gap_to_ask"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="gap_lasts"),
            models.CheckConstraint(
                condition=models.Q(left__lte=models.F("missing")), name="gap_only_shrinks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.period} {self.start:%Y-%m-%d %H:%M}"


class HistoryRequest(models.Model):
    """One request to a logger for what is missing in a gap, and what came of it."""

    class Outcome(models.TextChoices):
        WAITING = "", _("Under way")
        FILLED = "filled", _("Everything came")
        PARTLY = "partly", _("Some of it came")
        NOTHING = "nothing", _("Nothing came")
        NO_DATA = "no_data", _("No data, says the logger")
        REFUSED = "refused", pgettext_lazy("of a request for data", "Refused")
        UNANSWERED = "unanswered", _("No answer")
        UNSENT = "unsent", _("Never sent")

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="requests")
    command = models.OneToOneField(Command, on_delete=models.PROTECT, related_name="+")
    begin = models.DateTimeField(help_text="start of the first period that was asked for")
    end = models.DateTimeField(help_text="where the last period that was asked for ends")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    left_before = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(outcome=""), name="request_open")
        ]

    def __str__(self) -> str:
        return f"{self.gap_id} {self.begin:%Y-%m-%d %H:%M}"


class MonthTally(models.Model):
    """How many readings a point owed in a local month, and how many came in time and later."""

    point = models.ForeignKey(
        Point, on_delete=models.CASCADE, db_constraint=False, related_name="month_tallies"
    )
    period = models.SmallIntegerField(choices=Period.choices)
    month = models.DateField(help_text="its first day")
    expected = models.PositiveIntegerField(default=0)
    live = models.PositiveIntegerField(default=0, help_text="came in time")
    late = models.PositiveIntegerField(default=0, help_text="came later, as a back-fill does")

    class Meta:
        ordering = ["-month", "point", "period"]
        constraints = [
            models.UniqueConstraint(fields=["point", "period", "month"], name="one_month_tally")
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.period} {self.month:%Y-%m}"


class MonthProof(models.Model):
    """A point's completeness in a month as it was recorded; never changed, only made again."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="month_proofs")
    month = models.DateField(help_text="its first day")
    number = models.PositiveSmallIntegerField(help_text="1, 2, …: what came later makes a new one")
    content = models.JSONField(help_text="tallies, gaps and requests; `proofs.content` makes it")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content, canonical JSON")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-month", "point", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["point", "month", "number"], name="one_proof_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.month:%Y-%m} no. {self.number}"
