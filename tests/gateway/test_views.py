"""Pages of loggers, quarantine and commands: who gets which answer, and what a form may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import hj212
from jiulong.evidence.models import Event
from jiulong.gateway.models import Command, CommandStep, Logger, QuarantinedFrame
from tests.factories import NOW, make_logger, make_point
from tests.pages.html import Page
from tests.pages.policy import inline
from tests.people import People, make_people

ROLES = ("administrator", "officer", "observer", "owner", "sibling")
STRANGER = "STRANGER000000000000001"


def frame(mn: str, pw: str = "123456") -> bytes:
    return hj212.encode(
        cn="2011", st="32", qn="20260310115900000", pw=pw, mn=mn, flag=5,
        cp="DataTime=20260310115900;w01018-Rtd=45.2,w01018-Flag=N",
    )  # fmt: skip


def refused(mn: str, reason: str, ordinal: int, pw: str = "123456") -> QuarantinedFrame:
    raw = frame(mn, pw) if mn.isprintable() else mn.encode()
    return QuarantinedFrame.objects.create(
        batch=1, ordinal=ordinal, received_at=NOW + timedelta(seconds=ordinal),
        peer="10.0.0.7:4000", reason=reason, mn=mn, raw=raw,
    )  # fmt: skip


@dataclass
class Site:
    """The owner's logger with a refused frame and a command, and a stranger that knocks."""

    people: People
    logger: Logger
    refused: QuarantinedFrame
    knock: QuarantinedFrame
    command: Command

    def client(self, role: str) -> Client:
        client = Client()
        client.cookies["django_language"] = "en"
        if role != "anonymous":
            client.force_login(getattr(self.people, role))
        return client

    def address(self, pattern: str) -> str:
        return pattern.format(
            mn=self.logger.mn, refused=self.refused.pk, knock=self.knock.pk,
            command=self.command.pk, stranger=STRANGER,
        )  # fmt: skip

    def settings(self, **fields: Any) -> dict[str, Any]:
        given = {
            "mn": "NEW0001", "point": self.people.point.code, "password": "123456",
            "profile": "2017", "crc_mode": "auto", "time_label": "start",
        }  # fmt: skip
        return {**given, **fields}


@pytest.fixture
def site(db: None) -> Site:
    people = make_people()
    logger = make_logger(people.point)
    command = Command.objects.create(
        logger=logger, cn="1072", qn="20260310115900000", parameters={"NewPW": "654321"},
        ordered_by=people.officer, reason="yearly", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    CommandStep.objects.create(
        command=command, at=NOW, direction="out", state="sent",
        text="##0101QN=1;CN=1072;PW=123456;CP=&&NewPW=654321&&",
    )  # fmt: skip
    return Site(
        people, logger, refused(logger.mn, "wrong_password", 0), refused(STRANGER, "unknown_mn", 1),
        command,
    )  # fmt: skip


#: Address → the status for each of ROLES.
ANSWERS = {
    "/loggers/": (200, 200, 200, 200, 200),
    "/loggers/?as=csv": (200, 200, 200, 200, 200),
    "/loggers/?as=xlsx": (200, 200, 200, 200, 200),
    "/loggers/new/": (200, 403, 403, 403, 403),
    "/loggers/unregistered/": (200, 200, 200, 200, 200),
    "/loggers/unregistered/{stranger}/": (200, 403, 403, 403, 403),
    "/loggers/unregistered/nobody/": (404, 403, 403, 403, 403),
    "/loggers/{mn}/": (200, 200, 200, 200, 404),
    "/loggers/{mn}/edit/": (200, 403, 403, 403, 403),
    "/loggers/{mn}/command/": (403, 200, 403, 403, 403),
    "/loggers/none/": (404, 404, 404, 404, 404),
    "/quarantine/": (200, 200, 200, 200, 200),
    "/quarantine/?as=csv": (200, 200, 200, 200, 200),
    "/quarantine/{refused}/": (200, 200, 200, 200, 404),
    "/quarantine/{knock}/": (200, 200, 200, 404, 404),
    "/quarantine/replay/": (405, 405, 405, 405, 405),
    "/quarantine/99999999999999999999999/": (404, 404, 404, 404, 404),
    "/commands/": (200, 200, 200, 200, 200),
    "/commands/?as=csv": (200, 200, 200, 200, 200),
    "/commands/{command}/": (200, 200, 200, 200, 404),
    "/commands/99999999999999999999999/": (404, 404, 404, 404, 404),
}


@pytest.mark.parametrize("pattern", ANSWERS)
def test_it_answers_each_of_them_as_the_table_says(site: Site, pattern: str) -> None:
    got = []
    for role in ROLES:
        answer = site.client(role).get(site.address(pattern))
        got.append(answer.status_code)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            assert inline(Page(answer)) == []
    assert tuple(got) == ANSWERS[pattern]


@pytest.mark.parametrize("pattern", ANSWERS)
def test_it_asks_a_stranger_to_sign_in(site: Site, pattern: str) -> None:
    answer = site.client("anonymous").get(site.address(pattern))
    assert (answer.status_code, answer["Location"][:15]) == (302, "/account/login/")


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("/loggers/", (1, 1, 1, 1, 0)),
        ("/loggers/unregistered/", (1, 1, 1, 0, 0)),
        ("/quarantine/", (2, 2, 2, 1, 0)),
        ("/commands/", (1, 1, 1, 1, 0)),
    ],
)
def test_it_lists_to_an_enterprise_only_its_own(
    site: Site, address: str, rows: tuple[int, ...]
) -> None:
    pages = [Page(site.client(role).get(address)) for role in ROLES]
    assert tuple(len(page.all("#rows tbody tr")) for page in pages) == rows


# -- what is secret ---------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "shown"), [
    ("administrator", True), ("officer", True), ("observer", False), ("owner", False),
])  # fmt: skip
def test_it_shows_raw_bytes_only_to_those_who_may_see_them(
    site: Site, role: str, shown: bool
) -> None:
    page = Page(site.client(role).get(site.address("/quarantine/{refused}/")))
    assert ("PW=123456" in page.raw) is shown
    page = Page(site.client(role).get(site.address("/commands/{command}/")))
    assert ("654321" in page.raw) is shown


def test_it_never_shows_a_password_or_a_key(site: Site) -> None:
    Logger.objects.filter(pk=site.logger.pk).update(password="pa55word", key="ab" * 16)
    for pattern in ("/loggers/", "/loggers/{mn}/", "/loggers/{mn}/edit/", "/loggers/?as=csv"):
        answer = site.client("administrator").get(site.address(pattern))
        body = b"".join(answer) if answer.streaming else answer.content
        assert b"pa55word" not in body
        assert b"abab" not in body


# -- writes -----------------------------------------------------------------------------------

#: Address, what is sent, the verb recorded, and who may; all others are refused with 403.
WRITES: list[tuple[str, dict[str, Any], str, str]] = [
    ("/loggers/new/", {}, "register_logger", "administrator"),
    ("/loggers/unregistered/{stranger}/", {}, "adopt_logger", "administrator"),
    ("/loggers/{mn}/edit/", {"password": "654321"}, "update_logger", "administrator"),
    ("/loggers/{mn}/command/", {"cn": "1011", "reason": "clock"}, "order_command", "officer"),
    ("/quarantine/replay/", {"mn": "{mn}"}, "replay_quarantine", "administrator"),
]


@pytest.mark.parametrize("role", [*ROLES, "anonymous"])
@pytest.mark.parametrize(("pattern", "fields", "verb", "who"), WRITES)
def test_it_writes_for_those_who_may_and_for_nobody_else(
    site: Site, pattern: str, fields: dict[str, Any], verb: str, who: str, role: str
) -> None:
    told = {name: site.address(value) for name, value in fields.items()}
    data = site.settings(**told) if "command" not in pattern else told
    answer = site.client(role).post(site.address(pattern), data)
    allowed = role == who
    assert answer.status_code == (302 if allowed or role == "anonymous" else 403)
    done = [event.actor for event in Event.objects.filter(verb=verb)]
    assert done == ([getattr(site.people, who)] if allowed else [])


def test_it_registers_a_logger_as_the_form_says(site: Site) -> None:
    data = site.settings(addresses="10.8.0.0/16\n192.168.1.0/24", greet="on", key="AB" * 16)
    answer = site.client("administrator").post("/loggers/new/", data)
    assert answer["Location"] == "/loggers/NEW0001/"
    made = Logger.objects.get(mn="NEW0001")
    assert (made.point, made.addresses, made.greet, made.key, made.active) == (
        site.people.point, ["10.8.0.0/16", "192.168.1.0/24"], True, "AB" * 16, True,
    )  # fmt: skip


def test_it_adopts_a_stranger_and_takes_its_frames_in(site: Site) -> None:
    address = site.address("/loggers/unregistered/{stranger}/")
    page = Page(site.client("administrator").post(address, site.settings(), follow=True))
    assert "1 frame was replayed." in page.one(".note-success").text
    site.knock.refresh_from_db()
    assert site.knock.replayed_at is not None
    assert Logger.objects.get(mn=STRANGER).point == site.people.point


def test_it_keeps_secrets_that_were_left_empty(site: Site) -> None:
    Logger.objects.filter(pk=site.logger.pk).update(password="pa55word", key="ab" * 16)
    data = site.settings(password="", key="", profile="2025")
    site.client("administrator").post(site.address("/loggers/{mn}/edit/"), data)
    site.logger.refresh_from_db()
    assert (site.logger.password, site.logger.key, site.logger.profile, site.logger.active) == (
        "pa55word", "ab" * 16, "2025", False,
    )  # fmt: skip


def test_it_replays_one_frame_and_says_what_it_left(site: Site) -> None:
    Logger.objects.filter(pk=site.logger.pk).update(password="other")
    client = site.client("administrator")
    page = Page(client.post("/quarantine/replay/", {"id": site.refused.pk}, follow=True))
    assert "0 replayed, 1 still refused." in page.one(".note-success").text
    Logger.objects.filter(pk=site.logger.pk).update(password="123456")
    page = Page(client.post("/quarantine/replay/", {"id": site.refused.pk}, follow=True))
    assert "1 replayed, 0 still refused." in page.one(".note-success").text


@pytest.mark.parametrize("data", [
    {}, {"mn": "a\0"}, {"mn": "a/b"}, {"mn": "nobody"}, {"id": "x"}, {"id": "9" * 30},
    {"id": "²"}, {"id": "-1"},
])  # fmt: skip
def test_it_says_what_it_cannot_replay(site: Site, data: dict[str, str]) -> None:
    answer = site.client("administrator").post("/quarantine/replay/", data, follow=True)
    assert answer.status_code == 200
    assert Page(answer).all(".note-error")


def test_it_orders_a_command_and_shows_its_dialogue(site: Site) -> None:
    data = {"cn": "2061", "reason": "a gap", "parameters": "BeginTime=20260310000000\n"
            "EndTime=20260310120000\n"}  # fmt: skip
    answer = site.client("officer").post(site.address("/loggers/{mn}/command/"), data)
    made = Command.objects.exclude(pk=site.command.pk).get()
    assert answer["Location"] == f"/commands/{made.pk}/"
    assert (made.cn, made.reason, made.ordered_by, made.parameters) == (
        "2061", "a gap", site.people.officer,
        {"BeginTime": "20260310000000", "EndTime": "20260310120000"},
    )  # fmt: skip


# -- nonsense ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("fields", "error"), [
    ({"mn": "a/b"}, "An MN has 1 to 40 letters, digits, - or _."),
    ({"mn": "a\0b"}, "Null characters are not allowed."),
    ({"mn": "new"}, "This word is an address of the pages, not an MN."),
    ({"mn": "x" * 41}, "Ensure this value has at most 40 characters (it has 41)."),
    ({"mn": ""}, "This field is required."),
    ({"point": "none"}, "Select a valid choice. That choice is not one of the available choices."),
    ({"password": "a;b"}, "A password has at most 20 characters, none of ; , = & # or space."),
    ({"key": "xyz"}, "An SM4 key has 32 hexadecimal digits."),
    ({"addresses": "10.0.0.0/8 nonsense"},
     "Not a network: 'nonsense' does not appear to be an IPv4 or IPv6 network"),
    ({"profile": "1999"}, "Select a valid choice. 1999 is not one of the available choices."),
])  # fmt: skip
def test_it_says_at_the_field_what_a_logger_cannot_have(
    site: Site, fields: dict[str, str], error: str
) -> None:
    answer = site.client("administrator").post("/loggers/new/", site.settings(**fields))
    assert answer.status_code == 422
    assert [one.text for one in Page(answer).all(".field-error")] == [error]
    assert Logger.objects.count() == 1


def test_it_says_that_a_logger_is_registered_already(site: Site) -> None:
    data = site.settings(mn=site.logger.mn)
    answer = site.client("administrator").post("/loggers/new/", data)
    assert answer.status_code == 422
    assert "already exists" in Page(answer).one(".field-error").text


def test_it_takes_an_empty_form_as_sent(site: Site) -> None:
    for role, pattern in (
        ("administrator", "/loggers/new/"),
        ("officer", "/loggers/{mn}/command/"),
    ):
        answer = site.client(role).post(site.address(pattern), {})
        assert answer.status_code == 422
        assert Page(answer).all(".field-error")


@pytest.mark.parametrize(("fields", "error"), [
    ({"parameters": "PolId"}, "Line 1 is not name=value: PolId"),
    ({"parameters": "a=1\n\n=2"}, "Line 3 is not name=value: =2"),
    ({"parameters": "a=b;PW=1&&"}, "Not a command for this logger"),
    ({"parameters": "a&&=b"}, "Not a command for this logger"),
    ({"parameters": "a=" + "9" * 6000}, "Ensure this value has at most 2000 characters"),
    ({"cn": "2061"}, "Not a command for this logger: 2061 needs BeginTime, EndTime"),
    ({"cn": "9014"}, "Select a valid choice. 9014 is not one of the available choices."),
    ({"reason": "x" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
    ({"reason": "a\0"}, "Null characters are not allowed."),
    ({"reason": ""}, "This field is required."),
])  # fmt: skip
def test_it_says_what_no_command_can_be(site: Site, fields: dict[str, str], error: str) -> None:
    data = {"cn": "1011", "reason": "x", "parameters": "", **fields}
    answer = site.client("officer").post(site.address("/loggers/{mn}/command/"), data)
    assert answer.status_code == 422
    told = Page(answer).all(".field-error") + Page(answer).all("form .note-error")
    assert [one.text[: len(error)] for one in told] == [error]
    assert Command.objects.count() == 1


@pytest.mark.parametrize("mn", ["a/b", "<script>", "x\ny", "../..", "%00", "公司", "x" * 40])
def test_a_stranger_may_call_itself_anything(site: Site, mn: str) -> None:
    knock = refused(mn, "unknown_mn", 7)
    client = site.client("administrator")
    for address in ("/loggers/unregistered/", "/quarantine/", f"/quarantine/{knock.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert inline(Page(answer)) == []


@pytest.mark.parametrize("query", [
    {"q": "%_'\\"}, {"page": "9" * 20}, {"since": "9999-12-31"}, {"until": "0001-01-01"},
    {"sort": "logger__password"}, {"cn": "é" * 500}, {"point": "none"}, {"state": "x"},
])  # fmt: skip
def test_pages_survive_any_query(site: Site, query: dict[str, str]) -> None:
    for role, pattern in (
        ("administrator", "/loggers/"), ("administrator", "/loggers/new/"),
        ("administrator", "/loggers/unregistered/"), ("administrator", "/quarantine/"),
        ("administrator", "/commands/"), ("officer", "/loggers/{mn}/command/"),
    ):  # fmt: skip
        assert site.client(role).get(site.address(pattern), query).status_code == 200


def test_a_reason_nobody_knows_any_more_is_shown_as_it_is(site: Site) -> None:
    knock = refused("", "bad_luck", 8)
    client = site.client("officer")
    assert "bad_luck" in Page(client.get("/quarantine/")).text
    assert "bad_luck" in Page(client.get(f"/quarantine/{knock.pk}/")).one("h1").text


def test_it_says_what_usually_lies_behind_a_refusal(site: Site) -> None:
    page = Page(site.client("owner").get(site.address("/quarantine/{refused}/")))
    assert page.one(".page-lead").text.startswith("Its password is not the registered one.")


# -- live and cost ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "regions"),
    [
        ("/loggers/{mn}/", {"commands": "command_steps", "refused": "quarantine"}),
        ("/commands/{command}/", {"dialogue": "command_steps"}),
        ("/commands/", {"rows": "command_steps"}),
        ("/quarantine/", {"rows": "quarantine"}),
        ("/loggers/unregistered/", {"rows": "quarantine"}),
        ("/loggers/", {"rows": "loggers"}),
    ],
)
def test_live_regions_listen_to_what_changes_them(
    site: Site, pattern: str, regions: dict[str, str]
) -> None:
    page = Page(site.client("officer").get(site.address(pattern)))
    for name, event in regions.items():
        assert f"live:{event} from:body" in page.one(f"#{name}")["hx-trigger"]


@pytest.mark.parametrize(("pattern", "most"), [
    ("/loggers/", 5), ("/loggers/unregistered/", 5), ("/quarantine/", 5), ("/commands/", 5),
    ("/loggers/{mn}/", 8), ("/commands/{command}/", 5),
])  # fmt: skip
def test_it_costs_the_same_with_one_row_and_with_thirty(
    site: Site, pattern: str, most: int
) -> None:
    client, costs = site.client("officer"), []
    for first in (2, 30):
        for n in range(first, first + 29 if first > 2 else 2):
            make_logger(make_point())
            refused(f"S{n}", "unknown_mn", n)
            refused(site.logger.mn, "bad_crc", 100 + n)
            made = Command.objects.create(
                logger=site.logger, cn="1011", qn=str(n), ordered_by=site.people.officer,
                created_at=NOW, updated_at=NOW,
            )  # fmt: skip
            for command in (made, site.command):
                CommandStep.objects.create(
                    command=command, at=NOW, direction="out", state="sent", text="##"
                )
        client.get(site.address(pattern))
        with CaptureQueriesContext(connection) as asked:
            client.get(site.address(pattern))
        costs.append(len(asked))
    assert costs[0] == costs[1] <= most


def test_it_announces_no_sampling_on_any_page_of_the_sampled(site: Site) -> None:
    command = Command.objects.create(
        logger=site.logger, cn="3012", qn="20260310115900001", parameters={},
        ordered_by=site.people.officer, reason="by surprise", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    pages = ("/commands/", "/commands/?as=csv", f"/loggers/{site.logger.mn}/",
             f"/points/{site.people.point.code}/")  # fmt: skip
    for role, seen in (("owner", False), ("officer", True)):
        client = site.client(role)
        for address in pages:
            answer = client.get(address)
            body = b"".join(answer) if answer.streaming else answer.content
            assert (b"3012" in body or b"by surprise" in body) is seen, (role, address)
        assert client.get(f"/commands/{command.pk}/").status_code == (200 if seen else 404)
    Command.objects.filter(pk=command.pk).update(state="done")
    assert site.client("owner").get(f"/commands/{command.pk}/").status_code == 200
