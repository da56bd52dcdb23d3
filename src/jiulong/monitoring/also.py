"""What else the judge's process does, at once when there is news: higher floors register here.

Each step is one piece of work in its own transaction, exactly-once by its own means. NOTIFY `work`
wakes the process (`wake`, at commit).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import connection

#: Says whether there was work, and so may be more.
Step = Callable[[datetime], bool]

_registered: Final[dict[str, Step]] = {}


def register(name: str, step: Step) -> None:
    """Have the judge's process take this step after its own; the same name again replaces it."""
    _registered[name] = step


def steps() -> dict[str, Step]:
    """Every step by name, in the order of registration."""
    return dict(_registered)


def wake() -> None:
    """Wake the judge's process when the running transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('work', '')")
