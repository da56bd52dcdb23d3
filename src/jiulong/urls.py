"""All addresses of the web site."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include("jiulong.desk.urls")),
]
