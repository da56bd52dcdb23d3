"""Addresses of those who run stations."""

from __future__ import annotations

from django.urls import path

from jiulong.portal.views import handing_in, stations

app_name = "portal"

urlpatterns = [
    path("my/stations/", stations.station_list, name="stations"),
    path("my/stations/<str:code>/", stations.station_page, name="station"),
    path("my/stations/<str:code>/account/", stations.account_page, name="account"),
    path("my/stations/<str:code>/mark/", handing_in.mark, name="mark"),
    path("my/stations/<str:code>/fault/", handing_in.fault, name="fault"),
    path("my/stations/<str:code>/manual/", handing_in.manual, name="manual"),
    path("my/stations/<str:code>/check/", handing_in.check, name="check"),
    path("my/stations/<str:code>/maintenance/", handing_in.maintenance, name="maintenance"),
    path("my/objections/finding/<int:pk>/", handing_in.objection, name="objection"),
    path("my/objections/mark/<int:pk>/", handing_in.objection_to_mark, name="objection_to_mark"),
]
