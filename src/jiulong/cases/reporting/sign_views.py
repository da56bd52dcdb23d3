"""The form on which two officers sign: on one phone, or each on their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiulong.cases import needs, specs
from jiulong.cases.models import Case
from jiulong.cases.reporting import queries, signing
from jiulong.cases.throttle import too_often
from jiulong.organisation.models import User
from jiulong.registers import pads

#: Passwords that may be tried on this page in a minute from one address.
TRIES: Final = 10


@dataclass(frozen=True, slots=True)
class Who:
    """The officer who signs, and whether their password was entered with it."""

    user: User
    confirmed: bool


def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the record of a case as its first or second officer."""
    case = _case(request, pk)
    if not signing.may_sign(request.user, case):
        raise PermissionDenied("sign_custody")
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            return _signed(request, case)
        except ValidationError as error:
            errors = dict(error.message_dict)
    return render(request, "cases/reporting/sign.html", _shown(request, case) | {"errors": errors})


def _signed(request: HttpRequest, case: Case) -> HttpResponse:
    who = _who(request)
    picture = request.POST.get("drawn", "")
    step = signing.sign(
        actor=who.user,
        case=case,
        given=signing.Given(
            drawn=pads.drawn(picture) if picture else b"",
            typed=request.POST.get("typed", ""),
            confirmed=who.confirmed,
        ),
        digest=request.POST.get("digest", ""),
    )
    told = (
        _("Signed by both.") if step.complete else _("Signed. The second officer is to sign now.")
    )
    messages.success(request, told)
    return redirect("reporting:sign", case.pk)


def _who(request: HttpRequest) -> Who:
    """The account that is signed in, or the colleague who enters their own password here."""
    user, name = request.user, request.POST.get("username", "").strip()
    password = request.POST.get("password", "")
    if not isinstance(user, User):
        raise PermissionDenied("sign_custody")
    if not password and not name:
        return Who(user, confirmed=False)
    if too_often(request, "second-officer", TRIES):
        raise ValidationError({"password": [_("Too many tries. Wait a minute.")]})
    # The same door as everywhere: wrong passwords are counted and lock the account.
    found = authenticate(request, username=name or user.username, password=password)
    if not isinstance(found, User):
        raise ValidationError({"password": [_("Name or password is wrong.")]})
    return Who(User.objects.with_rights().select_related("unit").get(pk=found.pk), confirmed=True)


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a colleague to sign with their own login."""
    case = _case(request, pk)
    if not signing.may_sign(request.user, case):
        raise PermissionDenied("sign_custody")
    chosen = request.POST.get("colleague", "")
    people = {str(user.pk): user for user in signing.colleagues(request.user, case)}
    colleague = people.get(chosen)
    if colleague is None:
        messages.error(request, _("Choose a colleague."))
        return redirect("reporting:sign", case.pk)
    try:
        signing.ask_to_sign(actor=request.user, case=case, colleague=colleague)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(name)s is asked to sign.") % {"name": colleague})
    return redirect("reporting:sign", case.pk)


def _shown(request: HttpRequest, case: Case) -> dict[str, Any]:
    state = signing.signed(request.user, case)
    spec = specs.matter(case.matter)
    return {
        "case": case,
        "matter": spec.name,
        "state": state,
        "mine": state.step is not None and state.step.first_by_id == request.user.pk,
        "colleagues": signing.colleagues(request.user, case),
        "wanted": "signatures" in needs.asked(case, spec),
        "open_needs": [str(need) for need in needs.missing(case, spec)],
    }


def _case(request: HttpRequest, pk: int) -> Case:
    try:
        return queries.reported(request.user, pk)
    except Case.DoesNotExist as error:
        raise Http404(str(pk)) from error
