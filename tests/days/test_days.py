"""Four people's days in the demo's district, from signing in to the proof that it is done."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jiulong.cases import actions, specs
from jiulong.cases.demo_cases import filled
from jiulong.cases.demo_files import hand_in
from jiulong.cases.models import Case, Notice
from jiulong.organisation.models import User
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

#: A photograph of one pixel.
PHOTO = Path(__file__).parent / "photo.jpg"
TODAY = date(2026, 1, 5)


def press(visitor: Visitor, action: str) -> None:
    """Open the form of a move, whether it is the button or stands in the menu."""
    page = visitor.page
    if page.query_selector(f"#move-{action}") is None:
        page.click(".moves details summary")
    page.click(f".moves a[href$='/{action}/']")
    page.wait_for_selector("#act form")


def send(visitor: Visitor) -> None:
    """Send the form of a move and wait for the page of the case."""
    with visitor.page.expect_navigation():
        visitor.page.click("#act form button.btn-primary")


def choose(page: Any, name: str, value: str) -> None:
    """A choice of a form: few are radio buttons, many a list."""
    if page.query_selector(f"select[name={name}]"):
        page.select_option(f"select[name={name}]", value)
    else:
        page.check(f"[name={name}][value='{value}']")


def stage(case: Case) -> str:
    case.refresh_from_db()
    return case.stage


def user(name: str) -> User:
    return User.objects.get(username=name)


def test_a_supervisors_day(visit: Any, database: None) -> None:
    """An instruction is registered and assigned; who is late is reminded in three clicks."""
    visitor = visit("supervisor")
    page = visitor.page
    visitor.open("/cases/new/duban.instruction/")
    page.fill("[name=title]", "关于背街小巷照明的批示")
    choose(page, "origin", "government")
    choose(page, "field", "city")
    page.fill("[name=signed_on]", "2026-01-05")
    page.fill("[name=words]", "请住建部门两周内恢复照明。")
    with page.expect_navigation():
        page.click("form.new-case button.btn-primary")
    case = Case.objects.get(title="关于背街小巷照明的批示")
    assert page.url.endswith(f"/cases/{case.pk}/")
    press(visitor, "assign")
    send(visitor)
    assert stage(case) == "assigned"
    assert case.lead is not None
    assert case.lead.code == "350602-housing"
    before = Notice.objects.filter(kind="reminder").count()
    visitor.open("/cases/supervision/")
    page.check("input[name=case] >> nth=0")
    page.click(".remind summary")
    with page.expect_navigation():
        page.click(".remind-body button.btn-primary")
    assert Notice.objects.filter(kind="reminder").count() > before
    assert visitor.troubles == []


def test_a_handlers_day(visit: Any, database: None) -> None:
    """What is due is signed for, proved with photographs, answered; a colleague verifies it."""
    desk = user("dispatcher")
    matter = Case.objects.filter(matter__code="wangge.event").first()
    assert matter is not None
    case = actions.file_case(
        actor=desk, matter=matter.matter, title="井盖缺失", data={"kind": "cover"},
        place=(117.66, 24.51),
    )  # fmt: skip
    handler = user("handler")
    case = actions.assign_case(actor=desk, case=case, lead=handler.unit)
    visitor = visit("handler")
    page = visitor.page
    visitor.open("/cases/todo/")
    page.click("a.opens:has-text('井盖缺失')")
    press(visitor, "accept")
    send(visitor)
    assert stage(case) == "accepted"
    for purpose in ("photo_before", "photo_after"):
        page.click("details:has(form[enctype]) summary")
        page.select_option("form[enctype] [name=purpose]", purpose)
        page.set_input_files("form[enctype] input[type=file]", str(PHOTO))
        with page.expect_navigation():
            page.click("form[enctype] button[type=submit], form[enctype] button.btn-primary")
    press(visitor, "reply")
    page.fill("#act [name=answer]", "井盖已更换，周边清理完毕。")
    for field in page.query_selector_all("#act select[required]"):
        field.select_option(index=1)
    send(visitor)
    assert stage(case) == "replied"
    assert case.late is False
    assert visitor.troubles == []


def test_a_grid_workers_day(visit: Any, site: str, database: None) -> None:
    """On a phone: what is wrong, where, sent; then what became of it, for everybody who asks."""
    visitor = visit("grid", width=390, height=844)
    page = visitor.page
    visitor.context.grant_permissions(["geolocation"], origin=site)
    visitor.context.set_geolocation({"longitude": 117.6615, "latitude": 24.511, "accuracy": 8})
    visitor.open("/report/")
    page.get_by_text("网格事件", exact=True).click()
    page.get_by_text("井盖缺失破损").click()
    page.set_input_files("#photo", str(PHOTO))
    page.wait_for_selector(".photo")
    page.click("#locate")
    page.locator("#place", has_text="误差约 8 米").wait_for()
    page.fill("#words", "巷口井盖松动")
    page.click("#send")
    page.wait_for_selector("#sent a")
    case = Case.objects.get(title="巷口井盖松动")
    assert (case.stage, case.filed_by) == ("assigned", user("grid"))
    case = settled(case)
    visitor.open(f"/report/done/{case.pk}/")
    page.click("a:has-text('打开事项')")
    page.wait_for_selector(".identity")
    assert "办结" in page.inner_text("main")
    anybody = visit(width=390, height=844)
    anybody.open(f"/track/?number={case.tracking}")
    assert "已办结" in anybody.page.inner_text("main")
    assert visitor.troubles == []
    assert anybody.troubles == []


def settled(case: Case) -> Case:
    """What others do with a case: handled, proved, verified, closed."""
    case = actions.accept_case(actor=None, case=case)
    hand_in(case, specs.matter(case.matter), timezone.now())
    case = actions.reply_case(
        actor=None,
        case=case,
        answer="已更换",
        data=filled(specs.matter(case.matter).reply, {}, TODAY),
    )
    case = actions.verify_case(actor=user("supervisor"), case=case)
    results = specs.matter(case.matter).closing.results
    result = results[0].key if results else ""
    return actions.close_case(actor=user("dispatcher"), case=case, result=result)


def test_an_enterprises_day(visit: Any, database: None) -> None:
    """A firm says what troubles it, sees it solved, confirms and rates; then it can be closed."""
    visitor = visit("enterprise")
    page = visitor.page
    visitor.open("/cases/new/baiqi.problem/")
    page.fill("[name=title]", "厂区门口道路坑洼")
    choose(page, "kind", "power")
    page.fill("[name=wish]", "请修复门口道路。")
    with page.expect_navigation():
        page.click("form.new-case button.btn-primary")
    case = Case.objects.get(title="厂区门口道路坑洼")
    case = actions.assign_case(actor=None, case=case)
    case = actions.accept_case(actor=None, case=case)
    for part in case.tasks.all():
        actions.finish_task(actor=None, task=part, answer="已办")
    case = actions.reply_case(
        actor=None, case=case, answer="已修复", data={"measure": "铺沥青"}, result="solved"
    )
    case = actions.verify_case(actor=user("verifier"), case=case)
    visitor.open("/cases/todo/")
    page.click("a.opens:has-text('厂区门口道路坑洼')")
    press(visitor, "confirm")
    page.check("#act [name=satisfied][value=yes], #act [name=satisfied][value=True]")
    page.check("#act [name=rating][value='5']")
    send(visitor)
    case.refresh_from_db()
    assert (case.confirmed, case.rating) == (True, 5)
    actions.close_case(actor=user("supervisor"), case=case, result="solved")
    assert stage(case) == "closed"
    assert visitor.troubles == []
