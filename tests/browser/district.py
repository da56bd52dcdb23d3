"""A small district with real rows for the browser tests: two enterprises, three people."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import hashers
from django.core.management import call_command
from django.db import connection

from jiulong.gateway.models import Command, CommandStep, QuarantinedFrame
from jiulong.monitoring.models import Period, Point
from jiulong.organisation.models import User
from tests import factories

PASSWORD = "a-river-runs-here"
MN = "010000A8900016F0BROWSER1"
STRANGER = "010000A8900016F0STRANGER"
FRAME = (
    b"##0087QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;"
    b"Flag=5;CP=&&&&30C0\r\n"
)


def keep_passwords_as_the_site_does() -> None:
    """The web process reads what we write; it knows nothing of our cheap hashes."""
    settings.PASSWORD_HASHERS = [name for name in settings.PASSWORD_HASHERS if "MD5" not in name]
    hashers.reset_hashers(setting="PASSWORD_HASHERS")


def build() -> None:
    """Write it, as of now: pages ask the clock."""
    now = datetime.now(UTC).replace(microsecond=0)
    owner = factories.make_enterprise(name="青榕食品有限公司")
    sibling = factories.make_enterprise(name="白鹭电镀有限公司")
    for name, role, unit in (
        ("admin", User.Role.ADMINISTRATOR, None),
        ("officer", User.Role.OFFICER, None),
        ("owner", User.Role.ENTERPRISE, owner.unit),
    ):
        user = factories.make_user(role, unit, username=name)
        user.set_password(PASSWORD)
        user.save()
    mine, theirs = (
        _point(enterprise, code, now) for enterprise, code in ((owner, "B001"), (sibling, "B002"))
    )
    factories.make_finding(
        mine, factor=factories.make_factor("w01018"), started_at=now - timedelta(hours=3),
        severity="serious", value="75", limit_value="50", multiple="0.5",
    )  # fmt: skip
    factories.make_finding(theirs, rule="offline", started_at=now - timedelta(hours=5))
    leave_traces(mine, now)


def _point(enterprise: object, code: str, now: datetime) -> Point:
    outfall = factories.make_outfall(enterprise, name="总排口")  # type: ignore[arg-type]
    point = factories.make_point(outfall, code=code, name="总排口")
    factories.make_limit(point, "w01018", "50")
    factories.make_limit(point, "w01001", "9", minimum="6")
    hour = now.replace(minute=0, second=0)
    hours = [
        (
            hour - timedelta(hours=n),
            {"w01018": 40 + 30 * math.sin(n / 5), "w01001": 7.2, "w00000": 12.5},
        )
        for n in range(48, 0, -1)
    ]
    factories.write_readings(point, Period.HOUR, hours, received_at=now)
    minutes = [
        (
            now - timedelta(minutes=n),
            {"w01018": 40 + 10 * math.sin(n / 9), "w01001": 7.1, "w00000": 11.0},
        )
        for n in range(60, 0, -1)
    ]
    factories.write_readings(point, Period.REALTIME, minutes, received_at=now)
    return point


def leave_traces(point: Point, now: datetime) -> None:
    """A logger with a command, frames in quarantine, a seal."""
    logger = factories.make_logger(point, mn=MN)
    command = Command.objects.create(
        logger=logger, cn="3015", qn="20261120080000001", state="done", result="1",
        reply={"VaseNo": "3"}, reason="超标留样", created_at=now, updated_at=now,
    )  # fmt: skip
    CommandStep.objects.create(
        command=command, at=now, direction="out", state="sent", text="CN=3015"
    )
    for ordinal, (reason, mn) in enumerate([("unknown_mn", STRANGER), ("bad_crc", "")]):
        QuarantinedFrame.objects.create(
            batch=1, ordinal=ordinal, received_at=now, peer="127.0.0.1:5000", reason=reason, mn=mn,
            raw=FRAME,
        )  # fmt: skip
    call_command("seal", verbosity=0)


def remove() -> None:
    """Leave the database as the other tests expect it, and no log of seals that are no more."""
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reading")  # no model manages its partitions: flush leaves it
    (settings.SEAL_KEYS / "seals.log").unlink(missing_ok=True)
