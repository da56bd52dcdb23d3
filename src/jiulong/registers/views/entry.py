"""One entry: its page, its form, and what can be done to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jiulong.evidence import queries as evidence
from jiulong.evidence.actions import keep_file
from jiulong.evidence.files import RefusedFileError
from jiulong.organisation.rules import require
from jiulong.registers import actions, panels, queries, showing, specs
from jiulong.registers.fields import Field
from jiulong.registers.forms import EntryForm
from jiulong.registers.models import Entry, OwnView, Register
from jiulong.registers.views.entries import register_of


def entry_of(request: HttpRequest, pk: int) -> Entry:
    """The entry of the address. Raises Http404 where the viewer may not see it."""
    try:
        return queries.entry(request.user, pk)
    except Entry.DoesNotExist as error:
        raise Http404(pk) from error


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; an empty form counts as sent, so that it is told what is missing."""
    return request.POST if request.method == "POST" else None


def entry_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: facts, place, files, what is linked to it, and its history."""
    return _page(request, entry_of(request, pk))


def _page(
    request: HttpRequest, entry: Entry, *, shown: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    spec = specs.register(entry.register)
    values = specs.completed(spec.fields, entry.data)
    names = showing.names_of(spec.fields, [values])
    light = queries.light_field(spec)
    viewer = request.user
    context = {
        "entry": entry,
        "spec": spec,
        "register": entry.register,
        "facts": [_fact(one, values, names, shown or {}) for one in spec.fields
                  if one.type != "file"],
        "state": showing.html(light, values.get(light.key), names) if light else "",
        "state_label": str(light.label) if light else "",
        "files": evidence.files_of(viewer, "registers.entry", entry.pk),
        "purposes": [(f.key, str(f.label)) for f in spec.fields if f.type == "file"],
        "linked": queries.linked_entries(viewer, entry),
        "history": queries.history(viewer, entry),
        "panels": list(panels.rendered("entry", request, entry)),
        "may_edit": queries.may_edit(viewer, entry) and entry.removed_at is None,
        "may_remove": queries.may_remove(viewer, entry),
        "may_unmask": queries.may_unmask(viewer, entry),
    }  # fmt: skip
    return render(request, "registers/entry.html", context, status=status)


def _fact(
    one: Field, values: dict[str, Any], names: showing.Names, shown: dict[str, str]
) -> dict[str, Any]:
    masked = one.type == "person" and bool(values.get(one.key)) and one.key not in shown
    html = shown.get(one.key) or showing.html(one, values.get(one.key), names)
    return {"field": one, "html": html, "masked": masked}


@require_POST
@never_cache
def unmask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one masked value whole, after saying why; the reading is written down."""
    entry = entry_of(request, pk)
    key = request.POST.get("field", "")
    try:
        value = actions.show_person(
            actor=request.user, entry=entry, key=key, reason=request.POST.get("reason", "")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _page(request, entry, status=422)
    except LookupError as error:
        raise Http404(key) from error
    return _page(request, entry, shown={key: value})


def entry_new(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a thing into a register."""
    register = register_of(request, code)
    require(request.user, "edit_entry")
    if register.retired_at is not None:
        raise Http404(code)
    spec = specs.register(register)
    form = EntryForm(posted(request), request.FILES or None, spec=spec, viewer=request.user,
                     entry=None)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            entry = actions.create_entry(
                actor=request.user, register=register, values=form.values, **form.given()
            )
        except ValidationError as error:
            form.blame(error)
        else:
            _keep_files(request, entry, form)
            messages.success(request, _("%(number)s is entered.") % {"number": entry.number})
            return redirect("registers:entry", pk=entry.pk)
    return _form_page(request, form, register, None)


def entry_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an entry."""
    entry = entry_of(request, pk)
    if not queries.may_edit(request.user, entry):
        raise PermissionDenied("edit_entry")
    spec = specs.register(entry.register)
    form = EntryForm(posted(request), request.FILES or None, spec=spec, viewer=request.user,
                     entry=entry)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        asked = {one.key for one in spec.fields} - specs.untaken(spec.fields)
        values = {key: form.values.get(key) for key in asked}
        try:
            actions.update_entry(
                actor=request.user, entry=entry, values=values,
                version=form.cleaned_data["at_version"], **form.given(),
            )  # fmt: skip
        except ValidationError as error:
            form.blame(error)
        except actions.ChangedMeanwhileError as error:
            form.add_error(None, str(error))
        else:
            _keep_files(request, entry, form)
            messages.success(request, _("Saved."))
            return redirect("registers:entry", pk=entry.pk)
    return _form_page(request, form, entry.register, entry)


def _form_page(
    request: HttpRequest, form: EntryForm, register: Register, entry: Entry | None
) -> HttpResponse:
    spec = specs.register(register)
    context = {
        "form": form, "register": register, "spec": spec, "entry": entry,
        "main": [form[one.key] for one in spec.fields if one.key in form.fields],
        "beside": [form[name] for name in form.fields if name.startswith("at_")],
    }  # fmt: skip
    return render(request, "registers/entry_form.html", context, status=422 if form.errors else 200)


def _keep_files(request: HttpRequest, entry: Entry, form: EntryForm) -> None:
    for key, uploads in form.uploads().items():
        for upload in uploads:
            try:
                keep_file(
                    actor=request.user, content=upload, name=upload.name, subject=entry, purpose=key
                )
            except RefusedFileError as error:
                messages.error(request, f"{upload.name}: {error}")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry off its register; it can be restored."""
    entry = entry_of(request, pk)
    try:
        actions.remove_entry(actor=request.user, entry=entry, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _page(request, entry, status=422)
    messages.success(request, _("%(number)s is removed.") % {"number": entry.number})
    return redirect("registers:entry", pk=pk)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a removed entry back."""
    entry = actions.restore_entry(actor=request.user, entry=entry_of(request, pk))
    messages.success(request, _("%(number)s is back.") % {"number": entry.number})
    return redirect("registers:entry", pk=pk)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a card of the board into another lane."""
    entry = entry_of(request, pk)
    spec = specs.register(entry.register)
    if spec.board is None:
        raise Http404("board")
    try:
        actions.update_entry(
            actor=request.user, entry=entry, values={spec.board: request.POST.get("lane", "")}
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("registers:board", args=[entry.register.code])
    return redirect(back)


def options(request: HttpRequest, to: str) -> HttpResponse:
    """What fits the link that is being typed: `[[number, title], …]`."""
    try:
        found = queries.options(request.user, to, request.GET.get("q", "")[:100])
    except Register.DoesNotExist as error:
        raise Http404(to) from error
    return JsonResponse({"options": found})


@require_POST
def save_view(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the list as it is filtered now, for oneself."""
    register = register_of(request, code)
    asked = QueryDict(request.POST.get("query", "")[:4000])
    query = {name: asked[name] for name in asked if asked[name]}
    try:
        actions.save_view(
            actor=request.user, register=register, name=request.POST.get("name", ""), query=query
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(reverse("registers:entries", args=[code]) + f"?{asked.urlencode()}")


@require_POST
def delete_view(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Forget a list of one's own."""
    try:
        actions.delete_view(actor=request.user, pk=pk)
    except OwnView.DoesNotExist as error:
        raise Http404(pk) from error
    return redirect("registers:entries", code=code)
