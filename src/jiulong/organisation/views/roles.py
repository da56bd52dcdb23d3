"""Roles: everybody's rights in one table."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiulong.organisation import actions, queries
from jiulong.organisation.forms import RoleForm
from jiulong.organisation.models import Role
from jiulong.organisation.rules import Viewer, may, require
from jiulong.organisation.verbs import GROUPS
from jiulong.organisation.views.forms import form_page
from jiulong.pages.columns import Column, as_code
from jiulong.pages.lists import Action, Asked, Empty, ListPage


def origin(role: Role) -> str:
    """Where a role comes from."""
    if role.changed_at:
        return _t("changed here")
    if role.built_in:
        return _t("built in")
    return role.pack or _t("made here")


class RoleList(ListPage):
    """Roles: what they may do, where they reach, who holds them."""

    title = _("Roles")
    lead = _("A role is a set of rights and how far they reach. The security administrator "
             "changes them; a change holds at once, for everybody who has the role.")  # fmt: skip
    order = "code"
    file_name = "roles"
    columns = (
        Column(name="name", label=_("Role"), value=str, opens=True),
        Column(name="code", label=_("Code"), show=as_code, sort=("code",)),
        Column(name="scope", label=_("Reaches"), value="get_scope_display", sort=("scope",)),
        Column(name="verbs", label=_("Rights"), value=lambda row: len(row.verbs), numeric=True,
               export=lambda count: count),
        Column(name="holders", label=_("Main post of"), numeric=True, sort=("holders",)),
        Column(name="further", label=_("Further posts"), numeric=True, sort=("further",)),
        Column(name="origin", label=_("Origin"), value=origin),
    )  # fmt: skip
    empty = Empty(title=_("No role"), icon="users")

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Role]:  # noqa: ARG002
        if not queries.keeps_house(viewer):
            raise PermissionDenied
        return queries.roles(viewer)

    def row_address(self, row: Role) -> str:
        return reverse("house:role", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not may(viewer, "manage_roles"):
            return ()
        return (Action(label=_("New role"), icon="plus", primary=True,
                       address=reverse("house:role_new")),)  # fmt: skip


def role_page(request: HttpRequest, code: str) -> HttpResponse:
    """A role's rights in groups, and who holds it."""
    role = _role(request, code)
    held = set(role.verbs)
    groups = [
        (group, [(label, verb in held) for verb, label in verbs.items()])
        for group, verbs in GROUPS.items()
    ]
    context = {
        "role": role,
        "origin": origin(role),
        "groups": groups,
        "people": queries.people(request.user, role=code, active=True).order_by("username")[:100],
        "may_edit": may(request.user, "manage_roles"),
    }
    return render(request, "organisation/role.html", context)


def role_new(request: HttpRequest) -> HttpResponse:
    """Make a role."""
    user = require(request.user, "manage_roles")
    form = RoleForm(request.POST or None, viewer=user, initial={"scope": Role.Scope.UNIT})
    return form_page(
        request, form, lambda: actions.create_role(actor=user, **form.chosen()),
        heading=_t("New role"), button=_t("Make the role"), back=reverse("house:roles"),
        address=lambda role: reverse("house:role", args=[role.pk]), trail=_trail(),
        template="organisation/role_form.html",
    )  # fmt: skip


def role_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a role's names, reach and rights."""
    user = require(request.user, "manage_roles")
    role = _role(request, code)
    initial = {"zh": role.names.get("zh", ""), "en": role.names.get("en", ""),
               "scope": role.scope, "verbs": role.verbs}  # fmt: skip
    form = RoleForm(request.POST or None, viewer=user, initial=initial, fixed_code=True)
    there = reverse("house:role", args=[code])
    return form_page(
        request, form, lambda: actions.update_role(actor=user, role=role, **form.chosen()),
        heading=_t("Change role"), button=_t("Save"), back=there,
        trail=(*_trail(), (there, str(role))), template="organisation/role_form.html",
    )  # fmt: skip


def _role(request: HttpRequest, code: str) -> Role:
    if not queries.keeps_house(request.user):
        raise PermissionDenied
    role = queries.roles(request.user).filter(pk=code).first()
    if role is None:
        raise Http404(code)
    return role


def _trail() -> tuple[tuple[str, str], ...]:
    return ((reverse("house:roles"), _t("Roles")),)
