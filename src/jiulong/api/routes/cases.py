"""Cases: listed, read, filed and moved by programs, with the rights of their owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from ninja.errors import HttpError

from jiulong.api.asked import Moment, Paged
from jiulong.api.problems import BadRequestError
from jiulong.api.schemas.cases import ActIn, CaseDetail, CaseIn, CaseOut
from jiulong.api.schemas.common import Page
from jiulong.api.security import viewer
from jiulong.cases import possible, queries, specs
from jiulong.cases.actions import file_case
from jiulong.cases.lifecycle import IllegalMoveError
from jiulong.cases.models import Case, MatterType
from jiulong.cases.moves import ChangedMeanwhileError
from jiulong.cases.verbs import DO
from jiulong.cases.words import matter_name
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer
from jiulong.registers import queries as registers
from jiulong.registers.models import Enterprise

router = Router(tags=["cases"])
CONFLICT = 409


class CasesAsked(Paged):
    q: str = ""
    matter: str = ""
    stage: str = ""
    light: str = ""
    unit: str = ""
    street: str = ""
    since: Moment | None = None
    until: Moment | None = None


@router.get("/cases", response=Page[CaseOut])
def cases(request: HttpRequest, asked: Query[CasesAsked]) -> Page[CaseOut]:
    """Cases, newest first."""
    found = queries.cases(viewer(request), timezone.now(), **asked.filters())
    rows, total = asked.cut(found)
    queries.furnished(rows)
    return Page[CaseOut].of([CaseOut.of(row, matter_name(row)) for row in rows], total, asked)


@router.get("/cases/{int:number}", response=CaseDetail)
def case(request: HttpRequest, number: int) -> CaseDetail:
    """One case with tasks, timeline and what can be done now."""
    return _whole(viewer(request), queries.case(viewer(request), number))


@router.post("/cases", response={201: CaseDetail})
def new_case(request: HttpRequest, given: CaseIn) -> Status[CaseDetail]:
    """File a case."""
    matter = MatterType.objects.filter(code=given.matter, retired_at=None).first()
    if matter is None:
        raise BadRequestError("body.matter", _("There is no such matter."))
    place = None
    if given.longitude is not None and given.latitude is not None:
        place = (given.longitude, given.latitude)
    words = given.model_dump(include={"title", "about", "data", "severity", "address"})
    with told():
        filed = file_case(
            actor=viewer(request),
            matter=matter,
            enterprise=_enterprise(viewer(request), given.enterprise),
            place=place,
            client_id=given.client_id or None,
            **words,
        )
    return Status(201, _whole(viewer(request), queries.case(viewer(request), filed.pk)))


@router.post("/cases/{int:number}/{action}", response=CaseDetail)
def act(request: HttpRequest, number: int, action: str, given: ActIn) -> CaseDetail:
    """Do something with a case; the body holds what the move `wants`."""
    if action not in DO:
        raise BadRequestError("path.action", _("There is no such action."))
    found = queries.case(viewer(request), number)
    with told():
        DO[action](
            actor=viewer(request),
            case=found,
            version=given.version,
            **_arguments(viewer(request), possible.WANTS[action], given),
        )
    return _whole(viewer(request), queries.case(viewer(request), number))


@contextmanager
def told() -> Iterator[None]:
    """Refusals of the engine as problem documents."""
    try:
        yield
    except (IllegalMoveError, ChangedMeanwhileError) as error:
        raise HttpError(CONFLICT, str(error)) from error
    except ValidationError as error:
        wrong = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        name, words = next(iter(wrong.items()))
        raise BadRequestError(f"body.{name}", "; ".join(words)) from error


def _arguments(seen: Viewer, wants: tuple[str, ...], given: ActIn) -> dict[str, Any]:
    """What the action takes; codes and numbers become what they name."""
    found: dict[str, Any] = {name: getattr(given, name) for name in wants}
    for required in ("satisfied", "until"):
        if required in found and found[required] is None:
            raise BadRequestError(f"body.{required}", _("This field is required."))
    if "lead" in found:
        found["lead"] = _unit(given.lead, "lead") if given.lead else None
        found["supports"] = [_unit(code, "supports") for code in given.supports]
        found["handler"] = _person(given.handler) if given.handler else None
    if "into" in found:
        into = queries.visible(seen).filter(number=given.into).first()
        if into is None:
            raise BadRequestError("body.into", _("There is no such case."))
        found["into"] = into
    return found


def _unit(code: str, where: str) -> Unit:
    found = Unit.objects.filter(code=code, closed_on=None).first()
    if found is None:
        raise BadRequestError(f"body.{where}", _("There is no such unit."))
    return found


def _person(name: str) -> User:
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise BadRequestError("body.handler", _("There is no such person."))
    return found


def _enterprise(seen: Viewer, code: str) -> Enterprise | None:
    if not code:
        return None
    found = registers.enterprises(seen).filter(credit_code=code.upper()).first()
    if found is None:
        raise BadRequestError("body.enterprise", _("There is no such enterprise."))
    return found


def _whole(seen: Viewer, found: Case) -> CaseDetail:
    spec = specs.matter(found.matter)
    tasks = queries.tasks(seen, found)
    return CaseDetail.whole(
        found,
        spec,
        tasks=tasks,
        steps=queries.timeline(seen, found, tasks),
        moves=possible.moves(seen, found, timezone.now()),
    )
