"""Addresses of statistics: days, revisions, rates."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiulong.calendar import urls as _isodate  # noqa: F401 - registers the converter
from jiulong.validity import views
from jiulong.validity.hours_views import hours_file
from jiulong.validity.rates_views import RateList

app_name = "validity"

urlpatterns: list[URLPattern] = [
    path("rates/", RateList.as_view(), name="rates"),
    path("points/<str:code>/hours.csv", hours_file, name="hours"),
    path("points/<str:code>/days/", views.days_page, name="days"),
    path("points/<str:code>/days/<isodate:on>/", views.day_page, name="day"),
    path("revisions/", views.RevisionList.as_view(), name="revisions"),
]
