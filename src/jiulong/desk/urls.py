"""Addresses of the desk."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from jiulong.desk import live, operations, views

urlpatterns = [
    path("", views.home, name="home"),
    path("wall/", views.wall, name="wall"),
    path("live/", live.stream, name="live"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("house/log/operations/", operations.OperationLog.as_view(), name="operations"),
    path("theme/", views.set_theme, name="set_theme"),
    path("hints/close/", views.close_hint, name="close_hint"),
    path("healthz", views.healthz, name="healthz"),
]
