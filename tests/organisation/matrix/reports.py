"""Accounts: officers and the monitoring desk make them, who sees all data reads what is published.

The public page is off here and answers nobody; `tests/reports/test_public.py` turns it on.
"""

from __future__ import annotations

from datetime import date

from jiulong.reports import actions
from jiulong.reports.models import Report
from tests.factories import make_outfall
from tests.organisation.matrix import SEE_ALL, elsewhere, holders
from tests.organisation.matrix.world import World

AUTHORS = "officer monitor"


def a_draft(world: World) -> Report:
    author = world.people["officer", "own"]
    return actions.draft_report(actor=author, kind="month", day=date(2026, 2, 1))


def a_published(world: World) -> Report:
    people = [world.people[role, "own"] for role in AUTHORS.split()]
    report = actions.draft_report(actor=people[0], kind="month", day=date(2026, 1, 1))
    for one in people:
        actions.sign_report(actor=one, report=report, digest=report.digest)
    return actions.publish_report(actor=people[0], report=report)


def of_draft(world: World) -> list[int]:
    return [world.get(a_draft).pk]


def of_published(world: World) -> list[int]:
    return [world.get(a_published).pk]


ROWS = {
    "reports:reports": holders(SEE_ALL),
    "reports:new": holders(AUTHORS),
    "reports:outfalls": holders(AUTHORS),
    "reports:show": holders(AUTHORS, args=lambda _world: [make_outfall().pk]),
    "reports:report": holders(AUTHORS, args=of_draft),
    "reports:report published": holders(SEE_ALL, args=of_published),
    "reports:explain": holders(AUTHORS, args=of_draft),
    "reports:recount": holders(AUTHORS, args=of_draft, post={}),
    "reports:sign": holders(AUTHORS, args=of_draft, post={}),
    "reports:publish": holders(AUTHORS, args=of_draft, post={}),
    "reports:print": holders(AUTHORS, args=lambda world: [*of_draft(world), "docx"]),
    "reports:print published": holders(SEE_ALL, args=lambda world: [*of_published(world), "docx"]),
    "reports:rows": holders(AUTHORS, args=lambda world: [*of_draft(world), "days"]),
    "reports:rows published": holders(SEE_ALL, args=lambda world: [*of_published(world), "gaps"]),
    "reports:open": elsewhere("tests/reports/test_public.py"),
    "reports:open_csv": elsewhere("tests/reports/test_public.py"),
}
