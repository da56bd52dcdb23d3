"""Addresses of packs."""

from __future__ import annotations

from django.urls import path

from jiulong.packs import views

app_name = "packs"

urlpatterns = [
    path("packs/", views.PackList.as_view(), name="packs"),
    path("packs/<slug:name>/", views.pack_page, name="pack"),
    path("packs/<slug:name>/apply/", views.apply_pack, name="apply"),
]
