"""The API lets a session in as it lets a token in, and shows what the pages show."""

from __future__ import annotations

from tests.organisation.matrix import NEARBY, holders, public, scoped, signed_in
from tests.organisation.matrix.evidence import a_seal
from tests.organisation.matrix.gateway import a_command, a_logger, a_refused_frame
from tests.organisation.matrix.monitoring import MONITORING, a_finding, a_point, measured
from tests.organisation.matrix.monitoring import ROWS as PAGES
from tests.organisation.matrix.validity import of_day

_SPAN = "period=hour&start=2026-01-01&end=2030-01-01"


ROWS = {
    "api:openapi-json": public(),
    "api:openapi-view": public(),
    "api:api-root": holders(""),  # ninja's name for the prefix; there is no page
    "api:overview": signed_in(),
    "api:points": signed_in(),
    "api:point": scoped(MONITORING, args=lambda world: [world.get(a_point).code]),
    "api:series": scoped(MONITORING, args=measured, query="factor=w01018", places=NEARBY),
    "api:readings": scoped(MONITORING, args=measured, query=_SPAN, places=NEARBY),
    "api:days": scoped(
        MONITORING,
        args=lambda world: [world.get(a_point).code],
        query="start=2026-01-01&end=2026-12-31",
        places=NEARBY,
    ),
    "api:months": scoped(
        MONITORING,
        args=lambda world: [world.get(a_point).code],
        query="start=2026-01-01&end=2026-12-31",
        places=NEARBY,
    ),
    "api:accepted_hours": scoped(MONITORING, args=of_day, query="factor=w01018", places=NEARBY),
    "api:revisions": signed_in(),
    "api:findings": signed_in(),
    "api:finding": scoped(MONITORING, args=lambda world: [world.get(a_finding).pk], places=NEARBY),
    "api:loggers": signed_in(),
    "api:logger": scoped(MONITORING, args=lambda world: [world.get(a_logger).mn]),
    "api:unregistered": signed_in(),
    "api:quarantine": signed_in(),
    "api:quarantined": scoped(
        MONITORING, args=lambda world: [world.get(a_refused_frame).pk], places=NEARBY
    ),
    "api:commands": signed_in(),
    "api:command": scoped(MONITORING, args=lambda world: [world.get(a_command).pk], places=NEARBY),
    "api:frame": PAGES["monitoring:frame"],
    "api:seals": signed_in(),
    "api:seal_status": signed_in(),
    "api:seal": signed_in(args=lambda world: [world.get(a_seal)]),
}
