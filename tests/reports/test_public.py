"""The public page says limits and daily means of flagged outfalls, and nothing else."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from jiulong.reports import actions, public_views
from tests.factories import make_finding
from tests.reports.network import Network, make_day, make_network

pytestmark = pytest.mark.django_db
PAGE, FILE = reverse("reports:open"), reverse("reports:open_csv")


@pytest.fixture
def network(settings: Settings) -> Network:
    settings.PUBLIC_PAGE = True
    cache.clear()
    return make_network()


def test_it_is_off_by_default(client: Client) -> None:
    assert (client.get(PAGE).status_code, client.get(FILE).status_code) == (404, 404)


def test_it_shows_flagged_outfalls_alone(network: Network, client: Client) -> None:
    today = timezone.localdate()
    for n in range(1, 6):
        make_day(network.first, today - timedelta(days=n), f"{40 + n}.123456", revision=n % 2)
        make_day(network.second, today - timedelta(days=n), "66.6")
    make_day(network.first, today, "99", over=False)  # still growing
    make_finding(network.first, note="geheim")
    actions.show_outfall(
        actor=network.author, outfall=network.first.outfall, since=today - timedelta(days=3)
    )
    told = client.get(PAGE).content.decode()
    assert "溯棠食品有限公司" in told
    assert [mean for mean in ("41.12", "42.12", "43.12", "44.12", "99") if mean in told] == [
        "41.12",
        "42.12",
        "43.12",
    ]
    assert "r1" in told
    leaks = ("绛汀印染", "66.6", "geheim", "海澄运维", network.author.username, "sessionid")
    assert [word for word in leaks if word in told] == []
    rows = list(csv.DictReader(io.StringIO(client.get(FILE).content.decode("utf-8-sig"))))
    assert [(row["outfall"], row["limit_maximum"], row["mean"]) for row in rows] == [
        (network.first.outfall.name, "50", f"{40 + n}.12") for n in (1, 2, 3)
    ]
    assert list(rows[0]) == [
        "enterprise", "outfall", "point", "factor", "unit", "limit_minimum", "limit_maximum",
        "day", "effective", "mean", "valid_hours", "expected_hours", "revision",
    ]  # fmt: skip


def test_it_says_no_mean_of_a_day_that_is_not_effective(network: Network, client: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    make_day(network.first, yesterday, None)
    actions.show_outfall(actor=network.author, outfall=network.first.outfall, since=yesterday)
    row = next(csv.DictReader(io.StringIO(client.get(FILE).content.decode("utf-8-sig"))))
    assert (row["effective"], row["mean"], row["valid_hours"]) == ("no", "", "17")
    actions.show_outfall(actor=network.author, outfall=network.first.outfall, since=None)
    cache.clear()
    assert client.get(FILE).content.decode("utf-8-sig").count("\n") == 1


def test_it_cannot_be_used_to_load_the_system(network: Network, client: Client) -> None:
    first = client.get(PAGE)
    assert "max-age=600" in first["Cache-Control"]
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
    assert [one for one in asked if "validity_" in one["sql"] or "monitoring_" in one["sql"]] == []
    for _n in range(public_views.MOST):
        last = client.get(PAGE)
    assert (last.status_code, last["Retry-After"], last["Cache-Control"]) == (429, "60", "no-store")
    assert client.post(PAGE).status_code in {403, 405}
