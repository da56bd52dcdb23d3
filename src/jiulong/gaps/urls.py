"""Addresses of gaps and of the proof that nothing is missing."""

from __future__ import annotations

from django.urls import path

from jiulong.gaps.views import calendar, lists

app_name = "gaps"

urlpatterns = [
    path("gaps/", lists.GapList.as_view(), name="gaps"),
    path("gaps/months/", lists.MonthList.as_view(), name="months"),
    path("gaps/<int:pk>/", lists.gap_page, name="gap"),
    path("points/<str:code>/gaps/", calendar.calendar_page, name="calendar"),
    path("points/<str:code>/gaps/prove/", calendar.prove, name="prove"),
    path("points/<str:code>/gaps/proof.<str:kind>", calendar.proof_file, name="proof"),
]
