"""Every address × every role × every place: who gets it is written in `matrix/`."""

from __future__ import annotations

import gc
import logging
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from pytest_django.plugin import DjangoDbBlocker

from jiulong.cases.verbs import DO
from jiulong.organisation.roles import BUILT_IN, SEPARATE
from tests.organisation import matrix
from tests.organisation.matrix import PLACES, Row, door
from tests.organisation.matrix.world import World, taken_back

pytestmark = pytest.mark.django_db


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The names of all addresses; one without a name is told by its pattern."""
    for one in patterns:
        if isinstance(one, URLResolver):
            within = f"{space}{one.namespace}:" if one.namespace else space
            yield from names(one.url_patterns, within)
        else:
            yield f"{space}{one.name}" if one.name else f"{space}{one.pattern} (give it a name)"


def rows() -> dict[str, Row]:
    found: dict[str, Row] = {}
    for module in pkgutil.iter_modules(matrix.__path__):
        mine = getattr(import_module(f"{matrix.__name__}.{module.name}"), "ROWS", {})
        assert not mine.keys() & found.keys(), f"{module.name} repeats {mine.keys() & found.keys()}"
        found |= mine
    return found


ROWS = rows()
NAMES = set(names(get_resolver().url_patterns))
BLANK = [{"BACKEND": "tests.organisation.matrix.blank.Engine", "DIRS": [], "APP_DIRS": True}]

TINY = "name: tiny\ntitle: Tiny\nversion: 2026-03-01\n"


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One world for all: what a cell writes is taken back. Its box of packs is quick to read."""
    keys, packs = (tmp_path_factory.mktemp(name) for name in ("keys", "packs"))
    (packs / "tiny").mkdir()
    (packs / "tiny" / "pack.yaml").write_text(TINY)
    chosen = override_settings(
        TEMPLATES=BLANK, SEAL_KEYS=keys, PACKS=packs, ACCOUNT_RATE_LIMITS=False,
        SESSION_ENGINE=door.SESSIONS, AUTHENTICATION_BACKENDS=[door.BACKEND],
    )  # fmt: skip
    with chosen, quietly(), django_db_blocker.unblock(), taken_back():
        made = World()
        for row in ROWS.values():
            with suppress(Exception), transaction.atomic():  # the row's own test will tell
                row.args(made)
        yield made


@contextmanager
def quietly() -> Iterator[None]:
    """Thousands of refusals need no lines in a log, and nothing that lives as long as the world
    needs to be looked through for rubbish.
    """
    logging.disable(logging.WARNING)
    gc.collect()
    gc.freeze()
    yield
    logging.disable(logging.NOTSET)


def faults(world: World, name: str) -> list[str]:
    """What differs from the row of this name; each cell is asked for real."""
    row = ROWS[name]
    if row.elsewhere:
        return [] if Path(row.elsewhere).is_file() else [f"there is no {row.elsewhere}"]
    address = world.address(name, row)
    return [
        f"{role} at {place} {'does not get' if row.expects(role, place) else 'gets'} it"
        for role in row.roles
        for place in row.asked(role)
        if world.reaches(address, row, (role, place)) != row.expects(role, place)
    ]


def check_is_written(name: str) -> None:
    if name not in ROWS:
        pytest.fail(
            f"Nobody wrote down who may reach {name}. Add a row to a module in tests/organisation/"
            "matrix/; its __init__.py says how: public(), signed_in(), holders(…) or scoped(…).",
            pytrace=False,
        )


@pytest.mark.parametrize("name", sorted(NAMES | ROWS.keys()))
def test_it_lets_in_whom_the_matrix_says_and_nobody_else(world: World, name: str) -> None:
    check_is_written(name)
    assert faults(world, name) == []


def test_every_row_is_of_an_address_and_of_roles_that_exist() -> None:
    assert sorted(name for name in ROWS if name.partition(" ")[0] not in NAMES) == []
    unknown = {role for row in ROWS.values() for role in row.cells} - BUILT_IN.keys()
    assert unknown == set()


def test_every_move_of_a_case_has_a_row() -> None:
    moves = DO.keys() | {"add_task"}
    assert {name for name in moves if f"cases:act {name}" not in ROWS} == set()


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_a_new_address_fails_until_somebody_writes_down_who_may_reach_it() -> None:
    (found,) = names([path("fake/", _nothing, name="fake")], "house:")
    told = r"Nobody wrote down who may reach house:fake\. Add a row .* holders\(…\) or scoped\(…\)"
    with pytest.raises(pytest.fail.Exception, match=told):
        check_is_written(found)
    assert list(names([path("fake/", _nothing)])) == ["fake/ (give it a name)"]


def test_a_row_that_is_wrong_is_told_cell_by_cell(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = matrix.holders("administrator observer", args=lambda world: [world.own.pk])
    monkeypatch.setitem(ROWS, "house:unit", wrong)
    assert faults(world, "house:unit") == [
        "security at own gets it",
        "auditor at own gets it",
        "observer at own does not get it",
    ]


def test_every_role_asks_every_place_where_places_tell_apart() -> None:
    row = matrix.scoped({"handler": "own", "observer": matrix.EVERYWHERE})
    assert row.asked("handler") == PLACES
    assert row.asked("observer") == ("other",)
    assert row.asked("security") == ("own",)


# What the written expectations must say: nobody may write it away.


def test_each_of_the_three_administrators_has_addresses_that_the_others_are_refused() -> None:
    three = {role for role, known in BUILT_IN.items() if SEPARATE & set(known.verbs.split())}
    alone = {
        role: {name for name, row in ROWS.items() if row.cells.keys() & three == {role}}
        for role in three
    }
    assert {
        "administrator": "house:person_new" in alone["administrator"],
        "security": "house:role_new" in alone["security"],
        "auditor": {"house:logins", "house:readings"} <= alone["auditor"],
    } == dict.fromkeys(three, True)


@pytest.mark.parametrize("role", ["security", "auditor"])
def test_those_who_keep_rights_and_logs_work_on_nothing(role: str) -> None:
    worked = ("cases:", "registers:", "reporting:", "open311:")
    seen = {name for name, row in ROWS.items() if row.expects(role, "above") and not row.stranger}
    assert {name for name in seen if name.startswith(worked)} == set()
    assert {
        name for name, row in ROWS.items()
        if name.startswith(worked) and len(row.places) > 1 and row.expects(role, "own")
    } == set()  # fmt: skip


@pytest.mark.parametrize("role", ["enterprise", "grid_worker"])
def test_enterprises_and_grid_workers_reach_what_is_of_their_own_unit_alone(role: str) -> None:
    scoped = {name: row for name, row in ROWS.items() if len(row.places) > 1 and not row.elsewhere}
    wide = {
        name for name, row in scoped.items() if row.cells.get(role, frozenset()) - {"own"}
    }  # fmt: skip
    own = {name.partition(":")[0] for name, row in scoped.items() if row.expects(role, "own")}
    assert own >= {"monitoring", "registers", "cases", "reporting", "api"}
    shown = {"registers:enterprise", "cases:case all see"}  # to all of the staff
    assert wide == (shown if role == "grid_worker" else set())
