"""How often an address may ask where nobody signs in."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from jiulong.organisation.login import address_of

WINDOW_S: Final = 60


def too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Count this request; True when the address has asked more than `most` times in a minute.

    Counted in the cache that all processes share. Two at the very same moment may count as one:
    a throttle need not be exact.
    """
    key = f"often:{what}:{address_of(request)}"
    if cache.add(key, 1, WINDOW_S):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # the minute ended in between
        return False
