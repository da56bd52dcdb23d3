"""Addresses of Open311 GeoReport v2."""

from __future__ import annotations

from django.urls import path, register_converter

from jiulong.cases.open311 import views


class FormConverter:
    """The format at the end of an address."""

    regex = "json|xml"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormConverter, "form")
app_name = "open311"

urlpatterns = [
    path("open311/v2/discovery.<form:form>", views.discovery, name="discovery"),
    path("open311/v2/services.<form:form>", views.service_list, name="services"),
    path("open311/v2/services/<str:code>.<form:form>", views.definition, name="service"),
    path("open311/v2/requests.<form:form>", views.request_list, name="requests"),
    path("open311/v2/requests/<str:request_id>.<form:form>", views.request_page, name="request"),
    path("open311/v2/tokens/<str:token>.<form:form>", views.token, name="token"),
]
