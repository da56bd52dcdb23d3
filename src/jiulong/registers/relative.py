"""Days of a demo that never grows old: `-12 days`, `+30 days`, `today`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from jiulong.registers.fields import DateField, Field


def dated(data: Mapping[str, Any], fields: Sequence[Field], today: date) -> dict[str, Any]:
    """The values, with relative days of date fields made absolute; others as they are."""
    days = {field.key for field in fields if isinstance(field, DateField)}
    return {key: _day(value, today) if key in days else value for key, value in data.items()}


def _day(value: Any, today: date) -> Any:
    if value == "today":
        return today.isoformat()
    if isinstance(value, str) and value.endswith(" days"):
        try:
            return (today + timedelta(days=int(value.split()[0]))).isoformat()
        except (ValueError, OverflowError):
            return value  # whoever checks says that it is no date
    return value
