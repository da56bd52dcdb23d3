"""Home, wall, door and switches: who sees what, and what each costs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from jiulong.monitoring.models import Finding, Period
from jiulong.organisation.models import Unit, User
from tests import factories
from tests.pages.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def officer(english: Client) -> Client:
    english.force_login(factories.make_user(User.Role.OFFICER))
    return english


@pytest.mark.parametrize("address", ["/", "/wall/", "/live/", "/account/password/"])
def test_it_asks_a_stranger_to_sign_in(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={address}")


def test_it_answers_a_load_balancer_without_signing_in(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_it_says_what_to_do_while_there_is_no_point(officer: Client) -> None:
    page = Page(officer.get("/"))
    assert page.one(".nothing h2").text == "No monitored point yet"
    assert [panel.one("h2").text for panel in page.all(".attention")] == ["Due from me"]


def test_it_claims_that_every_logger_is_heard_only_when_it_is(officer: Client) -> None:
    point = factories.make_point()

    def calm() -> list[str]:
        page = Page(officer.get("/"))
        return [one.text for panel in page.all(".attention") for one in panel.all(".calm p")]

    assert "No finding is open; 1 logger is not heard." in calm()
    at, values = timezone.now(), {"w01018": 20.0}
    factories.write_readings(point, Period.REALTIME, [(at, values)])
    cache.clear()
    assert "Every value is within its limits and every logger is heard." in calm()


def test_it_shows_findings_of_all_to_the_officer_the_worst_first(officer: Client) -> None:
    factories.make_finding(severity="warning", rule="offline", started_at=timezone.now())
    worst = factories.make_finding(
        severity=Finding.Severity.SERIOUS, factor=factories.make_factor(),
        value=Decimal("152.4"), limit_value=Decimal(80),
    )  # fmt: skip
    first, second = Page(officer.get("/")).all(".attention tbody tr")
    assert [cell.text for cell in first.all("td")][:3] == [
        "Serious",
        "Hourly exceedance COD 152.4mg/L limit 80",
        f"{worst.point.outfall.enterprise} {worst.point}",
    ]
    assert second.one("td").text == "Warning"


def test_it_shows_an_enterprise_its_own_and_a_sibling_nothing(english: Client) -> None:
    ours, theirs = (factories.make_unit(Unit.Kind.ENTERPRISE) for _ in range(2))
    point = factories.make_point(unit=ours)
    factories.make_finding(point)
    factories.make_point(unit=theirs)
    for unit, rows, spots in ((ours, 1, 1), (theirs, 0, 1)):
        english.force_login(factories.make_user(User.Role.ENTERPRISE, unit))
        page = Page(english.get("/"))
        assert len(page.all(".attention tbody tr")) == rows
        assert len(page.all(".minimap-spots a")) == spots
        assert (point.outfall.enterprise.name in page.text) is bool(rows)


def test_it_draws_an_hour_of_the_strip_as_shape_colour_and_words(officer: Client) -> None:
    point = factories.make_point()
    factories.make_limit(point, maximum="80")
    end = timezone.now().replace(minute=0, second=0, microsecond=0)
    start = end - timezone.timedelta(hours=2)
    factories.write_readings(point, Period.HOUR, factories.hours(start, 40.0, 152.0))
    row = Page(officer.get("/")).one(".hours tbody tr")
    cells = row.all("td[title]")
    assert [cell["class"] for cell in cells[-3:]] == ["cell-missing", "cell-kept", "cell-over"]
    assert cells[-1].text == "Over the limit, 190% of the limit"
    assert row.one(".worst").text == "1"


def test_it_costs_the_same_queries_however_much_there_is(
    officer: Client, django_assert_num_queries
) -> None:
    for count in (1, 6):
        for _ in range(count):
            factories.make_finding(started_at=timezone.now())
        with django_assert_num_queries(HOME_QUERIES):
            officer.get("/")


#: Session, user, scoreboard, counts, what is due, readings, what needs attention, intake, the map.
HOME_QUERIES = 23


def test_it_keeps_the_wall_dark_and_to_four_panels(officer: Client) -> None:
    factories.make_finding()
    officer.cookies["theme"] = "light"
    for view in ("map", "duty", "strip", "findings", "cases"):
        page = Page(officer.get(f"/wall/?view={view}"))
        assert page.one("html")["data-bs-theme"] == "dark"
        assert len(page.all(".wall-grid section")) <= 4
        assert page.one(".wall-views a[aria-current]")["href"] == f"?view={view}"
        assert page.all("meta[http-equiv]") == []


def test_it_turns_the_wall_by_itself_within_bounds(officer: Client) -> None:
    for asked, given in (("20", 20), ("1", 5), ("99999", 3600)):
        meta = Page(officer.get(f"/wall/?view=findings&rotate={asked}")).one("meta[http-equiv]")
        assert meta["content"] == f"{given}; url=?view=cases&rotate={given}"
    assert Page(officer.get("/wall/?view=moon&rotate=x")).all("meta[http-equiv]") == []


def test_it_remembers_the_theme_and_goes_back_only_within_the_house(client: Client) -> None:
    answer = client.post("/theme/", {"theme": "dark", "next": "/account/login/?next=/"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/login/?next=/")
    assert Page(client.get("/account/login/")).one("html")["data-bs-theme"] == "dark"
    assert client.post("/theme/", {"theme": "pink", "next": "//evil.example/"})["Location"] == "/"
    assert client.cookies["theme"].value == "dark"
    assert client.get("/theme/").status_code == 405


def test_it_speaks_chinese_unless_told_and_changes_before_signing_in(client: Client) -> None:
    client.get("/account/login/")
    assert Page(client.get("/account/login/")).one("html")["lang"] == "zh-hans"
    answer = client.post("/language/", {"language": "en", "next": "/account/login/"})
    assert answer["Location"] == "/account/login/"
    assert Page(client.get("/account/login/")).one("html")["lang"] == "en"


def test_it_lets_in_with_the_right_password_only_and_rests_after_five_wrong(
    english: Client,
) -> None:
    cache.clear()
    factories.make_user(username="lin").set_password("x")
    user = User.objects.get(username="lin")
    user.set_password("the right one")
    user.save()
    for _ in range(5):
        wrong = english.post("/account/login/", {"login": "lin", "password": "wrong"})
        assert Page(wrong).all(".note-error")
    right = {"login": "lin", "password": "the right one"}
    assert "Too many failed" in Page(english.post("/account/login/", right)).one(".note-error").text
    cache.clear()
    answer = english.post("/account/login/?next=/wall/", right | {"next": "/wall/"})
    assert (answer.status_code, answer["Location"]) == (302, "/wall/")


def test_it_signs_out_by_a_form_only(officer: Client) -> None:
    assert Page(officer.get("/account/logout/")).one("form[method=post] .btn-primary").text
    assert officer.post("/account/logout/")["Location"] == "/account/login/"
    assert officer.get("/")["Location"] == "/account/login/?next=/"


def test_it_has_no_sign_up(client: Client) -> None:
    assert client.get("/account/signup/").status_code == 404


def test_it_says_what_happened_when_something_is_not_there(officer: Client) -> None:
    answer = officer.get("/no/such/page")
    assert answer.status_code == 404
    assert Page(answer).one(".nothing h2").text == "There is nothing at this address"


def test_it_says_that_a_form_is_too_old(english: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["django_language"] = "en"
    answer = strict.post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert Page(answer).one(".nothing h2").text == "This form is too old to be trusted"


def test_it_puts_the_entry_of_this_page_forward_in_the_menu(officer: Client) -> None:
    page = Page(officer.get("/"))
    assert [entry.text for entry in page.all(".rail-nav a[aria-current]")] == ["Home"]
    assert page.one("a.skip")["href"] == "#main"
