"""Where a viewer holds a verb."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jiulong.organisation.models import Post, Role, Unit, User
from jiulong.organisation.rules import Reach, may, reach, require_for
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> dict[str, Unit]:
    """district → street → own, sibling; own → below; and another district."""
    district = make_unit(Unit.Kind.DISTRICT)
    street = make_unit(Unit.Kind.STREET, parent=district)
    own = make_unit(Unit.Kind.COMMUNITY, parent=street)
    return {
        "district": district,
        "street": street,
        "own": own,
        "sibling": make_unit(Unit.Kind.COMMUNITY, parent=street),
        "below": make_unit(Unit.Kind.GRID, parent=own),
        "other": make_unit(Unit.Kind.DISTRICT),
    }


def role(scope: str, *verbs: str, code: str = "special") -> Role:
    return Role.objects.create(code=code, names={"en": code}, verbs=list(verbs), scope=scope)


def fresh(user: User) -> User:
    return User.objects.with_rights().get(pk=user.pk)


def seen(user: User, tree: dict[str, Unit], verb: str = "see_cases") -> set[str]:
    found = reach(fresh(user), verb)
    return {name for name, unit in tree.items() if found.covers(unit.pk)}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("handler", {"own"}),
        ("leader", {"own", "below"}),
        ("supervisor", {"district", "street", "own", "sibling", "below", "other"}),
        ("cadre", set()),
        ("administrator", set()),
        ("security", set()),
    ],
)
def test_a_role_reaches_as_far_as_its_scope(
    tree: dict[str, Unit], code: str, expected: set[str]
) -> None:
    assert seen(make_user(code, tree["own"]), tree) == expected


def test_own_things_are_told_by_the_account(tree: dict[str, Unit]) -> None:
    user = make_user("cadre", tree["own"])
    assert reach(user, "see_cases") == Reach(own=user.pk)
    assert reach(user, "see_cases")
    assert not reach(user, "close_case")


def test_posts_add_up_while_they_last(tree: dict[str, Unit]) -> None:
    today, day = timezone.localdate(), timedelta(days=1)
    user = make_user("handler", tree["own"])
    leader = Role.objects.get(pk="leader")
    post = Post.objects.create(user=user, unit=tree["other"], role=leader, from_on=today)
    assert seen(user, tree) == {"own", "below", "other"} - {"below"}
    assert may(fresh(user), "assign_case")
    for from_on, to_on in ((today - 9 * day, today - day), (today + day, None)):
        Post.objects.filter(pk=post.pk).update(from_on=from_on, to_on=to_on)
        assert seen(user, tree) == {"own"}
        assert not may(fresh(user), "assign_case")
    Post.objects.filter(pk=post.pk).update(from_on=today - day, to_on=today)
    assert seen(user, tree) == {"own", "other"}


def test_named_units_reach_down(tree: dict[str, Unit]) -> None:
    user = make_user("security")
    named = role(Role.Scope.NAMED, "see_cases")
    post = Post.objects.create(
        user=user, unit=tree["sibling"], role=named, from_on=timezone.localdate()
    )
    assert seen(user, tree) == {"sibling"}
    post.named.set([tree["own"], tree["other"]])
    assert seen(user, tree) == {"own", "below", "other"}


def test_nobody_closed_or_strange_reaches_anything(tree: dict[str, Unit]) -> None:
    for viewer in (make_user("supervisor", is_active=False), AnonymousUser()):
        assert reach(viewer, "see_cases") == Reach()
        with pytest.raises(PermissionDenied):
            require_for(viewer, "see_cases", tree["own"])


def test_it_is_required_for_a_unit(tree: dict[str, Unit]) -> None:
    user = make_user("handler", tree["own"])
    assert require_for(user, "handle_case", tree["own"]) == user
    for unit in (tree["sibling"], tree["street"], tree["other"].pk, None):
        with pytest.raises(PermissionDenied):
            require_for(user, "handle_case", unit)
    assert require_for(make_user("supervisor"), "assign_case", None)


def test_a_query_narrows_to_it(tree: dict[str, Unit]) -> None:
    user = make_user("leader", tree["own"])
    found = Unit.objects.filter(reach(user, "see_cases").within("pk"))
    assert set(found) == {tree["own"], tree["below"]}
    assert Unit.objects.filter(Reach(everything=True).within("pk")).count() == len(tree)
    assert not Unit.objects.filter(Reach().within("pk")).exists()
    assert Reach(own=7).within("unit", "by").children == [("unit__in", frozenset()), ("by", 7)]


def test_rights_of_a_request_cost_no_query_and_reach_one(
    tree: dict[str, Unit], django_assert_num_queries: Any
) -> None:
    user = fresh(make_user("leader", tree["own"]))
    with django_assert_num_queries(0):
        assert may(user, "see_cases")
        assert user.get_role_display()
    with django_assert_num_queries(1):
        for verb in ("see_cases", "handle_case", "assign_case"):
            reach(user, verb)
    stranger = User.objects.get(pk=user.pk)  # not loaded as a request loads it
    with django_assert_num_queries(1):
        assert may(stranger, "see_cases")
        assert may(stranger, "file_case")


def test_a_changed_account_is_asked_again(tree: dict[str, Unit]) -> None:
    user = make_user("leader", tree["own"])
    assert may(user, "assign_case")
    user.role = "handler"
    user.save()
    assert not may(user, "assign_case")
    Role.objects.filter(pk="handler").update(verbs=["assign_case"])
    user.refresh_from_db()
    assert may(user, "assign_case")


def test_moving_a_unit_moves_all_below_it(tree: dict[str, Unit]) -> None:
    leader = make_user("leader", tree["other"])
    tree["own"].parent = tree["other"]
    tree["own"].save()
    assert seen(leader, tree) == {"other", "own", "below"}
    assert seen(make_user("leader", tree["street"]), tree) == {"street", "sibling"}
    paths = dict(Unit.objects.values_list("pk", "path"))
    below, own, other = tree["below"].pk, tree["own"].pk, tree["other"].pk
    assert paths[below] == f"/{other}/{own}/{below}/"


def test_a_tree_has_no_circles(tree: dict[str, Unit]) -> None:
    for parent in (tree["below"], tree["own"]):
        tree["own"].parent = parent
        with pytest.raises(IntegrityError, match="below itself"), transaction.atomic():
            tree["own"].save()


def test_two_thousand_units_below_are_one_query(
    tree: dict[str, Unit], django_assert_num_queries: Any
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisation_unit (code, name, kind, parent_id, path)"
            " SELECT 'x' || n, 'x', 'enterprise', %s, '' FROM generate_series(1, 2000) n",
            [tree["street"].pk],
        )
    leader = make_user("leader", tree["street"])
    with django_assert_num_queries(1):
        assert len(reach(leader, "see_cases").units) == 2004
