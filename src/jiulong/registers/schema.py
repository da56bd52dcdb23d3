"""What a pack says about a register: a kind of things, their fields, and how they are shown."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot

from jiulong.packs.text import Text
from jiulong.registers.fields import Code, Field, Key, Part, Where


class SavedView(Part):
    """A tab of the list: which rows, in which order (`-key` is descending)."""

    name: Text = Slot(description="what stands on the tab")
    where: Where = Slot(
        default={}, description="field: value; list: any of them; several keys: all"
    )
    sort: str | None = Slot(default=None, description="field key; `-key` is descending")


class Queue(Part):
    """An order that anybody can recompute: by these fields, then by the number of the entry.

    Only rows that match `where` queue; `public` fields are published, persons masked.
    """

    where: Where = Slot(default={}, description="who queues; list: any of them; several keys: all")
    by: list[str] = Slot(min_length=1, description="field keys, `-key` is descending")
    public: list[Key] = Slot(default=[], description="fields that anybody may read, persons masked")


class RegisterSpec(Part):
    """A kind of things with typed fields (台账).

    `title` names the field that heads an entry; `number` is the pattern of official numbers, with
    `{year}`, `{serial}` and `{unit}`; without it the numbers are the register's key and a serial.
    """

    key: Code = Slot(description="`pack.thing`; never changes")
    name: Text = Slot(description="what the list is called")
    one: Text = Slot(description="what a single one is called")
    about: Text | None = Slot(default=None, description="a sentence under its heading")
    icon: str = Slot(default="table", description="one of the [icons](#icons)")
    title: Key = Slot(description="field that heads an entry")
    number: str | None = Slot(
        default=None,
        description="of official numbers, with {year}, {serial}, {unit}; default: key and serial",
    )
    place: Literal["none", "optional", "required"] = Slot(
        default="optional", description="whether an entry has a point on the map"
    )
    unit: Text | None = Slot(
        default=None, description="label of the unit in charge; default: 责任单位"
    )
    holder: Text | None = Slot(
        default=None, description="label of the person in charge; without it there is none"
    )
    fields: list[Field] = Slot(
        min_length=1, max_length=120, description="what an entry says, in order"
    )
    columns: list[Key] = Slot(
        min_length=1, max_length=10, description="shown in the list, in order"
    )
    sheet: list[Key] = Slot(
        default=[], description="official column order of the .xlsx; default: all"
    )
    board: Key | None = Slot(default=None, description="choice field whose values are the columns")
    views: list[SavedView] = Slot(default=[], description="tabs of the list")
    queue: Queue | None = Slot(default=None, description="a waiting list, as for flats")
    order: int = Slot(default=50, description="place in the menu; small numbers first")


class DemoEntry(Part):
    """One invented entry for the demo."""

    register_key: Code = Slot(alias="register", description="register it is entered in")
    number: str = Slot(description="its number, by which demo cases name it")
    unit: str | None = Slot(default=None, description="code of the unit in charge")
    holder: str | None = Slot(default=None, description="username of the person in charge")
    place: tuple[float, float] | None = Slot(default=None, description="longitude, latitude")
    address: str = Slot(default="", description="in words")
    data: dict[Key, object] = Slot(
        default={}, description="field: value; days as `-20 days`, `today`, `+3 days`"
    )
