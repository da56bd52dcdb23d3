"""Registers and their entries. Persons are masked here as everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from jiulong.registers import specs
from jiulong.registers.masking import masked
from jiulong.registers.models import Entry
from jiulong.registers.queries import RegisterRow


class FieldOut(Schema):
    key: str
    type: str
    label: str
    required: bool
    choices: dict[str, str] = Field({}, description="label by key")


class RegisterOut(Schema):
    """A register, its fields, and how many of its entries you see."""

    code: str
    name: str
    entries: int
    retired: bool
    fields: list[FieldOut]

    @classmethod
    def of(cls, row: RegisterRow) -> RegisterOut:
        return cls(
            code=row.register.code,
            name=str(row.spec.name),
            entries=row.count,
            retired=row.register.retired_at is not None,
            fields=[
                FieldOut(
                    key=one.key, type=one.type, label=str(one.label), required=one.required,
                    choices={o.key: str(o.label) for o in getattr(one, "choices", [])},
                )
                for one in row.spec.fields
            ],
        )  # fmt: skip


class EntryOut(Schema):
    """An entry. `values` by field key as they are stored; persons masked."""

    id: int
    register_code: str
    number: str
    title: str
    unit: str | None = Field(description="code")
    enterprise: str | None = Field(description="unified social credit code")
    longitude: float | None
    latitude: float | None
    address: str
    values: dict[str, Any]
    version: int
    updated_at: datetime
    removed: bool

    @classmethod
    def of(cls, row: Entry) -> EntryOut:
        spec = specs.register(row.register)
        values = specs.completed(spec.fields, row.data)
        known = {one.key: one for one in spec.fields}
        return cls(
            id=row.pk, register_code=row.register.code, number=row.number, title=row.title,
            unit=row.unit.code if row.unit else None,
            enterprise=row.enterprise.credit_code if row.enterprise else None,
            longitude=row.longitude, latitude=row.latitude, address=row.address,
            values={k: masked(known[k], v) for k, v in values.items() if k in known},
            version=row.version, updated_at=row.updated_at, removed=row.removed_at is not None,
        )  # fmt: skip


class EntryIn(Schema):
    """A new entry: values as a form or a sheet would have them."""

    values: dict[str, Any]
    number: str = ""
    unit: str | None = Field(None, description="code; by default your own")
    place: tuple[float, float] | None = Field(None, description="longitude, latitude")
    address: str = ""


class EntryChange(Schema):
    """What is to change; a value of null is taken away."""

    values: dict[str, Any] = {}
    version: int | None = Field(None, description="refused with 409 when it is another by now")
