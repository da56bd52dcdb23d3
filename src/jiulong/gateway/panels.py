"""What the gateway adds to a point's page: its logger and the last commands."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from jiulong.gateway import queries, sampled
from jiulong.monitoring.models import Point
from jiulong.organisation.rules import may

COMMANDS = 3


def point_panel(request: HttpRequest, point: Point) -> str:
    """The point's logger, its last commands, and the way to order one."""
    loggers = list(queries.loggers(request.user, point=point.code))
    commands = queries.commands(request.user).filter(logger__point=point)[:COMMANDS]
    may_command = may(request.user, "command_logger")
    context = {
        "loggers": loggers,
        "commands": commands,
        "may_command": may_command,
        "may_sample": may_command and bool(loggers) and not sampled.elsewhere(point.pk),
    }
    return render_to_string("gateway/point_panel.html", context, request)
