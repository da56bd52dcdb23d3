"""Home, wall, switches, and the door."""

from __future__ import annotations

from tests.organisation.matrix import elsewhere, holders, public, signed_in

ROWS = {
    "home": signed_in(),
    "wall": signed_in(),
    # It closes its connection to the database, and with it the world of the matrix.
    "live": elsewhere("tests/desk/test_live.py"),
    "set_language": public(post={"language": "en"}),
    "set_theme": public(post={"theme": "dark"}),
    "close_hint": signed_in(post={"page": "home"}),
    "healthz": public(),
    "account_login": public(),
    "account_logout": signed_in(),
    "account_change_password": signed_in(),
    "account_reauthenticate": signed_in(),
    "account_inactive": public(),
    "mfa_index": signed_in(),
    # It stands between password and second factor; who is signed in already is led home.
    "mfa_authenticate": signed_in(),
    "mfa_reauthenticate": signed_in(),
    "mfa_activate_totp": signed_in(),
    # Who has no second factor has nothing to put off: 404.
    "mfa_deactivate_totp": holders(""),
    "mfa_view_recovery_codes": holders(""),
    "mfa_generate_recovery_codes": signed_in(),
    "mfa_download_recovery_codes": holders(""),
    # No identity provider is set.
    "openid_connect_login": holders("", args=lambda _world: ["sso"]),
    "openid_connect_callback": holders("", args=lambda _world: ["sso"]),
    "socialaccount_login_error": holders(""),
    "socialaccount_login_cancelled": holders(""),
    "socialaccount_signup": holders(""),
}
