"""Every read of bulletins, meetings, pairings and letters."""

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
    "announceable",
    "bulletin",
    "bulletins",
    "forms",
    "public_bulletin",
    "public_bulletins",
    "to_sign",
]
