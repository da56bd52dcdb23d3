"""Three standing people: the owner, a sibling enterprise, and the district above both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from jiulong.api.actions import create_token
from jiulong.evidence.actions import seal_now
from jiulong.gateway.models import Command, Logger, QuarantinedFrame
from jiulong.monitoring.models import Finding, Period, Point
from jiulong.organisation.models import Unit, User
from tests.evidence.conftest import append_batch, frames, tamper
from tests.factories import (
    make_enterprise,
    make_finding,
    make_limit,
    make_logger,
    make_point,
    make_unit,
    make_user,
    write_readings,
)

Get = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class World:
    """One point of the owner with everything that hangs on it; one of the sibling with the same."""

    owner: User
    sibling: User
    officer: User
    observer: User
    administrator: User
    mine: Point
    other: Point
    batch: int
    finding: Finding
    command: Command
    logger: Logger
    quarantined: QuarantinedFrame


@pytest.fixture
def get(client: Client) -> Get:
    """GET as somebody, with a token of theirs: `get(user, "/api/points", size=1)`."""

    def ask(user: User | None, path: str, **query: Any) -> HttpResponse:
        headers = {}
        if user is not None:
            _token, text = create_token(actor=user, owner=user, name="test")
            headers["Authorization"] = f"Bearer {text}"
        response: HttpResponse = client.get(path, query, headers=headers)  # type: ignore[arg-type]
        return response

    return ask


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> World:
    settings.SEAL_KEYS = tmp_path / "keys"
    tamper("DELETE FROM journal")
    now = timezone.now()
    district = make_unit(Unit.Kind.DISTRICT)
    mine, other = make_enterprise(), make_enterprise()
    batch = append_batch(now - timedelta(hours=1), frames(now - timedelta(hours=1), 2))
    points, made = [], []
    for ordinal, enterprise in enumerate((mine, other)):
        point = make_point(unit=enterprise.unit)
        make_limit(point)
        hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
        row = {"batch": batch, "part": 0, "received_at": now}
        write_readings(point, Period.HOUR, [(hour, {"w01018": 61.5})], **row)
        points.append(point)
        logger = make_logger(point)
        made.append((make_finding(point), _command(logger), logger, _refused(logger, ordinal)))
    seal_now(actor=None)
    return World(
        owner=make_user(User.Role.ENTERPRISE, mine.unit),
        sibling=make_user(User.Role.ENTERPRISE, other.unit),
        officer=make_user(User.Role.OFFICER, district),
        observer=make_user(User.Role.OBSERVER, district),
        administrator=make_user(User.Role.ADMINISTRATOR, district),
        mine=points[0], other=points[1], batch=batch,
        finding=made[0][0], command=made[0][1], logger=made[0][2], quarantined=made[0][3],
    )  # fmt: skip


def _command(logger: Logger) -> Command:
    now = timezone.now()
    command = Command.objects.create(
        logger=logger, cn="1072", parameters={"NewPW": "654321"}, qn=f"{logger.pk:017d}",
        created_at=now, updated_at=now,
    )  # fmt: skip
    text = "QN=1;ST=32;CN=1072;PW=123456;CP=&&NewPW=654321&&"
    command.steps.create(at=now, direction="out", state="sent", text=text)
    return command


def _refused(logger: Logger, ordinal: int) -> QuarantinedFrame:
    return QuarantinedFrame.objects.create(
        batch=900, ordinal=ordinal, received_at=timezone.now(), peer="10.0.0.9:1",
        reason="wrong_password", mn=logger.mn, raw=b"##PW=secret",
    )  # fmt: skip
