"""The calendar's pages."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiulong.calendar import queries
from jiulong.calendar.models import CalendarDay, CalendarYear, OfficeHours
from jiulong.organisation.models import User
from tests import factories
from tests.pages.html import Page

from .test_notices import LIST

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 11, 20))


@pytest.fixture
def officer(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    client.force_login(factories.make_user(User.Role.OFFICER))
    return client


@pytest.fixture
def administrator(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    client.force_login(factories.make_user(User.Role.ADMINISTRATOR))
    return client


FORMS = ["/calendar/notice/", "/calendar/hours/", "/calendar/2026-11-20/"]


@pytest.mark.parametrize("address", ["/calendar/", "/calendar/2025/", *FORMS])
def test_a_stranger_must_sign_in(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={address}")


@pytest.mark.parametrize("address", FORMS)
def test_only_those_who_may_edit_see_the_forms(officer, address):
    assert officer.get(address).status_code == 403


def test_only_those_who_may_edit_take_hours_back(officer):
    row = OfficeHours.objects.all()[0]
    assert officer.post(f"/calendar/hours/{row.pk}/remove/").status_code == 403
    assert OfficeHours.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("address", ["/calendar/1066/", "/calendar/2026-02-30/"])
def test_there_is_no_such_day(administrator, address):
    assert administrator.get(address).status_code == 404


class TestYear:
    def test_it_lists_holidays_and_what_is_worked_instead(self, officer):
        rows = Page(officer.get("/calendar/")).all(".stacks tbody tr")
        assert [[cell.text for cell in row.all("td")] for row in rows][:2] == [
            ["New Year's Day", "01-01 – 01-03", "3", "01-04 Sun"],
            ["Spring Festival", "02-15 – 02-23", "9", "02-14 Sat, 02-28 Sat"],
        ]

    def test_it_has_twelve_months_with_words_in_them(self, officer):
        page = Page(officer.get("/calendar/"))
        assert len(page.all(".month")) == 12
        february = page.all(".month")[1]
        assert [cell.text for cell in february.all(".is-work")] == ["14 Work", "28 Work"]
        assert len(february.all(".is-off")) == 9
        assert page.one("[aria-current=date]").text == "20"

    def test_it_warns_that_the_horizon_is_near(self, officer):
        assert Page(officer.get("/calendar/")).one(".note-warning").text == (
            "Holidays are known up to 2026-12-31 only, 41 days from now. "
            "Deadlines after that take Monday to Friday for working days."
        )

    def test_it_says_what_a_year_without_notice_means(self, officer):
        page = Page(officer.get("/calendar/2027/"))
        assert page.one(".nothing h3").text == "The holidays of this year are not entered"

    def test_it_offers_editing_only_to_those_who_may(self, officer):
        assert Page(officer.get("/calendar/")).all(".month a, .actions a") == []

    def test_it_costs_few_queries(self, officer, django_assert_max_num_queries):
        officer.get("/calendar/")
        with django_assert_max_num_queries(7):
            officer.get("/calendar/")


class TestDay:
    def test_it_changes_a_day(self, administrator):
        given = {"kind": "holiday", "name": "停工", "source": "区办"}
        answer = administrator.post("/calendar/2026-11-20/", given)
        assert answer["Location"] == "/calendar/2026/"
        assert CalendarDay.objects.get(date=date(2026, 11, 20)).name == "停工"

    def test_it_says_why_not(self, administrator):
        given = {"kind": "workday", "name": "", "source": "区办"}
        page = Page(administrator.post("/calendar/2026-11-20/", given))
        assert page.one(".field-error").text == "A weekday is worked anyway."


class TestNotice:
    def test_it_proposes_the_year_that_is_missing(self, administrator):
        assert Page(administrator.get("/calendar/notice/")).one("[name=year]")["value"] == "2027"

    def test_it_shows_first_and_enters_when_confirmed(self, administrator):
        given = {"year": "2027", "source": "国办发明电", "text": LIST}
        page = Page(administrator.post("/calendar/notice/", given))
        assert len(page.all(".stacks tbody tr")) == 3
        assert not CalendarYear.objects.filter(year=2027).exists()
        answer = administrator.post("/calendar/notice/", {**given, "enter": "yes"})
        assert answer["Location"] == "/calendar/2027/"
        assert queries.district_calendar().horizon == date(2027, 12, 31)

    def test_it_takes_a_file_and_shows_its_text(self, administrator):
        file = SimpleUploadedFile("2027.csv", ("\ufeff" + LIST).encode())
        given = {"year": "2027", "source": "x", "text": "", "file": file}
        page = Page(administrator.post("/calendar/notice/", given))
        assert page.one("textarea").text == " ".join(LIST.split())
        assert len(page.all(".stacks tbody tr")) == 3

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            ("日期".encode("gb18030"), "This file is not in UTF-8."),
            (b"x" * 80_001, "This file is too long for a year's list."),
        ],
    )
    def test_it_refuses_other_files(self, administrator, body, error):
        given = {"year": "2027", "source": "x", "file": SimpleUploadedFile("a.csv", body)}
        page = Page(administrator.post("/calendar/notice/", given))
        assert page.one(".field-error").text == error

    def test_it_says_which_line_is_wrong(self, administrator):
        given = {"year": "2027", "source": "x", "text": LIST + "\n2027-02-06,maybe"}
        page = Page(administrator.post("/calendar/notice/", given))
        assert page.one(".field-error").text == ("Line 4: “maybe” is neither holiday nor workday")


class TestHours:
    def test_they_are_entered_and_taken_back(self, administrator):
        given = {"spans": "9:00-17:00", "season_from": "", "season_to": "", "from_on": "2027-01-01"}
        assert administrator.post("/calendar/hours/", given)["Location"] == "/calendar/"
        row = OfficeHours.objects.get(spans="09:00-17:00")
        answer = administrator.post(f"/calendar/hours/{row.pk}/remove/")
        assert answer["Location"] == "/calendar/"
        assert OfficeHours.objects.count() == 2

    def test_they_must_be_readable(self, administrator):
        given = {"spans": "nine to five", "from_on": "2027-01-01"}
        page = Page(administrator.post("/calendar/hours/", given))
        assert page.one(".field-error").text == "Like this: 08:00-12:00 14:30-17:30"

    def test_what_is_not_there_cannot_be_taken_back(self, administrator):
        assert administrator.post("/calendar/hours/9999/remove/").status_code == 404
