"""From a reading to a fine: an exceedance at 02:10 goes its whole way, in the pages of all who act.

One test, because it is one thing: every part stands on what the part before it left.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook

from jiulong.cases import actions, enclosures
from jiulong.cases.models import Case, Task
from jiulong.duty.models import Shift
from jiulong.evidence.models import Attachment
from jiulong.gateway.models import Command
from jiulong.monitoring.models import Alarm, Factor
from jiulong.monitoring.words import place_name
from jiulong.organisation.models import User
from jiulong.sampling import actions as sampling
from jiulong.sampling.models import Sample
from tests.almighty import altered
from tests.browser.conftest import Visitor
from tests.days.test_days import PHOTO
from tests.fine.night import FACTOR, HOUR, Night

pytestmark = pytest.mark.browser

MINUTE = timedelta(minutes=1)


def user(name: str) -> User:
    return User.objects.with_rights().select_related("unit").get(username=name)


def part(case: Case, key: str) -> Task:
    return Task.objects.select_related("unit").get(case=case, key=key)


def finish(visitor: Visitor, task: Task, **fields: Any) -> None:
    """Fill in the form of a task and send it."""
    visitor.open(f"/cases/tasks/{task.pk}/finish_task/")
    fill(visitor, fields)
    post(visitor)
    assert f"/cases/{task.case_id}/" in visitor.page.url, visitor.page.inner_text("main")


def fill(visitor: Visitor, fields: dict[str, Any]) -> None:
    """What is a list is chosen, what is a file handed in, the rest written."""
    form = visitor.page.locator("form.act-form")
    for name, value in fields.items():
        first = form.locator(f"[name={name}]").first
        kind = first.evaluate("one => one.type")
        if kind == "file":
            first.set_input_files(str(value))
        elif kind == "select-one":
            first.select_option(value)
        elif kind == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        else:
            first.fill(value)


def post(visitor: Visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.click("form.act-form button.btn-primary")


def act(visitor: Visitor, case: Case, action: str, **fields: str) -> Case:
    """Make a move: its form as a page of its own."""
    visitor.open(f"/cases/{case.pk}/{action}/")
    fill(visitor, fields)
    post(visitor)
    case.refresh_from_db()
    return case


def test_from_a_reading_to_a_fine(night: Night, visit: Any, database: None, tmp_path: Path) -> None:
    alarm, case = it_is_noticed(night)
    sample = water_is_kept(night, alarm)
    desk, enterprise = visit("desk"), visit("enterprise")
    officer = visit("officer", width=390, height=844)
    the_desk_sees_it(desk, alarm, case)
    the_enterprise_explains(enterprise, case)
    the_desk_looks_from_afar(desk, case)
    officers_go_there(officer, visit, case)
    the_laboratory_measures(night, sample)
    the_desk_enters_the_result(desk, case, sample)
    penalty = it_becomes_a_penalty_case(officer, visit, case)
    the_penalty_is_decided(penalty)
    it_stands_in_the_ledger(desk, night, tmp_path)
    the_dossier_holds_all_of_it(desk, case, sample, tmp_path)
    for visitor in (desk, enterprise, officer):
        assert visitor.troubles == []


def it_is_noticed(night: Night) -> tuple[Alarm, Case]:
    """At 03:00 the hour is known to be over; seconds later it waits at the desk as a case."""
    night.sends_hours(-26, 0)
    night.works(night.at + MINUTE)
    assert not Alarm.objects.filter(outfall=night.point.outfall, family="limit").exists()
    night.sends_hours(0, 1)
    night.works(night.at + HOUR + MINUTE)
    alarm = Alarm.objects.get(outfall=night.point.outfall, family="limit")
    assert (alarm.kind, alarm.severity) == ("SEV", "serious")
    assert set(alarm.rules) >= {"hour_exceedance", "severe_exceedance"}
    case = Case.objects.get(source="monitoring", source_ref=f"alarm/{alarm.pk}")
    assert (case.matter.code, case.severity) == ("huanbao.exceedance", "severe")
    return alarm, case


def water_is_kept(night: Night, alarm: Alarm) -> Sample:
    """The judge's process has ordered a sample by rule; the logger fills bottle 1."""
    sample = Sample.objects.select_related("command").get(finding__alarm=alarm)
    assert (sample.trigger, sample.state) == ("alarm", "ordered")
    command = Command.objects.get(sample=sample)
    at = night.at + HOUR + 2 * MINUTE
    night.answers(command, at)
    night.works(at + MINUTE)
    sample.refresh_from_db()
    assert (sample.state, sample.position) == ("filled", 1)
    return sample


def the_desk_sees_it(desk: Visitor, alarm: Alarm, case: Case) -> None:
    """The monitor begins the shift, finds it in the queue, and calls the enterprise."""
    page = desk.page
    desk.open("/duty/shifts/")
    with page.expect_navigation():
        page.click("form.panel button.btn-primary")
    desk.open("/duty/")
    page.wait_for_selector(f".queue-row[data-alarm='{alarm.pk}']")
    for key, place in (("j", 2), ("k", 1)):
        page.keyboard.press(key)
        page.wait_for_selector(f".queue li:nth-child({place}) .queue-row[aria-current]")
    desk.open(f"/duty/?alarm={alarm.pk}")  # where the night's alarm stands depends on the hour
    page.wait_for_selector(f"#context >> text={case.number}")
    page.fill("#log-text", "电话通知企业，对方称正在排查。")
    page.click("#context .log-form button >> nth=0")
    page.wait_for_selector("#context .log >> text=正在排查")
    assert Shift.objects.get().entries.get().alarm == alarm


def the_enterprise_explains(enterprise: Visitor, case: Case) -> None:
    finish(
        enterprise, part(case, "statement"), kind="real", cause="二沉池污泥上浮",
        measure="停止排水，转入事故池。", answer="情况属实，已停止排水。", proof=PHOTO,
    )  # fmt: skip


def the_desk_looks_from_afar(desk: Visitor, case: Case) -> None:
    """Marks, ledger, video and parameters first; only what they cannot tell is looked at there."""
    assert part(case, "visit").state == "waiting"
    page = desk.page
    desk.open(f"/duty/?{case.source_ref.replace('/', '=')}")
    page.keyboard.press("e")
    page.wait_for_selector("#act form.act-form")
    said = {
        "marks": "fits", "ledger": "fits", "video": "none", "parameters": "fits",
        "seen": "无标记，设备运行正常，流量未降。", "next": "visit", "sample": "yes",
    }  # fmt: skip
    fill(desk, said)
    page.click("form.act-form button.btn-primary")
    page.wait_for_selector("#act form", state="detached")
    assert "/duty/" in page.url, "nothing leaves the page"
    assert (part(case, "visit").state, part(case, "sample").state) == ("open", "open")


def officers_go_there(officer: Visitor, visit: Any, case: Case) -> None:
    """On a phone: where they are, what they saw, the party's signature, both officers'."""
    page = officer.page
    origin = officer.site
    officer.context.grant_permissions(["geolocation"], origin=origin)
    officer.context.set_geolocation({"longitude": 117.655, "latitude": 24.512, "accuracy": 8})
    act(officer, case, "accept")
    task = part(case, "visit")
    officer.open(f"/cases/tasks/{task.pk}/finish_task/")
    page.click("[data-locate]")
    page.locator("[data-accuracy]", has_text="8").wait_for()
    draw(officer, "[data-pad] canvas")
    words = {
        "photo_before": PHOTO, "party_signs": "signed", "outcome": "real",
        "arrived_on": timezone.localdate().isoformat(), "arrived_at": "04:10",
        "officer_one": "演示执法员", "certificate_one": "闽E0001",
        "officer_two": "演示执法员乙", "certificate_two": "闽E0002",
        "station": "站房门锁完好，试剂在有效期内。", "plant": "二沉池污泥上浮，出水浑浊。",
        "party": "王厂长（环保负责人）",
    }  # fmt: skip
    fill(officer, words)
    post(officer)
    done = part(case, "visit")
    assert (done.state, done.data["where"]["accuracy_m"]) == ("done", 8)
    kept = Attachment.objects.filter(subject="cases.case", subject_id=str(case.pk))
    assert {"photo_before", "party_signature", "proof"} <= {one.purpose for one in kept}
    sign(officer, case)
    sign(visit("officer2", width=390, height=844), case)


def draw(visitor: Visitor, pad: str) -> None:
    """A stroke across the pad."""
    page, canvas = visitor.page, visitor.page.locator(pad)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 60, steps=6)
    page.mouse.up()


def sign(officer: Visitor, case: Case) -> None:
    page = officer.page
    officer.open(f"/sign/{case.pk}/")
    draw(officer, "#pad canvas")
    with page.expect_navigation():
        page.click("#sign button.btn-primary")


def the_laboratory_measures(night: Night, sample: Sample) -> None:
    """Sealed and collected by two officers, handed over cold, measured within the hold time."""
    first, second, chemist = user("officer"), user("officer2"), user("laboratory")
    night.sends_hours(1, 3)
    at = night.at + 3 * HOUR + MINUTE
    night.works(at)

    def fresh() -> Sample:
        return Sample.objects.select_related(
            "command", "sampler", "bottle", "point", "laboratory"
        ).get(pk=sample.pk)

    sampling.seal_sample(
        actor=first, sample=fresh(), certificate="闽E0001", seal_number="F-2026-17",
        witness="present", witness_name="王厂长", now=at,
    )  # fmt: skip
    sampling.cosign_sample(actor=second, sample=fresh(), certificate="闽E0002", now=at + MINUTE)
    sampling.collect_sample(actor=first, sample=fresh(), certificate="闽E0001", now=at + 2 * MINUTE)
    sampling.cosign_sample(actor=second, sample=fresh(), certificate="闽E0002", now=at + 3 * MINUTE)
    measure(fresh, first, chemist, at)


def measure(fresh: Any, officer: User, chemist: User, at: datetime) -> None:
    """The laboratory's part."""
    assert chemist.unit is not None
    sampling.hand_over_sample(
        actor=officer, sample=fresh(), laboratory=chemist.unit, temperature_c=Decimal("3.8"),
        now=at + HOUR,
    )  # fmt: skip
    sampling.receive_sample(
        actor=chemist, sample=fresh(), temperature_c=Decimal("4.1"), intact=True,
        now=at + HOUR + MINUTE,
    )  # fmt: skip
    sampling.enter_result(
        actor=chemist, sample=fresh(), factor=Factor.objects.get(code=FACTOR),
        value=Decimal(236), method="HJ 828-2017", report="漳芗监字〔2026〕17号",
        analysed_at=at + 2 * HOUR, now=at + 3 * HOUR,
    )  # fmt: skip


def the_desk_enters_the_result(desk: Visitor, case: Case, sample: Sample) -> None:
    finish(
        desk, part(case, "sample"), sample_number=sample.number, laboratory_value="236",
        agrees="yes",
    )  # fmt: skip


def it_becomes_a_penalty_case(officer: Visitor, visit: Any, case: Case) -> Case:
    """Truly over: answered, verified by another, closed by the desk with what follows."""
    act(
        officer, case, "reply", answer="超标属实，建议立案。", outcome="real",
        measure="移送立案处罚。", result="fine",
    )  # fmt: skip
    actions.verify_case(actor=user("supervisor"), case=case)
    case.refresh_from_db()
    closing = visit("supervisor")
    act(closing, case, "close", result="fine")
    assert case.stage == "closed"
    return Case.objects.get(parent=case, matter__code="huanbao.penalty")


def the_penalty_is_decided(penalty: Case) -> None:
    """Statutory clocks run: ninety days to the decision, seven working days for a statement."""
    assert penalty.clock == "90 days"
    penalty = actions.accept_case(actor=user("officer"), case=penalty)
    officer = user("officer")
    said: dict[str, dict[str, Any]] = {
        "inquiry": {"officers": "甲（1）乙（2）", "evidence": "留样、在线数据", "proposal": "罚款"},
        "notice": {"number": "漳芗环罚告字〔2026〕1号", "served_on": "2026-01-05", "fine": "12",
                   "hearing_right": True},
        "statement": {"came": "none"},
    }  # fmt: skip
    for key, data in said.items():
        actions.finish_task(actor=officer, task=part(penalty, key), answer="办理", data=data)
    assert part(penalty, "notice").state == "done"
    assert part(penalty, "statement").clock == "7 working_days"
    states = dict(penalty.tasks.values_list("key", "state"))
    assert (states["hearing"], states["legal"]) == ("dropped", "open"), "nobody asked to be heard"


def it_stands_in_the_ledger(desk: Visitor, night: Night, tmp_path: Path) -> None:
    """A line in the official columns: value, explanation, what was seen, what came of it."""
    page, on = desk.page, timezone.localdate(night.at)
    desk.open(f"/duty/ledgers/?on={on}")
    assert "二沉池污泥上浮" in page.inner_text("table.ledger")
    with page.expect_download() as download:
        page.click("a[download]:has-text('.xlsx')")
    path = tmp_path / "ledger.xlsx"
    download.value.save_as(path)
    sheet = load_workbook(path).worksheets[0]
    assert [cell.value for cell in sheet[3]] == [
        "序号", "日期", "企业", "排口", "因子", "时段", "监测值", "限值", "超标倍数", "异常类型",
        "企业说明", "核实情况", "处理结果", "经办人",
    ]  # fmt: skip
    lines = [[str(cell.value) for cell in row] for row in sheet.iter_rows(min_row=4)]
    outfall, factor = night.point.outfall, Factor.objects.get(code=FACTOR)
    theirs = [outfall.enterprise.name, place_name(outfall), factor.name]
    (line,) = [one for one in lines if one[2:5] == theirs and one[9] == "小时超标"]
    assert line[1] == on.isoformat()
    assert "二沉池污泥上浮" in line[10]
    assert "无标记" in line[11]
    assert "立案" in line[12]


def the_dossier_holds_all_of_it(desk: Visitor, case: Case, sample: Sample, folder: Path) -> None:
    """One file with the case, the alarm, its findings and the sample; it verifies offline."""
    subjects = {(label, int(pk)) for label, pk in enclosures.of(user("desk"), case).subjects}
    alarm = int(case.source_ref.removeprefix("alarm/"))
    assert {("monitoring.alarm", alarm), ("sampling.sample", sample.pk)} <= subjects
    call_command("seal", verbosity=0)
    desk.open(f"/cases/{case.pk}/")
    with desk.page.expect_download() as download:
        desk.page.click("#evidence form button")
    path = folder / "dossier.zip"
    download.value.save_as(path)
    command = [sys.executable, "-m", "jiulong", "verify", "--bundle", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert altered() == "", "nor is any record another than its events tell"
