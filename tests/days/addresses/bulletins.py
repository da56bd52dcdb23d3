"""Bulletins, meetings, pairings, letters."""

from __future__ import annotations

from typing import Final

from tests.bulletins import looks as papers
from tests.days.addresses.common import FILE, SENT, Look, nothing_of

LOOKS: Final = (
    Look("bulletins:bulletins", "supervisor", nothing_of(papers.a_draft)),
    Look("bulletins:new", "supervisor"),
    Look("bulletins:forms", "supervisor"),
    Look("bulletins:bulletin", "supervisor", papers.a_draft),
    Look("bulletins:bulletin", "supervisor", papers.an_issued, "issued"),
    Look("bulletins:edit", "supervisor", papers.a_draft),
    Look("bulletins:verify", "supervisor", papers.an_issued),
    Look("bulletins:meetings", "supervisor", nothing_of(papers.a_meeting)),
    Look("bulletins:call", "supervisor", nothing_of(papers.a_meeting)),
    Look("bulletins:meeting", "supervisor", papers.a_meeting),
    Look("bulletins:edit_meeting", "supervisor", papers.a_coming_meeting),
    Look("bulletins:attendance", "supervisor", papers.a_meeting),
    Look("bulletins:decide", "supervisor", papers.a_meeting),
    Look("bulletins:slides", "supervisor", papers.a_meeting),
    Look("bulletins:pairings", "supervisor", nothing_of(papers.a_pairing)),
    Look("bulletins:pair", "supervisor", note="with a choice", query="?kind=village"),
    Look("bulletins:leaders", "supervisor", nothing_of(papers.a_pairing)),
    Look("bulletins:leader", "supervisor", papers.a_leader),
    Look("bulletins:pairing", "supervisor", papers.a_pairing),
    Look("bulletins:visit", "cadre", papers.a_pairing),
    Look("bulletins:letters", "supervisor", nothing_of(papers.a_letter)),
    Look("bulletins:hand_out", "supervisor", nothing_of(papers.a_letter)),
    Look("bulletins:letter", "leader", papers.a_letter),
    Look("bulletins:assess", "leader", papers.a_letter),
    Look("bulletins:score", "supervisor", papers.a_letter),
    Look("bulletins:refuse_score", "supervisor", papers.a_letter),
)  # fmt: skip
OTHERS: Final = {
    SENT: """
        bulletins:recount bulletins:submit bulletins:sign bulletins:return bulletins:withdraw
        bulletins:correct bulletins:publish bulletins:retire_form bulletins:pack bulletins:cancel
        bulletins:end bulletins:problem bulletins:sign_letter bulletins:confirm_score
        bulletins:letter_paper
    """,
    FILE: "bulletins:form_file bulletins:print bulletins:dossier",
    "off likewise; tests/bulletins looks at it": "bulletins:open bulletins:open_list",
}
