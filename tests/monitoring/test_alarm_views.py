"""Pages of alarms and limits: who sees them, what they say, what they take."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiulong.evidence.models import Event
from jiulong.monitoring.keeping import keep
from jiulong.monitoring.models import Alarm, Limit, PermittedLoad, StandardAssignment
from tests.factories import NOW, make_factor, make_finding, make_point
from tests.monitoring.site import ROLES, Site
from tests.pages.html import Page
from tests.pages.policy import inline

PACK = Path(__file__).parents[2] / "packs" / "shuizhi"
ANSWERS = {
    "/alarms/": (200, 200, 200, 200, 200),
    "/alarms/?as=csv": (200, 200, 200, 200, 200),
    "/alarms/{alarm}/": (200, 200, 200, 200, 404),
    "/alarms/{alarm}/acknowledge/": (405, 405, 405, 405, 405),
    "/alarms/rules/": (200, 200, 200, 200, 200),
    "/standards/": (200, 200, 200, 200, 200),
    "/points/{point}/limits/": (200, 200, 200, 200, 404),
    "/points/{point}/limits/set/": (405, 405, 405, 405, 405),
}


@pytest.fixture
def alarm(site: Site) -> Alarm:
    keep([site.finding], NOW)
    return Alarm.objects.get()


def test_it_answers_as_the_table_says(site: Site, alarm: Alarm) -> None:
    call_command("pack", "apply", str(PACK), stdout=StringIO())
    for pattern, wanted in ANSWERS.items():
        address = site.address(pattern.replace("{alarm}", str(alarm.pk)))
        got = []
        for role in ROLES:
            answer = site.client(role).get(address)
            got.append(answer.status_code)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                assert inline(Page(answer)) == []
        assert (pattern, tuple(got)) == (pattern, wanted)
        assert site.client("anonymous").get(address).status_code in {302, 405}


def test_an_alarm_shows_its_findings_and_takes_an_acknowledgement(site: Site, alarm: Alarm) -> None:
    make_finding(site.people.point, rule="day_exceedance", factor=make_factor())
    page = site.client("officer").get(f"/alarms/{alarm.pk}/").content.decode()
    assert "Hourly exceedance" in page
    assert "EXH" in page
    assert "2 hours" in page
    for role, status in (("observer", 403), ("sibling", 404), ("owner", 403), ("officer", 302)):
        answer = site.client(role).post(f"/alarms/{alarm.pk}/acknowledge/", {"note": "seen"})
        assert (role, answer.status_code) == (role, status)
    alarm.refresh_from_db()
    site.finding.refresh_from_db()
    assert (alarm.note, alarm.acknowledged_by) == ("seen", site.people.officer)
    assert site.finding.acknowledged_by == site.people.officer
    assert Event.objects.latest("id").verb == "acknowledge_alarm"
    again = site.client("officer").post(f"/alarms/{alarm.pk}/acknowledge/", {"note": "too late"})
    assert again.status_code == 302
    alarm.refresh_from_db()
    assert alarm.note == "seen"


def test_limits_are_entered_by_form_and_refused_with_words(site: Site) -> None:
    call_command("pack", "apply", str(PACK), stdout=StringIO())
    point = site.people.point
    officer, owner = site.client("officer"), site.client("owner")
    given = {
        "factor": "w01018", "statistic": "day", "maximum": "45000", "unit": "µg/L",
        "valid_from": "2026-01-01", "source": "permit 7",
    }  # fmt: skip
    assert owner.post(f"/points/{point.code}/limits/set/", given).status_code == 403
    assert officer.post(f"/points/{point.code}/limits/set/", given).status_code == 302
    assert Limit.objects.get(point=point, statistic="day").maximum == Decimal(45)
    wrong = officer.post(
        f"/points/{point.code}/limits/set/", {**given, "factor": "w01001", "unit": "mg/L"}
    )
    assert (wrong.status_code, "expected" in wrong.content.decode()) == (422, True)
    grade = {"standard": "GB18918-2002/1A", "place": "outfall", "valid_from": "2020-01-01"}
    assert officer.post(f"/points/{point.code}/limits/standard/", grade).status_code == 302
    assert StandardAssignment.objects.get().standard.code == "GB18918-2002/1A"
    load = {"factor": "w01018", "year": "2026", "tonnes": "3.5", "source": "permit 7"}
    assert officer.post(f"/points/{point.code}/limits/load/", load).status_code == 302
    assert PermittedLoad.objects.get().tonnes == Decimal("3.5")
    refused = officer.post(f"/points/{point.code}/limits/load/", {**load, "tonnes": "0"})
    assert refused.status_code == 422
    page = officer.get(f"/points/{point.code}/limits/").content.decode()
    for words in ("GB 18918-2002", "permit 7", "3.5", "Assign a grade"):
        assert words in page
    assert "Assign a grade" not in owner.get(f"/points/{point.code}/limits/").content.decode()


def test_the_list_costs_the_same_with_one_alarm_and_with_twenty(site: Site, alarm: Alarm) -> None:
    client = site.client("officer")
    client.get("/alarms/")
    with CaptureQueriesContext(connection) as one:
        client.get("/alarms/")
    for _ in range(19):
        keep([make_finding(make_point(), factor=make_factor())], NOW)
    with CaptureQueriesContext(connection) as many:
        client.get("/alarms/")
    assert len(many) == len(one)
