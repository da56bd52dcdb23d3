"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from jiulong.cases.notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.NoticeList.as_view(), name="list"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/choices/", views.choices, name="choices"),
    path("notices/<int:pk>/", views.open_notice, name="open"),
]
