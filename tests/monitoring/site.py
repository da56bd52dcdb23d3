"""What the page tests of monitoring look at: a point, its hours, a raw frame and a finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.test import Client
from django.utils import timezone

import hj212
from jiulong.gateway.journal import Entry, Verdict
from jiulong.monitoring.models import Finding, Period
from tests.evidence.conftest import append_batch
from tests.factories import hours, make_factor, make_finding, make_limit, write_readings
from tests.people import People

HOUR = timedelta(hours=1)
#: An hourly frame of a logger.
RAW = hj212.encode(
    cn="2061", st="32", qn="20260310115900000", pw="123456", mn="010000A8900016F000169DC0", flag=5,
    cp="DataTime=20260310110000;w01018-Avg=60.0,w01018-Flag=N",
)  # fmt: skip
ROLES = ("administrator", "officer", "observer", "owner", "sibling")


@dataclass
class Site:
    """A point of the owner with hours of today, one of them behind a raw frame, and a finding."""

    people: People
    finding: Finding
    batch: int

    def client(self, role: str) -> Client:
        client = Client()
        client.cookies["django_language"] = "en"
        if role != "anonymous":
            client.force_login(getattr(self.people, role))
        return client

    def address(self, pattern: str) -> str:
        return pattern.format(
            point=self.people.point.code, finding=self.finding.pk, frame=self.batch
        )


def make_site(people: People) -> Site:
    """One site, as of now: pages ask the clock."""
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - 3 * HOUR
    microseconds = int(start.timestamp()) * 1_000_000
    batch = append_batch(start, [Entry(microseconds, Verdict.ACCEPTED, "10.0.0.7:4000", RAW)])
    make_limit(people.point)
    write_readings(people.point, Period.HOUR, hours(start, 60.0, 20.0), batch=batch)
    finding = make_finding(
        people.point, factor=make_factor(), started_at=start, value=Decimal(60),
        limit_value=Decimal(50), multiple=Decimal("0.20"),
        detail={"count": 1, "worst_at": start.isoformat()},
    )  # fmt: skip
    return Site(people, finding, batch)
