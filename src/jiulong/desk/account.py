"""The few of allauth's pages that a closed system needs; no sign-up, no mail."""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView, TemplateView

#: allauth knows these names; a closed system has no such pages.
_door = login_not_required(RedirectView.as_view(pattern_name="account_login"))

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("password/", views.password_change, name="account_change_password"),
    path("again/", views.reauthenticate, name="account_reauthenticate"),
    path(
        "inactive/",
        login_not_required(TemplateView.as_view(template_name="account/account_inactive.html")),
        name="account_inactive",
    ),
    path("factor/", factors.index, name="mfa_index"),
    path("factor/check/", factors.authenticate, name="mfa_authenticate"),
    path("factor/again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("factor/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factor/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sso/<str:provider_id>/", oidc.login, name="openid_connect_login"),
    path("sso/<str:provider_id>/back/", oidc.callback, name="openid_connect_callback"),
    path("sso-refused/", _door, name="socialaccount_login_error"),
    path("sso-cancelled/", _door, name="socialaccount_login_cancelled"),
    path("sso-unknown/", _door, name="socialaccount_signup"),
]
