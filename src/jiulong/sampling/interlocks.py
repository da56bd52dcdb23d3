"""What keeps a sample from being ordered, in the order in which it is told. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

import hj212
from jiulong.gateway.actions.commands import OPEN
from jiulong.gateway.models import Command, Logger
from jiulong.gateway.queries import UNANNOUNCED
from jiulong.monitoring.models import PointState
from jiulong.sampling import life
from jiulong.sampling.models import Bottle, Sample, Sampler

#: A logger that has not been heard for so long, and for so many of its intervals, is not connected.
SILENT: Final = timedelta(minutes=5)
SILENT_INTERVALS: Final = 3
#: Which command a protocol has for keeping a sample, the fittest first.
FITTEST: Final = ("3022", "3015", "3012")


def logger_of(sampler: Sampler) -> Logger | None:
    """The logger that fills the bottles: the point's active one, the newest if there are more."""
    rows = Logger.objects.filter(point=sampler.point_id, active=True)
    return rows.order_by("-registered_at", "-pk").first()


def command_of(sampler: Sampler, profile: str) -> str:
    """The CN that orders a sample: the sampler's own, else the fittest the protocol has."""
    if sampler.command:
        return sampler.command
    known = hj212.PROFILES[profile].commands
    return next((cn for cn in FITTEST if cn in known), FITTEST[-1])


def parameters_of(sampler: Sampler, cn: str) -> dict[str, str]:
    """What the command says: 3012 and 3022 name an analyser, 3015 nothing (HJ 212-2017 C.34)."""
    return {} if cn == "3015" else {"PolId": sampler.factor_code}


def obstacles(sampler: Sampler, now: datetime) -> Iterator[str]:
    """Why no sample may be ordered now; nothing: it may."""
    if not sampler.active:
        yield _("The sampler is switched off.")
    logger = logger_of(sampler)
    if logger is None:
        yield _("No active logger is registered for this point.")
    elif not _connected(sampler, now):
        yield _("The logger is not connected: nothing was heard of it lately.")
    yield from _under_way(sampler, logger)
    yield from _too_soon(sampler, now)
    if not sampler.places.filter(state=Bottle.State.FREE).exists():
        yield _("No bottle is free. Collect samples and put new bottles in.")


def _connected(sampler: Sampler, now: datetime) -> bool:
    heard = PointState.objects.filter(point=sampler.point_id).values_list("heard_at", flat=True)
    seldom = timedelta(seconds=SILENT_INTERVALS * sampler.point.realtime_interval_s)
    return any(now - at <= max(SILENT, seldom) for at in heard)


def _under_way(sampler: Sampler, logger: Logger | None) -> Iterator[str]:
    for state, number in sampler.samples.filter(state__in=[life.ORDERED, life.UNKNOWN]).values_list(
        "state", "number"
    ):
        if state == life.UNKNOWN:
            told = _("It is not known what came of %(number)s: a person must look first.")
        else:
            told = _("%(number)s is still under way.")
        yield told % {"number": number}
    if logger is None:
        return
    # Somebody may have ordered one on the logger's own page.
    others = Command.objects.filter(logger=logger, cn__in=UNANNOUNCED, sample=None)
    if others.filter(state__in=OPEN).exists():
        yield _("Another sampling command to this logger is still under way.")


def _too_soon(sampler: Sampler, now: datetime) -> Iterator[str]:
    pause = timedelta(minutes=sampler.min_interval_min)
    last = (
        Sample.objects.filter(sampler=sampler, sampled_at__gt=now - pause)
        .order_by("-sampled_at")
        .values_list("sampled_at", flat=True)
        .first()
    )
    if last is not None:
        told = _("The last sample was %(ago)d minutes ago; %(pause)d must lie between two.")
        minutes = int((now - last).total_seconds() // 60)
        yield told % {"ago": minutes, "pause": sampler.min_interval_min}
