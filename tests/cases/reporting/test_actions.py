"""One report, one case, each photo once – however often it is sent."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from jiulong.cases.actions import withdraw_case
from jiulong.cases.models import Case
from jiulong.cases.reporting import queries, reading
from jiulong.cases.reporting.actions import Done, file_report, join_report
from jiulong.evidence.models import Attachment, Event
from jiulong.organisation.models import User
from tests.cases.reporting.district import HERE, District, make_district, report_form
from tests.evidence.pictures import jpeg
from tests.factories import NOW, make_unit, make_user

pytestmark = pytest.mark.django_db
CLIENT = "11111111-1111-4111-8111-111111111111"
JPEG = jpeg(size=(64, 48))


@pytest.fixture(autouse=True)
def storage(settings, tmp_path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }


def report_of(user: User, *photos: bytes, **given: Any) -> reading.Report:
    form = QueryDict(mutable=True)
    for name, value in report_form(**given).items():
        form.setlist(name, value if isinstance(value, list) else [value])
    files = MultiValueDict({
        "photo": [SimpleUploadedFile(f"p{n}.jpg", photo) for n, photo in enumerate(photos)]
    })  # fmt: skip
    return reading.read(queries.offer(user, form["matter"]), form, files)


def filed(people: District, *photos: bytes, **given: Any) -> Done:
    return file_report(
        actor=people.worker, report=report_of(people.worker, *photos, **given), now=NOW
    )


def test_it_files_a_case_with_place_photo_and_what_the_device_said() -> None:
    people = make_district()
    digest = hashlib.sha256(JPEG).hexdigest()
    said = {"sha256": digest, "at": "2026-03-10T03:58:00Z", "accuracy": 8}
    told = json.dumps([{**said, "longitude": 117.65, "latitude": 24.51}])
    case = filed(people, JPEG, captured=told, address="市场北门").case
    assert (case.title, case.stage, case.address, case.data) == (
        "井盖翘起", "filed", "市场北门", {"kind": "cover"},
    )  # fmt: skip
    assert ((case.longitude, case.latitude), case.grid) == (HERE, people.grid)
    kept = Attachment.objects.get()
    assert (kept.purpose, kept.captured_unchanged, kept.accuracy_m) == ("photo_before", True, 8.0)
    assert kept.captured_at.isoformat() == "2026-03-10T03:58:00+00:00"


def test_it_is_one_case_however_often_it_is_sent() -> None:
    people = make_district()
    first = filed(people, JPEG, client_id=CLIENT)
    again = filed(people, JPEG, client_id=CLIENT)
    assert (first.case, Case.objects.count(), Attachment.objects.count()) == (again.case, 1, 1)


def test_it_adds_the_photo_that_did_not_arrive_the_first_time() -> None:
    people = make_district()
    filed(people, client_id=CLIENT)
    filed(people, JPEG, client_id=CLIENT)
    assert (Case.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_it_is_one_case_when_two_phones_tabs_send_it_at_once() -> None:
    people = make_district()
    start, cases = threading.Barrier(4), list[int]()

    def work() -> None:
        user = User.objects.get(pk=people.worker.pk)
        report = report_of(user, JPEG, client_id=CLIENT)
        start.wait()
        cases.append(file_report(actor=user, report=report, now=NOW).case.pk)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(cases), len(set(cases)), Case.objects.count()) == (4, 1, 1)
    assert Attachment.objects.count() == 1


def test_it_refuses_anothers_number() -> None:
    people = make_district()
    filed(people, client_id=CLIENT)
    theirs = report_of(people.neighbour, client_id=CLIENT)
    with pytest.raises(PermissionDenied):
        file_report(actor=people.neighbour, report=theirs, now=NOW)


def test_it_keeps_the_report_when_a_file_is_no_picture() -> None:
    people = make_district()
    done = filed(people, b"MZ\x90\x00 no picture", JPEG)
    assert len(done.refused) == 1
    assert done.refused[0].startswith("p0.jpg: ")
    assert (Case.objects.count(), Attachment.objects.count()) == (1, 1)


def test_it_says_when_it_was_seen_if_it_comes_late() -> None:
    people = make_district()
    late = filed(people, at=(NOW - timedelta(hours=3)).isoformat()).case
    soon = filed(people, at=(NOW - timedelta(minutes=1)).isoformat(), words="另一处").case
    assert "2026-03-10 09:00" in late.about
    assert soon.about == ""


def test_it_takes_the_centre_of_the_area_where_a_place_is_a_must() -> None:
    people = make_district()
    case = filed(people, longitude="", latitude="", area="G1").case
    assert ((case.longitude, case.latitude), case.grid) == (HERE, people.grid)
    assert case.about != ""


def test_it_names_the_matter_where_nobody_wrote_a_word() -> None:
    people = make_district()
    with override("zh-hans"):
        assert filed(people, words="").case.title == "网格事件"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"longitude": "", "latitude": ""}, "place"),
        ({"f.test.event.kind": ""}, "kind"),
        ({"f.test.event.kind": "nonsense"}, "kind"),
    ],
)
def test_it_refuses_what_the_matter_misses(given: dict[str, str], field: str) -> None:
    people = make_district()
    with pytest.raises(ValidationError) as refused:
        filed(people, **given)
    assert list(refused.value.message_dict) == [field]
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"longitude": "x"}, "place"),
        ({"longitude": "200"}, "place"),
        ({"client_id": "7"}, "client_id"),
        ({"area": "NOWHERE"}, "area"),
    ],
)
def test_it_refuses_what_is_no_report(given: dict[str, str], field: str) -> None:
    people = make_district()
    with pytest.raises(ValidationError) as refused:
        report_of(people.worker, **given)
    assert list(refused.value.message_dict) == [field]


def test_it_takes_six_photos_at_most() -> None:
    people = make_district()
    with pytest.raises(ValidationError) as refused:
        report_of(people.worker, *[JPEG] * 7)
    assert list(refused.value.message_dict) == ["photo"]


@pytest.mark.parametrize("told", ["nonsense", "[1]", '{"a": 1}', '[{"sha256": "zz"}]', "[[]]"])
def test_it_keeps_the_photo_whatever_the_device_says(told: str) -> None:
    people = make_district()
    filed(people, JPEG, captured=told)
    assert Attachment.objects.get().captured_sha256 == ""


def test_joining_adds_words_and_photos_once() -> None:
    people = make_district()
    case = filed(people).case
    report = report_of(people.worker, JPEG, client_id=CLIENT, words="又看到了")
    for _ in range(2):
        report = report_of(people.worker, JPEG, client_id=CLIENT, words="又看到了")
        done = join_report(actor=people.worker, case=case, report=report, now=NOW)
        assert (done.case.pk, done.joined) == (case.pk, True)
    assert (Case.objects.count(), Attachment.objects.count()) == (1, 1)
    (joined,) = Event.objects.filter(verb="join")
    assert (joined.data["note"], joined.data["reference"]) == ("又看到了", CLIENT)


def test_joining_one_that_has_ended_files_a_new_one() -> None:
    people = make_district()
    case = filed(people).case
    withdraw_case(actor=people.worker, case=case, reason="误报", now=NOW)
    report = report_of(people.worker, client_id=CLIENT)
    done = join_report(actor=people.worker, case=case, report=report, now=NOW)
    assert (done.joined, done.case.pk != case.pk, Case.objects.count()) == (False, True, 2)


def test_who_may_not_see_the_case_may_not_join_it() -> None:
    people = make_district()
    case = filed(people).case
    stranger = make_user(User.Role.GRID_WORKER, make_unit())
    with pytest.raises(PermissionDenied):
        join_report(actor=stranger, case=case, report=report_of(stranger), now=NOW)
