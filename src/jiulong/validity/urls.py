from django.urls import URLPattern

app_name = "validity"

urlpatterns: list[URLPattern] = []
