"""The quick report where there is no network: never lost, never doubled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from jiulong.cases.models import Case
from jiulong.evidence.models import Attachment
from jiulong.organisation.models import User
from tests import factories
from tests.browser import district
from tests.cases.reporting.district import HERE, District, make_district
from tests.evidence.pictures import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PHONE = {"width": 390, "height": 844}
WORKER = "worker"


@pytest.fixture(scope="module")
def people(site: str, django_db_blocker: Any) -> Iterator[District]:
    """A grid worker who may sign in, and a matter of the phone."""
    with django_db_blocker.unblock():
        made = make_district()
        User.objects.filter(pk=made.worker.pk).update(username=WORKER)
        made.worker.refresh_from_db()
        made.worker.set_password(district.PASSWORD)
        made.worker.save()
        connection.close()
        yield made


@pytest.fixture
def phone(people: District, visit: Any, site: str, database: None) -> Any:
    """The worker's phone on the report page, with place, and all that is needed offline kept."""
    visitor = visit(WORKER, **PHONE)
    visitor.context.grant_permissions(["geolocation"], origin=site)
    visitor.context.set_geolocation({"longitude": HERE[0], "latitude": HERE[1], "accuracy": 8})
    visitor.open("/report/")
    visitor.page.wait_for_selector("body[data-shelved=yes]")
    return visitor


def write(page: Any, words: str) -> None:
    """What a grid worker does: kind, photo, place, a line."""
    page.get_by_text("井盖", exact=True).click()
    page.set_input_files("#photo", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    page.wait_for_selector(".photo")
    page.click("#locate")
    page.locator("#place", has_text="误差约 8 米").wait_for()
    page.fill("#words", words)


def numbers(words: str) -> list[str]:
    return list(Case.objects.filter(title=words).values_list("number", flat=True))


def test_it_sends_at_once_where_there_is_a_network(phone: Any) -> None:
    write(phone.page, "有网上报")
    phone.page.click("#send")
    phone.page.wait_for_selector("#sent a")
    (number,) = numbers("有网上报")
    assert number in phone.page.inner_text("#sent")
    assert phone.page.is_hidden("#queue")
    kept = Attachment.objects.latest("id")
    assert (kept.captured_unchanged, kept.latitude) == (True, HERE[1])
    assert phone.troubles == []


def test_it_keeps_what_is_written_offline_through_a_reload_and_sends_it_once(phone: Any) -> None:
    phone.context.set_offline(True)
    for words in ("断网一", "断网二"):
        write(phone.page, words)
        phone.page.click("#send")
        phone.page.locator("#queue-list li", has_text=words).wait_for()
    assert phone.page.inner_text("#queue-head") == "有 2 条上报待发送"
    phone.page.reload()  # from what the worker kept
    phone.page.wait_for_selector("#queue-list li:nth-child(2)")
    assert numbers("断网一") == []
    phone.context.set_offline(False)
    phone.page.wait_for_selector("#queue", state="hidden")
    assert [len(numbers(words)) for words in ("断网一", "断网二")] == [1, 1]
    phone.page.reload()
    phone.page.wait_for_selector("body[data-shelved=yes]")
    assert [len(numbers(words)) for words in ("断网一", "断网二")] == [1, 1]


def test_it_sends_once_what_it_never_heard_the_answer_to(phone: Any) -> None:
    arrived = []

    def swallow(route: Any) -> None:
        arrived.append(route.fetch().status)  # the server has it
        route.abort()  # the phone never hears of it

    phone.page.route("**/report/send/", swallow, times=1)
    write(phone.page, "答复丢失")
    phone.page.click("#send")
    phone.page.wait_for_selector("#queue:not([hidden])")
    assert (arrived, len(numbers("答复丢失"))) == ([200], 1)
    phone.page.click("#queue-send")
    phone.page.wait_for_selector("#queue", state="hidden")
    assert len(numbers("答复丢失")) == 1


def test_it_keeps_the_queue_and_asks_to_sign_in_when_the_session_is_over(phone: Any) -> None:
    phone.context.set_offline(True)
    write(phone.page, "会话过期")
    phone.page.click("#send")
    phone.page.wait_for_selector("#queue:not([hidden])")
    phone.context.clear_cookies(name="sessionid")
    phone.context.set_offline(False)
    phone.page.click("#queue-why a")
    phone.page.wait_for_url("**/account/login/**")
    assert numbers("会话过期") == []
    phone.page.fill("#id_login", WORKER)
    phone.page.fill("#id_password", district.PASSWORD)
    phone.page.click("form button.btn-primary")
    phone.page.wait_for_selector("#sent a")
    assert len(numbers("会话过期")) == 1


def test_it_sends_nothing_under_another_name(phone: Any, people: District) -> None:
    other = factories.make_user(User.Role.GRID_WORKER, people.grid, username="other")
    other.set_password(district.PASSWORD)
    other.save()
    phone.context.set_offline(True)
    write(phone.page, "别人的上报")
    phone.page.click("#send")
    phone.page.wait_for_selector("#queue:not([hidden])")
    phone.context.clear_cookies(name="sessionid")
    phone.context.set_offline(False)
    phone.sign_in("other")
    phone.open("/report/")
    phone.page.wait_for_selector("#queue-list li")
    assert "别人的上报" not in phone.page.inner_text("#queue")
    phone.page.click("#queue-send")
    phone.page.wait_for_selector("body[data-shelved=yes]")
    assert numbers("别人的上报") == []


def test_it_hints_at_what_is_near_and_joins_it(phone: Any) -> None:
    write(phone.page, "同一处")
    known = Case.objects.order_by("id").first()
    assert known is not None
    phone.page.wait_for_selector("#near li")
    joined = phone.page.inner_text("#near li:first-child strong")
    phone.page.click("#near li:first-child button")
    phone.page.click("#send")
    phone.page.wait_for_selector("#sent a")
    assert "已并入" in phone.page.inner_text("#sent")
    assert (numbers("同一处"), Case.objects.filter(title=joined).count()) == ([], 1)


def test_it_keeps_what_the_server_refuses_until_somebody_decides(phone: Any) -> None:
    phone.page.get_by_text("井盖", exact=True).click()
    phone.page.fill("#words", "没有地点")
    phone.page.select_option("#area", "")
    phone.page.click("#send")
    phone.page.wait_for_selector("#queue .refused")
    phone.page.on("dialog", lambda dialog: dialog.accept())
    phone.page.click("#queue-list button")
    phone.page.wait_for_selector("#queue", state="hidden")
    assert numbers("没有地点") == []


def test_it_works_without_scripts(people: District, visit: Any, database: None) -> None:
    visitor = visit(WORKER, scripts=False, **PHONE)
    visitor.open("/report/")
    visitor.page.get_by_text("垃圾", exact=True).click()
    visitor.page.fill("#words", "无脚本上报")
    visitor.page.click("#send")
    if visitor.page.locator("button[name=another]").count():
        visitor.page.click("button[name=another]")
    visitor.page.wait_for_url("**/report/done/**")
    assert len(numbers("无脚本上报")) == 1
