"""Rungs under fire: what the plan does, and that nothing is lost or done twice."""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
import pytest
from django.db import connection

from jiulong.bench import escalate

NAMES = ["keeper-1", "keeper-2", "backend"]


def test_it_plans_the_same_for_the_same_seed_and_hits_everybody():
    plan = escalate.schedule(7, NAMES, 60)
    assert plan == escalate.schedule(7, NAMES, 60) != escalate.schedule(8, NAMES, 60)
    assert {victim for _at, victim in plan[:3]} == set(NAMES)
    times = [at for at, _victim in plan]
    assert times == sorted(times)
    assert times[-1] < 60


class Restarting:
    """A server that takes the first visitor in and then ends all its sessions."""

    visits = itertools.count()

    def connect(self) -> psycopg.Connection[Any]:
        given = {**connection.get_connection_params(), "cursor_factory": None}
        visitor = psycopg.connect(**given, autocommit=True)
        if not next(self.visits):
            with psycopg.connect(**given, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [visitor.info.backend_pid])
        return visitor


def test_it_asks_again_when_the_last_blow_cuts_its_connection(db: None):
    server = Restarting()
    assert escalate._ask(server, "SELECT 7") == (7,)
    assert next(server.visits) == 2


@pytest.mark.system
def test_each_rung_comes_once_whoever_dies():
    found = escalate.measure(cases=300, workers=2, seed=5, spread_s=14)
    assert found.kills >= 3
    assert (found.lost, found.duplicated) == (0, 0)
