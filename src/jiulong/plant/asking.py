"""Asking loggers once a day for the parameters of their analysers, one question at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, OuterRef

import hj212
from jiulong.gateway.actions.commands import OPEN, queue_command
from jiulong.gateway.models import Command, Logger
from jiulong.monitoring import thresholds
from jiulong.monitoring.models import Factor
from jiulong.plant import codes
from jiulong.plant.models import ParameterQuestion

#: Why a command was given by the machine itself; stored as is, translated where shown.
BY_ITSELF: Final = "asked for by itself: parameters of the day"
CN: Final = "3020"
#: Flow, pH and temperature are measured in place, without slope or digestion.
NO_ANALYSER: Final = frozenset({"w00000", "w01001", "w01010"})
#: The factors of each point's newest hourly frames; split packets are rows of their own.
MEASURED: Final = """
SELECT DISTINCT p.id, unnest(r.factors)
FROM unnest(%(points)s::int[]) AS p(id)
CROSS JOIN LATERAL (
    SELECT factors FROM reading
    WHERE point = p.id AND period = 2 ORDER BY at DESC LIMIT 4
) AS r
"""
#: Questions of one round (a minute): the gateway's one writer has sampling orders to carry too.
PER_ROUND: Final = 30
EVERY: Final = timedelta(days=1)
#: A logger that answered so often in vain is asked again a month later only.
VAIN_MAX: Final = 3
SELDOM: Final = timedelta(days=30)


def step(now: datetime) -> bool:
    """One round: one question to every logger that is heard and free, within the budget."""
    if not settings.ASK_PARAMETERS:
        return False
    loggers = _free(now)
    factors = analysers({logger.point_id for logger in loggers})
    asked = _asked(loggers)
    made = 0
    for logger in loggers:
        if made >= PER_ROUND:
            break
        question = next_question(factors.get(logger.point_id, []), asked.get(logger.pk, {}), now)
        if question is not None:
            made += _ask(logger, *question, now)
    return False


def _free(now: datetime) -> list[Logger]:
    """Active loggers that are heard, know the command and have no dialogue under way."""
    busy = Command.objects.filter(logger=OuterRef("pk"), state__in=OPEN)
    able = [name for name, one in hj212.PROFILES.items() if CN in one.commands]
    rows = Logger.objects.filter(~Exists(busy), active=True, profile__in=able)
    heard = rows.filter(point__state__heard_at__gte=now - thresholds.OFFLINE_AFTER)
    return list(heard.select_related("point").order_by("pk"))


def next_question(
    factors: Sequence[Factor], asked: Mapping[tuple[int, str], ParameterQuestion], now: datetime
) -> tuple[Factor, str, ParameterQuestion | None] | None:
    """What to ask a logger next, and what came of that before; None: all was asked today."""
    for factor in factors:
        for info in codes.ASKED:
            before = asked.get((factor.pk, info))
            if before is None or before.asked_at <= now - _pause(before):
                return factor, info, before
    return None


def analysers(points: Collection[int]) -> dict[int, list[Factor]]:
    """The factors of points that an analyser measures: those of their newest hours.

    Not those that are limited: a standard limits metals that no station measures.
    """
    with connection.cursor() as cursor:
        cursor.execute(MEASURED, {"points": list(points)})
        measured = cursor.fetchall()
    rows = Factor.objects.filter(code__startswith="w").exclude(code__in=NO_ANALYSER)
    known = rows.in_bulk({factor for _point, factor in measured})
    found: dict[int, list[Factor]] = {}
    for point, factor in measured:
        if factor in known:
            found.setdefault(point, []).append(known[factor])
    return {point: sorted(each, key=lambda one: one.code) for point, each in found.items()}


def _asked(loggers: Sequence[Logger]) -> dict[int, dict[tuple[int, str], ParameterQuestion]]:
    found: dict[int, dict[tuple[int, str], ParameterQuestion]] = {}
    rows = ParameterQuestion.objects.filter(logger__in=loggers).select_related("command")
    for one in rows:
        found.setdefault(one.logger_id, {})[one.factor_id, one.info] = one
    return found


def _pause(before: ParameterQuestion) -> timedelta:
    return SELDOM if before.vain >= VAIN_MAX else EVERY


def _ask(
    logger: Logger, factor: Factor, info: str, before: ParameterQuestion | None, now: datetime
) -> bool:
    """Queue the question and remember it, answered or not; whether it could be asked."""
    command: Command | None = None
    vain = 0
    try:
        command = queue_command(
            user=None, logger=logger, cn=CN, parameters={"PolId": factor.code, "InfoId": info},
            reason=BY_ITSELF, now=now,
        )  # fmt: skip
    except ValidationError:
        vain = VAIN_MAX
    else:
        if before is not None and before.command is not None:
            done = before.command.state == Command.State.DONE
            vain = 0 if done else before.vain + 1
    ParameterQuestion.objects.update_or_create(
        logger=logger, factor=factor, info=info,
        defaults={"asked_at": now, "command": command, "vain": vain},
    )  # fmt: skip
    return command is not None
