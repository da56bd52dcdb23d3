"""A month: reported, signed off, scored, disputed, frozen, published – and its circular verifies.

One test, because it is one thing: every part stands on what the part before it left.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import translation
from playwright.sync_api import Response, expect

from jiulong.bulletins import actions as bulletins
from jiulong.bulletins import verifying
from jiulong.bulletins.models import Bulletin
from jiulong.bulletins.views.shown import VERDICTS
from jiulong.evidence.models import Attachment
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.models import (
    Dispute,
    Indicator,
    Observation,
    Standing,
    StandingRow,
    Subject,
)
from tests.almighty import almighty
from tests.browser.conftest import PATIENCE_S, Visitor
from tests.days.test_days import PHOTO
from tests.month.world import OUTPUT, SETTLED, World, report_the_others

pytestmark = pytest.mark.browser

expect.set_options(timeout=PATIENCE_S * 1000)


def jiulong(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command of the system, as a process of its own."""
    command = [sys.executable, "-m", "jiulong", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


def press(visitor: Visitor, selector: str) -> None:
    """Press a button that leads to another page."""
    with visitor.page.expect_navigation():
        visitor.page.click(selector)


def ranks(standing: Standing) -> dict[str, tuple[int, str]]:
    rows = standing.rows.select_related("subject")
    return {row.subject.code: (row.rank, f"{row.score:.2f}") for row in rows}


def test_a_month(
    world: World, house: dict[str, str], visit: Any, database: None, tmp_path: Path
) -> None:
    clerk, supervisor = visit("clerk"), visit("supervisor")
    the_street_reports(world, clerk)
    it_is_signed_off(world, visit)
    report_the_others(world)
    standing = the_contest_is_scored(world, supervisor)
    the_street_objects(clerk, supervisor, standing)
    the_row_opens_to_its_observations(clerk, standing)
    it_is_frozen_and_published(world, supervisor, standing)
    it_is_recounted_outside(supervisor, standing, tmp_path)
    bulletin = a_circular_is_written(supervisor, standing)
    four_people_stand_behind_it(world, visit, bulletin)
    the_last_has_a_notice(world, standing)
    its_figures_stand_under_a_seal(supervisor, bulletin, house, tmp_path)
    leader = visit("leader")
    the_leader_sees_it_all(leader)
    for visitor in (clerk, supervisor, leader):
        assert visitor.troubles == []
    who_alters_a_figure_is_found_out(supervisor, bulletin, house)


def the_street_reports(world: World, clerk: Visitor) -> None:
    """A word where a number belongs is told at its cell; then the sheet is handed in."""
    page, sheet = clerk.page, world.sheet("bing")
    clerk.open("/sheets/")
    press(clerk, f"a[href='/sheets/{sheet.pk}/']")
    output, settled = (cell_of(code) for code in (OUTPUT, SETTLED))
    keep(clerk, {output: "八十", settled: "85"})
    press(clerk, "button[name=submit]")
    expect(page.locator(f"#{output}")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#{output}")).to_have_accessible_description(re.compile("八十"))
    expect(page.locator(f".faults a[href$='#{output}']")).to_have_count(1)
    expect(page.locator("[aria-invalid]")).to_have_count(1)
    clerk.troubles.clear()  # Chromium tells of the status of a form that is shown again
    keep(clerk, {output: "80"})
    press(clerk, "button[name=submit]")
    sheet.refresh_from_db()
    assert (sheet.state, sheet.late, str(sheet.submitted_by)) == ("submitted", False, "clerk")
    assert page.locator("input.cell").count() == 0


def cell_of(code: str) -> str:
    """The id of a cell of the third street's sheet."""
    subject = Subject.objects.get(code="bing").pk
    return f"c-{subject}-{Indicator.objects.get(code=code).pk}"


def keep(visitor: Visitor, cells: dict[str, str]) -> None:
    """Type into cells; the draft keeps itself, and the page knows its new version."""
    page = visitor.page

    def has_all(answer: Response) -> bool:
        sent = parse_qs(answer.request.post_data or "")
        return answer.url.endswith("/save/") and set(cells.values()) <= set(chain(*sent.values()))

    with page.expect_response(has_all) as found:
        for name, value in cells.items():
            page.fill(f"#{name}", value)
        page.keyboard.press("Tab")
    version = re.search(r'name="version" value="(\d+)"', found.value.text())
    assert version is not None
    expect(page.locator("#saved [name=version]")).to_have_value(version[1])


def it_is_signed_off(world: World, visit: Any) -> None:
    """By the head of the street, then by the department; each once."""
    sheet = world.sheet("bing")
    for who in ("head", "statistics"):
        signer = visit(who)
        signer.open(f"/sheets/{sheet.pk}/")
        press(signer, "form[action$='/sign/'] button.btn-primary")
        assert signer.page.locator("form[action$='/sign/']").count() == 0
        assert signer.troubles == []
    sheet.refresh_from_db()
    assert sheet.state == "signed"
    assert [one["name"] for one in sheet.signatures] == ["head", "statistics"]
    row = Observation.objects.get(sheet=sheet, indicator__code=OUTPUT)
    assert (row.value, row.period, row.revision) == (Decimal(80), world.period, 1)


def the_contest_is_scored(world: World, supervisor: Visitor) -> Standing:
    """Computed and opened to objections on the page."""
    supervisor.open("/contest/")
    supervisor.page.select_option("#period-yuefen", world.period)
    press(supervisor, ".offers button")
    standing = Standing.objects.select_related("scheme").get(period=world.period)
    assert supervisor.page.url.endswith(f"/contest/{standing.pk}/")
    # Output of its target of 100 counts for 60, demands settled for 40.
    assert ranks(standing) == {
        "jia": (1, "104.40"), "yi": (2, "93.00"), "ding": (3, "84.40"), "bing": (4, "82.00"),
    }  # fmt: skip
    press(supervisor, "form[action$='/do/open/'] button")
    standing.refresh_from_db()
    assert standing.state == "disputable"
    return standing


def row_of(standing: Standing, code: str) -> StandingRow:
    return standing.rows.select_related("subject").get(subject__code=code)


def the_street_objects(clerk: Visitor, supervisor: Visitor, standing: Standing) -> None:
    """With a file; the office upholds it with the right value, and all is computed again."""
    row, page = row_of(standing, "bing"), clerk.page
    clerk.open(f"/contest/rows/{row_of(standing, 'jia').pk}/")
    assert page.locator("a[href$='/object/']").count() == 0, "only to one's own"
    clerk.open(f"/contest/rows/{row.pk}/")
    press(clerk, "a[href$='/object/']")
    page.select_option("[name=criterion]", "output")
    page.fill("[name=claim]", "漏报两家企业，产值应为86亿元。")
    page.set_input_files("[name=proof]", str(PHOTO))
    press(clerk, "main form button.btn-primary")
    dispute = Dispute.objects.get(row=row)
    assert Attachment.objects.filter(subject="scorecards.dispute", subject_id=dispute.pk).exists()
    supervisor.open("/contest/objections/?state=open")
    press(supervisor, f"a[href='/contest/objections/{dispute.pk}/']")
    value = Observation.objects.get(subject__code="bing", indicator__code=OUTPUT,
                                    period=standing.period, current=True)  # fmt: skip
    supervisor.page.select_option("[name=state]", "upheld")
    supervisor.page.select_option("[name=observation]", str(value.pk))
    supervisor.page.fill("[name=value]", "86")
    supervisor.page.fill("[name=answer]", "经核实，采纳。")
    press(supervisor, "main form.panel button.btn-primary")
    dispute.refresh_from_db()
    standing.refresh_from_db()
    assert (dispute.state, str(dispute.answered_by), standing.run) == ("upheld", "supervisor", 2)
    assert ranks(standing) == {
        "jia": (1, "104.40"), "yi": (2, "93.00"), "bing": (3, "85.60"), "ding": (4, "84.40"),
    }  # fmt: skip


def the_row_opens_to_its_observations(clerk: Visitor, standing: Standing) -> None:
    """Points → rule and inputs → the figure with its revisions, its sheet and who signed."""
    page, row = clerk.page, row_of(standing, "bing")
    clerk.open(f"/contest/rows/{row.pk}/")
    page.click("#c-output summary")
    told = page.locator("#c-output .told")
    expect(told).to_be_visible()
    expect(told).to_contain_text("86")
    value = Observation.objects.get(subject__code="bing", indicator__code=OUTPUT,
                                    period=standing.period, current=True)  # fmt: skip
    press(clerk, f"#c-output a[href='/figures/{value.pk}/']")
    history = page.locator(".revisions")
    expect(history).to_contain_text("86")
    expect(history).to_contain_text("80")
    expect(history).to_contain_text("经核实，采纳。")
    assert clerk.troubles == []


def it_is_frozen_and_published(world: World, supervisor: Visitor, standing: Standing) -> None:
    """Once the window is over. The last rectifies by a day, the first is commended."""
    office = world.user("supervisor")
    with pytest.raises(contest.NotNowError):
        contest.freeze_standing(actor=office, standing=standing, now=world.now)
    supervisor.open(f"/contest/{standing.pk}/")
    assert supervisor.page.locator("form[action$='/do/freeze/']").count() == 0
    assert standing.dispute_until is not None
    after = standing.dispute_until + timedelta(hours=9)
    contest.freeze_standing(actor=office, standing=standing, now=after)
    contest.publish_standing(actor=office, standing=standing, now=after)
    supervisor.open(f"/contest/rows/{row_of(standing, 'ding').pk}/")
    (outcome,) = row_of(standing, "ding").outcomes.all()
    case = outcome.case
    assert case is not None
    assert case.lead is not None
    assert case.due_at is not None
    assert (case.matter.code, case.lead.code, case.clock) == (
        "yuefen.rectify", "ding", "10 working_days",
    )  # fmt: skip
    assert case.due_at > after
    expect(supervisor.page.locator("main")).to_contain_text(case.number)
    does = standing.rows.filter(outcomes__does="commend").values_list("subject__code", flat=True)
    assert list(does) == ["jia"]


def download(visitor: Visitor, selector: str, path: Path) -> Path:
    with visitor.page.expect_download() as found:
        visitor.page.click(selector)
    found.value.save_as(path)
    return path


def it_is_recounted_outside(supervisor: Visitor, standing: Standing, folder: Path) -> None:
    """Two files from the page give the same scores and ranks without the database."""
    supervisor.open(f"/contest/{standing.pk}/")
    rules = download(supervisor, "a[href$='/scheme.yaml']", folder / "scheme.yaml")
    rows = download(supervisor, "a[href$='/observations.csv']", folder / "observations.csv")
    done = jiulong(
        "score", "--scheme", str(rules), "--observations", str(rows),
        "--period", standing.period, "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = {
        one["subject"]: (one["rank"], one["score"]) for one in json.loads(done.stdout)["standings"]
    }
    assert found == ranks(standing)


def a_circular_is_written(supervisor: Visitor, standing: Standing) -> Bulletin:
    """From the published standing; each of its figures says where it was read."""
    page = supervisor.page
    supervisor.open(f"/contest/{standing.pk}/")
    press(supervisor, "a[href^='/bulletins/new/']")
    press(supervisor, "main form.panel button.btn-primary")
    bulletin = Bulletin.objects.get()
    assert (bulletin.kind, bulletin.about_pk) == ("circular", str(standing.pk))
    expect(page.locator("article.paper")).to_contain_text("丁街道")
    quotes = list(bulletin.quotes.all())
    assert {"104.40", "93.00", "85.60", "84.40"} <= {one.text for one in quotes}
    sources = page.locator("#sources tbody tr")
    expect(sources).to_have_count(len(quotes))
    assert sources.locator("a").count() == len(quotes)
    (mine,) = (one for one in quotes if one.text == "84.40")
    page.locator("article.paper a.quoted", has_text="84.40").first.click()
    expect(page.locator(f"#{mine.key}")).to_be_in_viewport()
    expect(page.locator(f"#{mine.key} a")).to_have_attribute(
        "href", f"/contest/rows/{row_of(standing, 'ding').pk}/"
    )
    press(supervisor, "form[action$='/submit/'] button")
    bulletin.refresh_from_db()
    assert (bulletin.state, bulletin.number) == ("waiting", "")
    assert page.locator("form[action$='/sign/']").count() == 0, "no author signs"
    return bulletin


def four_people_stand_behind_it(world: World, visit: Any, bulletin: Bulletin) -> None:
    """Drafted, checked, approved, issued: the last signature gives the number."""
    bulletins.pass_bulletin(
        actor=world.user("checker"), bulletin=bulletin, digest=bulletin.digest, now=world.now
    )
    for who in ("leader", "printer"):
        signer = visit(who)
        signer.open("/bulletins/")
        press(signer, f"a[href='/bulletins/{bulletin.pk}/']")
        press(signer, "form[action$='/sign/'] button")
        assert signer.troubles == []
    bulletin.refresh_from_db()
    assert bulletin.state == "issued"
    assert re.fullmatch(r"芗督通〔\d{4}〕1号", bulletin.number)
    assert list(bulletin.steps.order_by("pk").values_list("by_name", flat=True)) == [
        "supervisor", "checker", "leader", "printer",
    ]  # fmt: skip
    expect(signer.page.locator("main")).to_contain_text(bulletin.number)


def the_last_has_a_notice(world: World, standing: Standing) -> None:
    """Addressed to it alone, with the number of its case."""
    row = row_of(standing, "ding")
    notice = bulletins.draft_bulletin(
        actor=world.user("supervisor"), kind="rectification",
        about=("scorecards.standingrow", row.pk), now=world.now,
    )  # fmt: skip
    assert notice.to_units == [row.subject.unit_id]
    case = row.outcomes.get().case
    assert case is not None
    assert case.number in {one.text for one in notice.quotes.all()}


def verdict(key: str) -> str:
    """The word for a verdict, as visitors read it."""
    with translation.override("zh-hans"):
        return str(VERDICTS[key][1])


def its_figures_stand_under_a_seal(
    supervisor: Visitor, bulletin: Bulletin, house: dict[str, str], folder: Path
) -> None:
    """On its page, by the command line, and from its file away from here."""
    page, address = supervisor.page, f"/bulletins/{bulletin.pk}/verify/"
    supervisor.open(address)
    assert page.locator(".identity a[href^='/evidence/seals/']").count() == 0
    call_command("seal", verbosity=0)
    supervisor.open(address)
    expect(page.locator(".identity a")).to_have_count(1)
    page.click("#sources summary")
    figures = page.locator("#sources tbody tr")
    expect(figures).to_have_count(bulletin.quotes.count())
    expect(figures.filter(has_text=verdict("matches"))).to_have_count(bulletin.quotes.count())
    result = verifying.verify(bulletin)
    assert result.good
    assert result.seal is not None
    done = jiulong("verify", env=house)
    assert done.returncode == 0, done.stdout + done.stderr
    supervisor.open(f"/bulletins/{bulletin.pk}/")
    bundle = download(supervisor, "form[action$='/dossier/'] button", folder / "bulletin.zip")
    done = jiulong("verify", "--bundle", str(bundle))
    assert done.returncode == 0, done.stdout + done.stderr


def the_leader_sees_it_all(leader: Visitor) -> None:
    """On one screen: targets, ranks, projects, what is late, what is over; each one click away."""
    page = leader.page
    leader.open("/")
    panels = page.locator(".score-panel")
    expect(panels).to_have_count(5)
    for place in range(5):
        expect(panels.nth(place)).to_be_in_viewport()
    expect(page.locator(".score-aims tbody tr")).to_have_text([re.compile("规上产值.*400.*373")])
    first = page.locator(".score-contest tr", has_text="甲街道").first
    expect(first).to_have_text(re.compile(r"1\s*甲街道\s*104\.40\s*\D*2"))
    expect(page.locator(".score-lights .tone-over b")).to_have_text("1")
    expect(page.locator(".score-projects .score-list li")).to_have_count(1)
    expect(panels.nth(3)).to_contain_text("上一件整改")
    expect(panels.nth(4).locator("li")).to_have_count(1)
    links = {str(one.get_attribute("href")) for one in page.locator(".scoreboard a").all()}
    assert len(links) >= 10
    answers = {link: leader.context.request.get(leader.site + link).status for link in links}
    assert {link: status for link, status in answers.items() if status != 200} == {}


def who_alters_a_figure_is_found_out(
    supervisor: Visitor, bulletin: Bulletin, house: dict[str, str]
) -> None:
    """The database refuses it; who may drop its triggers is named by every verification."""
    quote = bulletin.quotes.get(text="84.40")
    change = f"UPDATE scorecards_standingrow SET score = 94.4 WHERE id = {int(quote.pk_text)}"
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="does not change"):
        cursor.execute(change)
    with almighty("scorecards_standingrow"), connection.cursor() as cursor:
        cursor.execute(change)
    (wrong,) = verifying.verify(bulletin).wrong
    assert (wrong.quote, wrong.now) == (quote, "94.4")
    supervisor.open(f"/bulletins/{bulletin.pk}/verify/")
    told = supervisor.page.locator("#sources tbody tr", has_text=verdict("differs"))
    expect(told).to_have_count(1)
    expect(told).to_contain_text("丁街道")
    expect(told).to_contain_text("94.4")
    done = jiulong("verify", env=house)
    assert done.returncode == 1
