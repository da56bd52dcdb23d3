"""Ranks of enterprises are for every office; points and values for those concerned alone."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from jiulong.organisation.models import Unit, User
from jiulong.scorecards import standing_rules as rules
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.models import SchemeVersion, Standing, StandingRow, Subject
from jiulong.scorecards.queries import standings as queries
from jiulong.scorecards.standing_specs import as_json, of
from tests.factories import make_enterprise, make_unit, make_user
from tests.scorecards.standings.scene import NOW, PERIOD, SPEC, Scene, make_scene
from tests.scorecards.standings.test_pages import client_of, text_of

pytestmark = pytest.mark.django_db


def firms_of(scene: Scene) -> dict[str, User]:
    """Subjects a and b become firms of streets A and B; each has somebody of its own."""
    people = {}
    for code in ("a", "b"):
        firm = make_enterprise(name=f"Firm {code}")
        Subject.objects.filter(code=code).update(kind="enterprise", enterprise=firm, name=firm.name)
        people[code] = make_user(User.Role.ENTERPRISE, firm.unit)
    return people


def opened(scene: Scene) -> Standing:
    standing = contest.compute_standing(actor=None, scheme=scene.scheme, period=PERIOD, now=NOW)
    return contest.open_standing(actor=None, standing=standing, now=timezone.now())


def reads(viewer: User, standing: Standing) -> str:
    """The subjects that the viewer reads in full; in brackets those of which they see the rank."""
    rows = sorted(queries.rows(viewer, standing), key=lambda row: row.subject.code)
    told = ""
    for row in rows:
        code = row.subject.code
        told += code if rules.is_open(row) else f"({code})"
        assert rules.sees_row(viewer, row) is rules.is_open(row)
    return told


def test_figures_of_firms_are_read_by_those_concerned() -> None:
    scene = make_scene()
    firms = firms_of(scene)
    standing = opened(scene)
    below = make_unit(parent=scene.staff["a"].unit)
    above = make_user(User.Role.HANDLER, Unit.objects.get(kind=Unit.Kind.DISTRICT))
    for viewer, expected in (
        (firms["a"], "a"),  # its own, and no rank of others
        (scene.staff["a"], "a(b)cd"),
        (scene.staff["c"], "(a)(b)cd"),
        (make_user(User.Role.HANDLER, below), "(a)(b)cd"),
        (above, "abcd"),
        (scene.office, "abcd"),
        (scene.observer, "abcd"),  # sees standings everywhere
        (make_user(User.Role.CADRE, scene.staff["a"].unit), ""),
    ):
        assert reads(viewer, standing) == expected, viewer


def test_pages_and_files_follow_the_same_rule() -> None:
    scene = make_scene()
    firms_of(scene)
    standing = opened(scene)
    row = standing.rows.get(subject__code="a")
    contest.file_adjustment(
        actor=scene.office, scheme=scene.scheme, criterion="bonus@award", subject=row.subject,
        period=PERIOD, amount=Decimal(1), reason="A prize", ref="1",
    )  # fmt: skip
    outside, charge = client_of(scene.staff["c"]), client_of(scene.staff["a"])
    page = text_of(outside, "standing", standing.pk, query="?group=north")
    own = reverse("scorecards:row", args=[row.pk])
    assert ("Firm a" in page, own in page, f"{row.score:.2f}" in page) == (True, False, False)
    assert own in text_of(charge, "standing", standing.pk, query="?group=north")
    everywhere = client_of(scene.office)
    for name, expected in (("row", [404, 200, 200]), ("what_if", [404, 404, 200])):
        address = reverse(f"scorecards:{name}", args=[row.pk])
        answers = [one.get(address) for one in (outside, charge, everywhere)]
        assert [answer.status_code for answer in answers] == expected
    files = [
        one.get(reverse("scorecards:standing_rows", args=[standing.pk])).content.decode()
        for one in (outside, charge, client_of(scene.office))
    ]
    assert [{line[0] for line in text.splitlines()[1:]} for text in files] == [
        {"c", "d"}, {"a", "c", "d"}, {"a", "b", "c", "d"},
    ]  # fmt: skip
    told = [text_of(one, "standing_again", standing.pk) for one in (outside, charge)]
    assert ["Firm a" in text for text in told] == [False, True]
    told = [text_of(one, "adjustments") for one in (outside, charge)]
    assert ["Firm a" in text for text in told] == [False, True]
    places = {place.subject: place for place in _places(scene.staff["c"])}
    assert (places["Firm a"].score, places["C"].score) == ("", "80.00")


def test_a_firm_reads_its_own_row_without_figures_of_its_rivals() -> None:
    spec = deepcopy(SPEC)
    spec["contests"][0]["criteria"][0]["rule"] = {"kind": "share", "value": "output"}
    scene = make_scene(spec)
    scene.observe(b="90")
    firms = firms_of(scene)
    standing = opened(scene)
    row = standing.rows.get(subject__code="b")
    gap = f"{row.gap:.2f}"
    for user, seen in ((firms["b"], False), (scene.staff["b"], False), (scene.office, True)):
        client = client_of(user)
        page = text_of(client, "row", row.pk)
        assert "90 between " in page  # its own value
        assert [one in page for one in ("between 80 and 120", gap, "What if<")] == [seen] * 3
        table = text_of(client, "standing", standing.pk, query="?group=north")
        assert (gap in table) is seen
    client = client_of(firms["b"])
    assert client.get(reverse("scorecards:what_if", args=[row.pk])).status_code == 404


def _places(viewer: User) -> list[Any]:
    found = queries.summary(viewer, timezone.localdate(), "contest")
    assert found is not None
    return [place for group in found.groups for place in group.places]


def test_a_scheme_names_who_else_reads_and_opens_more_once_published() -> None:
    spec = deepcopy(SPEC)
    spec["visible"] = {"units": ["c"], "opens": "published"}
    scene = make_scene(spec)
    firms = firms_of(scene)
    standing = opened(scene)
    assert of(scene.scheme).visible.units == ("c",)
    assert reads(scene.staff["c"], standing) == "abcd"
    assert reads(scene.staff["d"], standing) == "(a)(b)cd"
    for state, expected, quotable in (("frozen", "(a)(b)cd", 2), ("published", "abcd", 4)):
        Standing.objects.filter(pk=standing.pk).update(
            state=state, frozen_at=NOW, published_at=NOW if state == "published" else None
        )
        standing.refresh_from_db()
        assert reads(scene.staff["d"], standing) == expected
        assert StandingRow.objects.filter(rules.opened()).count() == quotable
    assert reads(firms["b"], standing) == "b"
    kept = SchemeVersion.objects.get(pk=scene.scheme.pk)
    assert as_json(of(kept))["visible"] == {"units": ["c"], "opens": "published"}
