"""Addresses of targets, indicators, sheets; those of standings stand in their own file."""

from __future__ import annotations

from django.urls import path

from jiulong.scorecards import standing_urls
from jiulong.scorecards.views import aims, indicators, sheets

app_name = "scorecards"

urlpatterns = [
    path("targets/", aims.targets, name="targets"),
    path("targets/sheet.<str:kind>", aims.sheet_of_quarter, name="targets_paper"),
    path("indicators/", indicators.IndicatorList.as_view(), name="indicators"),
    path("indicators/<str:code>/", indicators.indicator, name="indicator"),
    path("indicators/<str:code>/target/", indicators.change, name="target"),
    path("indicators/<str:code>/split/", indicators.split, name="split"),
    path("indicators/<str:code>/ask/", indicators.ask, name="ask_cause"),
    path("figures/<int:pk>/", indicators.figure, name="figure"),
    path("figures/<int:pk>/revise/", indicators.revise, name="revise"),
    path("sheets/", sheets.SheetList.as_view(), name="sheets"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/save/", sheets.save, name="sheet_save"),
    path("sheets/<int:pk>/sign/", sheets.sign, name="sheet_sign"),
    path("sheets/<int:pk>/return/", sheets.send_back, name="sheet_return"),
    path("sheets/<int:pk>/sheet.xlsx", sheets.download, name="sheet_file"),
    path("sheets/<int:pk>/upload/", sheets.upload, name="sheet_upload"),
    *standing_urls.urlpatterns,
]
