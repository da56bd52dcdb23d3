"""Addresses of marks, checks, faults, maintenance and objections."""

from __future__ import annotations

from django.urls import path

from jiulong.upkeep.views import checks, faults, maintenance, marks, objections

app_name = "upkeep"

urlpatterns = [
    path("upkeep/marks/", marks.MarkList.as_view(), name="marks"),
    path("upkeep/marks/<int:pk>/", marks.mark_page, name="mark"),
    path("upkeep/marks/<int:pk>/review/", marks.review, name="mark_review"),
    path("upkeep/marks/<int:pk>/withdraw/", marks.withdraw, name="mark_withdraw"),
    path("upkeep/checks/", checks.CheckList.as_view(), name="checks"),
    path("upkeep/checks/<int:pk>/", checks.check_page, name="check"),
    path("upkeep/checks/<int:pk>/withdraw/", checks.withdraw, name="check_withdraw"),
    path("upkeep/faults/", faults.FaultList.as_view(), name="faults"),
    path("upkeep/faults/<int:pk>/", faults.fault_page, name="fault"),
    path("upkeep/faults/<int:pk>/restore/", faults.restore, name="fault_restore"),
    path("upkeep/maintenance/", maintenance.MaintenanceList.as_view(), name="maintenance"),
    path("upkeep/maintenance/<int:pk>/", maintenance.record_page, name="record"),
    path("upkeep/objections/", objections.ObjectionList.as_view(), name="objections"),
    path("upkeep/objections/<int:pk>/", objections.objection_page, name="objection"),
    path("upkeep/objections/<int:pk>/answer/", objections.answer, name="objection_answer"),
]
