"""Addresses of plants, parameters and rivers."""

from __future__ import annotations

from django.urls import path

from jiulong.plant.views import parameters, plants, rivers

app_name = "plant"

urlpatterns = [
    path("points/<str:code>/plant/", plants.plant_page, name="plant"),
    path("points/<str:code>/plant/unit/", plants.unit_form, name="unit"),
    path("points/<str:code>/parameters/", parameters.parameter_page, name="parameters"),
    path("points/<str:code>/parameters/file/", parameters.file_page, name="file"),
    path("parameters/", parameters.FilingList.as_view(), name="filings"),
    path("parameters/<int:pk>/review/", parameters.review, name="review"),
    path("rivers/", rivers.SectionList.as_view(), name="sections"),
    path("rivers/new/", rivers.section_form, name="section_new"),
    path("rivers/<slug:code>/edit/", rivers.section_form, name="section_edit"),
    path("rivers/<slug:code>/outfall/", rivers.place, name="place"),
    path("rivers/<slug:code>/", rivers.section_page, name="section"),
]
