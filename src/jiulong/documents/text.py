"""What of a text can be printed."""

from __future__ import annotations

import re
from typing import Final

#: What no paper can show and XML cannot hold: control characters, halves of pairs, non-characters.
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: Marks that turn the direction of reading: a name could show itself backwards.
TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: object) -> str:
    """The text without what cannot be printed; line ends as one sign."""
    told = str(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return TURNING.sub("", UNPRINTABLE.sub("", told))
