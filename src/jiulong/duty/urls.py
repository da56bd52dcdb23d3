"""Addresses of the desk."""

from django.urls import path

from jiulong.duty.views import desk, ledgers, outfalls, shifts

app_name = "duty"

urlpatterns = [
    path("duty/", desk.desk, name="desk"),
    path("duty/alarms/<int:pk>/", desk.alarm, name="alarm"),
    path("duty/alarms/<int:pk>/acknowledge/", shifts.acknowledge, name="acknowledge"),
    path("duty/shifts/", shifts.ShiftList.as_view(), name="shifts"),
    path("duty/shifts/begin/", shifts.begin, name="begin"),
    path("duty/shifts/<int:pk>/", shifts.shift, name="shift"),
    path("duty/shifts/<int:pk>/paper.<str:kind>", shifts.paper, name="shift_paper"),
    path("duty/shifts/<int:pk>/write/", shifts.write, name="write"),
    path("duty/shifts/<int:pk>/hand-over/", shifts.hand_over, name="hand_over"),
    path("duty/shifts/<int:pk>/take-over/", shifts.take_over, name="take_over"),
    path("duty/ledgers/", ledgers.ledgers, name="ledgers"),
    path("duty/ledgers/<str:which>.<str:kind>", ledgers.file, name="ledger_file"),
    path("outfalls/<str:code>/", outfalls.outfall, name="outfall"),
    path("outfalls/<str:code>/camera/", outfalls.add_camera, name="add_camera"),
    path("outfalls/<str:code>/camera/<int:pk>/remove/", outfalls.drop_camera, name="drop_camera"),
    path("outfalls/<str:code>/<slug:name>/", outfalls.section, name="section"),
]
