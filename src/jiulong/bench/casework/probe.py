"""Ask a filled database's pages, in process: `python -m jiulong.bench.casework.probe REQUESTS`.

Writes one JSON object: page → milliseconds of each request, for how many of them we and the
database were at work (the first is longer on a machine that does other things too), and how many
queries one costs. Each request begins with a connection from the pool and ends by giving it back,
as in the web process.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from django.test import Client

    from jiulong.organisation.models import User

#: The first requests read templates and specifications; a server is warm the rest of its life.
WARM_UP: Final = 12
#: Roles whose days differ most; for each so many people.
ROLES: Final = ("handler", "leader", "dispatcher", "supervisor", "grid_worker")
PEOPLE: Final = 3

#: Who asks for which address.
Visit = tuple["User", str]


class WrongAnswerError(Exception):
    """A page answered something else than the page."""


def visits() -> dict[str, list[Visit]]:
    """For each page some visits that differ, all the same in every run."""
    from django.urls import reverse  # noqa: PLC0415 - after django.setup()

    from jiulong.cases.models import Case, MatterType  # noqa: PLC0415
    from jiulong.organisation.models import User  # noqa: PLC0415

    chance = random.Random(1)  # noqa: S311 - must be repeatable, not unguessable
    by_role = {
        role: list(User.objects.filter(role=role).order_by("pk")[: 60 * PEOPLE : 60])
        or list(User.objects.filter(role=role).order_by("pk")[:PEOPLE])
        for role in ROLES
    }
    everybody = [user for users in by_role.values() for user in users]
    supervisors = by_role["supervisor"]
    last = Case.objects.order_by("pk").values_list("pk", flat=True).last() or 1
    cases = [chance.randint(max(1, last * part // 3), last) for part in (0, 1, 2) * 10]
    codes = list(MatterType.objects.order_by("position").values_list("code", flat=True))
    found = {
        "frame": [(user, reverse("account_change_password")) for user in everybody],
        "todo": [(user, reverse("cases:todo")) for user in everybody],
        "case": [(chance.choice(supervisors), reverse("cases:case", args=[pk])) for pk in cases],
        "supervision": [(user, reverse("cases:supervision")) for user in supervisors],
        "ledger": [
            (user, reverse("cases:ledger", args=[code]))
            for code in codes
            for user in (supervisors[0], by_role["leader"][0])
        ],
    }
    for visits_of_page in found.values():
        chance.shuffle(visits_of_page)
    return found


def sessions() -> list[Path]:
    """Where Linux tells how long each session of the database was at work."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
        return [Path(f"/proc/{pid}/schedstat") for (pid,) in cursor.fetchall()]


def at_work(server: list[Path]) -> float:
    """Milliseconds of processor that we and the sessions have had so far."""
    theirs = sum(int(path.read_text().split()[0]) for path in server if path.exists())
    return time.process_time() * 1000 + theirs / 1e6


def ask(client: Client, address: str) -> float:
    """Milliseconds until the whole answer is there.

    Raises:
        WrongAnswerError: it is not the page.
    """
    from django.db import connections  # noqa: PLC0415

    begun = time.perf_counter()
    answer = client.get(address)
    taken = (time.perf_counter() - begun) * 1000
    connections.close_all()  # back to the pool
    if answer.status_code != 200:
        raise WrongAnswerError(f"GET {address}: {answer.status_code}")
    return taken


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of a request."""
    from django.db import connection  # noqa: PLC0415

    seen: list[str] = []

    def note(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        seen.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(note):
        yield seen


def measure(requests: int) -> dict[str, dict[str, Any]]:
    """All pages, one after the other."""
    from django.test import Client  # noqa: PLC0415

    clients: dict[int, Client] = {}
    figures: dict[str, dict[str, Any]] = {}
    for page, wanted in visits().items():
        for user, _address in wanted:
            if user.pk not in clients:
                clients[user.pk] = Client(SERVER_NAME="localhost")
                clients[user.pk].force_login(user)
        turn = [(clients[user.pk], address) for user, address in wanted]
        for client, address in islice(cycle(turn), WARM_UP):
            ask(client, address)
        server, times, busy = sessions(), [], []
        for client, address in islice(cycle(turn), requests):
            before = at_work(server)
            times.append(ask(client, address))
            busy.append(at_work(server) - before)
        with counted() as statements:
            turn[0][0].get(turn[0][1])
        figures[page] = {"ms": times, "busy_ms": busy, "queries": len(statements)}
    return figures


def main() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    django.setup()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
