"""Sending outside: each once, again after a failure, and given up after too many."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from jiulong.cases.models import Notice, NoticeChoice
from jiulong.cases.notices import tell
from jiulong.cases.notices.sending import PAUSES, is_usable, send_due
from jiulong.cases.notices.words import channels
from tests.cases.notices.case import make_case
from tests.factories import NOW, make_user

pytestmark = [
    pytest.mark.django_db,
    # apprise loads all its plugins, one of which uses a module that Python 3.13 drops.
    pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning"),
]
ERROR = "the channel did not take it"


class Robot:
    """A chat robot on this machine; `answer` is the HTTP status it gives."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.answer = 200
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                robot.heard.append(json.loads(self.rfile.read(length)))
                self.send_response(robot.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.address = f"json://127.0.0.1:{self.server.server_port}/robot"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def robot(settings) -> Iterator[Robot]:
    settings.NOTICE_CHANNELS = ["json"]
    made = Robot()
    yield made
    made.close()


def waiting(**choice: Any) -> Notice:
    """A notice that is to be sent as the person chose."""
    user = make_user()
    NoticeChoice.objects.create(user=user, kinds=["reminder"], **choice)
    tell([user], make_case(), "reminder", {"text": "快办", "by": "督查室"}, NOW)
    return Notice.objects.get(user=user)


def test_it_sends_a_message_with_the_case_and_the_link(robot: Robot, settings) -> None:
    settings.SITE_URL = "https://jiulong.example/"
    notice = waiting(address=robot.address)
    assert [send_due(NOW), send_due(NOW)] == [True, False]
    assert [(told["title"], told["message"]) for told in robot.heard] == [(
        "催办",
        f"测〔2026〕1号 井盖破损\n快办 — 督查室\nhttps://jiulong.example/cases/{notice.case_id}/",
    )]  # fmt: skip
    notice.refresh_from_db()
    assert (notice.send_at, notice.sent) == (None, {"address": {"at": NOW.isoformat()}})


def test_it_sends_mail_in_the_language_of_the_person(settings) -> None:
    settings.MAIL_READY = True
    waiting(mail="wang@example.org", language="en")
    send_due(NOW)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (
        ["wang@example.org"],
        "You are reminded 测〔2026〕1号 井盖破损",
    )
    assert sent.body == "测〔2026〕1号 井盖破损\n快办 — 督查室"


def test_it_waits_longer_after_each_failure_and_gives_up(robot: Robot) -> None:
    robot.answer = 500
    notice = waiting(address=robot.address)
    now = NOW
    for pause in PAUSES:
        assert send_due(now) is True
        notice.refresh_from_db()
        assert notice.send_at == now + pause
        assert send_due(now + pause - timedelta(seconds=1)) is False
        now += pause
    assert send_due(now) is True
    notice.refresh_from_db()
    assert (notice.tries, notice.send_at, len(robot.heard)) == (len(PAUSES) + 1, None, 6)
    assert notice.sent["address"]["error"]
    assert send_due(now + timedelta(days=30)) is False


def test_it_says_on_the_page_that_it_gave_up(robot: Robot) -> None:
    from django.utils.translation import override

    robot.answer = 500
    notice = waiting(address=robot.address, language="en")
    with override("en"):
        assert channels(notice) == "waiting to be sent"
        send_due(NOW)
        notice.refresh_from_db()
        assert channels(notice) == f"Message again: {ERROR}"
        notice.send_at = None
        assert channels(notice) == f"Message not sent: {ERROR}"


def test_it_repeats_the_failed_channel_alone(robot: Robot, settings) -> None:
    settings.MAIL_READY = True
    robot.answer = 500
    notice = waiting(address=robot.address, mail="wang@example.org")
    send_due(NOW)
    robot.answer = 200
    send_due(NOW + PAUSES[0])
    notice.refresh_from_db()
    assert (len(mail.outbox), len(robot.heard), notice.send_at) == (1, 2, None)


def test_it_says_so_where_the_site_has_no_mail_server(settings) -> None:
    settings.MAIL_READY = False
    notice = waiting(mail="wang@example.org")
    send_due(NOW)
    notice.refresh_from_db()
    assert (len(mail.outbox), notice.sent["mail"]["error"]) == (0, "尚未设置邮件服务器")


def test_it_sends_nothing_once_the_person_wants_nothing(robot: Robot) -> None:
    notice = waiting(address=robot.address)
    NoticeChoice.objects.all().delete()
    assert send_due(NOW) is True
    notice.refresh_from_db()
    assert (notice.send_at, robot.heard) == (None, [])


def test_it_sends_only_to_kinds_of_addresses_that_the_site_allows(settings) -> None:
    settings.NOTICE_CHANNELS = ["dingtalk"]
    assert is_usable("dingtalk://12345678901234567890abcdef") is True
    assert is_usable("json://10.0.0.1/") is False
    assert is_usable("dingtalk://") is False
    assert is_usable("nonsense") is False


@pytest.mark.django_db(transaction=True)
def test_several_workers_send_each_notice_once(robot: Robot) -> None:
    people = [make_user() for _ in range(12)]
    for person in people:
        NoticeChoice.objects.create(user=person, kinds=["closed"], address=robot.address)
    tell(people, make_case(), "closed", {}, NOW)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        while send_due(NOW):
            pass
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(robot.heard) == 12
    assert Notice.objects.filter(tries=1, send_at=None).count() == 12


@pytest.mark.django_db(transaction=True)
def test_a_claimed_notice_is_nobody_elses_and_comes_back_if_its_worker_dies(robot: Robot) -> None:
    notice = waiting(address=robot.address)
    found: list[bool] = []

    def other() -> None:
        found.append(send_due(NOW))
        connection.close()

    with transaction.atomic():
        Notice.objects.select_for_update().get(pk=notice.pk)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert (found, robot.heard) == ([False], [])
    Notice.objects.filter(pk=notice.pk).update(tries=1, send_at=NOW + PAUSES[0])  # it died here
    assert send_due(NOW) is False
    assert send_due(NOW + PAUSES[0]) is True
    assert len(robot.heard) == 1
