"""Where acts are written down. Evidence, a floor above, registers its book here."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models

from jiulong.organisation.models import User


class Recorder(Protocol):
    """`evidence.actions.record_event`."""

    def __call__(
        self,
        *,
        actor: User | None,
        verb: str,
        subject: models.Model,
        data: dict[str, Any] | None = None,
    ) -> object: ...


_registered: list[Recorder] = []


def register(recorder: Recorder) -> None:
    """Name the book that acts are written into."""
    _registered[:] = [recorder]


def record(*, actor: User | None, verb: str, subject: models.Model, data: dict[str, Any]) -> None:
    """Write an act down.

    Raises:
        LookupError: no app has registered a book; then the act must not happen either.
    """
    if not _registered:
        raise LookupError("no app has registered where events are recorded")
    _registered[0](actor=actor, verb=verb, subject=subject, data=data)
