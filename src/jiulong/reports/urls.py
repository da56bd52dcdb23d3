from django.urls import path

from jiulong.reports import public_views, views

app_name = "reports"

urlpatterns = [
    path("accounts/", views.ReportList.as_view(), name="reports"),
    path("accounts/new/", views.new_page, name="new"),
    path("accounts/public/", views.OutfallList.as_view(), name="outfalls"),
    path("accounts/public/<int:pk>/", views.show_page, name="show"),
    path("accounts/<int:pk>/", views.report_page, name="report"),
    path("accounts/<int:pk>/texts/", views.explain_page, name="explain"),
    path("accounts/<int:pk>/recount/", views.recount, name="recount"),
    path("accounts/<int:pk>/sign/", views.sign, name="sign"),
    path("accounts/<int:pk>/publish/", views.publish, name="publish"),
    path("accounts/<int:pk>/print/<str:form>/", views.print_page, name="print"),
    path("accounts/<int:pk>/rows/<str:kind>/", views.RowList.as_view(), name="rows"),
    path("open/water/", public_views.open_page, name="open"),
    path("open/water.csv", public_views.open_csv, name="open_csv"),
]
