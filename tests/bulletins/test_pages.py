"""Pages of bulletins: from a form to an issued paper, the zip that verifies, what strangers see."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from jiulong.bulletins import actions
from jiulong.bulletins.models import Bulletin, Template
from jiulong.evidence import files, sources
from jiulong.evidence.actions import seal_now
from jiulong.evidence.keys import public_keys
from jiulong.evidence.models import Event, File
from jiulong.evidence.offline import verify_bundle
from tests.bulletins.conftest import Office
from tests.bulletins.test_papers import draft, issue
from tests.bulletins.test_templating import form
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(client: Client, settings: Any, tmp_path: Path) -> Client:
    settings.SEAL_KEYS = tmp_path
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.cookies["django_language"] = "en"
    return client


def test_it_is_drafted_edited_and_passed_in_the_browser(site: Client, office: Office) -> None:
    site.force_login(office.drafter)
    about = f"scorecards.standing/{office.standing.pk}"
    answer = site.post(reverse("bulletins:new"), {"kind": "circular", "about": about})
    one = Bulletin.objects.get()
    assert answer["Location"] == reverse("bulletins:bulletin", args=[one.pk])
    page = site.get(reverse("bulletins:edit", args=[one.pk])).content.decode()
    assert "[[q1]]" in page
    words = {
        "title": "改过的题目", "to": "各单位：", "version": one.version,
        **{f"text_{n}": "" for n in range(len(one.content["sections"]))},
    }  # fmt: skip
    site.post(reverse("bulletins:edit", args=[one.pk]), words)
    one.refresh_from_db()
    assert (one.title, one.version) == ("改过的题目", 2)
    stale = site.post(reverse("bulletins:submit", args=[one.pk]), {"version": 1}, follow=True)
    assert "has changed meanwhile" in stale.content.decode()
    site.post(reverse("bulletins:submit", args=[one.pk]), {"version": 2})
    for who in (office.checker, office.leader, office.printer):
        site.force_login(who)
        one.refresh_from_db()
        site.post(reverse("bulletins:sign", args=[one.pk]), {"digest": one.digest})
    one.refresh_from_db()
    assert one.state == "issued"
    page = site.get(reverse("bulletins:bulletin", args=[one.pk])).content.decode()
    assert 'href="#q1"' in page


def test_the_page_costs_so_many_queries(
    site: Client, office: Office, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    one = issue(office, draft(office))
    site.force_login(office.leader)
    with django_assert_max_num_queries(34):
        site.get(reverse("bulletins:bulletin", args=[one.pk]))
    with django_assert_max_num_queries(26):
        site.get(reverse("bulletins:bulletins"))


def test_the_zip_verifies_offline(
    site: Client, office: Office, tmp_path: Path, settings: Any
) -> None:
    one = issue(office, draft(office))
    assert seal_now(actor=None, now=NOW + timedelta(hours=3))
    site.force_login(office.outsider)
    answer = site.post(reverse("bulletins:dossier", args=[one.pk]))
    packed = b"".join(answer.streaming_content)
    path = tmp_path / "bulletin.zip"
    path.write_bytes(packed)
    assert any(name.endswith(".pdf") for name in zipfile.ZipFile(BytesIO(packed)).namelist())
    report = verify_bundle(path, public_keys(settings.SEAL_KEYS), sources.source())
    assert report.bad is None
    page = site.get(reverse("bulletins:verify", args=[one.pk])).content.decode()
    assert "#1" in page
    assert "No longer matches" not in page
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        address = reverse("bulletins:print", args=[one.pk, kind])
        assert site.get(address).content.startswith(start)
    assert site.get(reverse("bulletins:print", args=[one.pk, "odt"])).status_code == 404


def test_an_issued_paper_is_served_as_it_was_kept(site: Client, office: Office) -> None:
    one = issue(office, draft(office))
    site.force_login(office.leader)
    told = Event.objects.get(pk=one.issue_event).data
    # Whatever the office's form says later, the kept bytes are served.
    actions.add_form(actor=office.drafter, kind="circular", name="x", content=form("{{ title }}!"))
    for kind in ("pdf", "docx"):
        served = site.get(reverse("bulletins:print", args=[one.pk, kind])).content
        assert hashlib.sha256(served).hexdigest() == told[kind]
    other = draft(office)
    site.force_login(office.drafter)
    drawn = site.get(reverse("bulletins:print", args=[other.pk, "docx"])).content
    assert f"{other.title}!".encode() in zipfile.ZipFile(BytesIO(drawn)).read("word/document.xml")
    kept = File.objects.get(sha256=told["pdf"])
    name = f"{kept.sha256[:2]}/{kept.sha256[2:4]}/{kept.sha256}"
    files.storage().delete(name)
    files.storage().save(name, ContentFile(b"%PDF another"))
    answer = site.get(reverse("bulletins:print", args=[one.pk, "pdf"]), follow=True)
    assert "missing or altered" in answer.content.decode()


def test_who_may_not_read_it_takes_nothing_along(site: Client, office: Office) -> None:
    one = draft(office)
    site.force_login(office.outsider)
    for name in ("bulletin", "verify"):
        assert site.get(reverse(f"bulletins:{name}", args=[one.pk])).status_code == 404
    assert site.post(reverse("bulletins:dossier", args=[one.pk])).status_code == 404


def test_strangers_see_what_is_public_where_the_house_is_open(
    site: Client, office: Office, settings: Any
) -> None:
    one = issue(office, draft(office))
    listed, page = reverse("bulletins:open_list"), reverse("bulletins:open", args=[one.pk])
    settings.PUBLIC_PAGE = False
    assert {site.get(listed).status_code, site.get(page).status_code} == {404}
    settings.PUBLIC_PAGE = True
    assert one.title not in site.get(listed).content.decode()
    assert site.get(page).status_code == 404
    actions.publish_bulletin(actor=office.leader, bulletin=one, public=True, now=NOW)
    assert one.title in site.get(listed).content.decode()
    told = site.get(page).content.decode()
    assert one.number in told
    assert "95.50" in told


def test_a_form_of_the_office_is_checked_used_and_retired(site: Client, office: Office) -> None:
    site.force_login(office.drafter)
    bad, good = BytesIO(form("{{ titel }}")), BytesIO(form("{{ title }} – own"))
    bad.name, good.name = "bad.docx", "good.docx"
    answer = site.post(reverse("bulletins:forms"), {"kind": "circular", "file": bad})
    assert "titel" in answer.content.decode()
    assert not Template.objects.exists()
    site.post(reverse("bulletins:forms"), {"kind": "circular", "file": good})
    made = Template.objects.get()
    one = draft(office)
    printed = site.get(reverse("bulletins:print", args=[one.pk, "docx"])).content
    assert " – own".encode() in zipfile.ZipFile(BytesIO(printed)).read("word/document.xml")
    site.post(reverse("bulletins:retire_form", args=[made.pk]))
    made.refresh_from_db()
    assert made.retired_at is not None
