"""What stands between a signed-in person and the pages: session limits and duties of the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation import passwords, sessions
from jiulong.organisation.login import log
from jiulong.organisation.models import LogLine, User
from jiulong.organisation.rules import held_by

Handler = Callable[[HttpRequest], HttpResponse]
#: Where one may always go: the door itself, and what makes pages readable.
OPEN: Final = frozenset(
    {
        "account_login", "account_logout", "account_change_password", "account_reauthenticate",
        "account_inactive", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp",
        "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_index", "set_language", "set_theme", "healthz",
    }
)  # fmt: skip


class Door:
    """Ends sessions that are over; sends people to what they must do before anything else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Before the view, when the address is known."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name == "healthz" or not request.user.is_authenticated:
            return None
        user = request.user
        if why := sessions.over(request.session):
            log(request, LogLine.Kind.LIMIT, name=user.username, good=True, user=user, detail=why)
            logout(request)
            messages.info(request, _("Your session is over. Please sign in again."))
            return redirect_to_login(request.get_full_path())
        if name in OPEN:
            return None
        if passwords.must_change(user, timezone.now()):
            messages.warning(request, _("Please choose a new password first."))
            return redirect("account_change_password")
        if _needs_second_factor(user):
            messages.warning(request, _("Your role needs a second factor. Please set it up first."))
            return redirect("mfa_activate_totp")
        return None


def _needs_second_factor(user: User) -> bool:
    wanted = set(settings.MFA_REQUIRED_ROLES)
    if not wanted:
        return False
    return bool(wanted & {held.role for held in held_by(user)}) and not is_mfa_enabled(user)
