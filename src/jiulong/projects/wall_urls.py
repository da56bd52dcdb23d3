"""Addresses of the wall; `urls.py` includes them."""

from django.urls import path

from jiulong.projects import wall_views

urlpatterns = [
    path("projects/wall/", wall_views.wall, name="wall"),
    path("projects/wall/<int:pk>/", wall_views.wall_brief, name="wall_brief"),
]
