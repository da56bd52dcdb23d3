"""Every address × every role × every place: who gets it is written in `matrix/`."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.plugin import DjangoDbBlocker

from jiulong.organisation.roles import BUILT_IN
from tests.organisation import matrix
from tests.organisation.matrix import STRANGER, Row
from tests.organisation.matrix.world import World

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
NAMES = sorted(set(names(get_resolver().url_patterns)))
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
        TEMPLATES=BLANK, SEAL_KEYS=keys, PACKS=packs, ACCOUNT_RATE_LIMITS=False
    )
    with chosen, django_db_blocker.unblock(), transaction.atomic():
        made = World()
        for row in ROWS.values():
            with suppress(Exception), transaction.atomic():  # the row's own test will tell
                row.args(made)
        yield made
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", NAMES)
def test_it_lets_in_whom_the_matrix_says_and_nobody_else(world: World, name: str) -> None:
    if name not in ROWS:
        pytest.fail(
            f"Nobody wrote down who may reach {name}. Add a row to a module in tests/organisation/"
            "matrix/; its __init__.py says how: public(), signed_in(), holders(…) or scoped(…).",
            pytrace=False,
        )
    row = ROWS[name]
    if row.elsewhere:
        assert Path(row.elsewhere).is_file()
        return
    people = [(role, place) for role in BUILT_IN for place in row.places]
    if row.stranger:
        people = [pair for pair in people if pair[0] in row.cells]
    wrong = [
        f"{role} at {place} {'gets' if came else 'does not get'} it"
        for role, place in people
        if (came := world.reaches(name, row, role, place))
        != (place in row.cells.get(role, frozenset()))
    ]
    if world.reaches(name, row, STRANGER, "own") != row.stranger:
        wrong.append(f"a stranger {'does not get' if row.stranger else 'gets'} it")
    assert wrong == []


def test_it_knows_every_row(world: World) -> None:
    assert sorted(ROWS.keys() - set(NAMES)) == []
    unknown = {role for row in ROWS.values() for role in row.cells} - BUILT_IN.keys()
    assert unknown == set()
