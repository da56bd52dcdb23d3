"""The treatment plant behind a point, its instruments, its station, and the river after it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.gateway.models import Command, Logger
from jiulong.monitoring.models import Factor, Outfall, Point


class Stage(models.TextChoices):
    """Where on the way of the water something stands."""

    INFLUENT = "influent", _("Influent")
    PROCESS = "process", _("Process")
    EFFLUENT = "effluent", _("Effluent")


class PlantUnit(models.Model):
    """A device of the treatment plant that a point's logger reports: a blower, a pump.

    `code` is the code of the readings: `SB1` (HJ 212-2017, 2021 and 2041) or one of the process
    codes of ST=52, as `e30201` (blower current of unit 01).
    """

    class Kind(models.TextChoices):
        BLOWER = "blower", _("Blower")
        PUMP = "pump", _("Pump")
        DOSING = "dosing", _("Dosing")
        AERATOR = "aerator", _("Aerator")
        MIXER = "mixer", _("Mixer")
        PRESS = "press", _("Sludge press")
        OTHER = "other", pgettext_lazy("kind of a plant unit", "Other")

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="plant_units")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PROCESS)
    order = models.PositiveSmallIntegerField(default=50, help_text="along the way of the water")
    must_run = models.BooleanField(default=True, help_text="it has to run while water flows")
    off_minutes = models.PositiveSmallIntegerField(
        default=120, help_text="it may stand still so long: blowers of an SBR pause by design"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["stage", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["point", "code"], name="one_unit_a_code")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class UnitState(models.Model):
    """What a unit did from when to when. Only changes make rows."""

    class State(models.IntegerChoices):
        """`SBx-RS` of HJ 212-2017 table 9."""

        OFF = 0, pgettext_lazy("state of a plant unit", "Off")
        RUNS = 1, pgettext_lazy("state of a plant unit", "Runs")
        CALIBRATES = 2, pgettext_lazy("state of a plant unit", "Calibrates")
        MAINTAINED = 3, pgettext_lazy("state of a plant unit", "Under maintenance")
        ALARM = 4, pgettext_lazy("state of a plant unit", "Alarm")
        BLOWS_BACK = 5, pgettext_lazy("state of a plant unit", "Blows back")

    unit = models.ForeignKey(PlantUnit, on_delete=models.PROTECT, related_name="states")
    state = models.SmallIntegerField(choices=State.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(help_text="the last time it was reported")
    batch = models.BigIntegerField(help_text="journal link of the first report")
    ordinal = models.IntegerField()

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "since"], name="one_unit_state_at_a_time"),
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(until=None), name="one_unit_state_now"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.state} since {self.since}"


class ReportedParameter(models.Model):
    """What an instrument said a parameter of it is, from when on. Only changes make rows."""

    point = models.ForeignKey(
        Point, on_delete=models.PROTECT, db_constraint=False, related_name="reported_parameters"
    )
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="+")
    info = models.CharField(max_length=10, help_text="code of table B.5, as i13008")
    text = models.CharField(max_length=200, help_text="as it was sent")
    value = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="the last time it was reported")
    current = models.BooleanField(default=True, help_text="the last one of its parameter")
    batch = models.BigIntegerField(help_text="journal link of the first report")
    ordinal = models.IntegerField()

    class Meta:
        ordering = ["point", "factor", "info", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "factor", "info"],
                condition=models.Q(current=True),
                name="one_current_parameter",
            )
        ]
        indexes = [models.Index(fields=["point", "since"], name="parameter_point_since")]

    def __str__(self) -> str:
        return f"{self.point_id} {self.info} {self.text}"


class ParameterFiling(models.Model):
    """What an enterprise or its operator files an instrument's parameters to be, from when on."""

    class State(models.TextChoices):
        FILED = "filed", pgettext_lazy("a filing", "Waits for review")
        CONFIRMED = "confirmed", pgettext_lazy("a filing", "Confirmed")
        REJECTED = "rejected", pgettext_lazy("a filing", "Rejected")

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="parameter_filings")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(help_text="{code of table B.5: number as text}")
    valid_from = models.DateTimeField()
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=10, choices=State.choices, default=State.FILED)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-filed_at", "-id"]
        indexes = [models.Index(fields=["point", "factor", "state"], name="filing_point_factor")]

    def __str__(self) -> str:
        return f"{self.point_id} {self.factor_id} {self.valid_from:%Y-%m-%d}"


class ParameterQuestion(models.Model):
    """When a logger was last asked for a parameter, and how often in vain."""

    logger = models.ForeignKey(Logger, on_delete=models.CASCADE, related_name="+")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="+")
    info = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    command = models.ForeignKey(Command, null=True, on_delete=models.PROTECT, related_name="+")
    vain = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["logger", "factor", "info"], name="one_question")
        ]

    def __str__(self) -> str:
        return f"{self.logger_id} {self.info} {self.asked_at}"


class StationState(models.Model):
    """What a station said of itself: its door, its temperature, an analyser's state.

    States make a row at each change; measured values keep one row, the newest (the messages have
    all of them). A code that we do not know stays as it was sent.
    """

    point = models.ForeignKey(
        Point, on_delete=models.PROTECT, db_constraint=False, related_name="station_states"
    )
    factor = models.CharField(max_length=40, blank=True, help_text="PolId, where it has one")
    key = models.CharField(max_length=40, help_text="code of table B.5 or a vendor's, as i32001")
    text = models.CharField(max_length=200)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    current = models.BooleanField(default=True)
    batch = models.BigIntegerField()
    ordinal = models.IntegerField()

    class Meta:
        ordering = ["point", "key", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "factor", "key"],
                condition=models.Q(current=True),
                name="one_current_station_state",
            )
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.key} {self.text}"


class River(models.Model):
    """A river of the district, from its source down."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WaterClass(models.IntegerChoices):
    """Classes of GB 3838-2002; below V is what keeps not even class V."""

    I = 1, "Ⅰ"  # noqa: E741 - the class's own name
    II = 2, "Ⅱ"
    III = 3, "Ⅲ"
    IV = 4, "Ⅳ"
    V = 5, "Ⅴ"
    BELOW = 6, _("below Ⅴ")


class RiverSection(models.Model):
    """A section of a river where its water is measured and held to a class."""

    river = models.ForeignKey(River, on_delete=models.PROTECT, related_name="sections")
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    km = models.DecimalField(
        max_digits=7, decimal_places=2, help_text="down the river from where its outfalls count"
    )
    target = models.PositiveSmallIntegerField(choices=WaterClass.choices)
    longitude = models.FloatField(null=True, blank=True, help_text="WGS-84 degrees")
    latitude = models.FloatField(null=True, blank=True, help_text="WGS-84 degrees")

    class Meta:
        ordering = ["river", "km"]

    def __str__(self) -> str:
        return f"{self.river} {self.name}"


class SectionMeasurement(models.Model):
    """What was measured at a section on a day. Never changed: a correction is a row of its own."""

    section = models.ForeignKey(RiverSection, on_delete=models.PROTECT, related_name="measurements")
    on = models.DateField()
    values = models.JSONField(help_text="{factor code: value in mg/L as text}; pH has no unit")
    source = models.CharField(max_length=200, help_text="report number, or station")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.section_id} {self.on}"


class OutfallPlace(models.Model):
    """Where along a river an outfall lies."""

    outfall = models.OneToOneField(Outfall, on_delete=models.PROTECT, related_name="river_place")
    river = models.ForeignKey(River, on_delete=models.PROTECT, related_name="outfalls")
    km = models.DecimalField(max_digits=7, decimal_places=2)

    class Meta:
        ordering = ["river", "km"]

    def __str__(self) -> str:
        return f"{self.outfall_id} at {self.km} km"
