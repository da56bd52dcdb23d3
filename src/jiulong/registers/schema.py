"""What a pack says about a register: a kind of things, their fields, and how they are shown."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot

from jiulong.packs.text import Text
from jiulong.registers.fields import Code, Field, Key, Part, Where


class SavedView(Part):
    """A tab of the list: which rows, in which order (`-key` is descending)."""

    name: Text
    where: Where = {}
    sort: str | None = None


class Queue(Part):
    """An order that anybody can recompute: by these fields, then by the number of the entry.

    Only rows that match `where` queue; `public` fields are published, persons masked.
    """

    where: Where = {}
    by: list[str] = Slot(min_length=1, description="field keys, `-key` is descending")
    public: list[Key] = []


class RegisterSpec(Part):
    """A kind of things with typed fields (台账).

    `title` names the field that heads an entry; `number` is the pattern of official numbers, with
    `{year}`, `{serial}` and `{unit}`; without it the numbers are the register's key and a serial.
    """

    key: Code
    name: Text
    one: Text = Slot(description="what a single one is called")
    about: Text | None = None
    icon: str = "table"
    title: Key
    number: str | None = None
    place: Literal["none", "optional", "required"] = "optional"
    unit: Text | None = Slot(
        default=None, description="label of the unit in charge; default: 责任单位"
    )
    holder: Text | None = Slot(
        default=None, description="label of the person in charge; without it there is none"
    )
    fields: list[Field] = Slot(min_length=1, max_length=120)
    columns: list[Key] = Slot(
        min_length=1, max_length=10, description="shown in the list, in order"
    )
    sheet: list[Key] = Slot(
        default=[], description="official column order of the .xlsx; default: all"
    )
    board: Key | None = Slot(default=None, description="choice field whose values are the columns")
    views: list[SavedView] = []
    queue: Queue | None = None
    order: int = 50


class DemoEntry(Part):
    """One invented entry for the demo."""

    register_key: Code = Slot(alias="register")
    number: str
    unit: str | None = None
    holder: str | None = Slot(default=None, description="username of the person in charge")
    place: tuple[float, float] | None = Slot(default=None, description="longitude, latitude")
    address: str = ""
    data: dict[Key, object] = {}
