"""Words that keys of a pack know beside what packs define: verbs, icons, columns, findings.

A floor offers its own in `apps.py`; `jiulong pack codes` and the reference in docs/packs.md list
them, so that whoever writes a pack need not read code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiulong.organisation import verbs
from jiulong.pages import icons


@dataclass(frozen=True)
class Word:
    """One word, what it means, and whose it is where that matters (a finding's: the finder)."""

    code: str
    meaning: str | Promise = ""
    of: str = ""


@dataclass(frozen=True)
class Words:
    """The words of one key. `about` says where they may be written."""

    key: str
    about: str | Promise
    words: Callable[[], Sequence[Word]]


_offered: Final[dict[str, Words]] = {}


def offer(words: Words) -> None:
    """Have the words listed; the same key again replaces them."""
    _offered[words.key] = words


def offered() -> list[Words]:
    """All that floors offer, by key."""
    return [_offered[key] for key in sorted(_offered)]


def known(key: str, of: str = "") -> list[str]:
    """Codes of the words of a key, of all or of one owner; none where nobody offers any."""
    words = _offered[key].words() if key in _offered else ()
    return [word.code for word in words if of in ("", word.of)]


def _verbs() -> list[Word]:
    return [Word(code, label) for code, label in verbs.VERBS.items()]


def _icons() -> list[Word]:
    return [Word(name) for name in icons.names()]


def offer_own() -> None:
    """What the floors below have."""
    offer(Words("verbs", _("Rights: `verbs` of a role, `file_by` and `verify.verb`"), _verbs))
    offer(Words("icons", _("Drawings: `icon` of a register or matter"), _icons))
