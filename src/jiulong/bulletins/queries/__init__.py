"""Every read of bulletins, meetings, pairings and letters."""

from jiulong.bulletins.queries.home import Summary, summary
from jiulong.bulletins.queries.of_letters import letter, letters
from jiulong.bulletins.queries.of_meetings import meeting, meetings, next_meeting
from jiulong.bulletins.queries.of_pairings import due_for, leaders, pairing, pairings
from jiulong.bulletins.queries.papers import (
    NotKeptError,
    announceable,
    bulletin,
    bulletins,
    forms,
    kept,
    public_bulletin,
    public_bulletins,
    to_sign,
)

__all__ = [
    "NotKeptError",
    "Summary",
    "announceable",
    "bulletin",
    "bulletins",
    "due_for",
    "forms",
    "kept",
    "leaders",
    "letter",
    "letters",
    "meeting",
    "meetings",
    "next_meeting",
    "pairing",
    "pairings",
    "public_bulletin",
    "public_bulletins",
    "summary",
    "to_sign",
]
