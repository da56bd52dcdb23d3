"""What views of projects share: finding, forms, answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.projects import queries
from jiulong.projects.models import Easing, Project

FORM_ERROR: Final = 422


def find(request: HttpRequest, pk: int) -> Any:
    """The project, or no page."""
    try:
        return queries.project(request.user, pk, timezone.localdate())
    except Project.DoesNotExist as error:
        raise Http404(str(pk)) from error


def back(to: str) -> HttpResponse:
    """See the page where it can be seen."""
    return HttpResponse(status=303, headers={"Location": to})


def waits(project: Project) -> str:
    """What to say where a second person has to agree; empty: what was wanted is done."""
    if not Easing.objects.filter(project=project, state=Easing.State.OPEN).exists():
        return ""
    return _("It lags: what asks less of it waits for a second person. Until then the old counts.")


def page_of(project: Project) -> str:
    return reverse("projects:project", args=[project.pk])


def act(
    request: HttpRequest,
    form: Any,
    *,
    do: Callable[[], Any],
    said: str,
    to: str,
    shown: dict[str, Any],
    template: str = "projects/form.html",
) -> HttpResponse:
    """The form, or doing it: all or nothing, and what is wrong stands at its field.

    What `do` answers is said in the place of `said`.
    """
    status = 200
    if request.method == "POST":
        status = FORM_ERROR
        if form.is_valid():
            try:
                with transaction.atomic():
                    told = do()
            except ValidationError as error:
                form.blame(error)
            except ValueError as error:  # a file of no kind that is kept; it says why
                form.add_error(None, str(error))
            else:
                messages.success(request, told or said)
                return back(to)
    return render(request, template, {"form": form, "to": to, **shown}, status=status)


def press(request: HttpRequest, *, do: Callable[[], Any], said: str, to: str) -> HttpResponse:
    """A button without a form: done, or why not."""
    try:
        do()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return back(to)
