"""Every read of bulletins, meetings, pairings and letters."""

from jiulong.bulletins.queries.home import Summary, summary
from jiulong.bulletins.queries.of_letters import letter, letters
from jiulong.bulletins.queries.of_meetings import meeting, meetings, next_meeting
from jiulong.bulletins.queries.of_pairings import due_for, leaders, pairing, pairings
from jiulong.bulletins.queries.papers import (
    announceable,
    bulletin,
    bulletins,
    forms,
    public_bulletin,
    public_bulletins,
    to_sign,
)

__all__ = [
    "Summary",
    "announceable",
    "bulletin",
    "bulletins",
    "due_for",
    "forms",
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
