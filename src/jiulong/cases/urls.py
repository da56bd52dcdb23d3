"""Addresses of the casework. The phone's report and the public tracking have their own."""

from django.urls import path

from jiulong.cases import views

app_name = "cases"
urlpatterns = [
    path("cases/", views.CaseList.as_view(), name="cases"),
    path("cases/map/", views.CaseMap.as_view(), name="map"),
    path("cases/map.json", views.map_data, name="map_data"),
    path("cases/board/", views.CaseBoard.as_view(), name="board"),
    path("cases/todo/", views.TodoList.as_view(), name="todo"),
    path("cases/new/", views.choose, name="choose"),
    path("cases/new/<str:matter>/", views.new, name="new"),
    path("cases/near/<str:matter>/", views.nearby, name="nearby"),
    path("cases/supervision/", views.supervision, name="supervision"),
    path("cases/supervision/remind/", views.remind, name="remind"),
    path("cases/ledgers/", views.ledgers, name="ledgers"),
    path("cases/ledgers/<str:matter>/", views.ledger, name="ledger"),
    path("cases/statistics/", views.statistics, name="statistics"),
    path("cases/tasks/<int:pk>/<slug:action>/", views.task, name="task"),
    path("cases/<int:pk>/", views.case_page, name="case"),
    path("cases/<int:pk>/dossier/", views.dossier, name="dossier"),
    path("cases/<int:pk>/print/", views.print_page, name="print"),
    path("cases/<int:pk>/<slug:action>/", views.act, name="act"),
]
