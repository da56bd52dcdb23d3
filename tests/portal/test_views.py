"""The portal's pages, from the work of the day to what was handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jiulong.evidence.models import Attachment
from jiulong.organisation.models import User
from jiulong.upkeep.models import (
    FaultReport,
    MaintenanceRecord,
    ManualDatum,
    Mark,
    Objection,
    QcTest,
)
from tests.factories import make_finding, make_point
from tests.portal.conftest import HOUR, Site, measured
from tests.upkeep.made import FINE, make_mark, make_objection

PROOF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def at(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def ask(client: Client, user: User, name: str, *args: Any, query: str = "") -> Any:
    client.force_login(user)
    return client.get(reverse(name, args=args) + query, headers={"Accept-Language": "en"})


def send(client: Client, user: User, name: str, *args: Any, query: str = "", **data: Any) -> Any:
    client.force_login(user)
    return client.post(reverse(name, args=args) + query, data, headers={"Accept-Language": "en"})


def high_hours(site: Site, **more: Any) -> dict[str, Any]:
    return {
        "kind": "fault", "started_at": at(site.start + 18 * HOUR),
        "ended_at": at(site.start + 24 * HOUR), "factors": ["w01018"],
        "explanation": "sampling pump broken",
    } | more  # fmt: skip


def test_the_page_of_all_stations_says_what_is_to_be_done_in_few_queries(
    client: Client, site: Site, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    measured(site, missing=frozenset({3}))
    for _n in range(5):
        make_point(site.point.outfall)
    client.force_login(site.enterprise)
    with django_assert_max_num_queries(30):
        answer = client.get(reverse("portal:stations"), headers={"Accept-Language": "en"})
    page = answer.content.decode()
    assert "1 hour of" in page
    assert f"{reverse('portal:mark', args=[site.point.code])}?on={site.yesterday}" in page


def test_a_preview_shows_the_day_with_and_without_the_mark_and_writes_nothing(
    client: Client, site: Site
) -> None:
    measured(site)
    code = site.point.code
    page = send(client, site.operator, "portal:mark", code, preview="1", **high_hours(site))
    text = page.content.decode()
    assert page.status_code == 200
    assert "55.0" in text
    assert "40.0" in text
    assert "no longer over its limit" in text
    assert "sampling pump broken" in text  # what was typed is kept
    alone = client.post(
        reverse("portal:mark", args=[code]), {"preview": "1", **high_hours(site)},
        headers={"HX-Request": "true", "HX-Target": "effect"},
    ).content.decode()  # fmt: skip
    assert "<form" not in alone
    assert "55.0" in alone
    assert not Mark.objects.exists()


def test_a_late_mark_is_told_to_wait_for_its_review(client: Client, site: Site) -> None:
    code, start = site.point.code, site.start - 24 * HOUR
    sent = high_hours(site, started_at=at(start), ended_at=at(start + HOUR))
    told = "until a reviewer accepts it"
    page = send(client, site.operator, "portal:mark", code, preview="1", **sent)
    assert told in page.content.decode()
    send(client, site.operator, "portal:mark", code, **sent)
    mark = Mark.objects.get()
    seen = ask(client, site.desk, "upkeep:mark", mark.pk).content.decode()
    assert (mark.late, told in seen, "None yet: it was handed in late." in seen) == (True,) * 3
    send(client, site.desk, "upkeep:mark_review", mark.pk, decision="accept")
    seen = ask(client, site.desk, "upkeep:mark", mark.pk).content.decode()
    assert (told in seen, "None yet" in seen) == (False, False)


def test_a_mark_is_handed_in_with_its_proof_reviewed_with_its_effect_and_objected_to(
    client: Client, site: Site
) -> None:
    measured(site)
    proof = SimpleUploadedFile("photo.pdf", PROOF)
    sent = high_hours(site, proofs=proof)
    assert send(client, site.operator, "portal:mark", site.point.code, **sent).status_code == 303
    mark = Mark.objects.get()
    assert (mark.by, mark.factors) == (site.operator, [site.cod.pk])
    assert Attachment.objects.get().subject_id == str(mark.pk)
    seen = ask(client, site.desk, "upkeep:mark", mark.pk).content.decode()
    assert "no longer over its limit" in seen
    refused = send(client, site.desk, "upkeep:mark_review", mark.pk, decision="reject")
    assert (refused.status_code, "Say why" in refused.content.decode()) == (422, True)
    send(client, site.desk, "upkeep:mark_review", mark.pk, decision="reject", reason="no proof")
    again = send(client, site.desk, "upkeep:mark_review", mark.pk, decision="accept")
    assert again.status_code == 409
    made = send(client, site.operator, "portal:objection_to_mark", mark.pk, text="there is one")
    assert made.status_code == 303
    objection = Objection.objects.get()
    answered = {"decision": "upheld", "answer": "seen now; hand it in again"}
    assert send(
        client, site.desk, "upkeep:objection_answer", objection.pk, **answered
    ).status_code == 303  # fmt: skip
    page = ask(client, site.operator, "upkeep:objection", objection.pk).content.decode()
    assert "seen now" in page


@pytest.mark.parametrize(
    ("changed", "field"), [({"kind": "x"}, "kind"), ({"explanation": ""}, "explanation")]
)
def test_a_wrong_mark_comes_back_with_what_is_wrong(
    client: Client, site: Site, changed: dict[str, str], field: str
) -> None:
    sent = high_hours(site, **changed)
    answer = send(client, site.operator, "portal:mark", site.point.code, **sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_file_that_is_none_is_refused_and_no_mark_is_left(client: Client, site: Site) -> None:
    sent = high_hours(site, proofs=SimpleUploadedFile("x.exe", b"MZ\x90\x00" + b"\x00" * 64))
    answer = send(client, site.operator, "portal:mark", site.point.code, **sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors["proofs"]
    assert not Mark.objects.exists()


def test_a_mark_takes_the_place_of_one_s_own_alone(client: Client, site: Site) -> None:
    old = make_mark(site.point, site.enterprise)
    code, query = site.point.code, f"?instead={old.pk}"
    assert ask(client, site.operator, "portal:mark", code, query=query).status_code == 403
    page = ask(client, site.enterprise, "portal:mark", code, query=query)
    assert page.context["form"].initial["explanation"] == "pump broken"
    send(client, site.enterprise, "portal:mark", code, query=query, **high_hours(site))
    assert Mark.objects.get(pk=old.pk).state == "superseded"


def test_faults_manual_data_lists_and_checks_are_handed_in(client: Client, site: Site) -> None:
    code, now = site.point.code, at(timezone.now() - HOUR)
    sent = [
        ("portal:fault", "", {"began_at": now, "description": "lamp"}),
        ("portal:manual", "", {
            "sampled_at": now, "value_w01018": "43.5", "method": "HJ 828", "laboratory": "own",
        }),
        ("portal:maintenance", "?form=weekly", {"at": now, "people": "陈某", **FINE}),
        ("portal:check", "", {
            "kind": "standard", "factor": "w01018", "at": now, "true_1": "100", "said_1": "111",
        }),
    ]  # fmt: skip
    for name, query, data in sent:
        answer = send(client, site.operator, name, code, query=query, **data)
        assert answer.status_code == 303, (name, answer.context["form"].errors)
    fault = FaultReport.objects.get()
    assert ManualDatum.objects.get().fault == fault
    assert MaintenanceRecord.objects.get().values["temperature"] == "22.5"
    assert QcTest.objects.get().passed is False
    for name, pk in (
        ("upkeep:fault", fault.pk), ("upkeep:check", QcTest.objects.get().pk),
        ("upkeep:record", MaintenanceRecord.objects.get().pk),
    ):  # fmt: skip
        assert ask(client, site.operator, name, pk).status_code == 200
    done = {"restored_at": at(timezone.now()), "note": "new lamp"}
    assert (
        send(client, site.enterprise, "upkeep:fault_restore", fault.pk, **done).status_code == 303
    )


def test_half_a_pair_and_an_empty_sample_are_told(client: Client, site: Site) -> None:
    code, now = site.point.code, at(timezone.now() - HOUR)
    half = {"kind": "comparison", "factor": "w01018", "at": now, "true_1": "9", "said_1": "9"}
    answer = send(client, site.operator, "portal:check", code, **half, true_2="9")
    assert [*answer.context["form"].errors] == ["said_2"]
    answer = send(client, site.operator, "portal:check", code, **half)
    assert [*answer.context["form"].errors] == ["true_1"]  # three pairs are needed
    empty = {"sampled_at": now, "method": "HJ 828", "laboratory": "own"}
    answer = send(client, site.operator, "portal:manual", code, **empty)
    assert answer.status_code == 422


def test_the_account_of_a_month_counts_days_over_and_the_load(client: Client, site: Site) -> None:
    measured(site)
    query = f"?month={site.yesterday:%Y-%m}"
    page = ask(client, site.operator, "portal:account", site.point.code, query=query)
    (cod,) = page.context["account"].factors
    assert (cod.days, cod.valid_days, cod.over_days) == (1, 1, 1)
    for nonsense in ("?month=x", "?month=9999-12", "?month=2026-99"):
        answer = ask(client, site.operator, "portal:account", site.point.code, query=nonsense)
        assert answer.status_code == 200


def test_the_desk_s_lists_stay_cheap_however_long(
    client: Client, site: Site, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for hour in range(12):
        make_mark(
            site.point, site.operator, factors=[site.cod], started_at=site.start + hour * HOUR,
            ended_at=site.start + (hour + 1) * HOUR,
        )  # fmt: skip
    make_objection(site.point, site.enterprise, make_finding(site.point))
    client.force_login(site.desk)
    for name in ("marks", "checks", "faults", "maintenance", "objections"):
        with django_assert_max_num_queries(14):
            assert client.get(reverse(f"upkeep:{name}")).status_code == 200
    assert ask(client, site.sibling, "upkeep:marks").context["page"].paginator.count == 0
