"""The ten main tasks by keyboard alone: every stop is seen, what opens takes the focus."""

from __future__ import annotations

from typing import Any

import pytest

from jiulong.cases import actions
from jiulong.cases.models import Case, MatterType, Notice
from jiulong.demo.actions import DEMO_PASSWORD
from jiulong.organisation.models import User
from tests.browser.conftest import Visitor
from tests.days.test_days import PHOTO, stage, user

pytestmark = pytest.mark.browser

#: More stops than any page needs before its main thing.
STOPS = 80
#: The element that has the focus shows it: a ring on itself, its label or its face.
SHOWN = """() => {
  const ring = (one) => {
    if (!one) return false;
    const look = getComputedStyle(one), box = one.getBoundingClientRect();
    return box.width > 1 && box.height > 1
      && ((look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0)
        || look.boxShadow !== "none");
  };
  const now = document.activeElement;
  // The parts of a date field are the browser's own, and so are their rings.
  return now.type === "date" || now.type === "datetime-local"
    || [now, now.nextElementSibling, ...(now.labels || [])].some(ring);
}"""
HERE = "(selector) => document.activeElement.matches(selector)"
TOLD = "document.activeElement.outerHTML.slice(0, 160)"


class Hands:
    """A visitor without a mouse."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def at(self, selector: str) -> bool:
        return bool(self.page.evaluate(HERE, selector))

    def to(self, selector: str) -> None:
        """On by Tab, each stop in sight, until there."""
        for _ in range(STOPS):
            self.press("Tab")
            assert self.page.evaluate(SHOWN), f"unseen: {self.page.evaluate(TOLD)}"
            if self.at(selector):
                return
        pytest.fail(f"no {selector} within {STOPS} stops, at {self.page.evaluate(TOLD)}")

    def skip(self) -> None:
        """Past the menu."""
        self.press("Tab")
        assert self.at("a.skip")
        self.press("Enter")
        assert self.at("#main")

    def follow(self, selector: str, key: str = "Enter") -> None:
        """To a link or button, and wait for the page behind it."""
        self.to(selector)
        with self.page.expect_navigation():
            self.press(key)

    def write(self, selector: str, words: str) -> None:
        self.to(selector)
        self.page.keyboard.insert_text(words)

    def move(self, action: str) -> None:
        """Open the form of a move; it takes the focus, Escape gives it back, then open it again."""
        button = f".moves a[href$='/{action}/']"
        if self.page.query_selector(f"#move-{action}") is None:
            self.to(".moves summary")
            self.press("Enter")
        self.to(button)
        self.press("Enter")
        self.page.wait_for_function(HERE, arg="#act h2")

    def send(self) -> None:
        self.follow("#act form button.btn-primary")


@pytest.fixture
def hands(visit: Any) -> Any:
    """Makes people without a mouse, signed in."""
    return lambda name: Hands(visit(name))


def an_event(title: str) -> Case:
    matter = MatterType.objects.get(code="wangge.event")
    return actions.file_case(
        actor=user("dispatcher"), matter=matter, title=title, data={"kind": "cover"},
        place=(117.66, 24.51),
    )  # fmt: skip


def test_signing_in_and_opening_what_is_due(visit: Any, database: None) -> None:
    anybody = Hands(visit())
    anybody.visitor.open("/account/login/")
    if not anybody.at("#id_login"):
        anybody.to("#id_login")
    anybody.page.keyboard.type("handler")
    anybody.write("#id_password", DEMO_PASSWORD)
    with anybody.page.expect_navigation():
        anybody.press("Enter")
    anybody.follow("nav a[href='/cases/todo/']")
    anybody.skip()
    anybody.follow("a.opens")
    assert "/cases/" in anybody.page.url
    assert anybody.page.query_selector(".identity") is not None
    assert anybody.visitor.troubles == []


def test_accepting_and_replying(hands: Any, database: None) -> None:
    case = an_event("键盘办理")
    case = actions.assign_case(actor=user("dispatcher"), case=case, lead=user("handler").unit)
    handler = hands("handler")
    handler.visitor.open(f"/cases/{case.pk}/")
    handler.skip()
    handler.move("accept")
    handler.press("Escape")
    assert handler.at("#move-accept")
    assert handler.page.query_selector("#act form") is None
    handler.press("Enter")
    handler.page.wait_for_function(HERE, arg="#act h2")
    handler.send()
    assert stage(case) == "accepted"
    handler.skip()
    handler.move("reply")
    handler.write("#act [name=answer]", "已更换井盖")
    for field in handler.page.query_selector_all("#act select[required]"):
        handler.to(f"#act [name={field.get_attribute('name')}]")
        handler.press("ArrowDown")
    handler.send()
    assert stage(case) == "replied"
    assert handler.visitor.troubles == []


def test_assigning(hands: Any, database: None) -> None:
    case = an_event("键盘交办")
    dispatcher = hands("dispatcher")
    dispatcher.visitor.open(f"/cases/{case.pk}/")
    dispatcher.skip()
    dispatcher.move("assign")
    dispatcher.send()
    assert stage(case) == "assigned"
    assert dispatcher.visitor.troubles == []


def test_reminding(hands: Any, database: None) -> None:
    before = Notice.objects.filter(kind="reminder").count()
    supervisor = hands("supervisor")
    supervisor.visitor.open("/cases/supervision/")
    supervisor.skip()
    supervisor.to("a[href='#overdue']")
    supervisor.press("Enter")
    supervisor.to("#overdue input[name=case]")
    supervisor.press("Space")
    supervisor.to(".remind summary")
    supervisor.press("Enter")
    supervisor.to("#remind-text")
    supervisor.follow(".remind-body button")
    assert Notice.objects.filter(kind="reminder").count() > before
    assert supervisor.visitor.troubles == []


def test_filing_a_new_case(hands: Any, database: None) -> None:
    enterprise = hands("enterprise")
    enterprise.visitor.open("/cases/new/")
    enterprise.skip()
    enterprise.follow("a[href='/cases/new/baiqi.problem/']")
    enterprise.skip()
    enterprise.write("[name=title]", "键盘诉求")
    enterprise.to("[name=kind]")
    enterprise.press("ArrowDown")
    enterprise.write("[name=wish]", "请协调用电。")
    enterprise.follow("form.new-case button.btn-primary")
    assert Case.objects.filter(title="键盘诉求").count() == 1
    assert enterprise.visitor.troubles == []


def test_filtering_a_list_and_clearing_it(hands: Any, database: None) -> None:
    supervisor = hands("supervisor")
    page = supervisor.page
    supervisor.visitor.open("/cases/")
    supervisor.press("/")
    assert supervisor.at("main [type=search]")
    page.keyboard.insert_text("井盖")
    supervisor.press("Enter")
    page.wait_for_selector("a.filter-chip")
    assert supervisor.at("main [type=search]")
    supervisor.to(".chips a:last-child")
    supervisor.press("Enter")
    page.wait_for_selector("a.filter-chip", state="detached")
    page.wait_for_selector("main :focus")  # set after the swap: it must not fall to the body
    assert supervisor.visitor.troubles == []


def test_reaching_the_import_and_its_template(hands: Any, database: None) -> None:
    leader = hands("leader")
    leader.visitor.open("/registers/gongzufang.applicant/")
    leader.skip()
    leader.follow("a[href$='/import/']")
    leader.skip()
    leader.to("input[type=file]")
    leader.to("a[href$='template.xlsx']")
    with leader.page.expect_download() as got:
        leader.press("Enter")
    assert got.value.suggested_filename.endswith(".xlsx")
    assert leader.visitor.troubles == []


def test_reporting_what_is_seen(hands: Any, site: str, database: None) -> None:
    grid = hands("grid")
    page = grid.page
    grid.visitor.context.grant_permissions(["geolocation"], origin=site)
    grid.visitor.context.set_geolocation({"longitude": 117.6712, "latitude": 24.505, "accuracy": 8})
    grid.visitor.open("/report/")
    grid.to("[name=matter]")
    grid.press("Space")
    grid.to("[name='f.wangge.event.kind']")
    grid.press("Space")
    grid.to("#photo")
    with page.expect_file_chooser() as asked:
        grid.press("Enter")
    asked.value.set_files(str(PHOTO))
    page.wait_for_selector(".photo")
    grid.to("#locate")
    grid.press("Enter")
    page.locator("#place", has_text="误差约 8 米").wait_for()
    grid.write("#words", "键盘上报")
    grid.to("#send")
    grid.press("Enter")
    page.wait_for_selector("#sent a")
    assert Case.objects.filter(title="键盘上报").count() == 1
    assert grid.visitor.troubles == []


def test_confirming_and_rating(hands: Any, database: None) -> None:
    firm: User = user("enterprise")
    matter = MatterType.objects.get(code="baiqi.problem")
    case = actions.file_case(
        actor=firm, matter=matter, title="键盘评价", data={"kind": "power", "wish": "请处理"}
    )
    case = answered(actions.assign_case(actor=None, case=case))
    enterprise = hands("enterprise")
    enterprise.visitor.open(f"/cases/{case.pk}/")
    enterprise.skip()
    enterprise.move("confirm")
    enterprise.to("#act [name=satisfied]")
    enterprise.press("Space")
    enterprise.to("#act [name=rating]")
    enterprise.press("Space")
    enterprise.send()
    case.refresh_from_db()
    assert case.confirmed is not None
    assert case.rating is not None
    assert enterprise.visitor.troubles == []


def answered(case: Case) -> Case:
    case = actions.accept_case(actor=None, case=case)
    for part in case.tasks.all():
        actions.finish_task(actor=None, task=part, answer="已办")
    case = actions.reply_case(
        actor=None, case=case, answer="已修复", data={"measure": "铺沥青"}, result="solved"
    )
    return actions.verify_case(actor=user("verifier"), case=case)


def test_searching_from_anywhere(hands: Any, database: None) -> None:
    supervisor = hands("supervisor")
    supervisor.visitor.open("/calendar/")
    supervisor.press("Control+k")
    assert supervisor.at(".global-search input")
    supervisor.page.keyboard.insert_text("漳州")
    with supervisor.page.expect_navigation():
        supervisor.press("Enter")
    assert "/search/?q=" in supervisor.page.url
    supervisor.skip()
    supervisor.visitor.open("/calendar/")
    supervisor.press("/")
    assert supervisor.at("[type=search]")
    assert supervisor.visitor.troubles == []


def test_the_drop_down_opens_and_closes(hands: Any, database: None) -> None:
    supervisor = hands("supervisor")
    supervisor.visitor.open("/cases/todo/")
    supervisor.to(".tools summary")
    supervisor.press("Enter")
    assert supervisor.page.query_selector(".tools details[open]") is not None
    supervisor.press("Escape")
    assert supervisor.page.query_selector(".tools details[open]") is None
    assert supervisor.at(".tools summary")
