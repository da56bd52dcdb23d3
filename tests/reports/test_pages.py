"""Pages of accounts: every number leads to the rows that were counted."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from jiulong.reports import actions
from jiulong.reports.models import Report
from tests.reports.network import APRIL, MARCH, Network, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> Network:
    return make_network()


@pytest.fixture
def report(network: Network) -> Report:
    return actions.draft_report(actor=network.author, kind="month", day=MARCH, now=APRIL)


def test_it_leads_from_every_number_to_its_rows(
    network: Network, report: Report, client: Client
) -> None:
    client.force_login(network.author)
    page = client.get(reverse("reports:report", args=[report.pk])).content.decode()
    links = re.findall(r'<a href="(/accounts/\d+/rows/[^"]+)">([^<]*)</a>', page)
    assert len(links) > 20
    base = reverse("reports:rows", args=[report.pk, "days"])
    enterprise = network.first.outfall.enterprise_id
    wanted = {
        (f"{base}?over=yes&enterprise={enterprise}", "2"): 2,
        (f"{base}?valid=yes", "92"): 92,
        (f"{base}?special=substituted", "1"): 1,
        (f"{base}?reason=too_few", "1"): 1,
        (f"{base}?point={network.first.code}&factor=w01018", "31 / 31"): 31,
    }
    there = [(unescape(address), shown) for address, shown in links]
    assert wanted.keys() - set(there) == set()
    kinds = {address.partition("?")[0]: None for address, _shown in there}
    for address in kinds:  # of each kind of rows one
        assert client.get(address).status_code == 200, address
    counted = {
        (address, shown): client.get(address).context["page"].paginator.count
        for address, shown in wanted
    }
    assert counted == wanted


def test_it_is_drafted_explained_signed_and_published_by_its_pages(
    network: Network, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(network.author)
    answer = client.post(reverse("reports:new"), {"kind": "month", "day": "2026-03", "area": ""})
    report = Report.objects.get()
    page = reverse("reports:report", args=[report.pk])
    assert answer["Location"] == page
    with django_assert_max_num_queries(14):
        client.get(page)
    words = {"number": "漳环监〔2026〕3号", "text_network": "三月九日停电。"}
    client.post(reverse("reports:explain", args=[report.pk]), words)
    assert "三月九日停电。" in client.get(page).content.decode()
    client.post(reverse("reports:recount", args=[report.pk]))
    stale = client.post(reverse("reports:sign", args=[report.pk]), {"digest": report.digest})
    assert stale["Location"] == page
    for user in (network.author, network.checker):
        client.force_login(user)
        report.refresh_from_db()
        client.post(reverse("reports:sign", args=[report.pk]), {"digest": report.digest})
    client.post(reverse("reports:publish", args=[report.pk]))
    report.refresh_from_db()
    assert (report.state, report.number) == ("published", "漳环监〔2026〕3号")
    client.force_login(network.reader)
    assert client.get(page).status_code == 200
    assert client.get(reverse("reports:print", args=[report.pk, "pdf"])).content[:5] == b"%PDF-"
    assert client.get(reverse("reports:print", args=[report.pk, "exe"])).status_code == 404


def test_it_keeps_drafts_to_authors_and_accounts_from_enterprises(
    network: Network, report: Report, client: Client
) -> None:
    page = reverse("reports:report", args=[report.pk])
    rows = reverse("reports:rows", args=[report.pk, "days"])
    for user in (network.reader, network.enterprise):
        client.force_login(user)
        assert [client.get(path).status_code for path in (page, rows)] == [404, 404]
    assert client.get(reverse("reports:reports")).status_code == 403
    assert (
        client.post(reverse("reports:new"), {"kind": "month", "day": "2026-03"}).status_code == 403
    )
