"""Every address of the site: whose page it is and with what in it, or why it is no page to look at.

Each app has a module here with `LOOKS`, and `OTHERS` from a reason to names. A view that is added
gets a row there, or `test_pages.py` fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver

from tests.days.addresses import (
    api,
    bulletins,
    calendar,
    cases,
    desk,
    duty,
    evidence,
    gaps,
    gateway,
    monitoring,
    organisation,
    packs,
    plant,
    portal,
    projects,
    registers,
    reports,
    sampling,
    scorecards,
    upkeep,
    validity,
)
from tests.days.addresses.common import Look

PARTS: Final = (
    organisation, desk, api, calendar, packs, registers, cases, scorecards, projects, bulletins,
    reports, monitoring, validity, duty, sampling, gateway, gaps, plant, upkeep, portal, evidence,
)  # fmt: skip
LOOKS: Final[tuple[Look, ...]] = tuple(look for part in PARTS for look in part.LOOKS)
#: Addresses that nobody looks at, and why.
OTHERS: Final = {
    name: why
    for part in PARTS
    for why, some in getattr(part, "OTHERS", {}).items()
    for name in some.split()
}
#: Programs' addresses.
MACHINES: Final = ("api:", "open311:")


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The names of all addresses; one without a name is told by its pattern."""
    for one in patterns:
        if isinstance(one, URLResolver):
            within = f"{space}{one.namespace}:" if one.namespace else space
            yield from names(one.url_patterns, within)
        else:
            yield f"{space}{one.name}" if one.name else f"{space}{one.pattern}"


def for_people() -> set[str]:
    """The names of all addresses that people, not programs, call."""
    found = set(names(get_resolver().url_patterns))
    return {name for name in found if not name.startswith(MACHINES)}
