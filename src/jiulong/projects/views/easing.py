"""Wishes to ask less of a project that lags: granted, refused, taken back."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiulong.projects import actions, forms, queries, rules
from jiulong.projects.models import Easing
from jiulong.projects.views.common import act, page_of, press


def _easing(request: HttpRequest, pk: int) -> Easing:
    try:
        return queries.easing(request.user, pk)
    except Easing.DoesNotExist as error:
        raise Http404(str(pk)) from error


@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Let less be asked."""
    found = _easing(request, pk)

    def do() -> None:
        actions.grant_easing(actor=request.user, easing=found)

    return press(request, do=do, said=_("Granted: it counts from now on."),
                 to=page_of(found.project))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave what stands, with a reason."""
    found = _easing(request, pk)
    if not rules.may_ease(request.user, found):
        raise PermissionDenied("confirm_project")
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)

    def do() -> None:
        actions.refuse_easing(actor=request.user, easing=found, **form.cleaned_data)

    shown = {"heading": _("Refuse: %(what)s") % {"what": found.get_kind_display()},
             "project": found.project}  # fmt: skip
    return act(request, form, do=do, said=_("Refused: what stood stands."),
               to=page_of(found.project), shown=shown)  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the wish back."""
    found = _easing(request, pk)

    def do() -> None:
        actions.withdraw_easing(actor=request.user, easing=found)

    return press(request, do=do, said=_("Taken back."), to=page_of(found.project))
