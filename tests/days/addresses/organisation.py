"""The door, one's own account, and the three administrators."""

from __future__ import annotations

from typing import Any, Final

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled

from jiulong.organisation.models import Unit
from tests.days.addresses.common import FILE, NOBODY, SENT, Look, const, user


def with_codes() -> list[Any]:
    """The observer has a second factor from here on."""
    observer = user("observer")
    if not is_mfa_enabled(observer):
        TOTP.activate(observer, generate_totp_secret())
        RecoveryCodes.activate(observer)
    return []


LOOKS: Final = (
    Look("account_login", NOBODY),
    Look("account_inactive", NOBODY),
    Look("house:mine", "supervisor"),
    Look("account_change_password", "supervisor"),
    Look("account_reauthenticate", "supervisor"),
    Look("mfa_index", "supervisor"),
    Look("mfa_activate_totp", "supervisor"),
    Look("house:units", "admin"),
    Look("house:unit", "admin", lambda: [Unit.objects.get(code="350602001").pk]),
    Look("house:unit_new", "admin"),
    Look("house:unit_edit", "admin", lambda: [Unit.objects.get(code="350602001").pk]),
    Look("house:people", "admin"),
    Look("house:person", "admin", lambda: [user("handler").pk]),
    Look("house:person_new", "admin"),
    Look("house:person_edit", "admin", lambda: [user("handler").pk]),
    Look("house:person_password", "admin", lambda: [user("handler").pk]),
    Look("house:post_new", "admin", lambda: [user("handler").pk]),
    Look("house:roles", "security"),
    Look("house:role", "security", const("handler")),
    Look("house:role_new", "security"),
    Look("house:role_edit", "security", const("handler")),
    Look("house:logins", "auditor"),
    Look("house:readings", "auditor"),
    Look("mfa_generate_recovery_codes", "observer", with_codes),
    Look("mfa_view_recovery_codes", "observer", with_codes),
    Look("mfa_deactivate_totp", "observer", with_codes),
    Look("mfa_reauthenticate", "observer", with_codes),
)  # fmt: skip
OTHERS: Final = {
    SENT: """
        account_logout house:sign_out_elsewhere house:unit_close house:post_end
        house:person_unlock house:person_sign_out set_theme set_language openid_connect_login
        openid_connect_callback socialaccount_login_error socialaccount_login_cancelled
        socialaccount_signup
    """,
    FILE: "mfa_download_recovery_codes",
    "asked between password and desk, with the form of mfa_reauthenticate": "mfa_authenticate",
}
