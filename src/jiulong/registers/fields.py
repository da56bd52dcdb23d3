"""Typed fields of entries and forms, as packs declare them. Cases use the same for their forms.

A value is stored as JSON: text as text, number as a decimal string (never a float), date as ISO
text, choice as its key, unit as its code, place as `{"longitude", "latitude", "address"}`, link as
the number of the entry; a file is an attachment with the field's key as its purpose.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Slot

from jiulong.packs.text import Text

#: Names that packs use: lower case, digits, underscore; the dot separates pack and name.
Key = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"), Slot(examples=["reported_on"])
]
Code = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"),
    Slot(examples=["hehu.outfall"]),
]
UnitCode = Annotated[str, StringConstraints(min_length=1, max_length=40)]
#: `5 working_days`, `4 working_hours`, `24 hours`, `7 days`, `3 months`.
LimitText = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{0,4} (hours|working_hours|working_days|days|months)$"),
    Slot(examples=["5 working_days"]),
]

LINKED_ENTERPRISE: Final = "enterprise"


class Part(BaseModel):
    """A piece of a pack: unknown keys are mistakes, and it does not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Part):
    """One value of a choice; `light` gives it a shape and a colour."""

    key: Key
    label: Text
    light: Literal["", "jade", "amber", "cinnabar", "indigo"] = ""


class _Field(Part):
    key: Key
    label: Text
    hint: Text | None = None
    required: bool = False
    searchable: bool = False


class TextField(_Field):
    """Words. `pattern` is a regular expression for the whole value, `example` explains it."""

    type: Literal["text"]
    lines: int = Slot(default=1, ge=1, le=20)
    max_length: int = Slot(default=200, ge=1, le=20_000)
    pattern: str | None = None
    example: str | None = None


class ChoiceField(_Field):
    """One of some values, or several of them."""

    type: Literal["choice"]
    choices: list[Option] = Slot(min_length=1, max_length=200)
    several: bool = False


class NumberField(_Field):
    """A number with its unit of measure."""

    type: Literal["number"]
    unit: str = ""
    decimals: int = Slot(default=0, ge=0, le=6)
    min: float | None = None
    max: float | None = None


class MoneyField(_Field):
    """An amount; `unit` is 元 or 万元."""

    type: Literal["money"]
    unit: Literal["元", "万元", "亿元"] = "元"


class DateField(_Field):
    """A day."""

    type: Literal["date"]


class BooleanField(_Field):
    """Yes or no."""

    type: Literal["boolean"]


class PersonField(_Field):
    """Something of a person: stored whole, shown masked; unmasking asks why and is logged."""

    type: Literal["person"]
    what: Literal["name", "phone", "identity"] = "name"


class UnitField(_Field):
    """A unit of the organisation, by code; `kinds` narrows the choice."""

    type: Literal["unit"]
    kinds: list[str] = []


class PlaceField(_Field):
    """A second place beside the entry's own."""

    type: Literal["place"]


class FileField(_Field):
    """Files, kept as evidence with the field's key as their purpose."""

    type: Literal["file"]
    photos: bool = False
    several: bool = True


class LinkField(_Field):
    """Another entry of a register, or an enterprise (`to: enterprise`)."""

    type: Literal["link"]
    to: Code


class ComputedField(_Field):
    """Reckoned from the others: + - * / ( ), numbers, field keys, `days_since(date_field)`."""

    type: Literal["computed"]
    formula: str
    unit: str = ""
    decimals: int = Slot(default=2, ge=0, le=6)


Field = Annotated[
    TextField
    | ChoiceField
    | NumberField
    | MoneyField
    | DateField
    | BooleanField
    | PersonField
    | UnitField
    | PlaceField
    | FileField
    | LinkField
    | ComputedField,
    Slot(discriminator="type"),
]

#: What a field says to an equality filter of packs: `{status: [open, late]}` or `{status: open}`.
Where = dict[Key, str | bool | list[str]]
Values = dict[str, Any]
