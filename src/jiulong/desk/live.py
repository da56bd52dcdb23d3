"""`/live/`: what changed, as server-sent events, and only what the viewer may see.

Events carry no data but point ids; the page asks again for what it shows. So a notice can never
say more than a page would.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from jiulong.desk.hub import RESYNC, Hub, Ids, hub
from jiulong.gateway import queries as gateway
from jiulong.monitoring import queries as monitoring
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may

#: Proxies cut what is silent for a minute.
HEARTBEAT_S: Final = 20.0
#: A stream ends after this long, so that who lost a right or left the office loses the stream too.
LIFE_S: Final = 600.0
#: A viewer is told at most this often; what comes in between is merged.
GAP_S: Final = 1.0
#: How soon a browser comes back after the end of a stream, in milliseconds.
RETRY_MS: Final = 1000

#: Who may hear what beside points: those who see everything, or everybody.
FOR_ALL: Final = frozenset({RESYNC, "seals", "cases"})
BY_POINT: Final = frozenset({"readings", "findings"})
#: Names accounts; told to those alone, whatever else they may see.
BY_ACCOUNT: Final = "notices"


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer may hear of: everything, or some points."""

    viewer: Viewer
    everything: bool
    points: frozenset[int]


@dataclass(frozen=True, slots=True)
class Pace:
    """The stream's times, in seconds; tests run faster."""

    heartbeat: float = HEARTBEAT_S
    life: float = LIFE_S
    gap: float = GAP_S


async def stream(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The viewer's event stream."""
    viewer = await request.auser()
    if not isinstance(viewer, User):
        return HttpResponse(status=403)
    sight = await look(viewer)
    response = StreamingHttpResponse(events(hub(), sight, Pace()), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    # Marked as encoded, so that no middleware compresses: events must not wait in a buffer.
    response["Content-Encoding"] = "identity"
    return response


async def events(ear: Hub, sight: Sight, pace: Pace) -> AsyncIterator[str]:
    """The lines of the stream, until its life ends or the browser leaves."""
    clock = asyncio.get_running_loop().time
    end = clock() + pace.life
    async with ear.mailbox() as box:
        yield f"retry: {RETRY_MS}\n: listening\n\n"
        while clock() < end:
            try:
                taken = await asyncio.wait_for(box.take(), min(pace.heartbeat, pace.life))
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if taken.keys() & {RESYNC, "loggers"}:
                sight = await look(sight.viewer)
            for channel, ids in taken.items():
                if (data := await told(sight, channel, ids)) is not None:
                    yield f"event: {channel}\ndata: {json.dumps(data)}\n\n"
            await asyncio.sleep(pace.gap)


async def told(sight: Sight, channel: str, ids: Ids) -> dict[str, Any] | None:
    """What this viewer is told of a notice; None: nothing."""
    if channel == BY_ACCOUNT:
        return {"points": None} if ids is None or sight.viewer.pk in ids else None
    if sight.everything or channel in FOR_ALL:
        return {"points": sorted(ids) if channel in BY_POINT and ids is not None else None}
    if channel in BY_POINT:
        ours = None if ids is None else ids & sight.points
        return {"points": None if ours is None else sorted(ours)} if ours is None or ours else None
    if channel == "command_steps" and ids and await _commands_seen(sight.viewer, ids):
        return {"points": None}
    return None


@sync_to_async
def look(viewer: Viewer) -> Sight:
    """The viewer's sight now. Gives the database connection back: a stream lives long."""
    try:
        everything = may(viewer, "see_all")
        points = (
            () if everything else monitoring.visible_points(viewer).values_list("pk", flat=True)
        )
        return Sight(viewer=viewer, everything=everything, points=frozenset(points))
    finally:
        connections.close_all()


@sync_to_async
def _commands_seen(viewer: Viewer, ids: frozenset[int]) -> bool:
    try:
        return gateway.commands(viewer).filter(pk__in=ids).exists()
    finally:
        connections.close_all()
