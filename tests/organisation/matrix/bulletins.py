"""Bulletins, meetings, pairings and letters, of the unit above all firms.

Who reads bulletins sees issued ones; drafts are the office's. The public page is off here;
`tests/bulletins/test_pages.py` turns it on.
"""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from jiulong.bulletins import kinds
from jiulong.bulletins.models import (
    Bulletin,
    Letter,
    LetterScheme,
    Meeting,
    MeetingSeries,
    Pairing,
    PairVisit,
    Template,
)
from tests.organisation.matrix import EVERYWHERE, elsewhere, holders, scoped
from tests.organisation.matrix.world import World

READERS: Final = (
    "administrator officer monitor observer supervisor dispatcher leader handler verifier cadre"
    " street_staff"
)
#: Who reads of every unit's meetings, pairings and letters.
ALL: Final = "administrator observer supervisor dispatcher verifier"
#: Who reads of their own unit and those below, and of their own alone.
BELOW: Final = "officer monitor leader street_staff"
SPEC: Final = {
    "key": "matrix.letter", "name": "责任书", "issuer": "x", "units": ["x"],
    "clauses": [{"key": "a", "title": "一", "indicators": [
        {"key": "one", "text": "会议", "points": "100"}]}],
}  # fmt: skip


def a_draft(world: World) -> Bulletin:
    now = timezone.now()
    return Bulletin.objects.create(
        kind="circular", title="x", unit=world.own, content={"sections": []}, digest="0" * 64,
        drafted_at=now, counted_at=now,
    )  # fmt: skip


def an_issued(world: World) -> Bulletin:
    now = timezone.now()
    return Bulletin.objects.create(
        kind="circular", title="y", unit=world.own, content={"sections": []}, digest="0" * 64,
        drafted_at=now, counted_at=now, state="issued", issued_at=now,
        spec=kinds.BOX["circular"].model_dump(mode="json"),
    )  # fmt: skip


def a_meeting(world: World) -> Meeting:
    spec = {"key": "m", "name": "例会", "unit": world.own.code, "register": None}
    MeetingSeries.objects.create(code="m", pack="x", spec=spec)
    now = timezone.now()
    made = Meeting.objects.create(
        series="m", title="例会", period="2026-03", at=now, unit=world.own, called_at=now
    )
    made.attendance.create(unit=world.own, state="present")
    return made


def a_pairing(world: World) -> Pairing:
    now = timezone.now()
    return Pairing.objects.create(
        leader_post="领导甲", unit=world.own, label="organisation.unit", target=str(world.own.pk),
        title="x", every="1 months", since=now.date(), made_at=now,
    )  # fmt: skip


def of_visit(world: World) -> list[int]:
    return [world.get(a_visit).pk]


def a_visit(world: World) -> PairVisit:
    now = timezone.now()
    return PairVisit.objects.create(
        pairing=world.get(a_pairing), on=now.date(), note="x", problem="x", by_name="x", at=now
    )


def a_letter(world: World) -> Letter:
    spec = {**SPEC, "issuer": world.own.code, "units": [world.own.code]}
    scheme = LetterScheme.objects.create(code="matrix.letter", pack="x", spec=spec)
    return Letter.objects.create(
        scheme=scheme, year=2026, unit=world.own, spec=spec, digest="0" * 64,
        handed_out_at=timezone.now(),
    )  # fmt: skip


def a_form(_world: World) -> Template:
    return Template.objects.create(
        kind="letter", name="x", content=b"", sha256="0" * 64, added_at=timezone.now()
    )


def of_draft(world: World) -> list[int]:
    return [world.get(a_draft).pk]


def of_issued(world: World) -> list[int]:
    return [world.get(an_issued).pk]


def of_meeting(world: World) -> list[int]:
    return [world.get(a_meeting).pk]


def of_pairing(world: World) -> list[int]:
    return [world.get(a_pairing).pk]


def of_letter(world: World) -> list[int]:
    return [world.get(a_letter).pk]


#: The office's papers: a supervisor everywhere, a head of the unit or of one above.
OFFICE: Final = {"supervisor": EVERYWHERE, "leader": "own above"}
#: What is of a unit is seen by a post that is bound to persons only as their own.
SEEN_OF_UNIT: Final = {ALL: EVERYWHERE, BELOW: "own above", "handler": "own"}
VISITORS: Final = {"supervisor": EVERYWHERE, "leader street_staff": "own above"}

ROWS = {
    "bulletins:bulletins": holders(READERS),
    "bulletins:new": holders("supervisor"),
    "bulletins:forms": holders("administrator supervisor"),
    "bulletins:form_file": holders("administrator supervisor", args=lambda _world: ["official"]),
    "bulletins:retire_form": holders(
        "administrator supervisor", args=lambda world: [world.get(a_form).pk], post={}
    ),
    "bulletins:bulletin": scoped(OFFICE, args=of_draft),
    "bulletins:bulletin issued": holders(READERS, args=of_issued),
    "bulletins:edit": scoped({"supervisor": EVERYWHERE}, args=of_draft),
    "bulletins:recount": scoped({"supervisor": EVERYWHERE}, args=of_draft, post={}),
    "bulletins:submit": scoped({"supervisor": EVERYWHERE}, args=of_draft, post={}),
    "bulletins:withdraw": scoped({"supervisor": EVERYWHERE}, args=of_draft, post={}),
    # A draft waits for nobody's signature: who reads it is told that it has changed.
    "bulletins:sign": scoped(OFFICE, args=of_draft, post={}),
    "bulletins:return": scoped(OFFICE, args=of_draft, post={}),
    "bulletins:correct": scoped({"supervisor": EVERYWHERE}, args=of_issued, post={}),
    "bulletins:publish": scoped({"leader": "own above"}, args=of_issued, post={"public": "on"}),
    "bulletins:verify": holders(READERS, args=of_issued),
    "bulletins:print": scoped(OFFICE, args=lambda world: [*of_draft(world), "docx"]),
    "bulletins:print issued": holders(READERS, args=lambda world: [*of_issued(world), "docx"]),
    "bulletins:dossier": elsewhere("tests/bulletins/test_pages.py"),
    "bulletins:open_list": elsewhere("tests/bulletins/test_pages.py"),
    "bulletins:open": elsewhere("tests/bulletins/test_pages.py"),
    "bulletins:meetings": holders(READERS),
    "bulletins:call": holders("supervisor"),
    "bulletins:meeting": scoped(SEEN_OF_UNIT, args=of_meeting),
    "bulletins:edit_meeting": scoped({"supervisor": EVERYWHERE}, args=of_meeting),
    "bulletins:attendance": scoped({"supervisor": EVERYWHERE}, args=of_meeting),
    "bulletins:decide": scoped({"supervisor": EVERYWHERE}, args=of_meeting),
    "bulletins:pack": scoped({"supervisor": EVERYWHERE}, args=of_meeting, post={}),
    "bulletins:cancel": scoped({"supervisor": EVERYWHERE}, args=of_meeting, post={"reason": "x"}),
    "bulletins:slides": scoped(SEEN_OF_UNIT, args=of_meeting),
    "bulletins:pairings": holders(READERS),
    "bulletins:pair": holders("supervisor"),
    "bulletins:leaders": holders(READERS),
    "bulletins:leader": scoped(
        SEEN_OF_UNIT, args=lambda world: [f"{world.own.pk}-{world.get(a_pairing).leader_post}"]
    ),
    "bulletins:pairing": scoped(SEEN_OF_UNIT, args=of_pairing),
    "bulletins:visit": scoped(VISITORS, args=of_pairing),
    "bulletins:problem": scoped(SEEN_OF_UNIT, args=of_visit, post={}),
    "bulletins:end": scoped({"supervisor": EVERYWHERE}, args=of_pairing, post={"reason": "x"}),
    "bulletins:letters": holders(READERS),
    "bulletins:hand_out": holders("supervisor"),
    "bulletins:letter": scoped(SEEN_OF_UNIT, args=of_letter),
    "bulletins:sign_letter": scoped({"leader": "own above"}, args=of_letter, post={}),
    "bulletins:assess": scoped({"leader": "own above"}, args=of_letter),
    "bulletins:score": scoped({"supervisor": EVERYWHERE}, args=of_letter),
    "bulletins:confirm_score": scoped(
        {"supervisor": "sibling above below other"}, args=of_letter, post={}
    ),
    "bulletins:refuse_score": scoped({"supervisor": "sibling above below other"}, args=of_letter),
    "bulletins:letter_paper": scoped({"supervisor": EVERYWHERE}, args=of_letter, post={}),
}
