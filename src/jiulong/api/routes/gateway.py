"""Loggers, quarantine, commands, raw frames."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from jiulong.api.asked import Moment, Paged
from jiulong.api.schemas.common import Page
from jiulong.api.schemas.gateway import (
    CommandDetail,
    CommandOut,
    LoggerOut,
    QuarantinedOut,
    RawFrameOut,
    UnregisteredOut,
)
from jiulong.api.security import viewer
from jiulong.gateway import queries
from jiulong.monitoring.queries import raw_frame

router = Router(tags=["gateway"])


class LoggersAsked(Paged):
    text: str = Field("", description="in MN, point or enterprise")
    point: str = Field("", description="code of the point")
    profile: str = ""
    active: bool | None = None


@router.get("/loggers", response=Page[LoggerOut])
def loggers(request: HttpRequest, asked: Query[LoggersAsked]) -> Page[LoggerOut]:
    """Registered loggers."""
    rows, total = asked.cut(queries.loggers(viewer(request), **asked.filters()))
    return Page[LoggerOut].of([LoggerOut.of(row) for row in rows], total, asked)


@router.get("/loggers/{mn}", response=LoggerOut)
def logger(request: HttpRequest, mn: str) -> LoggerOut:
    """One logger."""
    return LoggerOut.of(queries.logger(viewer(request), mn))


@router.get("/unregistered", response=Page[UnregisteredOut])
def unregistered(request: HttpRequest, asked: Query[Paged]) -> Page[UnregisteredOut]:
    """Loggers that knock and are not registered; only for those who see everything."""
    rows = queries.unregistered(viewer(request))
    first = (asked.page - 1) * asked.size
    shown = [UnregisteredOut.of(row) for row in rows[first : first + asked.size]]
    return Page[UnregisteredOut].of(shown, len(rows), asked)


class QuarantineAsked(Paged):
    reason: str = ""
    mn: str = ""
    since: Moment | None = None
    until: Moment | None = None
    replayed: bool | None = None


@router.get("/quarantine", response=Page[QuarantinedOut])
def quarantine(request: HttpRequest, asked: Query[QuarantineAsked]) -> Page[QuarantinedOut]:
    """Frames that were not accepted, with the reason, newest first."""
    seen = viewer(request)
    rows, total = asked.cut(queries.quarantined(seen, **asked.filters()))
    shown = [QuarantinedOut.of(row, seen) for row in rows]
    return Page[QuarantinedOut].of(shown, total, asked)


@router.get("/quarantine/{int:number}", response=QuarantinedOut)
def quarantined(request: HttpRequest, number: int) -> QuarantinedOut:
    """One refused frame."""
    seen = viewer(request)
    return QuarantinedOut.of(queries.quarantined(seen).get(pk=number), seen)


class CommandsAsked(Paged):
    mn: str = ""
    cn: str = ""
    state: str = ""
    open_only: bool = False


@router.get("/commands", response=Page[CommandOut])
def commands(request: HttpRequest, asked: Query[CommandsAsked]) -> Page[CommandOut]:
    """What loggers were told to do, newest first."""
    rows, total = asked.cut(queries.commands(viewer(request), **asked.filters()))
    return Page[CommandOut].of([CommandOut.of(row) for row in rows], total, asked)


@router.get("/commands/{int:number}", response=CommandDetail)
def command(request: HttpRequest, number: int) -> CommandDetail:
    """One command with the whole dialogue."""
    return CommandDetail.whole(queries.command(viewer(request), number))


@router.get("/frames/{int:batch}/{int:ordinal}", response=RawFrameOut)
def frame(request: HttpRequest, batch: int, ordinal: int) -> RawFrameOut:
    """The raw frame behind a value."""
    return RawFrameOut.of(raw_frame(viewer(request), batch, ordinal))
