"""What codes of table B.5 and vendors' keys mean here, as data. What is not here stays raw."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

import hj212
from jiulong.monitoring.words import chinese

#: Parameters of an analyser that are filed and compared (HJ 212-2017 table B.5).
FILED: Final[dict[str, str | Promise]] = {
    "i13001": _("Range"),
    "i13008": _("Slope"),
    "i13007": _("Intercept"),
    "i13009": _("Detection limit"),
    "i13003": _("Measuring interval"),
    "i13004": _("Digestion temperature"),
    "i13005": _("Digestion time"),
    "i13002": _("Accuracy"),
}
#: Those that are asked for every day; the others come when the instrument says them.
ASKED: Final = ("i13001", "i13008", "i13007")
RANGE: Final = "i13001"

#: Doors: the station's (table B.5, 0 to 3: only 0 is named closed by those who build loggers) and
#: the sampler's (Hebei dialect).
DOORS: Final[dict[str, str | Promise]] = {
    "i32001": _("Station door"),
    "i42003": _("Sampler door"),
}
#: A door that opens without work is an alarm at the station only: whoever collects a sample opens
#: the sampler, and the custody of the sample tells of it.
WATCHED: Final = frozenset({"i32001"})
CLOSED: Final = frozenset({"0", "00", "0.0"})
#: Measured values of a station: one row each, the newest.
MEASURED: Final[dict[str, str | Promise]] = {
    "i33101": _("Station temperature"),
    "i33102": _("Station humidity"),
    "i33103": _("Mains voltage"),
    "i43001": _("Sampling mode"),
    "i43007": _("Sampler temperature"),
}

#: Units of vendors' keys, which the protocol library does not know.
UNITS: Final = {"i43007": "℃"}

#: Kind of an information code: its third place (table B.5).
LOG, STATE, PARAMETER = "1", "2", "3"


def kind_of(key: str) -> str:
    """`1` log, `2` state, `3` parameter; empty for what is no code of the table."""
    known = key[:1] in {"i", "I"} and len(key) == 6 and key[1:].isdecimal()
    return key[2] if known and key[2] in {LOG, STATE, PARAMETER} else ""


def info_name(key: str) -> str:
    """What a code is called in the reader's language; an unknown one is itself."""
    known = FILED.get(key) or DOORS.get(key) or MEASURED.get(key)
    if known is not None:
        return str(known)
    found = hj212.info(key)
    if found is None:
        return key
    return found.zh if chinese() else found.en


def value_name(key: str, text: str) -> str:
    """What a reported state means; an unknown one is itself."""
    if key in DOORS:
        return (
            pgettext("a door", "Closed") if text.strip() in CLOSED else pgettext("a door", "Open")
        )
    found = hj212.info(key)
    meaning = found.values.get(text.strip()) if found is not None else None
    if meaning is None:
        unit = found.unit if found is not None else UNITS.get(key, "")
        return f"{text} {unit}".strip()
    return meaning.zh if chinese() else meaning.en
