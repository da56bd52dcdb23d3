"""Units, posts and roles are changed; the three administrators are three persons."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from jiulong.evidence.models import Event
from jiulong.organisation import actions, queries
from jiulong.organisation.models import Post, Role, Unit, User
from jiulong.organisation.roles import BUILT_IN
from jiulong.organisation.rules import may
from jiulong.organisation.unmasking import unmask
from jiulong.organisation.verbs import VERBS
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "Nine dragons river"
ADMINISTRATORS = ("administrator", "security", "auditor")


@pytest.fixture
def system() -> User:
    return make_user("administrator")


@pytest.fixture
def security() -> User:
    return make_user("security")


def told() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def outsiders(*but: str) -> list[Any]:
    return [AnonymousUser(), make_user("administrator", is_active=False)] + [
        make_user(code, make_unit()) for code in BUILT_IN if code not in but
    ]


def test_units_are_changed_moved_and_closed(system: User) -> None:
    street = actions.create_unit(actor=system, code="s", name="s", kind="street")
    unit = actions.create_unit(actor=system, code="c", name="c", kind="community", parent=street)
    assert unit.path == f"/{street.pk}/{unit.pk}/"
    actions.update_unit(actor=system, unit=unit, name="New", longitude=117.6, latitude=24.5)
    moved = actions.move_unit(actor=system, unit=unit, parent=None)
    assert moved.path == f"/{unit.pk}/"
    closed = actions.close_unit(actor=system, unit=moved)
    assert (closed.name, closed.closed_on) == ("New", timezone.localdate())
    assert told() == ["create_unit", "create_unit", "update_unit", "move_unit", "close_unit"]
    with pytest.raises(TypeError, match="code"):
        actions.update_unit(actor=system, unit=unit, code="other")


def test_a_unit_stands_where_it_can(system: User) -> None:
    street = make_unit(Unit.Kind.STREET)
    below = make_unit(Unit.Kind.COMMUNITY, parent=street)
    with pytest.raises(ValidationError, match=r"自己|itself"):
        actions.move_unit(actor=system, unit=street, parent=below)
    with pytest.raises(ValidationError):
        actions.create_unit(
            actor=system, code="g", name="g", kind="grid", parent=make_unit("department")
        )
    assert told() == []


def test_a_unit_with_people_or_units_stays_open(system: User) -> None:
    street = make_unit(Unit.Kind.STREET)
    below = make_unit(Unit.Kind.COMMUNITY, parent=street)
    with pytest.raises(ValidationError):
        actions.close_unit(actor=system, unit=street)
    make_user("handler", below)
    with pytest.raises(ValidationError):
        actions.close_unit(actor=system, unit=below)


def test_only_the_system_administrator_changes_units() -> None:
    unit = make_unit(Unit.Kind.STREET)
    for who in outsiders("administrator"):
        for act in (
            lambda who: actions.update_unit(actor=who, unit=unit, name="x"),
            lambda who: actions.move_unit(actor=who, unit=unit, parent=None),
            lambda who: actions.close_unit(actor=who, unit=unit),
        ):
            with pytest.raises(PermissionDenied):
                act(who)


def test_a_post_is_given_for_a_time_and_ended(system: User) -> None:
    person, unit = make_user("handler", make_unit()), make_unit()
    leader, today = Role.objects.get(pk="leader"), timezone.localdate()
    past = today - timedelta(days=9)
    post = actions.give_post(
        actor=system, user=person, unit=unit, role=leader, title="主任", from_on=past
    )
    person.refresh_from_db()
    assert may(person, "assign_case")
    actions.end_post(actor=system, post=post)
    person.refresh_from_db()
    assert not may(person, "assign_case")
    assert Post.objects.get().to_on == today - timedelta(days=1)
    assert told() == ["give_post", "end_post"]
    brief = actions.give_post(actor=system, user=person, unit=unit, role=leader)
    actions.end_post(actor=system, post=brief)
    assert Post.objects.count() == 1  # begun and ended on one day: it never was


def test_a_role_of_named_units_needs_them(system: User, security: User) -> None:
    role = actions.create_role(
        actor=security, code="patron", names={"zh": "包片"}, verbs=["see_cases"], scope="named"
    )
    person, unit = make_user("handler"), make_unit()
    with pytest.raises(ValidationError) as caught:
        actions.give_post(actor=system, user=person, unit=unit, role=role)
    assert list(caught.value.message_dict) == ["named"]
    post = actions.give_post(actor=system, user=person, unit=unit, role=role, named=[unit])
    assert list(post.named.all()) == [unit]


def test_nobody_else_gives_posts() -> None:
    person, unit = make_user("handler", make_unit()), make_unit()
    role = Role.objects.get(pk="leader")
    post = actions.give_post(actor=None, user=person, unit=unit, role=role)
    for who in outsiders("administrator", "security"):
        with pytest.raises(PermissionDenied):
            actions.give_post(actor=who, user=person, unit=unit, role=role)
        with pytest.raises(PermissionDenied):
            actions.end_post(actor=who, post=post)


@pytest.mark.parametrize(("main", "further"), list(permutations(ADMINISTRATORS, 2)))
def test_nobody_is_two_administrators(security: User, main: str, further: str) -> None:
    person, unit = make_user(main), make_unit()
    role = Role.objects.get(pk=further)
    with pytest.raises(ValidationError):
        actions.give_post(actor=security, user=person, unit=unit, role=role)
    later = timezone.localdate() + timedelta(days=90)
    with pytest.raises(ValidationError):
        actions.give_post(actor=security, user=person, unit=unit, role=role, from_on=later)
    other = make_user("handler", unit)
    actions.give_post(actor=security, user=other, unit=unit, role=role)
    with pytest.raises(ValidationError):
        actions.update_user(actor=security, user=other, role=main)
    assert User.objects.get(pk=other.pk).role == "handler"


def test_no_role_is_two_administrators(security: User) -> None:
    both = {"names": {"zh": "两员"}, "verbs": ["manage_accounts", "see_logs"], "scope": "all"}
    with pytest.raises(ValidationError):
        actions.create_role(actor=security, code="both", **both)
    with pytest.raises(ValidationError):
        actions.update_role(
            actor=security, role=Role.objects.get(pk="auditor"), verbs=["see_logs", "manage_roles"]
        )


def test_a_role_does_not_become_an_administrator_of_one_who_is_another(security: User) -> None:
    person = make_user("auditor")
    role = Role.objects.get(pk="leader")
    actions.give_post(actor=security, user=person, unit=make_unit(), role=role)
    with pytest.raises(ValidationError):
        actions.update_role(actor=security, role=role, verbs=[*role.verbs, "manage_accounts"])
    assert Role.objects.get(pk="leader").verbs == role.verbs


@pytest.mark.parametrize("code", ADMINISTRATORS)
def test_the_system_administrator_makes_no_administrators(system: User, code: str) -> None:
    person, unit = make_user("handler", make_unit()), make_unit()
    with pytest.raises(PermissionDenied):
        actions.create_user(actor=system, username="x", password=PASSWORD, role=code)
    with pytest.raises(PermissionDenied):
        actions.update_user(actor=system, user=person, role=code)
    with pytest.raises(PermissionDenied):
        actions.give_post(actor=system, user=person, unit=unit, role=Role.objects.get(pk=code))
    with pytest.raises(PermissionDenied):
        actions.set_password(actor=system, user=make_user(code), password=PASSWORD)


def test_what_each_administrator_may_not() -> None:
    rights = {code: set(BUILT_IN[code].verbs.split()) for code in ADMINISTRATORS}
    assert rights["security"] == {"manage_roles", "keep_house"}
    assert rights["auditor"] == {"see_logs", "keep_house"}
    assert not rights["administrator"] & {"manage_roles", "see_logs", "see_cases", "unmask"}
    assert {verb for role in BUILT_IN.values() for verb in role.verbs.split()} == VERBS.keys()


def test_roles_are_made_and_changed_at_once(security: User) -> None:
    role = actions.create_role(
        actor=security, code="clerk", names={"zh": "文书", "en": "Clerk"}, verbs=["see_cases"],
        scope="unit",
    )  # fmt: skip
    holder = make_user("clerk", make_unit())
    actions.update_role(actor=security, role=role, verbs=["see_cases", "file_case"])
    holder.refresh_from_db()
    assert may(holder, "file_case")
    assert Event.objects.latest("id").data == {"verbs": [["see_cases"], ["file_case", "see_cases"]]}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"verbs": ["rule_the_world"]}, "verbs"),
        ({"names": {"zh": ""}}, "names"),
        ({"scope": "moon"}, "scope"),
        ({"code": "no spaces"}, "code"),
        ({"code": "handler"}, "code"),
    ],
)
def test_a_role_must_make_sense(security: User, wrong: dict[str, Any], field: str) -> None:
    given = {"code": "clerk", "names": {"zh": "文书"}, "verbs": ["see_cases"], "scope": "unit"}
    with pytest.raises(ValidationError) as caught:
        actions.create_role(actor=security, **{**given, **wrong})
    assert list(caught.value.message_dict) == [field]


def test_only_the_security_administrator_changes_roles() -> None:
    role = Role.objects.get(pk="handler")
    given = {"names": {"zh": "x"}, "verbs": ["see_cases"], "scope": "all"}
    for who in outsiders("security"):
        with pytest.raises(PermissionDenied):
            actions.create_role(actor=who, code="x", **given)
        with pytest.raises(PermissionDenied):
            actions.update_role(actor=who, role=role, **given)


def test_a_changed_built_in_role_stays_changed(security: User) -> None:
    role = Role.objects.get(pk="handler")
    Role.objects.filter(pk="leader").update(verbs=[])
    actions.update_role(actor=security, role=role, verbs=["see_cases"])
    actions.enter_built_in_roles()  # as after the migrations of a new version
    assert Role.objects.get(pk="handler").verbs == ["see_cases"]
    assert Role.objects.get(pk="leader").verbs == sorted(BUILT_IN["leader"].verbs.split())


def test_a_pack_brings_roles_but_leaves_the_sites_own(security: User) -> None:
    given = {"names": {"zh": "河长"}, "verbs": ["see_cases"], "scope": "unit", "pack": "hehu"}
    role, changed = actions.put_role(code="chief", **given)
    assert (role.pack, changed) == ("hehu", True)
    assert actions.put_role(code="chief", **given)[1] is False
    assert actions.put_role(code="handler", **given)[1] is False
    actions.update_role(actor=security, role=role, verbs=["file_case"])
    assert actions.put_role(code="chief", **given)[0].verbs == ["file_case"]
    with pytest.raises(ValidationError):
        actions.put_role(code="boss", **{**given, "verbs": ["manage_accounts"]})


def test_the_books_are_open_to_administrators_alone() -> None:
    make_unit()
    for who in outsiders(*ADMINISTRATORS):
        assert not queries.units(who).exists()
        assert not queries.people(who).exists()
        assert not queries.roles(who).exists()
        assert not queries.login_lines(who).exists()
        assert not queries.read_records(who).exists()
    for code in ADMINISTRATORS:
        assert queries.units(make_user(code)).exists()


def test_people_are_found_by_a_further_post_too(system: User) -> None:
    person, unit = make_user("handler", make_unit()), make_unit()
    actions.give_post(actor=None, user=person, unit=unit, role=Role.objects.get(pk="leader"))
    assert list(queries.people(system, role="leader")) == [person]
    unit.refresh_from_db()
    assert list(queries.people(system, unit=unit)) == [person]


def test_reading_a_masked_field_is_written_down() -> None:
    reader, auditor = make_user("leader", make_unit()), make_user("auditor")
    record = unmask(reader, "registers.entry", 7, "phone", "call back")
    assert list(queries.read_records(auditor)) == [record]
    assert (record.user_name, record.subject_id, record.reason) == (str(reader), "7", "call back")
    with pytest.raises(ValidationError):
        unmask(reader, "registers.entry", 7, "phone", "  ")
    for who in (make_user("observer"), make_user("administrator"), AnonymousUser()):
        with pytest.raises(PermissionDenied):
            unmask(who, "registers.entry", 7, "phone", "curious")
    assert queries.read_records(auditor).count() == 1
