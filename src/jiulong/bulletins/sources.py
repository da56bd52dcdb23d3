"""Where figures of bulletins come from: models and counts that can be read again.

A model's fields are read by a dotted path (`score`, `contests.0.points`); a higher floor registers
what it wants to be quoted. A *count* (label `count`) is how many rows a question had at a moment;
what it would be later is no fault.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist

#: Label of figures that were counted at a moment.
COUNT: Final = "count"
Verdict = Literal["matches", "differs", "gone", "living"]


@dataclass(frozen=True, slots=True)
class Source:
    """How things of one kind are read again.

    Args:
        address: the page of the thing with this primary key; empty: none.
        frozen: whether the thing can no longer change, by its row.
        join: related rows that `field` paths walk through.
    """

    address: Callable[[str], str] = lambda _pk: ""
    frozen: Callable[[Any], bool] = lambda _row: False
    join: tuple[str, ...] = ()
    living: bool = False


_registered: Final[dict[str, Source]] = {}


def register(label: str, source: Source) -> None:
    """Say how things of model `label` (`scorecards.standingrow`) are read; the last one counts."""
    _registered[label.lower()] = source


def of(label: str) -> Source:
    """What was registered for the label, or the plain way to read a model."""
    return _registered.get(label.lower(), Source())


def canonical(value: Any) -> str:
    """A value as it is digested: numbers without trailing noughts, times in UTC, JSON sorted."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, date):  # a datetime is one, too
        utc = value.astimezone(UTC) if isinstance(value, datetime) else value
        return utc.isoformat()
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return str(value)


def digest(label: str, pk: str, field: str, value: str) -> str:
    """SHA-256 over where a figure was read and what stood there."""
    told = json.dumps([label, pk, field, value], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def value_of(row: Any, field: str) -> str:
    """What stands at the path, canonical. LookupError: there is nothing there."""
    here = row
    for step in field.split("."):
        if isinstance(here, Mapping):
            here = here[step]
        elif isinstance(here, list | tuple):
            here = here[int(step)]
        else:
            try:
                here = getattr(here, step)
            except AttributeError as error:
                raise LookupError(field) from error
        if here is None:
            return ""
    return canonical(here)


def rows_of(label: str, pks: Iterable[str]) -> dict[str, Any]:
    """The rows of a model by their primary key as text; what is gone is left out. One query."""
    model = apps.get_model(label)
    wanted = sorted(set(pks))
    found = model._default_manager.select_related(*of(label).join)  # noqa: SLF001 - documented
    try:
        return {str(row.pk): row for row in found.filter(pk__in=wanted)}
    except (ValueError, ObjectDoesNotExist, FieldDoesNotExist):
        return {}
