"""Bulletins from draft to issue: quotes, chain, number, seal, what never changes."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from jiulong.bulletins import actions, kinds, queries, verifying
from jiulong.bulletins.content.standings import rectification
from jiulong.bulletins.models import Bulletin, BulletinKind, BulletinStep, Quote
from jiulong.evidence import files
from jiulong.evidence.models import Event
from jiulong.evidence.queries import files_of
from jiulong.organisation.models import User
from jiulong.scorecards.models import StandingRow, Subject
from jiulong.scorecards.standing_papers import papers_of
from tests.bulletins.conftest import Office, make_standing
from tests.factories import NOW, make_enterprise, make_unit, make_user

pytestmark = pytest.mark.django_db


def draft(office: Office, kind: str = "circular") -> Bulletin:
    return actions.draft_bulletin(
        actor=office.drafter, kind=kind, about=("scorecards.standing", office.standing.pk), now=NOW
    )


def issue(office: Office, bulletin: Bulletin) -> Bulletin:
    one = actions.submit_bulletin(actor=office.drafter, bulletin=bulletin, now=NOW)
    for who in (office.checker, office.leader, office.printer):
        one = actions.pass_bulletin(actor=who, bulletin=one, digest=one.digest, now=NOW)
    return one


def test_it_goes_from_a_standing_to_an_issued_circular_that_verifies(office: Office) -> None:
    bulletin = draft(office)
    assert {one.text for one in bulletin.quotes.all()} >= {"95.50", "61.25", "26.75", "3", "—"}
    one = issue(office, bulletin)
    one.refresh_from_db()
    assert (one.state, one.number) == ("issued", "芗督通〔2026〕1号")
    event = Event.objects.get(pk=one.issue_event)
    assert event.data["quotes"] == {quote.key: quote.digest for quote in one.quotes.all()}
    assert (event.verb, event.data["digest"]) == ("issue_bulletin", one.digest)
    result = verifying.verify(one)
    assert result.good
    assert {figure.verdict for figure in result.figures} == {"matches"}
    assert all(figure.frozen for figure in result.figures)
    kept = {
        one.name.rpartition(".")[2]: one
        for one in files_of(office.leader, "bulletins.bulletin", one.pk)
    }
    text = "\n".join(
        p.text for p in docx.Document(io.BytesIO(files.content(kept["docx"].file))).paragraphs
    )
    assert one.number in text
    assert "[[" not in text
    assert files.content(kept["pdf"].file).startswith(b"%PDF")


def test_nobody_signs_twice_and_no_author_signs(office: Office) -> None:
    one = actions.submit_bulletin(actor=office.drafter, bulletin=draft(office), now=NOW)
    with pytest.raises(PermissionDenied):
        actions.pass_bulletin(actor=office.drafter, bulletin=one, digest=one.digest, now=NOW)
    with pytest.raises(PermissionDenied):  # the first step is a check, not the approval
        actions.pass_bulletin(actor=office.leader, bulletin=one, digest=one.digest, now=NOW)
    with pytest.raises(actions.ChangedError):
        actions.pass_bulletin(actor=office.checker, bulletin=one, digest="another", now=NOW)
    one = actions.pass_bulletin(actor=office.checker, bulletin=one, digest=one.digest, now=NOW)
    one = actions.pass_bulletin(actor=office.leader, bulletin=one, digest=one.digest, now=NOW)
    with pytest.raises(PermissionDenied):  # checked it already
        actions.pass_bulletin(actor=office.checker, bulletin=one, digest=one.digest, now=NOW)


def test_it_is_returned_with_a_reason_and_signatures_start_anew(office: Office) -> None:
    one = actions.submit_bulletin(actor=office.drafter, bulletin=draft(office), now=NOW)
    one = actions.pass_bulletin(actor=office.checker, bulletin=one, digest=one.digest, now=NOW)
    with pytest.raises(ValidationError) as refused:
        actions.return_bulletin(actor=office.leader, bulletin=one, reason=" ", now=NOW)
    assert "reason" in refused.value.message_dict
    one = actions.return_bulletin(actor=office.leader, bulletin=one, reason="缺少措施", now=NOW)
    assert (one.state, one.round, one.step) == ("draft", 2, 0)
    # Another one hands it in: what the first author wrote is still in it, so they do not check it.
    one = actions.submit_bulletin(actor=office.printer, bulletin=one, now=NOW)
    for author in (office.drafter, office.printer):
        with pytest.raises(PermissionDenied):
            actions.pass_bulletin(actor=author, bulletin=one, digest=one.digest, now=NOW)
    one = actions.pass_bulletin(actor=office.checker, bulletin=one, digest=one.digest, now=NOW)
    assert one.step == 1


def test_words_change_and_figures_do_not(office: Office) -> None:
    one = draft(office)
    told = [
        {"heading": part["heading"], "paragraphs": part["paragraphs"]}
        for part in one.content["sections"]
    ]
    told[0]["paragraphs"] = ["现通报如下：[[q999]]"]
    with pytest.raises(ValidationError) as refused:
        actions.edit_bulletin(
            actor=office.drafter, bulletin=one, title="通报", to="", sections=told, now=NOW
        )
    assert "q999" in refused.value.message_dict["text_0"][0]
    told[0]["paragraphs"] = ["全区完成投资 12.5 亿元。"]
    one = actions.edit_bulletin(
        actor=office.checker, bulletin=one, title="通报", to="", sections=told, now=NOW
    )
    with pytest.raises(ValidationError) as refused:
        actions.submit_bulletin(actor=office.drafter, bulletin=one, now=NOW)
    assert "12.5" in refused.value.message_dict["by_hand"][0]
    one = actions.edit_bulletin(
        actor=office.checker, bulletin=one, title="通报", to="", sections=told,
        by_hand="区统计局快报", now=NOW,
    )  # fmt: skip
    one = actions.submit_bulletin(actor=office.drafter, bulletin=one, now=NOW)
    with pytest.raises(PermissionDenied):  # who wrote in it does not check it
        actions.pass_bulletin(actor=office.checker, bulletin=one, digest=one.digest, now=NOW)


def test_it_is_drafted_only_of_what_is_frozen_and_by_who_may(office: Office) -> None:
    streets = [make_unit("street", name=name) for name in "丁戊己"]
    loose = make_standing(streets, state="computed", code="other")
    with pytest.raises(ValidationError) as refused:
        actions.draft_bulletin(
            actor=office.drafter, kind="circular", about=("scorecards.standing", loose.pk), now=NOW
        )
    assert "about" in refused.value.message_dict
    with pytest.raises(ValidationError):
        actions.draft_bulletin(actor=office.drafter, kind="nonsense", now=NOW)
    with pytest.raises(PermissionDenied):
        draft_as(office, office.outsider)


def draft_as(office: Office, who: User) -> Bulletin:
    about = ("scorecards.standing", office.standing.pk)
    return actions.draft_bulletin(actor=who, kind="circular", about=about, now=NOW)


def test_nothing_issued_changes_and_a_correction_replaces_it(office: Office) -> None:
    old, loose = issue(office, draft(office)), draft(office)
    for change in (
        lambda: Bulletin.objects.filter(pk=old.pk).update(title="另一标题"),
        lambda: Bulletin.objects.filter(pk=old.pk).update(state="draft"),
        lambda: Quote.objects.filter(bulletin=old).update(text="99"),
        lambda: Quote.objects.filter(bulletin=old).delete(),
        lambda: Quote.objects.filter(bulletin=loose).update(bulletin=old),
        lambda: BulletinStep.objects.filter(bulletin=old).delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    new = actions.draft_bulletin(
        actor=office.drafter, kind="circular", about=("scorecards.standing", office.standing.pk),
        corrects=old, effect="replace", now=NOW,
    )  # fmt: skip
    new = issue(office, new)
    old.refresh_from_db()
    assert (old.state, new.number) == ("replaced", "芗督通〔2026〕2号")
    with pytest.raises(ValidationError):
        actions.draft_bulletin(
            actor=office.drafter, kind="circular", corrects=old, effect="revoke", now=NOW
        )
    assert {old.pk, new.pk} <= {one.pk for one in queries.bulletins(office.outsider)}


def a_kind(**changes: Any) -> BulletinKind:
    """What a pack says of circulars."""
    item = {**kinds.BOX["circular"].model_dump(mode="json"), **changes}
    return BulletinKind.objects.update_or_create(
        code=item["key"], defaults={"pack": "test", "spec": item, "retired_at": None}
    )[0]


def test_a_pack_changes_nothing_of_a_paper_that_waits(office: Office) -> None:
    one = actions.submit_bulletin(actor=office.drafter, bulletin=draft(office), now=NOW)
    one = actions.pass_bulletin(actor=office.checker, bulletin=one, digest=one.digest, now=NOW)
    a_kind(steps=kinds.BOX["circular"].model_dump(mode="json")["steps"][:1], head="另一个红头")
    for who in (office.leader, office.printer):
        one = actions.pass_bulletin(actor=who, bulletin=one, digest=one.digest, now=NOW)
    assert (one.state, kinds.of(one).head) == ("issued", "芗城区督查通报")
    # A draft takes what holds when it is handed in, and its digest says so.
    a_kind()
    other = draft(office)
    a_kind(steps=kinds.BOX["circular"].model_dump(mode="json")["steps"][:1], head="另一个红头")
    before = other.digest
    other = actions.submit_bulletin(actor=office.drafter, bulletin=other, now=NOW)
    assert other.digest != before
    other = actions.pass_bulletin(
        actor=office.checker, bulletin=other, digest=other.digest, now=NOW
    )
    assert (other.state, kinds.of(other).head) == ("issued", "另一个红头")
    assert verifying.verify(other).good


def test_a_kind_that_no_pack_has_any_more_opens_to_nobody(office: Office) -> None:
    row = a_kind(key="secret", see="addressed", number="芗密〔{year}〕{serial}号")
    one = issue(office, draft(office, "secret"))
    Bulletin.objects.filter(pk=one.pk).update(public=True)
    BulletinKind.objects.filter(pk=row.pk).update(retired_at=NOW)
    stranger = make_user("leader", make_unit("street", name="庚"))
    assert list(queries.bulletins(stranger)) == []
    assert list(queries.public_bulletins()) == []
    assert queries.bulletin(office.drafter, one.pk).number == "芗密〔2026〕1号"


def test_it_says_which_figure_no_longer_matches(office: Office) -> None:
    one = issue(office, draft(office))
    row = StandingRow.objects.get(standing=office.standing, rank=3)
    with connection.cursor() as cursor:  # as somebody who may drop triggers would
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE scorecards_standingrow SET score = 91 WHERE id = %s", [row.pk])
        cursor.execute("SET session_replication_role = origin")
    wrong = verifying.verify(one).wrong
    assert {(figure.quote.text, figure.now) for figure in wrong} == {("61.25", "91")}
    assert verifying.check().altered.startswith(str(one))


def test_a_circular_tells_of_firms_what_everybody_may_read(office: Office) -> None:
    last = office.standing.rows.get(rank=3)
    firm = make_enterprise(name="丁企业")
    Subject.objects.filter(pk=last.subject_id).update(kind="enterprise", enterprise=firm)
    told = {}
    for kind in ("circular", "commendation"):
        one = draft(office, kind)
        told[kind] = {quote.text for quote in one.quotes.all()} | {str(one.content)}
        assert {quote.field for quote in one.quotes.filter(pk_text=str(last.pk))} <= {
            "rank", "rank_before",
        }  # fmt: skip
    assert {"95.50", "88.00", "7.50"} <= told["circular"]
    assert not {"61.25", "26.75"} & told["circular"]
    about = ("scorecards.standingrow", str(last.pk))
    with pytest.raises(ValidationError):  # nobody reads a firm's points by drafting its notice
        rectification(office.other, about, NOW)
    assert "61.25" in {quote.text for quote in rectification(office.drafter, about, NOW).quotes}


def test_a_notice_names_the_last_and_only_those_it_goes_to_read_it(office: Office) -> None:
    row = StandingRow.objects.get(standing=office.standing, rank=3)
    one = actions.draft_bulletin(
        actor=office.drafter, kind="rectification", about=("scorecards.standingrow", row.pk),
        now=NOW,
    )  # fmt: skip
    assert one.to_units == [office.streets[2].pk]
    one = issue(office, one)
    assert one.number == "芗督改〔2026〕1号"
    assert list(queries.bulletins(office.outsider)) == [one]
    assert list(queries.bulletins(office.other)) == []
    # The row's page leads to it, for those who read it.
    found = [papers_of(user, row, []) for user in (office.outsider, office.other)]
    address = reverse("bulletins:bulletin", args=[one.pk])
    assert [[paper.address for paper in papers] for papers in found] == [[address], []]


def test_summary_says_what_waits_for_whom(office: Office) -> None:
    one = actions.submit_bulletin(actor=office.drafter, bulletin=draft(office), now=NOW)
    assert queries.summary(office.checker, NOW.date()).to_sign == [one]
    assert queries.summary(office.drafter, NOW.date()).to_sign == []
    assert not queries.summary(office.outsider, NOW.date())
