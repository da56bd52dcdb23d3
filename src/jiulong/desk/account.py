"""The few of allauth's pages that a closed system needs; no sign-up, no mail."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

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
]
