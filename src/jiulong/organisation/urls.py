"""Addresses of units, people, roles, logs, and one's own account."""

from __future__ import annotations

from django.urls import path

from jiulong.organisation.views import logs, mine, people, roles, units

app_name = "house"

urlpatterns = [
    path("account/", mine.mine, name="mine"),
    path("account/elsewhere/", mine.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("units/", units.UnitList.as_view(), name="units"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:pk>/", units.unit_page, name="unit"),
    path("units/<int:pk>/edit/", units.unit_edit, name="unit_edit"),
    path("units/<int:pk>/close/", units.unit_close, name="unit_close"),
    path("people/", people.PersonList.as_view(), name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", people.person_page, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/password/", people.person_password, name="person_password"),
    path("people/<int:pk>/posts/", people.post_new, name="post_new"),
    path("people/<int:pk>/posts/<int:post>/end/", people.post_end, name="post_end"),
    path("people/<int:pk>/unlock/", people.person_unlock, name="person_unlock"),
    path("people/<int:pk>/sign-out/", people.person_sign_out, name="person_sign_out"),
    path("roles/", roles.RoleList.as_view(), name="roles"),
    path("roles/new/", roles.role_new, name="role_new"),
    path("roles/<slug:code>/", roles.role_page, name="role"),
    path("roles/<slug:code>/edit/", roles.role_edit, name="role_edit"),
    path("log/", logs.LoginLog.as_view(), name="logins"),
    path("log/readings/", logs.ReadLog.as_view(), name="readings"),
]
