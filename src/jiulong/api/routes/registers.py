"""Registers: what there is, and entering more of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Query, Router, Status
from ninja.errors import HttpError
from pydantic import Field

from jiulong.api.asked import Paged
from jiulong.api.problems import BadRequestError
from jiulong.api.schemas.common import Page
from jiulong.api.schemas.registers import EntryChange, EntryIn, EntryOut, RegisterOut
from jiulong.api.security import viewer
from jiulong.organisation.models import Unit
from jiulong.registers import actions, queries
from jiulong.registers.queries import Asking

router = Router(tags=["registers"])


@router.get("/registers", response=list[RegisterOut])
def registers(request: HttpRequest) -> list[RegisterOut]:
    """Every register with its fields."""
    return [RegisterOut.of(row) for row in queries.registers(viewer(request))]


class EntriesAsked(Paged):
    q: str = Field("", description="words of title or number, or first letters of pinyin")
    unit: str = Field("", description="code of the unit in charge; those below count too")


@router.get("/registers/{str:code}/entries", response=Page[EntryOut])
def entries(request: HttpRequest, code: str, asked: Query[EntriesAsked]) -> Page[EntryOut]:
    """Entries of a register that you may see, by number."""
    seen = viewer(request)
    found = queries.entries(seen, queries.named(seen, code), Asking(text=asked.q, unit=asked.unit))
    rows, total = asked.cut(found.select_related("register", "unit", "enterprise"))
    return Page[EntryOut].of([EntryOut.of(row) for row in rows], total, asked)


@router.post("/registers/{str:code}/entries", response={201: EntryOut})
def enter(request: HttpRequest, code: str, given: EntryIn) -> Status[EntryOut]:
    """Enter a thing."""
    user = viewer(request)
    register = queries.named(user, code)
    unit = Unit.objects.filter(code=given.unit).first() if given.unit else user.unit
    if given.unit and unit is None:
        raise BadRequestError("body.unit", given.unit)
    entry = _done(
        actions.create_entry, actor=user, register=register, values=given.values, unit=unit,
        number=given.number, place=given.place, address=given.address,
    )  # fmt: skip
    return Status(HTTPStatus.CREATED, EntryOut.of(entry))


@router.get("/entries/{int:number}", response=EntryOut)
def entry(request: HttpRequest, number: int) -> EntryOut:
    """One entry."""
    return EntryOut.of(queries.entry(viewer(request), number))


@router.patch("/entries/{int:number}", response=EntryOut)
def change(request: HttpRequest, number: int, given: EntryChange) -> EntryOut:
    """Change values of an entry."""
    user = viewer(request)
    found = queries.entry(user, number)
    try:
        _done(actions.update_entry, actor=user, entry=found, values=given.values,
              version=given.version)  # fmt: skip
    except actions.ChangedMeanwhileError as error:
        raise HttpError(HTTPStatus.CONFLICT, str(error)) from error
    return EntryOut.of(queries.entry(user, number))


def _done(act: Any, **given: Any) -> Any:
    """Do it; what is wrong with a field is told by its name."""
    try:
        return act(**given)
    except ValidationError as error:
        name, words = next(iter(error.message_dict.items()))
        raise BadRequestError(f"body.{name}", " ".join(words)) from error
