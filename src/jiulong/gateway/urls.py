"""Addresses of loggers, quarantine and commands."""

from __future__ import annotations

from django.urls import path

from jiulong.gateway.views import commands, loggers, quarantine

app_name = "gateway"

urlpatterns = [
    path("loggers/", loggers.LoggerList.as_view(), name="loggers"),
    path("loggers/new/", loggers.new, name="logger_new"),
    path("loggers/unregistered/", loggers.UnregisteredList.as_view(), name="unregistered"),
    path("loggers/unregistered/<str:mn>/", loggers.adopt, name="adopt"),
    path("loggers/<str:mn>/", loggers.logger_page, name="logger"),
    path("loggers/<str:mn>/edit/", loggers.edit, name="logger_edit"),
    path("loggers/<str:mn>/command/", commands.order, name="order"),
    path("quarantine/", quarantine.QuarantineList.as_view(), name="quarantine"),
    path("quarantine/replay/", quarantine.replay, name="replay"),
    path("quarantine/<int:pk>/", quarantine.frame_page, name="quarantined"),
    path("commands/", commands.CommandList.as_view(), name="commands"),
    path("commands/<int:pk>/", commands.command_page, name="command"),
]
