from __future__ import annotations

from django.urls import URLPattern, path

from jiulong.validity.rates_views import RateList

app_name = "validity"

urlpatterns: list[URLPattern] = [path("rates/", RateList.as_view(), name="rates")]
