"""Things to look at in a whole district: meetings with papers, a pairing, a letter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from jiulong.bulletins import actions, kinds
from jiulong.bulletins.models import Bulletin, Letter, LetterScheme, Meeting, MeetingSeries, Pairing
from jiulong.organisation.models import Unit, User

OFFICE = "350602-inspection"


def _who(name: str) -> User:
    return User.objects.with_rights().select_related("unit").get(username=name)


def a_meeting() -> list[Any]:
    """A meeting that was held, with its papers as a draft."""
    found = Meeting.objects.filter(title="看一看的例会").first()
    if found is None:
        now, who = timezone.now(), _who("supervisor")
        attends = [one.code for one in Unit.objects.filter(kind=Unit.Kind.STREET)[:3]]
        spec = kinds.SeriesItem(
            key="looked", name="例会", unit=OFFICE, agenda=["通报排名"], attends=attends
        )
        MeetingSeries.objects.create(
            code="looked", pack="test", spec=spec.model_dump(mode="json", by_alias=True)
        )
        found = actions.call_meeting(
            actor=who, series="looked", at=now - timedelta(hours=2), title="看一看的例会", now=now
        )
        actions.make_pack(actor=who, meeting=found, now=now)
    return [found.pk]


def a_coming_meeting() -> list[Any]:
    a_meeting()
    found = Meeting.objects.filter(title="下一次例会").first()
    at = timezone.now() + timedelta(days=3)
    return [
        (found or actions.call_meeting(
            actor=_who("supervisor"), series="looked", at=at, title="下一次例会"
        )).pk
    ]  # fmt: skip


def a_draft() -> list[Any]:
    a_meeting()
    return [Bulletin.objects.filter(kind="meeting_pack", state="draft").order_by("pk")[0].pk]


def an_issued() -> list[Any]:
    """The papers of another meeting, passed by the head of the district."""
    found = Bulletin.objects.filter(kind="meeting_pack", state="issued").first()
    if found is None:
        meeting = Meeting.objects.get(pk=a_coming_meeting()[0])
        who = _who("supervisor")
        district = Unit.objects.get(code="350602")
        User.objects.get_or_create(
            username="looked-chief", defaults={"role": "leader", "unit": district}
        )
        made = actions.make_pack(actor=who, meeting=meeting)
        made = actions.edit_bulletin(
            actor=who, bulletin=made, title=made.title, to="", by_hand="演示",
            sections=made.content["sections"],
        )  # fmt: skip
        made = actions.submit_bulletin(actor=who, bulletin=made)
        found = actions.pass_bulletin(actor=_who("looked-chief"), bulletin=made, digest=made.digest)
    return [found.pk]


def a_pairing() -> list[Any]:
    """A duty of the cadre towards a street, with a visit."""
    who = _who("cadre")
    found = Pairing.objects.filter(leader=who).first()
    if found is None:
        assert who.unit is not None
        now = timezone.now()
        found = actions.make_pairing(
            actor=_who("supervisor"), kind="village", leader=who, post="挂钩领导甲", unit=who.unit,
            target=Unit.objects.filter(kind=Unit.Kind.STREET)[0].pk, every="1 months",
            since=timezone.localdate(now) - timedelta(days=50), now=now,
        )  # fmt: skip
        actions.record_visit(
            actor=who, pairing=found, on=timezone.localdate(now), note="走访", now=now
        )
    return [found.pk]


def a_leader() -> list[Any]:
    found = Pairing.objects.get(pk=a_pairing()[0])
    return [f"{found.unit_id}-{found.leader_post}"]


def a_letter() -> list[Any]:
    """A letter of the unit whose head is `leader`, signed and assessed."""
    head = _who("leader")
    found = Letter.objects.filter(unit=head.unit).first()
    if found is None:
        assert head.unit is not None
        now = timezone.now()
        item = kinds.ResponsibilityItem.model_validate({
            "key": "test.looked", "name": "安全责任书", "issuer": OFFICE, "units": [head.unit.code],
            "clauses": [{"key": "a", "title": "责任", "indicators": [
                {"key": "one", "text": "会议", "points": 100, "proof": "记录"}]}],
            "vetoes": [{"key": "major", "text": "发生较大事故"}],
        })  # fmt: skip
        scheme = LetterScheme.objects.create(
            code="test.looked", pack="test", spec=item.model_dump(mode="json")
        )
        (found,) = actions.hand_out_letters(
            actor=_who("supervisor"), scheme=scheme, year=now.year, now=now
        )
        found = actions.sign_letter(actor=head, letter=found, digest=found.digest, now=now)
    return [found.pk]
