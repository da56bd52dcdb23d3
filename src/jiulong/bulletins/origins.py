"""The sources that bulletins of this floor and those below quote, with the way to their pages."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from jiulong.bulletins import sources
from jiulong.bulletins.sources import Source
from jiulong.scorecards.models import Standing, StandingRow


def _page(name: str, pk: str) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


def _row_page(pk: str) -> str:
    return _page("scorecards:row", pk)


def _frozen_row(row: StandingRow) -> bool:
    return row.standing.state in {Standing.State.FROZEN, Standing.State.PUBLISHED}


def register_sources() -> None:
    """Called once when the apps are ready."""
    sources.register(
        "scorecards.standingrow", Source(_row_page, frozen=_frozen_row, join=("standing",))
    )
    sources.register("scorecards.observation", Source(lambda pk: _page("scorecards:figure", pk)))
    sources.register("projects.monthreport", Source(join=("project",), living=True))
    sources.register("projects.planmonth", Source(living=True))
    # A case runs on after it was quoted: another deadline then is news, no forgery.
    sources.register("cases.case", Source(lambda pk: _page("cases:case", pk), living=True))
