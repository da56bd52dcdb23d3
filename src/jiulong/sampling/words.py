"""What sampling's codes look like to a reader."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.monitoring.models import Factor
from jiulong.monitoring.words import chinese, factor_name
from jiulong.pages import lights
from jiulong.pages.words import MISSING, number
from jiulong.sampling import cabinet, life
from jiulong.sampling.models import Sampler

LABORATORY: Final = pgettext_lazy("of a sample", "Laboratory")
CAUSE: Final = pgettext_lazy("of a sample", "Cause")
#: state → one of the four lights.
TONES: Final[dict[str, str]] = {
    life.ASKED: "near", life.ORDERED: "told", life.UNKNOWN: "near", life.UNPLACED: "near",
    life.FILLED: "told", life.SEALING: "near", life.SEALED: "told", life.COLLECTING: "near",
    life.COLLECTED: "told", life.HANDED_OVER: "told", life.RECEIVED: "told",
    life.ANALYSED: "met", life.DISPOSED: "met", life.CANCELLED: "none", life.EXPIRED: "none",
    life.FAILED: "over", life.DISCARDED: "none",
}  # fmt: skip
CLOCKS: Final[dict[str, Any]] = {
    "met": pgettext_lazy("evidence clock", "In time"),
    "near": pgettext_lazy("evidence clock", "Soon over"),
    "over": pgettext_lazy("evidence clock", "Over"),
    "none": pgettext_lazy("evidence clock", "No clock"),
}


def state_light(state: str) -> Any:
    """Where a sample is."""
    return lights.light(TONES.get(state, "none"), life.WORDS.get(state, state))


def clock_light(light: str) -> Any:
    """How an evidence clock stands."""
    return lights.light(light, CLOCKS[light])


def cabinet_light(sampler: Sampler) -> Any:
    """The cabinet's temperature with its light."""
    if sampler.temperature_c is None:
        return lights.light("none", _("Not reported"))
    return lights.light(cabinet.light(sampler.temperature_c), number(sampler.temperature_c, "℃"))


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names of factors by code in the reader's language; an unknown one is its code."""
    known = {one.code: factor_name(one) for one in Factor.objects.filter(code__in=list(codes))}
    return {code: known.get(code, code) for code in codes}


def listed(words: Iterable[str]) -> str:
    """Words in a line."""
    sign = "、" if chinese() else ", "
    return sign.join(words) or MISSING


def midnight(day: date, *, after: bool = False) -> datetime:
    """The local day's beginning, or its end."""
    start = datetime.combine(day + timedelta(days=1) if after else day, time(0))
    return timezone.make_aware(start)
