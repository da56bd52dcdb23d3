"""Address of public tracking."""

from __future__ import annotations

from django.urls import path

from jiulong.cases import tracking_views

app_name = "tracking"

urlpatterns = [path("track/", tracking_views.track, name="track")]
