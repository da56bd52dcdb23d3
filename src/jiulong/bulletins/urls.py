"""Addresses of bulletins, meetings, pairings and letters."""

from django.urls import path

from jiulong.bulletins.views import forms, papers, passing

app_name = "bulletins"
urlpatterns = [
    path("bulletins/", papers.BulletinList.as_view(), name="bulletins"),
    path("bulletins/new/", papers.new_page, name="new"),
    path("bulletins/forms/", forms.forms_page, name="forms"),
    path("bulletins/forms/<slug:name>.docx", forms.form_file, name="form_file"),
    path("bulletins/forms/<int:pk>/retire/", forms.retire, name="retire_form"),
    path("bulletins/<int:pk>/", papers.bulletin_page, name="bulletin"),
    path("bulletins/<int:pk>/edit/", papers.edit_page, name="edit"),
    path("bulletins/<int:pk>/recount/", passing.recount, name="recount"),
    path("bulletins/<int:pk>/submit/", passing.submit, name="submit"),
    path("bulletins/<int:pk>/sign/", passing.sign, name="sign"),
    path("bulletins/<int:pk>/return/", passing.give_back, name="return"),
    path("bulletins/<int:pk>/withdraw/", passing.withdraw, name="withdraw"),
    path("bulletins/<int:pk>/correct/", passing.correct, name="correct"),
    path("bulletins/<int:pk>/publish/", passing.publish, name="publish"),
    path("bulletins/<int:pk>/verify/", passing.verify_page, name="verify"),
    path("bulletins/<int:pk>/print/<str:form>/", passing.print_page, name="print"),
    path("bulletins/<int:pk>/dossier/", passing.dossier, name="dossier"),
    path("open/bulletins/", passing.open_list, name="open_list"),
    path("open/bulletins/<int:pk>/", passing.open_page, name="open"),
]
