"""Which leader looks after which project, enterprise or village, and when they were there.

It governs the duty to visit and nothing else: no judgement of a person is kept.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jiulong.cases.models import Case
from jiulong.organisation.models import Unit
from jiulong.packs.models import OfPack


class Pairing(models.Model):
    """A leader's duty towards one thing, from a day on."""

    code = models.CharField(
        max_length=80, null=True, blank=True, unique=True, help_text="of the pack that brought it"
    )
    pack = models.CharField(max_length=40, blank=True)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT,
        related_name="pairings",
    )  # fmt: skip
    leader_post = models.CharField(max_length=60, help_text="whose duty it is, as a post")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="pairings", help_text="the leader's unit"
    )
    label = models.CharField(max_length=60, help_text="what kind of thing, see `targets`")
    target = models.CharField(max_length=60, help_text="its primary key")
    title = models.CharField(max_length=160, help_text="what it was called when they were paired")
    every = models.CharField(max_length=20, help_text="how often: `2 weeks`, `1 months`")
    duty = models.CharField(max_length=300, blank=True, help_text="what the leader is to see to")
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="its last day")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["leader_post", "label", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["leader_post", "unit", "label", "target"],
                condition=models.Q(until=None),
                name="one_open_pairing",
            )
        ]
        indexes = [models.Index(fields=["label", "target"], name="pairing_target")]

    def __str__(self) -> str:
        return f"{self.leader_post} – {self.title}"


class PairVisit(models.Model):
    """That the duty was done: when, where, what was seen. Append-only by trigger; photos are files
    of it.
    """

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="visits")
    on = models.DateField()
    note = models.CharField(max_length=1000)
    problem = models.CharField(max_length=500, blank=True, help_text="what has to be seen to")
    longitude = models.FloatField(null=True, help_text="degrees WGS 84, of the device")
    latitude = models.FloatField(null=True)
    address = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(help_text="when it was entered")

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["pairing", "-on"], name="visits_of_a_pairing")]

    def __str__(self) -> str:
        return f"{self.pairing_id} {self.on}"


class ProblemRule(OfPack):
    """What a problem seen on a visit becomes; `spec` is a checked `kinds.ProblemItem`."""

    code = models.CharField(max_length=40, unique=True)


class VisitCase(models.Model):
    """The case that a visit's problem became. Append-only by trigger."""

    visit = models.OneToOneField(PairVisit, on_delete=models.PROTECT, related_name="opened")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="visit")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.case_id}"
