"""Addresses of seals."""

from __future__ import annotations

from django.urls import path

from jiulong.evidence import views

app_name = "evidence"

urlpatterns = [
    path("seals/", views.SealList.as_view(), name="seals"),
    path("seals/now/", views.seal_now, name="seal_now"),
    path("seals/key.pem", views.public_key, name="public_key"),
    path("seals/<int:number>/", views.seal_page, name="seal"),
]
