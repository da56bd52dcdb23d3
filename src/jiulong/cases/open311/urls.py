"""Addresses of Open311 GeoReport v2."""

from __future__ import annotations

from django.urls import re_path

from jiulong.cases.open311 import views

app_name = "open311"
FORM = r"\.(?P<form>json|xml)$"

urlpatterns = [
    re_path(rf"^open311/v2/discovery{FORM}", views.discovery, name="discovery"),
    re_path(rf"^open311/v2/services{FORM}", views.service_list, name="services"),
    re_path(rf"^open311/v2/services/(?P<code>[^/]+){FORM}", views.definition, name="service"),
    re_path(rf"^open311/v2/requests{FORM}", views.request_list, name="requests"),
    re_path(rf"^open311/v2/requests/(?P<request_id>[^/]+){FORM}", views.request_page,
            name="request"),
    re_path(rf"^open311/v2/tokens/(?P<token>[^/]+){FORM}", views.token, name="token"),
]  # fmt: skip
