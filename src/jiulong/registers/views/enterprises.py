"""Enterprises as a list and on the map, and one file for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column, as_code
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset, Switch
from jiulong.registers import actions, panels, queries
from jiulong.registers.forms import EnterpriseForm
from jiulong.registers.models import Enterprise
from jiulong.registers.views.entries import marked
from jiulong.registers.views.entry import posted


class EnterpriseList(ListPage):
    """Enterprises of the district."""

    title = _("Enterprises")
    search_hint = _("Name, credit code or first letters of pinyin")
    order = "name"
    file_name = "enterprises"
    columns = (
        Column(name="name", label=_("Name"), opens=True, sort=("name",)),
        Column(name="credit_code", label=_("Unified social credit code"), show=as_code,
               sort=("credit_code",), wide=True),
        Column(name="trade", label=_("Trade"), value="get_trade_display", sort=("trade",)),
        Column(name="street", label=_("Street or town"), value="street.name",
               sort=("street__code",)),
        Column(name="longitude", label=_("Longitude"), on_phone=False, numeric=True),
        Column(name="latitude", label=_("Latitude"), on_phone=False, numeric=True),
        Column(name="address", label=_("Address"), on_phone=False),
    )  # fmt: skip
    filters = (
        Choice(name="trade", label=_("Trade"), choices=Enterprise.Trade.choices),
        Choice(name="street", label=_("Street or town"), choices=queries.streets),
    )
    presets = (Preset(label=_("All")),)
    switches = (
        Switch(label=_("List"), name="registers:enterprises", icon="list"),
        Switch(label=_("Map"), name="registers:enterprises_map", icon="map"),
    )
    empty = Empty(
        title=_("No enterprise yet"),
        text=_("Enter the first one by hand, or import a sheet."),
        icon="building-factory",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Enterprise]:
        return queries.enterprises(
            viewer, text=asked.search, trade=asked.filters["trade"] or "",
            street=asked.filters["street"] or "",
        )  # fmt: skip

    def row_address(self, row: Enterprise) -> str:
        return reverse("registers:enterprise", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not queries.may_enter_enterprises(viewer):
            return ()
        return (
            Action(label=_("Import"), icon="upload",
                   address=reverse("registers:enterprises_import")),
            Action(label=_("New enterprise"), icon="plus", primary=True,
                   address=reverse("registers:enterprise_new")),
        )  # fmt: skip


class EnterpriseMap(EnterpriseList):
    """The same enterprises on the schematic map of the district."""

    template_name = "registers/map.html"
    page_size = 20

    def more(self, viewer: Viewer) -> dict[str, Any]:  # noqa: ARG002
        query = self.request.GET.urlencode()
        source = reverse("registers:enterprises_map_data")
        return {
            "map_source": f"{source}?{query}" if query else source,
            "tianditu_key": settings.TIANDITU_KEY,
        }


def map_data(request: HttpRequest) -> HttpResponse:
    """The enterprises of the map as JSON, filtered like the list."""
    listing = EnterpriseMap()
    listing.setup(request)
    rows = queries.enterprise_rows(listing.rows(request.user, listing.asked))
    return JsonResponse({"points": [marked(row, "registers:enterprise") for row in rows]})


def enterprise_of(request: HttpRequest, pk: int) -> Enterprise:
    """The enterprise of the address. Raises Http404 where the viewer may not see it."""
    try:
        return queries.enterprise(request.user, pk)
    except Enterprise.DoesNotExist as error:
        raise Http404(pk) from error


def enterprise_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One file for each enterprise: who it is, and what every part of the system knows of it."""
    firm = enterprise_of(request, pk)
    context = {
        "firm": firm,
        "linked": queries.linked_entries(request.user, firm),
        "panels": list(panels.rendered("enterprise", request, firm)),
        "may_edit": queries.may_enter_enterprises(request.user),
        "staff": may(request.user, "see_all"),
    }
    return render(request, "registers/enterprise.html", context)


def enterprise_new(request: HttpRequest) -> HttpResponse:
    """Enter an enterprise."""
    require(request.user, "edit_enterprise")
    form = EnterpriseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            firm = actions.create_enterprise(actor=request.user, **form.given())
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("%(name)s is entered.") % {"name": firm.name})
            return redirect("registers:enterprise", pk=firm.pk)
    return _form_page(request, form, None)


def enterprise_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an enterprise."""
    require(request.user, "edit_enterprise")
    firm = enterprise_of(request, pk)
    form = EnterpriseForm(posted(request), enterprise=firm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_enterprise(actor=request.user, enterprise=firm, **form.given())
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("Saved."))
            return redirect("registers:enterprise", pk=pk)
    return _form_page(request, form, firm)


def _form_page(request: HttpRequest, form: EnterpriseForm, firm: Enterprise | None) -> HttpResponse:
    context = {"form": form, "firm": firm}
    status = 422 if form.errors else 200
    return render(request, "registers/enterprise_form.html", context, status=status)
