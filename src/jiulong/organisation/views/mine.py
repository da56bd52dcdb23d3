"""One's own account: what one holds, where one is signed in, the second factor."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from jiulong.organisation import actions, queries
from jiulong.organisation.models import label_of
from jiulong.organisation.rules import held_by, require_account


def mine(request: HttpRequest) -> HttpResponse:
    """What I hold, where I am signed in, what protects my account."""
    user = require_account(request.user)
    today = timezone.localdate()
    context = {
        "roles": [label_of(held.names) for held in held_by(user) if held.holds(today)],
        "posts": queries.posts(user, user),
        "sessions": queries.sign_ins(user, user),
        "here": request.session.session_key,
        "second_factor": is_mfa_enabled(user),
    }
    return render(request, "organisation/mine.html", context)


@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponseRedirect:
    """End all my sessions but this one."""
    user = require_account(request.user)
    n = actions.end_sessions(actor=user, user=user, but=request.session.session_key)
    text = ngettext("%(n)d other session ended.", "%(n)d other sessions ended.", n)
    messages.success(request, text % {"n": n})
    return redirect("house:mine")
