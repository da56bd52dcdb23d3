"""One line for who sees a page for the first time: what it is for, and what to do first."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: URL name of a page → its hint. Pages that explain themselves have none.
HINTS: Final[dict[str, str | Promise]] = {
    "home": _(
        "The bar is the loop from targets to ranks: each part opens what it counts, and is amber"
        " or red where something in it is."
    ),
    "scorecards:targets": _(
        "Each line is judged against what may be expected by today, not against the whole year;"
        " its name opens how that is reckoned."
    ),
    "scorecards:sheets": _(
        "Fill a sheet in here or in Excel; it is signed by levels and locked at its deadline."
        " Later corrections need a reason and stay visible."
    ),
    "scorecards:standing": _(
        "A line opens to its rule, its figures and their evidence. Units may object until the day"
        " that stands above."
    ),
    "scorecards:row": _(
        "Every point opens down to the figure it was made from. “What if” reckons the rank with"
        " other figures and changes nothing."
    ),
    "projects:wall": _(
        "Drag the slider to see the year month by month; a mark or a line opens the project in"
        " short."
    ),
    "projects:projects": _(
        "A light follows published rules: open a project to read which rule gave it its colour."
    ),
    "bulletins:bulletins": _(
        "Every figure of a paper leads to its source and is checked against the seal before it"
        " is issued."
    ),
    "bulletins:meetings": _(
        "The pack of a meeting is made from the data; what is decided becomes a case with a"
        " deadline."
    ),
    "cases:todo": _(
        "What is due from you stands first, the most urgent on top; the page of a case names the"
        " next step."
    ),
    "cases:supervision": _(
        "Units by rows, states by columns: a number opens its cases, from where they are reminded"
        " all at once."
    ),
    "duty:desk": _(
        "The first in the queue is the most urgent. J and K move, E opens; what an event needs"
        " stands beside it."
    ),
    "monitoring:points": _(
        "From 90 % of a limit a value is yellow, above it red. A line opens the chart, down to the"
        " frame as it was received."
    ),
    "reporting:quick": _(
        "Photograph, place, a few words: a report is kept on this device until it is sent, also"
        " without a network."
    ),
    "registers:registers": _(
        "What exists in the district, kind by kind. Search also takes the first letters of pinyin."
    ),
    "evidence:seals": _(
        "Each hour is sealed with what came in; anybody can check without us that nothing was"
        " altered since."
    ),
}
