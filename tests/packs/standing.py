"""Packs that are applied once for many tests: each test works on a savepoint above them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def standing(blocker: Any, prepare: Callable[[], object]) -> Iterator[None]:
    """What `prepare` writes is there inside, and never was afterwards.

    `blocker` is pytest-django's `django_db_blocker`; tests inside are `django_db` ones, not
    transactional ones.
    """
    around = transaction.atomic()
    with blocker.unblock():
        around.__enter__()
        prepare()
    try:
        yield
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
