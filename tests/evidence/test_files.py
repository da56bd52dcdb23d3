"""Files: kept once under their hash, by content, for whom the guard lets."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from PIL import Image
from pytest_django.fixtures import Settings

from jiulong.evidence import files, guards, queries
from jiulong.evidence.actions import Captured, keep_file, withdraw_file
from jiulong.evidence.files import RefusedFileError, Size
from jiulong.evidence.models import Attachment, Event, File
from jiulong.organisation.models import Unit
from tests.evidence.pictures import jpeg
from tests.people import People, make_people

pytestmark = pytest.mark.django_db
LABEL = "organisation.unit"


@pytest.fixture
def people(db: None) -> Iterator[People]:
    """The owner's unit and those who may see everything may see the owner's unit's files."""
    people = make_people()
    guards.register(
        LABEL,
        lambda viewer, subject_id: (
            viewer == people.officer or str(getattr(viewer, "unit_id", "")) == subject_id
        ),
    )
    yield people
    guards._registered.pop(LABEL)


def unit_of(people: People) -> Unit:
    assert people.owner.unit
    return people.owner.unit


def test_it_keeps_a_photograph_with_its_place_and_time(people: People) -> None:
    content = jpeg(taken="2026:03:10 12:30:00", longitude=117.65, latitude=24.51)
    kept = keep_file(
        actor=people.owner, content=content, name=r"C:\照片\before.exe", subject=unit_of(people),
        purpose="before",
    )  # fmt: skip
    file = kept.file
    assert (file.sha256, file.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (file.media_type, kept.name, kept.purpose) == ("image/jpeg", "before.exe", "before")
    assert file.taken_at == datetime(2026, 3, 10, 4, 30, tzinfo=UTC)
    assert (file.longitude, file.latitude) == (117.65, 24.51)
    assert (file.width, file.height, file.device) == (1600, 1200, "Jiulong Test")
    assert files.content(file) == content
    told = Event.objects.get(verb="keep_file")
    assert (told.subject, told.data["sha256"]) == (LABEL, file.sha256)


def test_copies_are_small_upright_and_without_metadata(people: People) -> None:
    content = jpeg(longitude=117.65, latitude=24.51, orientation=6)
    file = keep_file(actor=None, content=content, name="x.jpg", subject=unit_of(people)).file
    assert (file.width, file.height) == (1200, 1600)
    sizes = {}
    for size in Size:
        copy = files.copy(file, size)
        with Image.open(io.BytesIO(copy)) as image:
            sizes[size] = image.size
            assert dict(image.getexif()) == {}
        assert b"Exif" not in copy
    assert sizes == {"preview": (960, 1280), "thumb": (240, 320), "public": (1200, 1600)}


def test_the_same_content_is_stored_once(people: People, settings: Settings) -> None:
    unit = unit_of(people)
    first = keep_file(actor=None, content=b"as it was", name="a.txt", subject=unit)
    second = keep_file(actor=None, content=io.BytesIO(b"as it was"), name="b.txt", subject=unit)
    assert first.file == second.file
    assert (File.objects.count(), Attachment.objects.count()) == (1, 2)
    place = Path(settings.FILES)
    assert len(list(place.rglob(f"{first.file.sha256}*"))) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00\x03" + bytes(200),
        b"\x7fELF" + bytes(200),
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf \n<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><svg/>",
        b"#!/bin/sh\nrm -rf /\n",
        b"GIF89a" + bytes(50),
        b"PK\x03\x04" + bytes(50),
        b"\xff\xd8\xff\xe0 no picture",
        jpeg()[:2000],
    ],
    ids=["empty", "exe", "elf", "html", "svg", "xml", "sh", "gif", "zip", "no jpeg", "cut jpeg"],
)
def test_it_refuses_what_is_no_evidence(people: People, content: bytes) -> None:
    with pytest.raises(RefusedFileError):
        keep_file(actor=None, content=content, name="photo.jpg", subject=unit_of(people))
    assert File.objects.count() == Event.objects.filter(verb="keep_file").count() == 0


def test_it_refuses_what_is_too_large(people: People, settings: Settings) -> None:
    settings.FILE_MAX_MB = 1
    with pytest.raises(RefusedFileError, match="1 MB"):
        keep_file(actor=None, content=b"a" * 1048577, name="a", subject=unit_of(people))


def test_only_whom_the_guard_lets_adds_and_sees(people: People) -> None:
    unit = unit_of(people)
    with pytest.raises(PermissionDenied):
        keep_file(actor=people.sibling, content=b"text", name="a.txt", subject=unit)
    kept = keep_file(actor=people.owner, content=b"text", name="a.txt", subject=unit)
    seen = {
        name: queries.files_of(getattr(people, name), LABEL, unit.pk)
        for name in ("owner", "sibling", "officer")
    }
    assert seen == {"owner": [kept], "sibling": [], "officer": [kept]}
    assert queries.attachment(people.officer, kept.pk) == kept
    with pytest.raises(Attachment.DoesNotExist):
        queries.attachment(people.sibling, kept.pk)


def test_without_a_guard_nobody_adds_or_sees(people: People) -> None:
    kept = keep_file(actor=None, content=b"text", name="a.txt", subject=people.point)
    assert queries.files_of(people.administrator, "monitoring.point", people.point.pk) == []
    with pytest.raises(Attachment.DoesNotExist):
        queries.attachment(people.administrator, kept.pk)
    with pytest.raises(PermissionDenied):
        keep_file(actor=people.administrator, content=b"a", name="a", subject=people.point)


def test_it_marks_what_is_not_as_it_was_taken(people: People) -> None:
    unit, content = unit_of(people), jpeg()
    right = Captured(sha256=hashlib.sha256(content).hexdigest().upper(), accuracy_m=8.0)
    wrong = Captured(sha256="0" * 64)
    marks = [
        keep_file(
            actor=None, content=content, name="a.jpg", subject=unit, captured=captured
        ).captured_unchanged
        for captured in (right, wrong, None)
    ]
    assert marks == [True, False, None]


def test_sm3_where_it_is_asked_for(people: People, settings: Settings) -> None:
    settings.FILE_SM3 = True
    kept = keep_file(actor=None, content=b"abc", name="a.txt", subject=unit_of(people))
    # GB/T 32905-2016, A.1
    assert kept.file.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_who_added_a_file_withdraws_it_with_a_reason(people: People) -> None:
    unit = unit_of(people)
    kept = keep_file(actor=people.owner, content=b"text", name="a.txt", subject=unit)
    with pytest.raises(PermissionDenied):
        withdraw_file(actor=people.officer, attachment=kept, reason="not mine")
    with pytest.raises(ValueError):
        withdraw_file(actor=people.owner, attachment=kept, reason=" ")
    for _ in range(2):
        withdraw_file(actor=people.owner, attachment=kept, reason="wrong picture")
    assert queries.files_of(people.owner, LABEL, unit.pk) == []
    assert files.content(kept.file) == b"text"
    assert Event.objects.filter(verb="withdraw_file").count() == 1


def test_nothing_of_it_is_changed_afterwards(people: People) -> None:
    kept = keep_file(actor=None, content=b"text", name="a.txt", subject=unit_of(people))
    for change in (
        lambda: File.objects.update(size=1),
        lambda: File.objects.all()._raw_delete("default"),
        lambda: Attachment.objects.update(name="b"),
        lambda: Attachment.objects.filter(pk=kept.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
