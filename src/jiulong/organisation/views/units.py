"""The unit tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from jiulong.organisation import actions, queries
from jiulong.organisation.forms import UnitForm
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, may, require
from jiulong.organisation.views.forms import form_page
from jiulong.pages.columns import Column, as_code, as_light
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset

#: Deeper than this nothing moves further to the right.
DEEPEST = 5


def as_branch(unit: Unit) -> Any:
    """The name, further to the right the deeper it stands."""
    depth = min(max(unit.path.count("/") - 2, 0), DEEPEST)
    return format_html('<span class="branch branch-{}">{}</span>', depth, unit.name)


class UnitList(ListPage):
    """The unit tree."""

    title = _("Units")
    lead = _("Who there is, and under whom. Rights reach along this tree.")
    search_hint = _("Name or code")
    order = "tree"
    file_name = "units"
    page_size = 100
    template_name = "organisation/units.html"
    columns = (
        Column(name="tree", label=_("Unit"), value=lambda row: row, show=as_branch, opens=True,
               sort=("path",), export=lambda row: row.name),
        Column(name="kind", label=_("Kind"), value="get_kind_display", sort=("kind",)),
        Column(name="code", label=_("Code"), show=as_code, sort=("code",)),
        Column(name="parent", label=_("Stands under"), on_phone=False),
        Column(name="people", label=_("Accounts"), numeric=True, sort=("people",)),
        Column(name="state", label=_("State"), short=True,
               value=lambda row: "inactive" if row.closed_on else "active", show=as_light),
    )  # fmt: skip
    filters = (
        Choice(name="kind", label=_("Kind"), choices=Unit.Kind.choices),
        Choice(name="closed", label=_("State"),
               choices=[("no", pgettext_lazy("house", "Open")),
                        ("yes", pgettext_lazy("house", "Closed"))]),
    )  # fmt: skip
    presets = (
        Preset(label=_("All")),
        Preset(label=_("Departments"), query={"kind": "department"}),
        Preset(label=_("Streets and towns"), query={"kind": "street"}),
        Preset(label=_("Communities"), query={"kind": "community"}),
        Preset(label=_("Grids"), query={"kind": "grid"}),
    )
    empty = Empty(title=_("No unit yet"), icon="building",
                  text=_("Apply the pack of the district, or enter units here."))  # fmt: skip

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Unit]:
        if not queries.keeps_house(viewer):
            raise PermissionDenied
        closed = asked.filters["closed"]
        return queries.units(
            viewer, text=asked.search, kind=asked.filters["kind"] or "",
            closed=None if not closed else closed == "yes",
        )  # fmt: skip

    def row_address(self, row: Unit) -> str:
        return reverse("house:unit", args=[row.pk])

    def row_state(self, row: Unit) -> str:
        return "muted" if row.closed_on else ""

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not may(viewer, "manage_accounts"):
            return ()
        return (Action(label=_("New unit"), icon="plus", primary=True,
                       address=reverse("house:unit_new")),)  # fmt: skip


def unit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit: what stands above and below it, and who is in it."""
    unit = _unit(request, pk)
    context = {
        "unit": unit,
        "above": queries.ancestors(unit),
        "below": queries.units(request.user, parent=unit).filter(parent=unit).order_by("code"),
        "all_below": queries.units(request.user, parent=unit).exclude(pk=unit.pk).count(),
        "people": queries.people(request.user, unit=unit, active=True).order_by("username")[:50],
        "may_edit": may(request.user, "manage_accounts"),
    }
    return render(request, "organisation/unit.html", context)


def unit_new(request: HttpRequest) -> HttpResponse:
    """Enter a unit."""
    user = require(request.user, "manage_accounts")
    initial = {"parent": request.GET.get("under")}
    form = UnitForm(request.POST or None, viewer=user, initial=initial)
    return form_page(
        request, form, lambda: actions.create_unit(actor=user, **form.cleaned_data),
        heading=_t("New unit"), button=_t("Enter"), back=reverse("house:units"),
        address=lambda unit: reverse("house:unit", args=[unit.pk]), trail=_trail(),
    )  # fmt: skip


def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a unit, or put it under another one."""
    user = require(request.user, "manage_accounts")
    unit = _unit(request, pk)
    names = ("name", "kind", "parent", "longitude", "latitude")
    initial = {name: getattr(unit, name) for name in names}
    form = UnitForm(request.POST or None, viewer=user, initial=initial, fixed_code=True)

    def save() -> Unit:
        given = dict(form.cleaned_data)
        parent = given.pop("parent")
        if parent != unit.parent:
            actions.move_unit(actor=user, unit=unit, parent=parent)
        return actions.update_unit(actor=user, unit=unit, **given)

    there = reverse("house:unit", args=[unit.pk])
    return form_page(request, form, save, heading=_t("Change unit"), button=_t("Save"),
                     back=there, trail=(*_trail(), (there, unit.name)))  # fmt: skip


@require_POST
def unit_close(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Close a unit from today on."""
    user = require(request.user, "manage_accounts")
    unit = _unit(request, pk)
    try:
        actions.close_unit(actor=user, unit=unit)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _t("%(unit)s is closed from today on.") % {"unit": unit})
    return redirect("house:unit", pk)


def _unit(request: HttpRequest, pk: int) -> Unit:
    if not queries.keeps_house(request.user):
        raise PermissionDenied
    unit = queries.units(request.user).filter(pk=pk).first()
    if unit is None:
        raise Http404(str(pk))
    return unit


def _trail() -> tuple[tuple[str, str], ...]:
    return ((reverse("house:units"), _t("Units")),)
