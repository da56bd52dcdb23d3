"""Addresses of the calendar."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from jiulong.calendar import views


class IsoDate:
    """A date in an address: 2026-11-20."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(IsoDate, "isodate")

app_name = "calendar"

urlpatterns = [
    path("calendar/", views.year_page, name="year"),
    path("calendar/<int:year>/", views.year_page, name="of_year"),
    path("calendar/notice/", views.notice_page, name="notice"),
    path("calendar/hours/", views.hours_page, name="hours"),
    path("calendar/hours/<int:pk>/remove/", views.remove_hours, name="remove_hours"),
    path("calendar/<isodate:on>/", views.day_page, name="day"),
]
