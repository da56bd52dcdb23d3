"""A new case: which matter, then its form."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_safe

from jiulong.cases import actions, queries, rules, specs
from jiulong.cases.forms import CaseForm
from jiulong.cases.models import MatterType
from jiulong.cases.schema import MatterSpec
from jiulong.evidence.actions import keep_file
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer
from jiulong.pages.icons import known_or
from jiulong.registers import queries as registers
from jiulong.registers.models import Enterprise, Entry

FORM_ERROR: Final = 422
#: The button that files although something alike is near.
SURE: Final = "sure"
CLIENT_ID: Final = 64


@dataclass(frozen=True, slots=True)
class Tile:
    """A matter that the viewer may file."""

    code: str
    name: str
    about: str
    icon: str


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Tiles of the matters that the viewer may file, by pack."""
    found = queries.fileable(request.user)
    if not found:
        raise PermissionDenied("file_case")
    packs = [
        (pack, [_tile(one) for one in some])
        for pack, some in groupby(sorted(found, key=lambda m: m.pack), key=lambda m: m.pack)
    ]
    context = {"packs": packs, "given": request.GET.urlencode()}
    return render(request, "cases/choose.html", context)


def _tile(matter: MatterType) -> Tile:
    spec = specs.matter(matter)
    about = spec.about.show() if spec.about else ""
    return Tile(matter.code, spec.name.show(), about, known_or(spec.icon, "flag"))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, matter: str) -> HttpResponse:
    """The form of a matter, and filing it."""
    found = _matter(request, matter)
    spec = specs.matter(found)
    if request.method != "POST":
        form = _for(request, CaseForm(spec=spec, initial=_given(request)))
        return _shown(request, found, spec, form)
    form = _for(request, CaseForm(request.POST, request.FILES, spec=spec))
    if not form.is_valid():
        return _shown(request, found, spec, form, status=FORM_ERROR)
    near = _near(request, found, form)
    if near and SURE not in request.POST:
        return _shown(request, found, spec, form, near=near)
    try:
        with transaction.atomic():
            case = _file(request, found, form)
    except ValidationError as error:
        form.blame(error)
        return _shown(request, found, spec, form, status=FORM_ERROR)
    messages.success(request, _t("Filed as %(number)s.") % {"number": case.number})
    return HttpResponse(status=303, headers={"Location": reverse("cases:case", args=[case.pk])})


@require_safe
def nearby(request: HttpRequest, matter: str) -> HttpResponse:
    """What is alike and near to a place, before anything is sent."""
    found = _matter(request, matter)
    try:
        place = (float(request.GET["longitude"]), float(request.GET["latitude"]))
    except (KeyError, ValueError):
        return render(request, "cases/near.html", {"near": []})
    near = queries.nearby(request.user, found, place, timezone.now()) if _real(place) else []
    return render(request, "cases/near.html", {"near": near})


def _real(place: tuple[float, float]) -> bool:
    return abs(place[0]) <= 180 and abs(place[1]) <= 90  # nan and inf are numbers, too


def _matter(request: HttpRequest, code: str) -> MatterType:
    found = MatterType.objects.filter(code=code, retired_at=None).first()
    if found is None:
        raise Http404(code)
    if not rules.may_file(request.user, specs.matter(found)):
        raise PermissionDenied("file_case")
    return found


def _for(request: HttpRequest, form: CaseForm) -> CaseForm:
    """An enterprise files about itself: it is not asked which one it is."""
    unit = request.user.unit if isinstance(request.user, User) else None
    if unit is not None and unit.kind == Unit.Kind.ENTERPRISE:
        form.fields.pop("enterprise", None)
    return form


def _given(request: HttpRequest) -> dict[str, Any]:
    """What the link brought along: the entry or enterprise whose page it stands on."""
    names = ("title", "entry", "enterprise", "address", "longitude", "latitude")
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _near(request: HttpRequest, matter: MatterType, form: CaseForm) -> list[queries.Near]:
    if form.place is None:
        return []
    return queries.nearby(request.user, matter, form.place, timezone.now())


def _file(request: HttpRequest, matter: MatterType, form: CaseForm) -> Any:
    given = form.cleaned_data
    spec = specs.matter(matter)
    case = actions.file_case(
        actor=request.user,
        matter=matter,
        title=given["title"],
        about=given.get("about", ""),
        data=form.values,
        severity=given.get("severity", ""),
        entry=_entry(request.user, spec, given.get("entry", "")),
        enterprise=_enterprise(request.user, given.get("enterprise", "")),
        place=form.place,
        address=given.get("address", ""),
        client_id=request.POST.get("client_id", "")[:CLIENT_ID] or None,
    )
    for purpose, some in form.uploads().items():
        for one in some:
            keep_file(
                actor=request.user, content=one.file, name=one.name, subject=case, purpose=purpose
            )
    return case


def _entry(viewer: Viewer, spec: MatterSpec, number: str) -> Entry | None:
    """The entry with the number, of those that the viewer may see."""
    if not number:
        return None
    rows = Entry.objects.select_related("register", "enterprise", "unit")
    rows = rows.filter(registers.visible(viewer), register__code=spec.register_key)
    found = rows.filter(number=number, removed_at=None).first()
    if found is None:
        raise ValidationError({"entry": [_t("No entry has the number %(n)s.") % {"n": number}]})
    return found


def _enterprise(viewer: Viewer, named: str) -> Enterprise | None:
    if not named:
        return None
    rows = registers.enterprises(viewer)
    found = rows.filter(credit_code=named.upper()).first() or rows.filter(name=named).first()
    if found is None:
        told = _t("No enterprise is called “%(name)s”.") % {"name": named}
        raise ValidationError({"enterprise": [told]})
    return found


def _shown(
    request: HttpRequest,
    matter: MatterType,
    spec: MatterSpec,
    form: CaseForm,
    *,
    near: list[queries.Near] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "matter": matter,
        "spec": spec,
        "name": spec.name.show(),
        "form": form,
        "near": near or [],
        "doubled": bool(near),
        "client_id": request.POST.get("client_id") or uuid4().hex,
        "metres": spec.near.metres if spec.near else 0,
    }
    return render(request, "cases/new.html", context, status=status)
