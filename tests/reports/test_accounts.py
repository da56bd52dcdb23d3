"""Accounts count what the statistics say, are signed by two and never change after."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from jiulong.documents import as_docx, as_pages, as_pdf
from jiulong.evidence.models import Attachment, Event
from jiulong.reports import actions, content, paper
from jiulong.reports.models import Report
from tests.reports.network import APRIL, MARCH, make_casework, make_network

pytestmark = pytest.mark.django_db


def test_it_counts_a_month() -> None:
    network = make_network()
    report = actions.draft_report(
        actor=network.author, kind="month", day=date(2026, 3, 17), now=APRIL
    )
    told = report.content["sections"]
    within = told["compliance"]
    assert (within["judged"], within["over"], within["share"]) == (61, 2, "0.967213")
    assert [(row["name"], row["judged"], row["over"]) for row in within["enterprises"]] == [
        ("溯棠食品有限公司", 31, 2),
        ("绛汀印染有限公司", 30, 0),
    ]
    row = next(one for one in within["rows"] if one["over"])
    assert (row["worst"], row["multiple"], row["worst_on"]) == ("75", "0.5", "2026-03-04")
    assert (row["mean"], row["load"]) == ("33.064516129", "1025.000000001")
    assert [load["share"] for load in within["loads"]] == ["0.41", "0.25"]
    strip = ["good", "good", "over", "over", *["good"] * 27]
    assert [row["tones"] for row in within["strips"]] == [strip]
    data = told["data"]
    assert (data["days"], data["valid_days"], data["substituted_days"]) == (93, 92, 1)
    assert data["reasons"] == {"missing": 1, "too_few": 1}
    due = 93 * 24
    assert told["network"]["hours"] == [due, due - 6, due - 7]
    assert told["network"]["online"] == "0.983871"  # a day of two points' March
    assert told["network"]["marking"] == "0.5"  # three of six hours that did not come
    assert [(row["name"], row["points"]) for row in told["network"]["streets"]] == [
        ("芝山街道", 1),
        ("", 1),
    ]
    assert told["alarms"]["total"] == 1
    ranks = told["ranking"]["enterprises"]["rows"]
    assert [(row["rank"], row["name"]) for row in ranks] == [
        (1, "绛汀印染有限公司"),
        (2, "溯棠食品有限公司"),
    ]
    assert told["comparison"]["before"] is None
    if folder := os.environ.get("LOOK"):
        document = paper.document(report)
        Path(folder, "r.pdf").write_bytes(as_pdf(document))
        Path(folder, "r.docx").write_bytes(as_docx(document))
        for n, page in enumerate(as_pages(document, ppi=70)):
            Path(folder, f"r{n}.png").write_bytes(page)


def test_it_is_signed_by_two_and_frozen() -> None:
    network = make_network()
    author, checker = network.author, network.checker
    report = actions.draft_report(actor=author, kind="month", day=MARCH, now=APRIL)
    with pytest.raises(ValidationError):
        actions.draft_report(actor=author, kind="month", day=MARCH, now=APRIL)
    actions.sign_report(actor=author, report=report, digest=report.digest, now=APRIL)
    actions.sign_report(actor=author, report=report, digest=report.digest, now=APRIL)
    with pytest.raises(ValidationError):  # one person twice is one person
        actions.publish_report(actor=author, report=report, now=APRIL)
    said = actions.explain_report(
        actor=author, report=report, texts={"network": "停电一日。", "nonsense": "x"}, now=APRIL
    )
    assert said.texts == {"network": "停电一日。"}
    with pytest.raises(actions.ChangedError):  # what they signed is not there any more
        actions.sign_report(actor=checker, report=report, digest=report.digest, now=APRIL)
    for user in (author, checker):
        actions.sign_report(actor=user, report=said, digest=said.digest, now=APRIL)
    done = actions.publish_report(actor=checker, report=said, now=APRIL)
    assert done.state == Report.State.PUBLISHED
    assert content.digest(Report.objects.get(pk=done.pk)) == done.digest
    files = Attachment.objects.filter(subject="reports.report", subject_id=str(done.pk))
    kept = {one.name.rsplit(".", 1)[1]: one.file.sha256 for one in files}
    event = Event.objects.filter(verb="publish_report").get()
    assert event.data == {"digest": done.digest, **kept}
    with pytest.raises(actions.ChangedError):
        actions.recount_report(actor=author, report=done, now=APRIL)
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=done.pk).update(texts={})
    with pytest.raises(DatabaseError), transaction.atomic():
        done.signatures.all().delete()
    again = actions.draft_report(actor=author, kind="month", day=MARCH, now=APRIL)
    assert (again.edition, again.texts) == (2, said.texts)


def test_it_refuses_who_may_not() -> None:
    network = make_network()
    report = actions.draft_report(actor=network.author, kind="month", day=MARCH, now=APRIL)
    for user in (network.reader, network.enterprise):
        with pytest.raises(PermissionDenied):
            actions.draft_report(actor=user, kind="year", day=MARCH, now=APRIL)
        with pytest.raises(PermissionDenied):
            actions.explain_report(actor=user, report=report, texts={}, now=APRIL)
        with pytest.raises(PermissionDenied):
            actions.sign_report(actor=user, report=report, digest=report.digest, now=APRIL)
        with pytest.raises(PermissionDenied):
            actions.publish_report(actor=user, report=report, now=APRIL)
        with pytest.raises(PermissionDenied):
            actions.show_outfall(actor=user, outfall=network.first.outfall, since=MARCH, now=APRIL)
    with pytest.raises(ValidationError):
        actions.draft_report(actor=network.author, kind="month", day=date(2027, 1, 1), now=APRIL)


def test_it_is_not_published_before_its_time_has_ended() -> None:
    network = make_network()
    early = datetime(2026, 3, 20, 4, tzinfo=UTC)
    report = actions.draft_report(actor=network.author, kind="month", day=MARCH, now=early)
    for user in (network.author, network.checker):
        actions.sign_report(actor=user, report=report, digest=report.digest, now=early)
    with pytest.raises(ValidationError):
        actions.publish_report(actor=network.author, report=report, now=APRIL)
    fresh = actions.recount_report(actor=network.author, report=report, now=APRIL)
    assert fresh.digest != report.digest
    for user in (network.author, network.checker):
        actions.sign_report(actor=user, report=fresh, digest=fresh.digest, now=APRIL)
    actions.publish_report(actor=network.author, report=fresh, now=APRIL)


def test_it_follows_alarms_to_their_end() -> None:
    network = make_network()
    make_casework(network)
    report = actions.draft_report(actor=network.author, kind="month", day=MARCH, now=APRIL)
    told = report.content["sections"]["alarms"]
    assert (told["total"], told["cases"], told["closed"], told["penalties"]) == (1, 2, 1, 1)
    assert told["steps"] == {"explained": 2, "checked": 1, "on_site": 1}
    ended = {"name": "测试事项", "name_en": "Test matter", "result": "移送立案"}
    assert told["results"] == [{**ended, "result_en": "Passed on", "n": 1}]
