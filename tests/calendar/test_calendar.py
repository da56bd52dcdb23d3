"""The district's calendar: who changes it, who notices, how far it reaches."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiulong.calendar import actions, queries
from jiulong.calendar.models import CalendarDay, CalendarYear, OfficeHours
from jiulong.calendar.notices import NoticeDay
from jiulong.calendar.working_time import SUMMER_HOURS, WINTER_HOURS
from jiulong.evidence.models import Event
from jiulong.organisation.models import User
from tests import factories

from .days import REAL
from .test_notices import LIST, NOTICE

pytestmark = pytest.mark.django_db

NEW_YEAR = NoticeDay(date(2027, 1, 1), "holiday", "元旦")


@pytest.fixture
def administrator() -> User:
    return factories.make_user(User.Role.ADMINISTRATOR)


@pytest.fixture(params=[User.Role.OFFICER, User.Role.ENTERPRISE, User.Role.SUPERVISOR, None])
def refused(request: pytest.FixtureRequest) -> User | AnonymousUser:
    if request.param is None:
        return AnonymousUser()
    return factories.make_user(request.param, factories.make_unit())


class TestSeed:
    def test_it_knows_the_packages_years_and_the_custom_of_office_hours(self):
        calendar = queries.district_calendar()
        first = date(2020, 1, 1)
        assert calendar.holidays == {day for day in REAL.holidays if day >= first}
        assert calendar.workdays == {day for day in REAL.workdays if day >= first}
        assert calendar.hours == (WINTER_HOURS, SUMMER_HOURS)
        assert calendar.horizon == date(2026, 12, 31)

    def test_it_names_days_officially(self):
        assert CalendarDay.objects.get(date=date(2026, 2, 17)).name == "春节"

    def test_a_second_time_changes_nothing(self):
        before = list(CalendarDay.objects.values())
        assert actions.enter_what_is_known() == []
        assert list(CalendarDay.objects.values()) == before
        assert OfficeHours.objects.count() == 2

    def test_what_somebody_noted_is_left_alone(self):
        CalendarYear.objects.filter(year=2026).delete()
        CalendarDay.objects.filter(date=date(2026, 1, 1)).update(name="by hand")
        assert actions.enter_what_is_known() == [2026]
        assert CalendarDay.objects.get(date=date(2026, 1, 1)).name == "by hand"


class TestCache:
    def test_an_unchanged_calendar_costs_one_query(self, django_assert_num_queries):
        first = queries.district_calendar()
        with django_assert_num_queries(1):
            assert queries.district_calendar() is first

    @pytest.mark.parametrize(
        "change",
        [
            lambda: CalendarDay.objects.create(date=date(2026, 11, 20), kind="holiday", source="x"),
            lambda: CalendarDay.objects.filter(date=date(2026, 10, 1)).update(kind="workday"),
            lambda: CalendarYear.objects.filter(year=2026).delete(),
            lambda: OfficeHours.objects.create(spans="09:00-17:00"),
        ],
    )
    def test_every_change_is_noticed_whoever_made_it(self, change):
        before = queries.district_calendar()
        change()
        assert queries.district_calendar() != before

    def test_it_costs_four_when_it_changed(self):
        queries.district_calendar()
        OfficeHours.objects.create(spans="09:00-17:00")
        with CaptureQueriesContext(connection) as asked:
            queries.district_calendar()
        assert len(asked) == 4


class TestEditDay:
    def test_a_day_becomes_off_and_the_event_says_what_it_was(self, administrator):
        on = date(2026, 11, 20)
        actions.edit_day(
            actor=administrator, on=on, kind="holiday", name="台风停工", source="区办〔2026〕1号"
        )
        assert not queries.district_calendar().is_working_day(on)
        event = Event.objects.get(verb="edit_day")
        assert (event.actor, event.subject_id, event.data) == (
            administrator,
            "2026-11-20",
            {"before": None, "after": ["holiday", "台风停工"]},
        )

    def test_a_day_becomes_what_its_weekday_is(self, administrator):
        on = date(2026, 2, 14)
        assert actions.edit_day(actor=administrator, on=on, kind=None) is None
        assert not queries.district_calendar().is_working_day(on)
        assert Event.objects.get(verb="edit_day").data == {
            "before": ["workday", "春节"],
            "after": None,
        }

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"kind": "party", "source": "x"}, "kind"),
            ({"kind": "holiday", "source": ""}, "source"),
            ({"kind": "workday", "source": "x"}, "kind"),  # a Friday
        ],
    )
    def test_it_refuses_nonsense(self, administrator, change, field):
        with pytest.raises(ValidationError) as caught:
            actions.edit_day(actor=administrator, on=date(2026, 11, 20), **change)
        assert list(caught.value.message_dict) == [field]

    def test_it_needs_the_right(self, refused):
        with pytest.raises(PermissionDenied):
            actions.edit_day(actor=refused, on=date(2026, 11, 20), kind="holiday", source="x")


class TestSetYear:
    def test_it_moves_the_horizon(self, administrator):
        actions.set_year(actor=administrator, year=2027, days=[NEW_YEAR], source="国办发明电")
        calendar = queries.district_calendar()
        assert calendar.horizon == date(2027, 12, 31)
        assert not calendar.is_working_day(date(2027, 1, 1))

    def test_a_gap_ends_the_horizon(self, administrator):
        actions.set_year(actor=administrator, year=2028, days=[NEW_YEAR], source="x")
        assert queries.district_calendar().horizon == date(2026, 12, 31)

    def test_it_replaces_the_year_and_tells_before_and_after(self, administrator):
        off = NoticeDay(date(2026, 10, 1), "holiday", "国庆节")
        actions.set_year(actor=administrator, year=2026, days=[off], source="x")
        assert [day.date for day in queries.days_of(administrator, 2026)] == [off.date]
        told = Event.objects.get(verb="set_year").data
        assert told["after"] == {"2026-10-01": ["holiday", "国庆节"]}
        assert told["before"]["2026-02-14"] == ["workday", "春节"]

    def test_the_same_again_is_no_change(self, administrator):
        for _ in range(2):
            actions.set_year(actor=administrator, year=2027, days=[NEW_YEAR], source="x")
        assert Event.objects.filter(verb="set_year").count() == 1

    def test_days_of_the_year_before_are_added(self, administrator):
        eve = NoticeDay(date(2026, 12, 31), "holiday", "元旦")
        actions.set_year(actor=administrator, year=2027, days=[eve, NEW_YEAR], source="x")
        assert len(queries.days_of(administrator, 2026)) > 30
        assert not queries.district_calendar().is_working_day(eve.date)

    @pytest.mark.parametrize(("days", "source"), [([], "x"), ([NEW_YEAR], "")])
    def test_it_refuses_a_year_without_days_or_source(self, administrator, days, source):
        with pytest.raises(ValidationError):
            actions.set_year(actor=administrator, year=2027, days=days, source=source)

    def test_it_needs_the_right(self, refused):
        with pytest.raises(PermissionDenied):
            actions.set_year(actor=refused, year=2027, days=[NEW_YEAR], source="x")


class TestHours:
    def test_later_hours_hold_from_their_day_on_and_past_days_keep_theirs(self, administrator):
        actions.add_hours(actor=administrator, spans="9:00–17:00", from_on=date(2027, 1, 1))
        calendar = queries.district_calendar()
        spans = {day: calendar.office_hours(day) for day in (date(2026, 12, 31), date(2027, 7, 1))}
        assert [f"{a:%H:%M}-{b:%H:%M}" for a, b in spans[date(2026, 12, 31)]] == [
            "08:00-12:00",
            "14:30-17:30",
        ]
        assert [f"{a:%H:%M}-{b:%H:%M}" for a, b in spans[date(2027, 7, 1)]] == ["09:00-17:00"]

    def test_hours_entered_by_mistake_are_taken_back(self, administrator):
        row = actions.add_hours(actor=administrator, spans="09:00-17:00")
        actions.remove_hours(actor=administrator, row=row)
        assert queries.district_calendar().hours == (WINTER_HOURS, SUMMER_HOURS)
        verbs = Event.objects.order_by("id").values_list("verb", flat=True)
        assert list(verbs) == ["add_hours", "remove_hours"]

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"spans": "from nine to five"}, "spans"),
            ({"spans": "17:00-09:00"}, "spans"),
            ({"spans": ""}, "spans"),
            ({"spans": "09:00-17:00", "season_from": "06-01"}, "season_from"),
            ({"spans": "09:00-17:00", "season_from": "06-31", "season_to": "09-30"}, "season_from"),
            (
                {"spans": "09:00-17:00", "from_on": date(2027, 1, 2), "to_on": date(2027, 1, 1)},
                "to_on",
            ),
        ],
    )
    def test_it_refuses_nonsense(self, administrator, given, field):
        with pytest.raises(ValidationError) as caught:
            actions.add_hours(actor=administrator, **given)
        assert list(caught.value.message_dict) == [field]

    def test_it_needs_the_right(self, refused):
        with pytest.raises(PermissionDenied):
            actions.add_hours(actor=refused, spans="09:00-17:00")
        with pytest.raises(PermissionDenied):
            actions.remove_hours(actor=refused, row=OfficeHours.objects.all()[0])


class TestHorizon:
    @pytest.mark.parametrize(
        ("today", "days", "near"),
        [
            (date(2026, 11, 1), 60, False),
            (date(2026, 11, 2), 59, True),
            (date(2026, 11, 20), 41, True),
            (date(2027, 1, 2), -2, True),
        ],
    )
    def test_it_is_near_from_sixty_days_on(self, today, days, near):
        horizon = queries.horizon(today)
        assert (horizon.days, horizon.near, horizon.next_year) == (days, near, 2027)

    def test_nothing_known_is_near(self):
        CalendarYear.objects.all().delete()
        horizon = queries.horizon(date(2026, 11, 20))
        assert (horizon.last, horizon.near, horizon.next_year) == (None, True, 2026)


@pytest.mark.parametrize(
    "read",
    [
        lambda viewer: queries.days_of(viewer, 2026),
        lambda viewer: queries.day(viewer, date(2026, 1, 1)),
        queries.years,
        queries.office_hours,
    ],
)
def test_a_stranger_sees_nothing(read):
    with pytest.raises(PermissionDenied):
        read(AnonymousUser())


class TestCommand:
    def test_it_says_how_far_and_warns(self, monkeypatch, settings):
        settings.LANGUAGE_CODE = "en"
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 11, 20))
        out, err = StringIO(), StringIO()
        call_command("calendar", stdout=out, stderr=err)
        assert out.getvalue() == "Holidays are known up to 2026-12-31.\n"
        assert err.getvalue() == ("That is 41 days from now: enter the notice for 2027.\n")

    def test_it_enters_a_notice(self, tmp_path, monkeypatch, settings):
        settings.LANGUAGE_CODE = "en"
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 11, 20))
        file = tmp_path / "2027.csv"
        file.write_text(LIST, encoding="utf-8")
        out, err = StringIO(), StringIO()
        call_command("calendar", "--year", "2027", "--from", str(file), stdout=out, stderr=err)
        assert out.getvalue() == "2027: 3 days entered.\nHolidays are known up to 2027-12-31.\n"
        assert err.getvalue() == ""
        assert CalendarYear.objects.get(year=2027).source == "2027.csv"

    def test_it_enters_nothing_of_a_faulty_one(self, tmp_path, settings):
        settings.LANGUAGE_CODE = "en"
        file = tmp_path / "notice.txt"
        file.write_text(NOTICE, encoding="utf-8")
        with pytest.raises(CommandError, match="is this another year's notice"):
            call_command("calendar", "--year", "2027", "--from", str(file))
        assert not CalendarYear.objects.filter(year=2027).exists()

    def test_year_and_file_belong_together(self):
        with pytest.raises(CommandError):
            call_command("calendar", "--year", "2027")
