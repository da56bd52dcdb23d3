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
#: `5 working_days`, `4 working_hours`, `24 hours`, `7 days`, `3 months`, `1 days 12:00`.
LimitText = Annotated[
    str,
    StringConstraints(
        pattern=r"^[1-9][0-9]{0,4} (hours|working_hours|months"
        r"|(working_days|days)( ([01][0-9]|2[0-3]):[0-5][0-9])?)$"
    ),
    Slot(examples=["5 working_days"]),
]

LINKED_ENTERPRISE: Final = "enterprise"


class Part(BaseModel):
    """A piece of a pack: unknown keys are mistakes, and it does not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Part):
    """One value of a choice; `light` gives it a shape and a colour."""

    key: Key = Slot(description="what is stored, and what `when`, `where` and demo records name")
    label: Text = Slot(description="what people read")
    light: Literal["", "jade", "amber", "cinnabar", "indigo"] = Slot(
        default="", description="jade ● · amber ▲ · cinnabar ■ · indigo ◆; without it: no light"
    )


class _Field(Part):
    key: Key = Slot(description="the field's own name in this list; never changes")
    label: Text = Slot(description="what stands beside it in forms and above its column")
    hint: Text | None = Slot(default=None, description="small print under it in forms")
    required: bool = Slot(default=False, description="whether forms refuse to be sent without it")
    searchable: bool = Slot(
        default=False, description="found by search, and by the initials of its pinyin"
    )


class TextField(_Field):
    """Words. `pattern` is a regular expression for the whole value, `example` explains it."""

    type: Literal["text"] = Slot(description="words")
    lines: int = Slot(default=1, ge=1, le=20, description="height of its box in forms")
    max_length: int = Slot(default=200, ge=1, le=20_000, description="characters at most")
    pattern: str | None = Slot(
        default=None, description="regular expression that the whole value must match"
    )
    example: str | None = Slot(default=None, description="a value that matches, shown in the form")


class ChoiceField(_Field):
    """One of some values, or several of them."""

    type: Literal["choice"] = Slot(description="one of a list")
    choices: list[Option] = Slot(min_length=1, max_length=200, description="the list, in order")
    several: bool = Slot(default=False, description="whether more than one may be chosen")


class NumberField(_Field):
    """A number with its unit of measure."""

    type: Literal["number"] = Slot(description="a number")
    unit: str = Slot(default="", description="of measure, shown after it: 个, m³/h")
    decimals: int = Slot(default=0, ge=0, le=6, description="places after the point at most")
    min: float | None = Slot(default=None, description="smallest that is taken")
    max: float | None = Slot(default=None, description="largest that is taken")


class MoneyField(_Field):
    """An amount; `unit` is 元 or 万元."""

    type: Literal["money"] = Slot(description="an amount with two places after the point")
    unit: Literal["元", "万元", "亿元"] = Slot(default="元", description="in which it is written")


class DateField(_Field):
    """A day."""

    type: Literal["date"] = Slot(description="a day, such as 2026-03-01")


class BooleanField(_Field):
    """Yes or no."""

    type: Literal["boolean"] = Slot(description="yes or no")


class PersonField(_Field):
    """Something of a person: stored whole, shown masked; unmasking asks why and is logged."""

    type: Literal["person"] = Slot(description="something of a person, masked")
    what: Literal["name", "phone", "identity"] = Slot(
        default="name", description="name · telephone number · identity card number"
    )


class UnitField(_Field):
    """A unit of the organisation, by code; `kinds` narrows the choice."""

    type: Literal["unit"] = Slot(description="a unit; `$field.KEY` then means it")
    kinds: list[str] = Slot(
        default=[], description="only units of these kinds: department, street …; none: all"
    )


class PlaceField(_Field):
    """A second place beside the entry's own."""

    type: Literal["place"] = Slot(description="a point on the map with an address")


class FileField(_Field):
    """Files, kept as evidence with the field's key as their purpose."""

    type: Literal["file"] = Slot(description="photographs or documents")
    photos: bool = Slot(default=False, description="photographs alone")
    several: bool = Slot(default=True, description="whether more than one may be handed in")
    drawn: bool = Slot(
        default=False, description="signed with a finger on the phone, or a photograph of paper"
    )


class LinkField(_Field):
    """Another entry of a register, or an enterprise (`to: enterprise`)."""

    type: Literal["link"] = Slot(description="another entry, by its number")
    to: Code = Slot(description="key of the register, or `enterprise`")


class ComputedField(_Field):
    """Reckoned from the others: + - * / ( ), numbers, field keys, `days_since(date_field)`."""

    type: Literal["computed"] = Slot(description="reckoned, never entered")
    formula: str = Slot(description="e.g. `chargers / spaces * 100`")
    unit: str = Slot(default="", description="of measure, shown after it")
    decimals: int = Slot(default=2, ge=0, le=6, description="places after the point")


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
