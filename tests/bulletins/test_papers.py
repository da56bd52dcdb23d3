"""Bulletins from draft to issue: quotes, chain, number, seal, what never changes."""

from __future__ import annotations

import io

import docx
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InternalError, connection, transaction

from jiulong.bulletins import actions, verifying
from jiulong.bulletins.models import Bulletin, Quote
from jiulong.evidence import files
from jiulong.evidence.models import Event
from jiulong.evidence.queries import files_of
from jiulong.scorecards.models import StandingRow
from tests.bulletins.conftest import Office, make_standing
from tests.factories import NOW

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
