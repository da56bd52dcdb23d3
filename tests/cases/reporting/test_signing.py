"""Two officers sign the same record: drawn or written, on one phone or each on their own."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from PIL import Image, ImageDraw

from jiulong.cases.actions import add_note, assign_case, file_case
from jiulong.cases.models import Case, Notice
from jiulong.cases.needs import missing
from jiulong.cases.reporting import signing
from jiulong.cases.reporting.signing import Given
from jiulong.cases.specs import matter as spec_of
from jiulong.evidence.actions import keep_file
from jiulong.evidence.models import Attachment, CustodyStep, Event
from jiulong.organisation.models import Unit, User
from jiulong.registers import pads
from tests.cases.reporting.district import HERE, make_district
from tests.cases.reporting.test_actions import JPEG, storage
from tests.factories import NOW, make_unit, make_user
from tests.pages.html import Page

pytestmark = pytest.mark.django_db
__all__ = ["storage"]
PASSWORD = "a-River-runs-here-7"


def png(*, empty: bool = False) -> bytes:
    picture = Image.new("RGB", (300, 100), "white")
    if not empty:
        ImageDraw.Draw(picture).line((10, 90, 290, 10), fill="black", width=4)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def address(content: bytes) -> str:
    return pads.DRAWN_START + base64.b64encode(content).decode()


@dataclass(frozen=True)
class Inspection:
    """`first` and `second` are officers of the lead unit, `outsider` of another."""

    case: Case
    first: User
    second: User
    outsider: User


@pytest.fixture
def inspection() -> Inspection:
    cache.clear()
    people = make_district(closing={"needs": ["signatures"]})
    lead = make_unit(Unit.Kind.DEPARTMENT, name="执法大队")
    first = make_user(User.Role.HANDLER, lead, username="first", last_name="甲")
    second = make_user(User.Role.HANDLER, lead, username="second", last_name="乙")
    for user in (first, second):
        user.set_password(PASSWORD)
        user.save()
    case = file_case(
        actor=people.worker, matter=people.matter, title="检查", place=HERE,
        data={"kind": "cover"}, now=NOW,
    )  # fmt: skip
    case = assign_case(actor=people.dispatcher, case=case, lead=lead, now=NOW)
    return Inspection(case, first, second, make_user(User.Role.HANDLER, make_unit()))


def sign(who: User, case: Case, **given: object) -> CustodyStep:
    told = Given(**given) if given else Given(drawn=png())
    return signing.sign(actor=who, case=case, given=told, digest=signing.digest_of(case), now=NOW)


def refusal(who: User, case: Case, **given: object) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        sign(who, case, **given)
    return list(refused.value.message_dict)


def test_two_signatures_meet_what_closing_needs(inspection: Inspection) -> None:
    case = inspection.case
    assert [need.key for need in missing(case, spec_of(case.matter))] == ["signatures"]
    assert sign(inspection.first, case).complete is False
    step = sign(inspection.second, case)
    assert (step.complete, step.first_by, step.second_by) == (
        True, inspection.first, inspection.second,
    )  # fmt: skip
    assert missing(case, spec_of(case.matter)) == []
    assert list(Attachment.objects.values_list("purpose", "added_by", "name")) == [
        ("signature", inspection.first.pk, "first.png"),
        ("signature", inspection.second.pk, "second.png"),
    ]
    assert Event.objects.filter(verb="sign_custody").count() == 2


def test_nobody_signs_twice(inspection: Inspection) -> None:
    sign(inspection.first, inspection.case)
    assert refusal(inspection.first, inspection.case) == ["record"]
    assert Attachment.objects.count() == 1


def test_a_changed_record_is_signed_anew(inspection: Inspection) -> None:
    case = inspection.case
    seen = signing.digest_of(case)
    sign(inspection.first, case)
    keep_file(actor=inspection.first, content=JPEG, name="a.jpg", subject=case)
    assert signing.digest_of(case) != seen
    with pytest.raises(ValidationError) as refused:
        signing.sign(actor=inspection.second, case=case, given=Given(drawn=png()), digest=seen)
    assert list(refused.value.message_dict) == ["record"]
    state = signing.signed(inspection.second, case)
    assert (state.complete, state.waits, state.outdated) == (False, False, True)
    sign(inspection.first, case)
    assert sign(inspection.second, case).complete is True


def test_a_note_changes_no_record(inspection: Inspection) -> None:
    before = signing.digest_of(inspection.case)
    add_note(actor=inspection.first, case=inspection.case, text="到场", now=NOW)
    assert signing.digest_of(Case.objects.get()) == before


def test_a_written_name_counts_with_the_password(inspection: Inspection) -> None:
    case, first = inspection.case, inspection.first
    assert refusal(first, case, typed="甲") == ["signature"]
    assert refusal(first, case, typed="丙", confirmed=True) == ["signature"]
    assert refusal(first, case, typed="", confirmed=True) == ["signature"]
    sign(first, case, typed=" 甲 ", confirmed=True)
    kept = Attachment.objects.get()
    assert (kept.name, kept.file.media_type) == ("first.txt", "text/plain")


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "data:image/png;base64,####",
        "data:image/png;base64,aGVsbG8=",
        address(png(empty=True)),
        pads.DRAWN_START + "A" * pads.DRAWN_MAX,
    ],
)
def test_it_takes_no_picture_that_is_no_signature(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        pads.drawn(text)
    assert list(refused.value.message_dict) == ["signature"]


def test_who_does_not_see_the_case_does_not_sign(inspection: Inspection, client: Client) -> None:
    with pytest.raises(PermissionDenied):
        sign(inspection.outsider, inspection.case)
    with pytest.raises(PermissionDenied):
        signing.signed(inspection.outsider, inspection.case)
    with pytest.raises(PermissionDenied):
        sign(AnonymousUser(), inspection.case)
    client.force_login(inspection.outsider)
    assert client.get(f"/sign/{inspection.case.pk}/").status_code == 404


def test_who_sees_but_may_not_sign_is_refused(inspection: Inspection, client: Client) -> None:
    client.force_login(make_user(User.Role.OBSERVER, make_unit()))
    assert client.get(f"/sign/{inspection.case.pk}/").status_code == 403
    assert client.post(f"/sign/{inspection.case.pk}/ask/").status_code == 403


@pytest.fixture
def page(client: Client, inspection: Inspection) -> str:
    client.cookies["django_language"] = "en"
    client.force_login(inspection.first)
    return f"/sign/{inspection.case.pk}/"


def posted(client: Client, page: str, **given: str) -> Page:
    digest = Page(client.get(page)).one("input[name=digest]")["value"]
    return Page(client.post(page, {"digest": digest, **given}, follow=True))


def test_both_sign_on_one_phone(client: Client, inspection: Inspection, page: str) -> None:
    shown = posted(client, page, drawn=address(png()))
    assert "You have signed. Now the second officer:" in shown.text
    shown = posted(client, page, drawn=address(png()), username="second", password=PASSWORD)
    assert shown.one(".note-success").text == "Signed by both."
    assert [item.one("strong").text for item in shown.all(".signers li")] == ["甲", "乙"]
    assert int(client.session["_auth_user_id"]) == inspection.first.pk  # still the first's session


def test_both_sign_without_a_pad(client: Client, inspection: Inspection, page: str) -> None:
    posted(client, page, typed="甲", password=PASSWORD)
    shown = posted(client, page, typed="乙", username="second", password=PASSWORD)
    assert shown.one(".note-success").text == "Signed by both."


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"username": "second", "password": "wrong"}, "Name or password is wrong."),
        ({"username": "nobody", "password": PASSWORD}, "Name or password is wrong."),
        ({"username": "first", "password": PASSWORD}, "You signed this step"),
        ({}, "You signed this step"),
    ],
)
def test_the_second_is_another_with_their_own_password(
    client: Client, inspection: Inspection, page: str, given: dict[str, str], told: str
) -> None:
    sign(inspection.first, inspection.case)
    shown = posted(client, page, drawn=address(png()), **given)
    assert told in shown.one(".note-error").text
    assert CustodyStep.objects.get().complete is False


def test_the_second_signs_with_their_own_login(
    client: Client, inspection: Inspection, page: str
) -> None:
    posted(client, page, drawn=address(png()))
    client.post(f"{page}ask/", {"colleague": inspection.second.pk})
    notice = Notice.objects.get(user=inspection.second, kind="signature_asked")
    assert notice.data == {"by": "甲"}
    client.force_login(inspection.second)
    assert posted(client, page, drawn=address(png())).one(".note-success").text == "Signed by both."


def test_it_asks_nobody_who_could_not_sign(
    client: Client, inspection: Inspection, page: str
) -> None:
    for chosen in (inspection.outsider.pk, inspection.first.pk, "x", ""):
        client.post(f"{page}ask/", {"colleague": chosen})
    with pytest.raises(ValidationError):
        signing.ask_to_sign(
            actor=inspection.first, case=inspection.case, colleague=inspection.outsider
        )
    with pytest.raises(PermissionDenied):
        signing.ask_to_sign(
            actor=inspection.outsider, case=inspection.case, colleague=inspection.first
        )
    assert Notice.objects.filter(kind="signature_asked").count() == 0


def test_passwords_cannot_be_guessed_here(
    client: Client, inspection: Inspection, page: str
) -> None:
    sign(inspection.first, inspection.case)
    for _ in range(10):
        posted(client, page, drawn=address(png()), username="nobody", password="wrong")
    shown = posted(client, page, drawn=address(png()), username="nobody", password="wrong")
    assert shown.one(".note-error").text == "Too many tries. Wait a minute."
