"""Addresses of points, their readings and findings."""

from __future__ import annotations

from django.urls import path

from jiulong.monitoring.views import alarms, findings, frames, limits, points, readings

app_name = "monitoring"

urlpatterns = [
    path("points/", points.PointList.as_view(), name="points"),
    path("points/map/", points.PointMap.as_view(), name="points_map"),
    path("points/map.json", points.map_data, name="points_map_data"),
    path("points/<str:code>/", readings.point_page, name="point"),
    path("points/<str:code>/series.json", readings.series_data, name="point_series"),
    path("points/<str:code>/readings/", readings.readings_page, name="readings"),
    path("frames/<int:batch>/<int:ordinal>/", frames.frame_page, name="frame"),
    path("points/<str:code>/limits/", limits.limits_page, name="limits"),
    path("points/<str:code>/limits/set/", limits.set_limit, name="limit_set"),
    path("points/<str:code>/limits/standard/", limits.assign_standard, name="standard_assign"),
    path("points/<str:code>/limits/load/", limits.set_load, name="load_set"),
    path("standards/", limits.standards_page, name="standards"),
    path("alarms/", alarms.AlarmList.as_view(), name="alarms"),
    path("alarms/rules/", limits.rules_page, name="rules"),
    path("alarms/<int:pk>/", alarms.alarm_page, name="alarm"),
    path("alarms/<int:pk>/acknowledge/", alarms.acknowledge, name="alarm_acknowledge"),
    path("findings/", findings.FindingList.as_view(), name="findings"),
    path("findings/<int:pk>/", findings.finding_page, name="finding"),
    path("findings/<int:pk>/acknowledge/", findings.acknowledge, name="finding_acknowledge"),
]
