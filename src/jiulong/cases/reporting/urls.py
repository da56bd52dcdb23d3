"""Addresses of the quick report. The worker serves what lies under `report/`."""

from __future__ import annotations

from django.urls import path

from jiulong.cases.reporting import sign_views, views

app_name = "reporting"

urlpatterns = [
    path("report/", views.quick, name="quick"),
    path("report/send/", views.send, name="send"),
    path("report/near/", views.near, name="near"),
    path("report/state/", views.state, name="state"),
    path("report/done/<int:pk>/", views.done, name="done"),
    path("report/app.webmanifest", views.manifest, name="manifest"),
    path("report/worker.js", views.worker, name="worker"),
    path("sign/<int:pk>/", sign_views.sign, name="sign"),
    path("sign/<int:pk>/ask/", sign_views.ask, name="ask_to_sign"),
]
