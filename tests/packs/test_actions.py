"""Applying packs: all or nothing, once and for all, recorded, and by whom."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from jiulong.calendar.models import CalendarDay
from jiulong.calendar.queries import district_calendar
from jiulong.evidence.models import Event
from jiulong.organisation.actions import update_role
from jiulong.organisation.models import Role, Unit, User
from jiulong.packs import queries
from jiulong.packs.actions import apply_packs
from jiulong.packs.models import AppliedPack
from jiulong.packs.planning import MistakenError
from tests.factories import NOW, make_unit, make_user
from tests.packs.conftest import UNITS, Write

pytestmark = pytest.mark.django_db


def apply(*paths: Path | str) -> list[dict[str, int]]:
    return [one.counts() for one in apply_packs(actor=None, paths=paths, now=NOW)]


def test_it_sets_up_what_the_pack_says_and_records_it(write: Write) -> None:
    administrator = make_user(User.Role.ADMINISTRATOR)
    outcomes = apply_packs(actor=administrator, paths=[write("xc", UNITS)], now=NOW)
    street = Unit.objects.get(code="350602001")
    assert (street.name, street.kind, street.parent and street.parent.code) == (
        "东铺头街道", "street", "350602")  # fmt: skip
    assert street.path == f"/{street.parent_id}/{street.pk}/"
    record = AppliedPack.objects.get()
    assert (record.name, record.version, record.actor, record.applied_at) == (
        "xc", "1", administrator, NOW)  # fmt: skip
    assert [change["key"] for change in record.plan["units"]] == ["350602", "350602001"]
    event = Event.objects.get(verb="apply_pack")
    assert (event.actor, event.data["changes"]) == (administrator, record.plan)
    assert outcomes[0].counts() == {"add": 2}


def test_it_changes_nothing_the_second_time(write: Write) -> None:
    pack = write("xc", UNITS)
    apply(pack)
    assert apply(pack) == [{}]
    assert (AppliedPack.objects.count(), Event.objects.filter(verb="apply_pack").count()) == (1, 1)


def test_it_records_another_version_that_changes_nothing(write: Write) -> None:
    apply(write("xc", UNITS))
    assert apply(write("xc", UNITS, version="2")) == [{}]
    assert [row.version for row in AppliedPack.objects.all()] == ["2", "1"]


def test_it_applies_what_a_pack_requires_first(write: Write) -> None:
    write("xc", UNITS)
    text = "grids: [{code: g1, name: 第一网格, community: 350602001}]"
    assert apply(write("wg", text, requires="xc")) == [{"add": 2}, {"add": 1}]
    grid = Unit.objects.get(code="g1")
    assert (grid.kind, grid.parent and grid.parent.code) == ("grid", "350602001")


def test_it_shows_only_what_differs(write: Write) -> None:
    apply(write("xc", UNITS))
    (outcome,) = apply_packs(
        actor=None, paths=[write("xc", UNITS.replace("东铺头街道", "东铺头街"))]
    )
    assert outcome.as_json() == {
        "units": [
            {
                "kind": "change",
                "key": "350602001",
                "before": {"name": "东铺头街道"},
                "after": {"name": "东铺头街"},
            }
        ]
    }


def test_it_puts_right_what_was_changed_by_hand(write: Write) -> None:
    pack = write("xc", UNITS)
    apply(pack)
    Unit.objects.filter(code="350602001").update(name="x")
    assert apply(pack) == [{"change": 1}]
    assert Unit.objects.get(code="350602001").name == "东铺头街道"


def test_it_adopts_a_unit_that_is_there_already(write: Write) -> None:
    unit = make_unit(code="350602001", name="东铺头", kind="street")
    assert apply(write("xc", UNITS)) == [{"add": 1, "change": 1}]
    unit.refresh_from_db()
    assert unit.name == "东铺头街道"


def test_it_closes_a_unit_that_the_pack_no_longer_has_and_opens_it_again(write: Write) -> None:
    apply(write("xc", UNITS))
    assert apply(write("xc", UNITS[: UNITS.rindex("  -")])) == [{"retire": 1}]
    assert Unit.objects.get(code="350602001").closed_on == NOW.date()
    assert apply(write("xc", UNITS)) == [{"add": 1}]
    assert Unit.objects.get(code="350602001").closed_on is None


def test_it_refuses_to_close_a_unit_where_people_work(write: Write) -> None:
    apply(write("xc", UNITS))
    make_user(unit=Unit.objects.get(code="350602001"))
    with pytest.raises(MistakenError, match="350602001"):
        apply(write("xc", UNITS[: UNITS.rindex("  -")]))
    assert Unit.objects.get(code="350602001").closed_on is None


def test_it_refuses_to_close_a_unit_that_others_lie_under(write: Write) -> None:
    apply(write("xc", UNITS))
    make_unit(code="c1", kind="community", parent=Unit.objects.get(code="350602001"))
    with pytest.raises(MistakenError, match="c1"):
        apply(write("xc", UNITS[: UNITS.rindex("  -")]))


ROLES = """\
roles:
  - {code: clerk, name: {zh: 文书, en: Clerk}, verbs: [see_cases, file_case], scope: unit_below}
"""


def test_it_enters_a_role_and_takes_it_back(write: Write) -> None:
    apply(write("rs", ROLES))
    role = Role.objects.get(code="clerk")
    assert (role.names, role.verbs, role.scope, role.pack) == (
        {"zh": "文书", "en": "Clerk"}, ["file_case", "see_cases"], "unit_below", "rs")  # fmt: skip
    assert apply(write("rs", "roles: []")) == [{"retire": 1}]
    assert not Role.objects.filter(code="clerk").exists()


def test_it_leaves_a_role_that_the_site_has_changed(write: Write) -> None:
    pack = write("rs", ROLES)
    apply(pack)
    update_role(actor=None, role=Role.objects.get(code="clerk"), verbs=["see_cases"])
    assert apply(pack) == [{}]
    assert Role.objects.get(code="clerk").verbs == ["see_cases"]


def test_it_keeps_a_role_that_somebody_holds(write: Write) -> None:
    apply(write("rs", ROLES))
    make_user("clerk")
    with pytest.raises(MistakenError, match="clerk"):
        apply(write("rs", "roles: []"))
    assert Role.objects.filter(code="clerk").exists()


DAYS = """\
calendar:
  - {date: 2026-06-15, kind: holiday, name: 区运动会}
  - {date: 2026-06-27, kind: workday}
"""


def test_it_enters_days_and_takes_them_back(write: Write) -> None:
    assert apply(write("cal", DAYS)) == [{"add": 2}]
    days = CalendarDay.objects.filter(date__in=["2026-06-15", "2026-06-27"])
    assert [(str(day.date), day.kind, day.name) for day in days] == [
        ("2026-06-15", "holiday", "区运动会"), ("2026-06-27", "workday", "")]  # fmt: skip
    assert not district_calendar().is_working_day(date(2026, 6, 15))
    assert apply(write("cal", DAYS)) == [{}]
    assert apply(write("cal", DAYS.replace("运动会", "运动日"))) == [{"change": 1}]
    assert apply(write("cal", "calendar: []")) == [{"retire": 2}]
    assert not days.all().exists()
    assert district_calendar().is_working_day(date(2026, 6, 15))


def test_it_leaves_nothing_of_several_packs_when_one_is_mistaken(write: Write) -> None:
    with pytest.raises(MistakenError):
        apply(write("xc", UNITS), write("bad", "units: [{code: x}]"))
    assert (Unit.objects.count(), AppliedPack.objects.count()) == (0, 0)


def test_it_leaves_nothing_when_the_last_step_is_refused(write: Write) -> None:
    """The first pack is applied, the second strands: neither stays."""
    apply(write("rs", ROLES))
    make_user("clerk")
    with pytest.raises(MistakenError):
        apply(write("aa", UNITS), write("rs", "roles: []"))
    assert not Unit.objects.filter(code="350602").exists()


def test_it_refuses_what_another_pack_defined(write: Write) -> None:
    apply(write("xc", UNITS))
    with pytest.raises(MistakenError, match="xc"):
        apply(write("yc", UNITS))


def test_it_plans_without_doing(write: Write) -> None:
    (outcome,) = queries.plan(None, [write("xc", UNITS)])
    assert outcome.counts() == {"add": 2}
    assert (Unit.objects.count(), AppliedPack.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_it_exports_what_check_accepts_and_plan_finds_the_same(write: Write, box: Path) -> None:
    from jiulong.packs.reading import write as as_yaml

    apply(write("xc", UNITS + ROLES))
    value = queries.export("xc")
    assert value is not None
    (box / "xc" / "things.yaml").unlink()
    (box / "xc" / "pack.yaml").write_text(as_yaml(value), encoding="utf-8")
    (outcome,) = queries.plan(None, ["xc"])
    assert (outcome.changed, outcome.same, outcome.record) == (False, 3, None)


@pytest.mark.parametrize("role", ["enterprise", "officer", "observer", "security", "auditor"])
def test_it_is_for_those_who_may(write: Write, role: str) -> None:
    user = make_user(role, make_unit())
    with pytest.raises(PermissionDenied):
        apply_packs(actor=user, paths=[write("xc", UNITS)])
    assert not Unit.objects.filter(code="350602").exists()


@pytest.mark.parametrize("role", ["enterprise", "grid_worker", "security", "auditor"])
def test_it_shows_packs_to_those_who_may(write: Write, role: str) -> None:
    user = make_user(role, make_unit())
    write("xc", UNITS)
    for read in (
        lambda: queries.packs(user),
        lambda: queries.plan(user, ["xc"]),
        lambda: queries.history(user, "xc"),
        lambda: queries.mistakes(user, "xc"),
    ):
        with pytest.raises(PermissionDenied):
            read()


def test_it_lists_the_box_and_what_was_applied(write: Write, box: Path) -> None:
    import shutil

    apply(write("xc", UNITS))
    apply(write("gone", ROLES))
    shutil.rmtree(box / "gone")
    write("bad", "units: [{code: x}]")
    write("new", "roles:")
    listed = {one.name: (one.state, one.version, dict(one.holds)) for one in queries.packs(None)}
    assert listed == {
        "bad": ("mistaken", "1", {}),
        "gone": ("gone", "1", {"roles": 1}),
        "new": ("new", "1", {}),
        "xc": ("applied", "1", {"units": 2}),
    }
    write("xc", UNITS, version="2")
    assert {one.name: one.state for one in queries.packs(None)}["xc"] == "changed"


def test_it_goes_on_when_what_was_applied_would_be_a_mistake_today(write: Write) -> None:
    """Models become stricter; what an older version applied is history, not input."""
    pack = write("xc", UNITS)
    apply(pack)
    row = AppliedPack.objects.get()
    row.contents["units"]["350602001"] = {"no": "unit"}
    row.contents["forgotten"] = {"x": {}}
    row.save()
    assert [one.state for one in queries.packs(None)] == ["applied"]
    assert apply(pack) == [{}]
    assert apply(write("xc", UNITS[: UNITS.rindex("  -")])) == [{"retire": 1}]
