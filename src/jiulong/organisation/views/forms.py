"""One page for all forms: shown, checked, handed to an action, its refusal shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jiulong.organisation.forms import HouseForm


def form_page(
    request: HttpRequest,
    form: HouseForm,
    save: Callable[[], Any],
    *,
    heading: str,
    button: str,
    back: str,
    address: Callable[[Any], str] | None = None,
    trail: tuple[tuple[str, str], ...] = (),
    template: str = "organisation/form.html",
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the form; posted and right, save and go to the thing saved (or `back`)."""
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _("Saved."))
            there = address(saved) if address and isinstance(saved, Model) else back
            return redirect(there)
    context = {"form": form, "heading": heading, "button": button, "back": back, "trail": trail}
    return render(request, template, context | (more or {}))
