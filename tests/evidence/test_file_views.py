"""Files over the web: for whom the guard lets, and nothing in them runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from jiulong.evidence import guards, queries
from jiulong.evidence.actions import Captured, keep_file
from jiulong.evidence.models import Attachment
from jiulong.evidence.views.files import read_captured
from jiulong.organisation.models import Unit, User
from tests.evidence.pictures import jpeg
from tests.people import People, make_people

pytestmark = pytest.mark.django_db
LABEL = "organisation.unit"


@pytest.fixture
def people() -> Iterator[People]:
    people = make_people()
    guards.register(
        LABEL,
        lambda viewer, number: (
            viewer == people.officer or str(getattr(viewer, "unit_id", "")) == number
        ),
        add=lambda viewer, number: str(getattr(viewer, "unit_id", "")) == number,
    )
    yield people
    guards._registered.pop(LABEL)


@pytest.fixture
def unit(people: People) -> Unit:
    assert people.owner.unit
    return people.owner.unit


@pytest.fixture
def picture(people: People, unit: Unit) -> Attachment:
    return keep_file(actor=people.owner, content=jpeg(), name="现场.jpeg", subject=unit)


def browser(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def test_it_shows_a_picture_and_its_copies(people: People, picture: Attachment) -> None:
    client = browser(people.owner)
    whole = client.get(f"/files/{picture.pk}/")
    assert (whole.status_code, whole.content) == (200, jpeg())
    assert whole["Content-Type"] == "image/jpeg"
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole["Content-Security-Policy"]
    assert whole["Content-Disposition"].startswith("inline; filename*=utf-8''")
    for size in ("preview", "thumb", "public"):
        copy = client.get(f"/files/{picture.pk}/?size={size}")
        assert (copy.status_code, copy["Content-Type"], b"Exif" in copy.content) == (
            200, "image/jpeg", False,
        )  # fmt: skip
    again = client.get(f"/files/{picture.pk}/", headers={"If-None-Match": whole["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/files/{picture.pk}/?size=huge").status_code == 404


@pytest.mark.parametrize(
    ("name", "answer"),
    [("owner", 200), ("officer", 200), ("sibling", 404), ("administrator", 404), ("", 302)],
)
def test_it_answers_whom_the_guard_lets(
    people: People, picture: Attachment, name: str, answer: int
) -> None:
    client = browser(getattr(people, name) if name else None)
    for query in ("", "?size=thumb", "?download"):
        assert client.get(f"/files/{picture.pk}/{query}").status_code == answer


@pytest.mark.parametrize(
    ("content", "media_type", "disposition"),
    [
        ("一段文字".encode(), "text/plain; charset=utf-8", "inline"),
        (b"%PDF-1.7\n", "application/pdf", "attachment"),
    ],
)
def test_it_downloads_what_is_not_shown(
    people: People, unit: Unit, content: bytes, media_type: str, disposition: str
) -> None:
    kept = keep_file(actor=None, content=content, name="x.html", subject=unit)
    answer = browser(people.owner).get(f"/files/{kept.pk}/")
    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"].startswith(disposition)
    assert not answer["Content-Disposition"].endswith('html"')
    assert browser(people.owner).get(f"/files/{kept.pk}/?size=thumb").status_code == 404


def upload(*contents: tuple[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for name, content in contents]


def test_it_adds_files_with_what_was_captured(people: People, unit: Unit) -> None:
    first, second = jpeg(), jpeg(colour="red")
    told = [None, {"sha256": hashlib.sha256(second).hexdigest(), "at": "2026-03-10T04:30:00.5Z",
                   "longitude": 117.65, "latitude": 24.5, "accuracy_m": 6.5}]  # fmt: skip
    sent = {
        "files": upload(("a.jpg", first), ("b.jpg", second), ("c.svg", b"<svg/>")),
        "purpose": "after",
        "note": "整改后",
        "captured": json.dumps(told),
        "next": "/seals/",
    }
    answer = browser(people.owner).post(f"/files/to/{LABEL}/{unit.pk}/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/seals/")
    kept = queries.files_of(people.owner, LABEL, unit.pk)
    assert [(one.name, one.purpose, one.captured_unchanged) for one in kept] == [
        ("a.jpg", "after", None),
        ("b.jpg", "after", True),
    ]
    assert (kept[1].longitude, kept[1].accuracy_m) == (117.65, 6.5)


@pytest.mark.parametrize(
    ("name", "answer"), [("owner", 302), ("officer", 403), ("sibling", 403), ("", 302)]
)
def test_it_adds_for_whom_the_guard_lets(
    people: People, unit: Unit, name: str, answer: int
) -> None:
    client = browser(getattr(people, name) if name else None)
    sent = {"files": upload(("a.txt", b"text")), "next": "https://evil.example/"}
    answered = client.post(f"/files/to/{LABEL}/{unit.pk}/", sent)
    assert answered.status_code == answer
    assert "evil" not in answered.headers.get("Location", "")
    assert Attachment.objects.count() == (name == "owner")


def test_it_adds_to_nothing_that_is_not_there(people: People) -> None:
    client = browser(people.owner)
    for place in ("no.such/1", "monitoring.point/1", f"{LABEL}/999999999"):
        assert client.post(f"/files/to/{place}/", {}).status_code == 403


def test_who_added_it_withdraws_it(people: People, picture: Attachment) -> None:
    address = f"/files/{picture.pk}/withdraw/"
    assert browser(people.sibling).post(address, {"reason": "x"}).status_code == 404
    assert browser(people.officer).post(address, {"reason": "x"}).status_code == 403
    client = browser(people.owner)
    assert client.get(address).status_code == 405
    client.post(address, {"reason": ""})
    assert queries.files_of(people.owner, LABEL, picture.subject_id) == [picture]
    client.post(address, {"reason": "另一处"})
    assert queries.files_of(people.owner, LABEL, picture.subject_id) == []
    assert client.get(f"/files/{picture.pk}/").status_code == 404


@pytest.mark.parametrize(
    "told",
    [None, 1, [], {}, {"sha256": 1}, {"sha256": "x" * 64}, {"sha256": "0" * 63}],
)
def test_it_believes_no_nonsense_of_a_device(told: object) -> None:
    assert read_captured(told) is None


def test_it_keeps_of_a_device_what_makes_sense() -> None:
    told = {"sha256": "a" * 64, "at": "2026-02-30T00:00:00Z", "longitude": 999, "latitude": True}
    assert read_captured(told) == Captured(sha256="a" * 64)


def test_the_panel_shows_before_and_after_with_marks(people: People, unit: Unit) -> None:
    content = jpeg(taken="2026:03:10 12:30:00", longitude=117.65, latitude=24.51)
    for purpose in ("after", "before"):
        keep_file(
            actor=people.owner, content=content, name=f"{purpose}.jpg", subject=unit,
            purpose=purpose, captured=Captured(sha256="0" * 64),
        )  # fmt: skip
    request = RequestFactory().get("/")
    request.user = people.owner
    files = queries.files_of(people.owner, LABEL, unit.pk)
    with translation.override("en"):
        page = render_to_string(
            "evidence/files_panel.html", {"files": files, "withdraw_next": "/"}, request
        )
    assert page.index("before.jpg") < page.index("after.jpg")
    assert page.count("not as it was taken") == 2
    assert "117.65000, 24.51000" in page
    assert files[0].file.short in page
    assert page.count("<form") == 2
