"""The life of a sample: what may follow what, in words and as a table.

`unknown`: the logger's answer is missing. Nobody orders again at that sampler until a person has
looked and said whether the bottle was filled (HJ 212-2017 §6.2: no resend after 9011).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

ASKED, ORDERED, UNKNOWN, UNPLACED = "asked", "ordered", "unknown", "unplaced"
FILLED, SEALING, SEALED = "filled", "sealing", "sealed"
COLLECTING, COLLECTED, HANDED_OVER = "collecting", "collected", "handed_over"
RECEIVED, ANALYSED, DISPOSED = "received", "analysed", "disposed"
CANCELLED, EXPIRED, FAILED, DISCARDED = "cancelled", "expired", "failed", "discarded"

#: (state, action) → state.
LIFE: Final[Mapping[tuple[str, str], str]] = {
    (ASKED, "confirm"): ORDERED,
    (ASKED, "reject"): CANCELLED,
    (ASKED, "expire"): EXPIRED,
    (ORDERED, "fill"): FILLED,
    (ORDERED, "fill_somewhere"): UNPLACED,
    (ORDERED, "fail"): FAILED,
    (ORDERED, "lose"): UNKNOWN,
    (UNKNOWN, "fill"): FILLED,
    (UNKNOWN, "fill_somewhere"): UNPLACED,
    (UNKNOWN, "fail"): FAILED,
    (UNPLACED, "fill"): FILLED,
    (FILLED, "seal"): SEALING,
    (FILLED, "discard"): DISCARDED,
    (SEALING, "cosign"): SEALED,
    (SEALED, "collect"): COLLECTING,
    (COLLECTING, "cosign"): COLLECTED,
    (COLLECTED, "hand_over"): HANDED_OVER,
    (HANDED_OVER, "receive"): RECEIVED,
    (RECEIVED, "report"): ANALYSED,
    (ANALYSED, "report"): ANALYSED,
    (ANALYSED, "dispose"): DISPOSED,
}

WORDS: Final[dict[str, str | Promise]] = {
    ASKED: pgettext_lazy("sample", "Waits for confirmation"),
    ORDERED: pgettext_lazy("sample", "Ordered"),
    UNKNOWN: pgettext_lazy("sample", "Unknown, look"),
    UNPLACED: pgettext_lazy("sample", "Taken, bottle not known"),
    FILLED: pgettext_lazy("sample", "In the cabinet"),
    SEALING: pgettext_lazy("sample", "Sealing, second officer to sign"),
    SEALED: pgettext_lazy("sample", "Sealed"),
    COLLECTING: pgettext_lazy("sample", "Collecting, second officer to sign"),
    COLLECTED: pgettext_lazy("sample", "Collected"),
    HANDED_OVER: pgettext_lazy("sample", "Handed over"),
    RECEIVED: pgettext_lazy("sample", "At the laboratory"),
    ANALYSED: pgettext_lazy("sample", "Analysed"),
    DISPOSED: pgettext_lazy("sample", "Disposed of"),
    CANCELLED: pgettext_lazy("sample", "Rejected"),
    EXPIRED: pgettext_lazy("sample", "Not confirmed in time"),
    FAILED: pgettext_lazy("sample", "Not taken"),
    DISCARDED: pgettext_lazy("sample", "Discarded"),
}
#: What the enterprise does not learn of: it could prepare, or it came to nothing.
UNTOLD: Final = frozenset({ASKED, ORDERED, UNKNOWN, CANCELLED, EXPIRED, FAILED})
#: There is water that waits for analysis.
HELD: Final = frozenset(
    {UNPLACED, FILLED, SEALING, SEALED, COLLECTING, COLLECTED, HANDED_OVER, RECEIVED}
)
#: It still stands in the cabinet.
IN_CABINET: Final = frozenset({UNPLACED, FILLED, SEALING, SEALED, COLLECTING})
#: What the laboratory that it went to may see of it.
AT_LABORATORY: Final = frozenset({HANDED_OVER, RECEIVED, ANALYSED, DISPOSED})


class WrongOrderError(ValueError):
    """A step of the custody chain that does not follow from where the sample is."""


def after(state: str, action: str) -> str:
    """The state after the action.

    Raises:
        WrongOrderError: the action does not follow on this state.
    """
    try:
        return LIFE[state, action]
    except KeyError as error:
        raise WrongOrderError(f"{action} does not follow on {state}") from error


def possible(state: str) -> frozenset[str]:
    """What may be done with a sample in this state, by anybody."""
    return frozenset(action for before, action in LIFE if before == state)
