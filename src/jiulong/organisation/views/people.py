"""Accounts and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from jiulong.organisation import actions, login, queries
from jiulong.organisation.forms import PasswordForm, PersonForm, PostForm
from jiulong.organisation.models import Post, User, label_of
from jiulong.organisation.rules import Viewer, held_by, may, require
from jiulong.organisation.views.forms import form_page
from jiulong.pages.columns import Column, as_ago, as_code, as_light
from jiulong.pages.filters import Choice, Options
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset


def roles_of(user: User) -> str:
    """The roles an account holds today, the main one first."""
    today = timezone.localdate()
    return "、".join(dict.fromkeys(label_of(h.names) for h in held_by(user) if h.holds(today)))


def standing(user: User) -> str:
    """ "closed", "locked" or "open"."""
    if not user.is_active:
        return "inactive"
    return "locked" if login.locked(user) else "active"


def role_choices(viewer: Viewer) -> Options:
    return [(role.code, str(role)) for role in queries.roles(viewer)]


class PersonList(ListPage):
    """Accounts."""

    title = _("People")
    lead = _("Accounts and the posts they hold. A name that acted stays; accounts are closed.")
    search_hint = _("Account, name or unit")
    order = "account"
    file_name = "people"
    columns = (
        Column(name="state", label=_("State"), value=standing, show=as_light, short=True),
        Column(name="account", label=_("Account"), value="username", show=as_code, opens=True,
               sort=("username",)),
        Column(name="name", label=_("Name"), value="get_full_name", sort=("first_name",)),
        Column(name="roles", label=_("Roles"), value=roles_of, sort=("role",)),
        Column(name="unit", label=_("Unit"), sort=("unit__path",)),
        Column(name="login", label=_("Last sign-in"), value="last_login", show=as_ago,
               sort=("last_login",), short=True),
    )  # fmt: skip
    filters = (
        Choice(name="role", label=_("Role"), choices=role_choices),
        Choice(name="state", label=_("State"), choices=[
            ("open", pgettext_lazy("house", "Open")),
            ("locked", _("Locked")),
            ("closed", pgettext_lazy("house", "Closed")),
        ]),
    )  # fmt: skip
    presets = (
        Preset(label=_("All")),
        Preset(label=_("Locked"), query={"state": "locked"}),
        Preset(label=pgettext_lazy("house", "Closed"), query={"state": "closed"}),
    )
    empty = Empty(title=_("No account"), text=_("Open one for each person."), icon="users")

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[User]:
        if not queries.keeps_house(viewer):
            raise PermissionDenied
        state = asked.filters["state"]
        return queries.people(
            viewer, text=asked.search, role=asked.filters["role"] or "",
            active=None if not state else state != "closed",
            locked=True if state == "locked" else None,
        )  # fmt: skip

    def row_address(self, row: User) -> str:
        return reverse("house:person", args=[row.pk])

    def row_state(self, row: User) -> str:
        return "" if row.is_active else "muted"

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not may(viewer, "manage_accounts"):
            return ()
        return (Action(label=_("New account"), icon="plus", primary=True,
                       address=reverse("house:person_new")),)  # fmt: skip


def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An account: its posts, its state, where it is signed in."""
    person = _person(request, pk)
    viewer = request.user
    context = {
        "person": person,
        "state": standing(person),
        "posts": queries.posts(viewer, person),
        "today": timezone.localdate(),
        "sessions": queries.sign_ins(viewer, person),
        "may_edit": may(viewer, "manage_accounts"),
        "may_give": may(viewer, "manage_accounts") or may(viewer, "manage_roles"),
        "own": viewer == person,
    }
    return render(request, "organisation/person.html", context)


def person_new(request: HttpRequest) -> HttpResponse:
    """Open an account."""
    user = require(request.user, "manage_accounts")
    form = PersonForm(request.POST or None, viewer=user, new=True)

    def save() -> User:
        given = form.cleaned_data | {"role": form.cleaned_data["role"].code}
        return actions.create_user(actor=user, **given)

    return form_page(
        request, form, save, heading=_t("New account"), button=_t("Open the account"),
        back=reverse("house:people"), trail=_trail(),
        address=lambda person: reverse("house:person", args=[person.pk]),
    )  # fmt: skip


def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account's name, main post or access."""
    user = request.user
    if not may(user, "manage_accounts"):
        require(user, "manage_roles")
    person = _person(request, pk)
    initial = {"name": person.get_full_name(), "role": person.role, "unit": person.unit,
               "email": person.email, "is_active": person.is_active}  # fmt: skip
    form = PersonForm(request.POST or None, viewer=user, initial=initial)
    if not may(user, "manage_accounts"):
        for name in initial.keys() - {"role"}:
            del form.fields[name]

    def save() -> User:
        given: dict[str, Any] = dict(form.cleaned_data)
        given["role"] = given["role"].code
        if "name" in given:
            given |= {"first_name": given.pop("name"), "last_name": ""}
        changes = {name: value for name, value in given.items() if getattr(person, name) != value}
        return actions.update_user(actor=user, user=person, **changes) if changes else person

    return form_page(request, form, save, heading=_t("Change account"), button=_t("Save"),
                     back=_there(person), trail=_trail(person))  # fmt: skip


def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an account a new first password."""
    user = request.user
    if not may(user, "manage_accounts"):
        require(user, "manage_roles")
    person = _person(request, pk)
    form = PasswordForm(request.POST or None, viewer=user)

    def save() -> None:
        actions.set_password(actor=user, user=person, password=form.cleaned_data["password"])

    return form_page(request, form, save, heading=_t("New password"), button=_t("Set"),
                     back=_there(person), trail=_trail(person))  # fmt: skip


def post_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a further post."""
    user = request.user
    if not may(user, "manage_accounts"):
        require(user, "manage_roles")
    person = _person(request, pk)
    form = PostForm(request.POST or None, viewer=user)

    def save() -> Post:
        return actions.give_post(actor=user, user=person, **form.cleaned_data)

    return form_page(request, form, save, heading=_t("Further post"), button=_t("Give the post"),
                     back=_there(person), trail=_trail(person))  # fmt: skip


@require_POST
def post_end(request: HttpRequest, pk: int, post: int) -> HttpResponseRedirect:
    """End a post at once."""
    user = request.user
    if not may(user, "manage_accounts"):
        require(user, "manage_roles")
    person = _person(request, pk)
    row = queries.posts(user, person).filter(pk=post).first()
    if row is None:
        raise Http404(str(post))
    try:
        actions.end_post(actor=user, post=row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _t("The post is ended."))
    return redirect("house:person", pk)


@require_POST
def person_unlock(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Let a locked account in again."""
    require(request.user, "manage_accounts")
    actions.unlock_user(actor=request.user, user=_person(request, pk))
    messages.success(request, _t("The account is open again."))
    return redirect("house:person", pk)


@require_POST
def person_sign_out(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """End an account's sessions."""
    require(request.user, "manage_accounts")
    n = actions.end_sessions(actor=request.user, user=_person(request, pk))
    messages.success(request, ngettext("%(n)d session ended.", "%(n)d sessions ended.", n)
                     % {"n": n})  # fmt: skip
    return redirect("house:person", pk)


def _person(request: HttpRequest, pk: int) -> User:
    if not queries.keeps_house(request.user):
        raise PermissionDenied
    person = queries.people(request.user).filter(pk=pk).first()
    if person is None:
        raise Http404(str(pk))
    return person


def _there(person: User) -> str:
    return reverse("house:person", args=[person.pk])


def _trail(person: User | None = None) -> tuple[tuple[str, str], ...]:
    trail = ((reverse("house:people"), _t("People")),)
    return trail if person is None else (*trail, (_there(person), str(person)))
