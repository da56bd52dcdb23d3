"""What the gateway's bytes and codes say to a person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

import hj212
from jiulong.gateway.journal import Verdict
from jiulong.monitoring.words import chinese

#: What usually lies behind a refusal, and what to do.
ADVICE = {
    "bad_crc": _("Bytes changed on the way, or the logger computes another checksum."),
    "unparseable": _("What came is no frame of HJ 212: noise on the line, or another protocol."),
    "unknown_mn": _("Nobody has registered this logger. Adopt it if it is yours."),
    "wrong_password": _("Its password is not the registered one. Change one of them, then replay."),
    "wrong_address": _("It spoke from a network it may not use. Check its line, or allow it."),
    "inactive": _("The logger is switched off here. Switch it on, then replay."),
    "too_long": _("A frame may hold 1,024 bytes of data; this one is longer than we read."),
}
#: Why the gateway gave a command itself, and what it noted of one: as `ledger` stores them.
OWN_WORDS = {
    "first connection": _("first connection"),
    "asked for by the logger": _("asked for by the logger"),
    "asked for by itself: data are missing": _("asked for by itself: data are missing"),
    "asked for by itself: parameters of the day": _("asked for by itself: parameters of the day"),
    "never sent: the logger did not connect": _("never sent: the logger did not connect"),
    "never sent: the logger was busy with earlier commands": _(
        "never sent: the logger was busy with earlier commands"
    ),
}


def own_word(text: str) -> Any:
    """A reason or note of the gateway in the reader's language; a person's own stays as it is."""
    return OWN_WORDS.get(text, text)


def command_name(profile: str, cn: str) -> str:
    """What a command is called, e.g. "Immediate sampling"; an unknown one is its number."""
    known = hj212.PROFILES[profile].commands.get(cn) or hj212.COMMANDS.get(cn)
    if known is None:
        return cn
    return known.zh if chinese() else known.en


def result_name(result: str, *, executed: bool) -> str:
    """What a QnRtn (or, `executed`, an ExeRtn) means."""
    table = hj212.EXECUTION_RESULTS if executed else hj212.REQUEST_RESULTS
    known = table.get(result)
    if known is None:
        return result
    return known.zh if chinese() else known.en


def reason_label(reason: str) -> str:
    """Why a frame was refused; a reason that is no more is its own name."""
    try:
        return str(Verdict.of_reason(reason).label)
    except KeyError:
        return reason
