"""Samplers and their bottles, samples from the order to the disposal, random draws."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.gateway.models import Command
from jiulong.monitoring.models import Alarm, Factor, Finding, Point
from jiulong.organisation.models import Unit
from jiulong.sampling.life import WORDS


class Sampler(models.Model):
    """A refrigerated cabinet with bottles that a point's logger can fill."""

    class Door(models.TextChoices):
        UNKNOWN = "", _("Not reported")
        CLOSED = "closed", pgettext_lazy("door", "Closed")
        OPEN = "open", pgettext_lazy("door", "Open")

    point = models.OneToOneField(Point, on_delete=models.PROTECT, related_name="sampler")
    bottles = models.PositiveSmallIntegerField(default=24, help_text="places of the carousel")
    volume_ml = models.PositiveIntegerField(default=1000, help_text="of one bottle, mL")
    command = models.CharField(
        max_length=4, blank=True, help_text="3015, 3022 or 3012; empty: by the logger's protocol"
    )
    factor_code = models.CharField(
        max_length=6, default="w01018", help_text="PolId that 3012 and 3022 name"
    )
    min_interval_min = models.PositiveIntegerField(
        default=30, help_text="minutes between two samples: the pump needs to rinse"
    )
    active = models.BooleanField(default=True)
    temperature_code = models.CharField(
        max_length=6, default="i43007", help_text="info code of the cabinet's temperature"
    )
    temperature_c = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    door = models.CharField(max_length=6, choices=Door.choices, blank=True, default=Door.UNKNOWN)
    reported_at = models.DateTimeField(
        null=True, blank=True, help_text="when temperature or door were last reported"
    )

    class Meta:
        ordering = ["point__code"]

    def __str__(self) -> str:
        return f"{self.point}"


class Bottle(models.Model):
    """One place of a carousel and what stands in it."""

    class State(models.TextChoices):
        FREE = "free", pgettext_lazy("bottle", "Free")
        FILLED = "filled", pgettext_lazy("bottle", "Filled")
        SEALED = "sealed", pgettext_lazy("bottle", "Sealed")
        COLLECTED = "collected", pgettext_lazy("bottle", "Collected")

    sampler = models.ForeignKey(Sampler, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField(help_text="VaseNo, from 1")
    state = models.CharField(max_length=10, choices=State.choices, default=State.FREE)
    since = models.DateTimeField()

    class Meta:
        ordering = ["sampler", "position"]
        constraints = [
            models.UniqueConstraint(fields=["sampler", "position"], name="one_bottle_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.state}"


class SamplingRule(models.Model):
    """When samples are ordered without anybody asking; set up by packs (`sampling_rules`)."""

    code = models.CharField(max_length=80, unique=True)
    pack = models.CharField(max_length=40, blank=True)
    spec = models.JSONField(help_text="as `sections.RuleItem`")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class HoldTime(models.Model):
    """How long a factor may wait for analysis, where a pack says otherwise than the box."""

    factor_code = models.CharField(max_length=40, unique=True)
    hours = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    pack = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.factor_code} {self.hours} h"


class Draw(models.Model):
    """A random draw of points, promised before and open to anybody's recomputation after."""

    rule = models.ForeignKey(SamplingRule, on_delete=models.PROTECT, related_name="draws")
    opens_at = models.DateTimeField(help_text="the draw and its samples fall between these")
    closes_at = models.DateTimeField()
    count = models.PositiveSmallIntegerField(help_text="how many points are drawn")
    seed = models.CharField(max_length=64, help_text="secret until it is drawn")
    seed_sha256 = models.CharField(max_length=64, help_text="published before")
    candidates = models.JSONField(help_text="codes of the points, sorted")
    candidates_sha256 = models.CharField(max_length=64, help_text="published before")
    promised_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="the moment that the seed gives")
    drawn_at = models.DateTimeField(null=True)
    drawn = models.JSONField(default=list, help_text="codes of the points, in order of the draw")

    class Meta:
        ordering = ["-opens_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "opens_at"], name="one_draw_a_window")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.opens_at}"


class Sample(models.Model):
    """Water kept as evidence: who wanted it and why, which bottle, and through whose hands."""

    class Trigger(models.TextChoices):
        HAND = "hand", pgettext_lazy("why a sample", "By hand")
        ALARM = "alarm", pgettext_lazy("why a sample", "Exceedance")
        SUSPICION = "suspicion", pgettext_lazy("why a sample", "Suspicion")
        RANDOM = "random", pgettext_lazy("why a sample", "Random draw")
        DEVICE = "device", pgettext_lazy("why a sample", "By the device itself")

    class Purpose(models.TextChoices):
        ENFORCEMENT = "enforcement", _("Enforcement")
        CHECK = "check", pgettext_lazy("purpose of a sample", "Check")

    class Witness(models.TextChoices):
        PRESENT = "present", _("The enterprise was present")
        REFUSED = "refused", _("The enterprise refused to sign")
        ABSENT = "absent", _("Nobody of the enterprise was there")

    number = models.CharField(max_length=30, unique=True)
    code = models.CharField(
        max_length=12, unique=True, help_text="on label and laboratory's papers: tells nothing"
    )
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="samples")
    sampler = models.ForeignKey(Sampler, on_delete=models.PROTECT, related_name="samples")
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    reason = models.CharField(max_length=200)
    rule = models.ForeignKey(
        SamplingRule, null=True, on_delete=models.PROTECT, related_name="samples"
    )
    finding = models.ForeignKey(
        Finding, null=True, on_delete=models.PROTECT, related_name="samples"
    )
    alarm = models.ForeignKey(
        Alarm, null=True, on_delete=models.PROTECT, related_name="samples",
        help_text="of the finding, when the sample was ordered",
    )  # fmt: skip
    draw = models.ForeignKey(Draw, null=True, on_delete=models.PROTECT, related_name="samples")
    factors = ArrayField(models.CharField(max_length=40), default=list, help_text="to be analysed")
    state = models.CharField(max_length=12, choices=list(WORDS.items()), db_index=True)
    why = models.CharField(max_length=300, blank=True, help_text="why it failed or was called off")

    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField(db_index=True)
    confirm_until = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    command = models.OneToOneField(
        Command, null=True, on_delete=models.PROTECT, related_name="sample"
    )

    bottle = models.ForeignKey(Bottle, null=True, on_delete=models.PROTECT, related_name="samples")
    position = models.PositiveSmallIntegerField(null=True, help_text="VaseNo, once told")
    position_by = models.CharField(
        max_length=10, blank=True, help_text="device or person: who told the position"
    )
    sampled_at = models.DateTimeField(null=True, db_index=True, help_text="by our clock")
    device_at = models.DateTimeField(null=True, help_text="DataTime, by the device's clock")
    volume_ml = models.PositiveIntegerField(null=True, help_text="mL")

    seal_number = models.CharField(max_length=40, blank=True)
    witness = models.CharField(max_length=10, choices=Witness.choices, blank=True)
    witness_name = models.CharField(max_length=60, blank=True, help_text="shown masked")
    refusal = models.CharField(max_length=200, blank=True, help_text="why nobody signed")
    sealed_at = models.DateTimeField(null=True)
    collected_at = models.DateTimeField(null=True)
    laboratory = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField(null=True)
    handed_over_c = models.DecimalField(max_digits=4, decimal_places=1, null=True, help_text="℃")
    received_at = models.DateTimeField(null=True)
    received_c = models.DecimalField(max_digits=4, decimal_places=1, null=True, help_text="℃")
    intact = models.BooleanField(null=True, help_text="whether the seal was whole when received")
    duplicate = models.BooleanField(default=False, help_text="the laboratory keeps a duplicate")
    reported_at = models.DateTimeField(null=True, help_text="of the first result")
    disposed_at = models.DateTimeField(null=True)
    told_due_at = models.DateTimeField(null=True, help_text="when its running clock was told")

    class Meta:
        ordering = ["-ordered_at", "-id"]
        constraints = [
            # At most once: an exceedance that lasts is one order of a rule.
            models.UniqueConstraint(fields=["rule", "finding"], name="one_sample_a_finding"),
            models.UniqueConstraint(fields=["rule", "alarm"], name="one_sample_an_alarm"),
            models.UniqueConstraint(fields=["draw", "point"], name="one_sample_a_draw"),
            # One bottle is wanted at a time, and none after an end that nobody has looked at.
            models.UniqueConstraint(
                fields=["sampler"], condition=models.Q(state__in=["ordered", "unknown"]),
                name="one_order_a_sampler",
            ),
            models.UniqueConstraint(
                fields=["seal_number"], condition=~models.Q(seal_number=""),
                name="one_sample_a_seal_number",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Result(models.Model):
    """What the laboratory found of one factor in one sample."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="results")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT)
    value = models.DecimalField(max_digits=14, decimal_places=6)
    below = models.BooleanField(default=False, help_text="below the detection limit `value`")
    method = models.CharField(max_length=60, help_text="standard of the method, e.g. HJ 828-2017")
    report = models.CharField(max_length=60, help_text="number of the laboratory's report")
    duplicate = models.BooleanField(default=False, help_text="of the retained duplicate")
    analysed_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    in_time = models.BooleanField(null=True, help_text="analysed within the hold time")
    online = models.DecimalField(
        max_digits=14, decimal_places=6, null=True, help_text="hourly mean of the sampling hour"
    )
    allowed = models.DecimalField(
        max_digits=14, decimal_places=6, null=True, help_text="difference that may be"
    )
    agrees = models.BooleanField(null=True, help_text="None: there is nothing to compare with")

    class Meta:
        ordering = ["factor__code", "duplicate"]
        constraints = [
            models.UniqueConstraint(
                fields=["sample", "factor", "duplicate"], name="one_result_a_factor"
            )
        ]

    def __str__(self) -> str:
        return f"{self.factor} {self.value}"


class HeldBack(models.Model):
    """An order of a rule that an interlock holds back; it is tried again while there is a cause."""

    rule = models.ForeignKey(SamplingRule, on_delete=models.CASCADE, related_name="held_back")
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=300)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "finding"], name="one_held_back_a_finding")
        ]

    def __str__(self) -> str:
        return self.why
