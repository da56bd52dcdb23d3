"""Addresses of seals and files."""

from __future__ import annotations

from django.urls import path

from jiulong.evidence.views import files, seals

app_name = "evidence"

urlpatterns = [
    path("seals/", seals.SealList.as_view(), name="seals"),
    path("seals/now/", seals.seal_now, name="seal_now"),
    path("seals/key.pem", seals.public_key, name="public_key"),
    path("seals/<int:number>/", seals.seal_page, name="seal"),
    path("files/<int:pk>/", files.file, name="file"),
    path("files/<int:pk>/withdraw/", files.withdraw, name="withdraw"),
    path("files/to/<str:label>/<str:subject_id>/", files.attach, name="attach"),
]
