"""What packs said, read once: rows of matters and triggers as checked specifications."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import orjson
from pydantic import TypeAdapter

from jiulong.cases.models import MatterType, TriggerRule
from jiulong.cases.schema import (
    Clock,
    DateTrigger,
    FindingTrigger,
    MatterSpec,
    RoundTrigger,
    Severity,
    Trigger,
)

#: More matters than a district has.
REMEMBERED: Final = 512
_TRIGGER: Final[TypeAdapter[FindingTrigger | RoundTrigger | DateTrigger]] = TypeAdapter(Trigger)


def matter(row: MatterType | str) -> MatterSpec:
    """The specification of a matter, by row or code.

    Raises:
        MatterType.DoesNotExist: no matter has the code.
    """
    if isinstance(row, str):
        row = MatterType.objects.get(code=row)
    return _matter(orjson.dumps(row.spec))


def trigger(row: TriggerRule) -> FindingTrigger | RoundTrigger | DateTrigger:
    """The specification of a trigger."""
    return _trigger(orjson.dumps(row.spec))


def limit_of(clock: Clock | None, severity: str) -> str:
    """The limit that a clock gives a severity; "" for none."""
    if clock is None or isinstance(clock, str):
        return clock or ""
    return clock.get(severity) or clock.get("default", "")


def handle_limit(spec: MatterSpec, severity: str) -> str:
    """The promise for a severity; for one that the pack has no more, that of the usual one."""
    handle = spec.clocks.handle
    return limit_of(handle, severity) or limit_of(handle, severity_of(spec, severity).key)


def severity_of(spec: MatterSpec, key: str) -> Severity:
    """A severity of the matter by key; the usual one when there is none of that key."""
    return next((each for each in spec.severities if each.key == key), spec.severities[0])


@lru_cache(maxsize=REMEMBERED)
def _matter(stored: bytes) -> MatterSpec:
    return MatterSpec.model_validate(orjson.loads(stored))


@lru_cache(maxsize=REMEMBERED)
def _trigger(stored: bytes) -> FindingTrigger | RoundTrigger | DateTrigger:
    return _TRIGGER.validate_python(orjson.loads(stored))
