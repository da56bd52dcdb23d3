"""What is laid before meetings whoever drafts, and the quarterly sheet from its data to Word."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.core.exceptions import ValidationError

from jiulong.bulletins import actions, queries, verifying
from jiulong.bulletins.content import agenda
from jiulong.bulletins.models import Bulletin, MeetingSeries
from jiulong.cases.actions import file_case
from jiulong.evidence import files
from jiulong.evidence.queries import files_of
from jiulong.organisation.models import Role, Unit, User
from tests.bulletins.conftest import Office, make_standing
from tests.cases.matters import make_matter
from tests.factories import NOW, make_unit, make_user
from tests.scorecards.scene import make as make_scene

pytestmark = pytest.mark.django_db
LONG_AGO = NOW - timedelta(days=60)


def overdue_of(office: Office, key: str, lead: Unit, title: str, **spec: Any) -> None:
    """A case of a matter that is long past its time."""
    matter = make_matter(
        key=key, dispatch=office.unit.code, auto_assign=True, routes=[{"lead": lead.code}],
        verify={"by": office.unit.code}, **spec,
    )  # fmt: skip
    file_case(actor=None, matter=matter, title=title, now=LONG_AGO)


def told(pack: Bulletin) -> tuple[list[str], dict[str, str]]:
    """Titles of the cases that are named, and the counts of the others by matter."""
    (part,) = [one for one in pack.content["sections"] if one["key"] == "cases"]
    figures = {one.key: one.text for one in pack.quotes.all()}
    named, counted = [], {}
    for table in part["tables"]:
        for row in table["rows"]:
            if len(row) == 2:
                counted[row[0]] = figures[row[1].strip("[]")]
            else:
                named.append(row[1])
    return named, counted


def pack_of(office: Office, who: User, **spec: Any) -> Bulletin:
    MeetingSeries.objects.update_or_create(
        code="m",
        defaults={
            "pack": "test",
            "spec": {
                "key": "m", "name": "例会", "unit": office.unit.code, "register": None,
                "sections": ["cases", "standings"],
                "attends": [one.code for one in office.streets[:2]], **spec,
            },
        },
    )  # fmt: skip
    meeting = actions.call_meeting(actor=office.drafter, series="m", at=NOW, now=NOW)
    return actions.make_pack(actor=who, meeting=meeting, now=NOW)


def test_a_meeting_is_told_by_name_what_all_invited_see_and_the_rest_as_counts(
    office: Office,
) -> None:
    overdue_of(office, "t.own", office.streets[0], "甲街道的事", name="某类事项")
    overdue_of(office, "t.open", office.streets[2], "大家都看得到的事", see="all", name="公开事项")
    overdue_of(office, "t.named", office.streets[2], "会上点名的事", name="点名事项")
    pack = pack_of(office, office.drafter, named=["t.named"])
    assert told(pack) == (["大家都看得到的事", "会上点名的事"], {"某类事项": "1"})
    # Another drafter who sees less is told the same.
    Role.objects.create(
        code="scribe", names={"zh": "文员", "en": "Scribe"}, scope="unit",
        verbs=["see_bulletins", "draft_bulletin"],
    )  # fmt: skip
    narrow = make_user("scribe", office.unit)
    assert told(pack_of(office, narrow, named=["t.named"])) == told(pack)
    # Of other matters the meeting does not even learn how many there are.
    scoped = pack_of(office, office.drafter, matters=["t.open"])
    assert told(scoped) == (["大家都看得到的事"], {})
    # Whom alone it is before sees its own.
    own = pack_of(office, office.drafter, attends=[office.streets[0].code])
    assert told(own) == (["甲街道的事", "大家都看得到的事"], {"点名事项": "1"})


def test_only_who_is_invited_reads_the_papers(office: Office) -> None:
    pack = pack_of(office, office.drafter)
    Bulletin.objects.filter(pk=pack.pk).update(state="issued", issued_at=NOW)
    reads = [queries.bulletins(who).filter(pk=pack.pk).exists()
             for who in (office.other, office.outsider)]  # fmt: skip
    assert reads == [True, False]


def test_the_newest_standing_is_the_one_that_ended_last(office: Office) -> None:
    for code, period in (("quarters", "2026Q1"), ("months", "2026-04")):
        streets = [make_unit("street", name=name) for name in "丁戊己"]
        make_standing(streets, code=code, period=period)
    found = agenda._newest()
    assert found is not None
    assert found.period == "2026-04"


def test_a_quarterly_sheet_goes_from_its_data_to_word(office: Office) -> None:
    scene = make_scene()
    scene.target(scene.whole, "130", tolerance="about", words="社零130亿元左右")
    scene.see(scene.whole, {"2025-03": "24", "2025-12": "120", "2026-02": "17", "2026-03": "27"})
    after = NOW.replace(month=8)
    with pytest.raises(ValidationError):
        sheet(office, "2026-03", after)
    one = sheet(office, "2026Q1", after)
    (table,) = one.content["sections"][0]["tables"]
    figures = {quote.key: quote.text for quote in one.quotes.all()}
    assert [figures.get(cell.strip("[]"), cell) for cell in table["rows"][0]][1:4] == [
        "社零130亿元左右", "2026年3月", "27",
    ]  # fmt: skip
    scene.see(scene.whole, {"2026-06": "60"})  # what came later is not of this quarter
    again = actions.recount_bulletin(actor=office.drafter, bulletin=one, now=after)
    assert {quote.text for quote in again.quotes.all()} == set(figures.values())
    one = actions.submit_bulletin(actor=office.drafter, bulletin=again, now=after)
    for who in (office.checker, office.leader):
        one = actions.pass_bulletin(actor=who, bulletin=one, digest=one.digest, now=after)
    assert (one.state, one.number) == ("issued", "芗季表〔2026〕1号")
    assert verifying.verify(one).good
    (kept,) = [
        row for row in files_of(office.leader, "bulletins.bulletin", one.pk)
        if row.name.endswith(".docx")
    ]  # fmt: skip
    paper = docx.Document(io.BytesIO(files.content(kept.file)))
    assert paper.paragraphs[0].text == one.title
    assert [cell.text for cell in paper.tables[0].rows[1].cells][3] == "27"


def sheet(office: Office, quarter: str, at: Any) -> Bulletin:
    return actions.draft_bulletin(
        actor=office.drafter, kind="quarterly", about=("period", quarter), now=at
    )
