"""`/account/tokens/`: one's own tokens for programs."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jiulong.api import actions, queries
from jiulong.organisation.rules import require_account


class TokenForm(forms.Form):
    """What a new token is for and how long it opens the door."""

    name = forms.CharField(label=_("What uses it"), max_length=100,
                           widget=forms.TextInput(attrs={"class": "form-control"}))  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("Valid for"), coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("A year"))], initial=90,
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip


def tokens_page(request: HttpRequest) -> HttpResponse:
    """One's tokens; a new one's text is shown this once."""
    user = require_account(request.user)
    form, text = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        until = timezone.now() + timedelta(days=form.cleaned_data["days"])
        name = form.cleaned_data["name"]
        _token, text = actions.create_token(actor=user, owner=user, name=name, expires_at=until)
        form = TokenForm()
    rows = queries.tokens(user).filter(owner=user)
    shown = {"form": form, "text": text, "tokens": rows, "now": timezone.now()}
    response = render(request, "api/tokens.html", shown)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Close the door to one of one's tokens for good."""
    user = require_account(request.user)
    token = queries.tokens(user).filter(owner=user, pk=pk).first()
    if token is None:
        raise Http404(str(pk))
    actions.revoke_token(actor=user, token=token)
    messages.success(request, _t("The token opens nothing any more."))
    return redirect("api_tokens")


urlpatterns = [
    path("tokens/", tokens_page, name="api_tokens"),
    path("tokens/<int:pk>/revoke/", token_revoke, name="api_token_revoke"),
]
