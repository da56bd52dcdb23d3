"""The same values for many entries: pick, say what, look at what would change, do it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from jiulong.organisation.models import Unit
from jiulong.organisation.rules import require
from jiulong.registers import actions, queries, showing, specs
from jiulong.registers.actions.bulk import BULK_MAX
from jiulong.registers.formfields import SpecForm
from jiulong.registers.forms import units_for
from jiulong.registers.models import Entry, Register
from jiulong.registers.schema import RegisterSpec
from jiulong.registers.views.entries import EntryList, register_of

#: Rows of the preview; the rest is counted.
SHOWN: Final = 100
#: What makes sense to be the same for many.
SAME: Final = frozenset({"text", "choice", "number", "money", "date", "boolean", "unit", "link"})


class BulkForm(SpecForm):
    """Values of the ticked fields alone; a ticked field left empty is emptied."""

    def __init__(self, *args: Any, spec: RegisterSpec, viewer: Any, **kwargs: Any) -> None:
        picked = [one for one in spec.fields if one.type in SAME and one.key != spec.title]
        data = args[0] if args else None
        ticked = set(data.getlist("set")) if data is not None else set()
        fields = [one for one in picked if one.key in ticked] if data is not None else picked
        super().__init__(*args, spec_fields=fields, partial=True, **kwargs)
        self.ticked = ticked
        self.wants_unit = "at_unit" in ticked
        self.fields["at_unit"] = forms.ChoiceField(
            required=False, label=spec.unit.show() if spec.unit else _("Unit responsible"),
            choices=units_for(viewer),
        )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What `bulk_edit` takes."""
        found: dict[str, Any] = {"values": self.values}
        if self.wants_unit:
            code = self.cleaned_data["at_unit"]
            found["unit"] = Unit.objects.get(code=code) if code else None
        return found


@require_POST
def bulk(request: HttpRequest, code: str) -> HttpResponse:
    """Change the picked entries: the form, then what would change, then the doing."""
    register = register_of(request, code)
    require(request.user, "edit_entry")
    spec = specs.register(register)
    entries = _picked(request, register)
    if not entries:
        messages.error(request, _("Pick some entries first."))
        return redirect("registers:entries", code=code)
    step = request.POST.get("step", "")
    form = BulkForm(*([request.POST] if step else []), spec=spec, viewer=request.user)
    context: dict[str, Any] = {
        "register": register, "spec": spec, "form": form, "count": len(entries),
        "too_many": len(entries) > BULK_MAX, "most": BULK_MAX,
        "picked": ",".join(str(entry.pk) for entry in entries),
    }  # fmt: skip
    if step and form.is_valid():
        if not form.ticked:
            form.add_error(None, _("Tick what is to be changed."))
        elif (answer := _go(request, register, entries, form, context)) is not None:
            return answer
    if form.errors:  # show every field again, with what was typed
        context["form"] = BulkForm(spec=spec, viewer=request.user, initial=request.POST.dict())
        context["complaints"] = form.errors
    return render(request, "registers/bulk.html", context, status=422 if form.errors else 200)


def _go(
    request: HttpRequest,
    register: Register,
    entries: list[Entry],
    form: BulkForm,
    context: dict[str, Any],
) -> HttpResponse | None:
    try:
        if request.POST["step"] == "do":
            changed = actions.bulk_edit(actor=request.user, entries=entries, **form.given())
            told = ngettext("%(n)d entry changed.", "%(n)d entries changed.", len(changed))
            messages.success(request, told % {"n": len(changed)})
            return redirect("registers:entries", code=register.code)
        found = actions.preview_bulk(actor=request.user, entries=entries, **form.given())
    except ValidationError as error:
        form.blame(error)
        return None
    context |= {
        "changes": _words(register, found[:SHOWN]), "changed": len(found),
        "again": [(name, value) for name, values in request.POST.lists() for value in values
                  if name not in {"csrfmiddlewaretoken", "step", "pick", "picked"}],
    }  # fmt: skip
    return render(request, "registers/bulk_preview.html", context)


def _words(register: Register, found: Any) -> list[tuple[Entry, list[tuple[str, str, str]]]]:
    spec = specs.register(register)
    known = {field.key: field for field in spec.fields}
    states = [{key: pair[i] for key, pair in ch.items()} for _entry, ch in found for i in (0, 1)]
    names = showing.names_of(spec.fields, states)
    codes = {state["#unit"] for state in states if state.get("#unit")}
    units = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))

    def word(key: str, value: Any) -> str:
        if key == "#unit":
            return units.get(value, value) or ""
        return showing.text(known[key], value, names) if key in known else str(value or "")

    def label(key: str) -> str:
        unit = spec.unit.show() if spec.unit else _("Unit responsible")
        return str(known[key].label) if key in known else unit

    return [
        (entry, [(label(key), word(key, old), word(key, new)) for key, (old, new) in ch.items()])
        for entry, ch in found
    ]


def _picked(request: HttpRequest, register: Register) -> list[Entry]:
    """The entries that were ticked, or all that the list's address asks for."""
    if request.POST.get("what") == "all":
        listing = EntryList()
        asked = QueryDict(request.POST.get("query", "")[:4000])
        copy = HttpRequest()
        copy.GET, copy.user, copy.method = asked, request.user, "GET"
        listing.setup(copy, code=register.code)
        return list(listing.rows(request.user, listing.asked)[: BULK_MAX + 1])
    ids = request.POST.getlist("pick") + request.POST.get("picked", "").split(",")
    wanted = [int(one) for one in ids[: BULK_MAX + 1] if one.isascii() and one.isdigit()]
    rows = queries.entries(request.user, register, queries.Asking())
    return list(rows.filter(pk__in=wanted))
