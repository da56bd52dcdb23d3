"""Pages of the contest: what they show to whom, with how many queries, and what they refuse."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jiulong.organisation.models import User
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.models import Dispute, SchemeVersion, Standing
from jiulong.scorecards.queries import standings as queries
from tests.factories import make_user
from tests.scorecards.standings.scene import NOW, PERIOD, Scene, make_scene

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def opened(scene: Scene) -> Standing:
    """March, open to objections now."""
    standing = contest.compute_standing(actor=None, scheme=scene.scheme, period=PERIOD, now=NOW)
    return contest.open_standing(actor=None, standing=standing, now=timezone.now())


def text_of(client: Client, name: str, *args: Any, query: str = "") -> str:
    answer = client.get(reverse(f"scorecards:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_table_shows_ranks_and_the_row_opens_to_its_observations(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    scene = make_scene()
    standing = opened(scene)
    client = client_of(scene.observer)
    text_of(client, "standing", standing.pk)  # what a process reads once
    with django_assert_max_num_queries(25):
        page = text_of(client, "standing", standing.pk, query="?group=north")
    assert [page.index(f">{name}</a>") for name in "ABC"] == sorted(
        page.index(f">{name}</a>") for name in "ABC"
    )
    assert ">D</a>" not in page
    row = standing.rows.get(subject__code="b")
    with django_assert_max_num_queries(25):
        opened_row = text_of(client, "row", row.pk)
    assert reverse("scorecards:figure", args=[scene.values["b"].pk]) in opened_row
    assert "100" in opened_row


def test_what_if_finds_the_value_that_gains_a_rank() -> None:
    scene = make_scene()
    standing = opened(scene)
    row = standing.rows.get(subject__code="c")
    page = text_of(
        client_of(scene.staff["c"]), "what_if", row.pk, query="?of=output+2026-03&value=115"
    )
    assert "3 → <b>2</b>" in page
    # B has 100 points; C needs as many and a little: ties share the better rank.
    assert "With <b>100.00</b> it ranks <b>2</b>" in page
    assert scene.values["c"].value == Decimal(80)
    broken = client_of(scene.staff["c"]).get(
        reverse("scorecards:what_if", args=[row.pk]) + "?of=nothing&value=x"
    )
    assert broken.status_code == 200


def test_an_objection_is_filed_and_answered_on_pages() -> None:
    scene = make_scene()
    standing = opened(scene)
    row = standing.rows.get(subject__code="c")
    unit, office = client_of(scene.staff["c"]), client_of(scene.office)
    refused = client_of(scene.staff["a"]).post(reverse("scorecards:object", args=[row.pk]))
    assert refused.status_code == 403
    address = reverse("scorecards:object", args=[row.pk])
    assert "This field is required" in unit.post(address, {"claim": ""}).content.decode()
    unit.post(address, {"claim": "It is 105", "criterion": "output"})
    dispute = Dispute.objects.get()
    answer = reverse("scorecards:dispute", args=[dispute.pk])
    half = {"state": "upheld", "answer": "yes it is", "value": "105"}
    assert "or neither" in office.post(answer, half).content.decode()
    office.post(answer, {**half, "observation": scene.values["c"].pk})
    dispute.refresh_from_db()
    assert dispute.state == Dispute.State.UPHELD
    assert standing.rows.get(subject__code="c").rank == 2


def test_a_draft_is_changed_tried_and_adopted_by_another() -> None:
    scene = make_scene()
    opened(scene)
    first, second = client_of(scene.office), client_of(scene.second)
    first.post(reverse("scorecards:scheme_draft", args=[scene.scheme.pk]))
    draft = SchemeVersion.objects.get(state=SchemeVersion.State.DRAFT)
    edit = reverse("scorecards:scheme_edit", args=[draft.pk])
    cap = "contests.0.criteria.0.rule.cap"
    assert "Expected a number" in first.post(edit, {cap: "much"}).content.decode()
    wrong = first.post(edit, {"contests.0.weight": "70"}).content.decode()
    assert "thing" in wrong  # the weights do not add up any more
    first.post(edit, {cap: "1", "note": "No more than full marks"})
    draft.refresh_from_db()
    assert draft.note == "No more than full marks"
    page = text_of(first, "scheme_simulate", draft.pk)
    assert "1 would move" in page  # A and B share the first rank: B gains a place
    adopt = reverse("scorecards:scheme_adopt", args=[draft.pk])
    assert first.post(adopt).status_code == 403
    second.post(edit, {cap: "1.0", "note": "In other words"})
    assert [one.post(adopt).status_code for one in (first, second)] == [403, 403]  # both wrote it
    client_of(make_user(User.Role.SUPERVISOR, scene.office.unit)).post(adopt)
    draft.refresh_from_db()
    assert draft.state == SchemeVersion.State.ADOPTED
    assert queries.adopted("contest", "2026-04") == draft
    assert "1.2" in text_of(second, "scheme", draft.pk)


def test_the_summary_tells_a_unit_its_place_and_who_is_last() -> None:
    scene = make_scene()
    standing = opened(scene)
    today = timezone.localdate()
    found = queries.summary(scene.staff["b"], today)
    assert found is not None
    assert found.standing == standing.pk
    assert [(one.rank, one.of, one.moved, one.score) for one in found.own] == [
        (2, 3, None, "100.00")
    ]
    ends = {group.key: [one.subject for one in group.last] for group in found.groups}
    assert ends == {"north": ["C"], "south": []}
    assert queries.summary(scene.observer, today - timedelta(days=365)) is None


def test_what_is_not_open_yet_is_seen_by_who_runs_the_contest_alone() -> None:
    scene = make_scene()
    standing = contest.compute_standing(actor=None, scheme=scene.scheme, period=PERIOD, now=NOW)
    address = reverse("scorecards:standing", args=[standing.pk])
    assert client_of(scene.observer).get(address).status_code == 404
    assert client_of(scene.office).get(address).status_code == 200
    assert queries.newest(scene.observer) is None
