"""Loggers: who may speak, who knocks, and their settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

import hj212
from jiulong.gateway import actions, queries, sampled
from jiulong.gateway.forms import CRC_LABELS, LoggerForm, profile_choices
from jiulong.gateway.models import Logger
from jiulong.gateway.queries import Unregistered
from jiulong.monitoring.words import as_point, point_title
from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column, as_ago, as_clock, as_code, as_light
from jiulong.pages.filters import Choice, Options
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset

COMMANDS_SHOWN = 10
REFUSED_SHOWN = 10


def profiles(viewer: Viewer) -> Options:  # noqa: ARG001 - profiles are no secret
    return profile_choices()


class LoggerList(ListPage):
    """Registered loggers."""

    title = _("Loggers")
    file_name = "loggers"
    search_hint = _("MN, point or enterprise")
    order = "mn"
    live = ("loggers",)
    columns = (
        Column(name="active", label=_("State"), value=lambda row: row.active, short=True,
               show=lambda on: as_light("active" if on else "inactive"), sort=("active",)),
        Column(name="mn", label=_("MN"), opens=True, show=as_code, sort=("mn",)),
        Column(name="point", label=_("Point"), value=lambda row: row.point, wide=True,
               show=as_point, export=point_title,
               sort=("point__outfall__enterprise__name", "point__code")),
        Column(name="profile", label=_("Protocol"), sort=("profile",),
               value=lambda row: hj212.PROFILES[row.profile].name),
        Column(name="addresses", label=_("Allowed networks"), on_phone=False,
               value=lambda row: ", ".join(row.addresses) or _("any")),
        Column(name="registered", label=_("Registered"), value="registered_at", show=as_clock,
               sort=("registered_at",), on_phone=False),
    )  # fmt: skip
    filters = (
        Choice(name="profile", label=_("Protocol"), choices=profiles),
        Choice(name="active", label=_("State"),
               choices=[("yes", _("Active")), ("no", _("Inactive"))]),
    )  # fmt: skip
    presets = (Preset(label=_("All loggers")), Preset(label=_("Inactive"), query={"active": "no"}))
    empty = Empty(
        title=_("No logger is registered"),
        text=_("Register one, or adopt one that already knocks."),
        icon="server",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Logger]:
        active = asked.filters["active"]
        return queries.loggers(
            viewer,
            text=asked.search,
            profile=asked.filters["profile"] or "",
            active=None if not active else active == "yes",
        )

    def row_address(self, row: Logger) -> str:
        return reverse("gateway:logger", args=[row.mn])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        shown = []
        if may(viewer, "see_all"):
            shown.append(Action(label=_("Unregistered"), icon="inbox",
                                address=reverse("gateway:unregistered")))  # fmt: skip
        if may(viewer, "edit_logger"):
            shown.append(Action(label=_("New logger"), icon="plus", primary=True,
                                address=reverse("gateway:logger_new")))  # fmt: skip
        return shown


class UnregisteredList(ListPage):
    """Loggers that knock and that nobody has registered; an administrator may adopt them."""

    title = _("Unregistered loggers")
    lead = _("Their frames wait in quarantine; adopting a logger replays them.")
    file_name = "unregistered-loggers"
    order = "-last"
    live = ("quarantine", "loggers")
    columns = (
        Column(name="mn", label=_("MN"), opens=True, show=as_code, sort=("mn",)),
        Column(name="frames", label=_("Frames"), numeric=True, sort=("frames",)),
        Column(name="peer", label=_("Source"), show=as_code),
        Column(name="first", label=_("First seen"), value="first_at", show=as_clock,
               sort=("first_at",), short=True),
        Column(name="last", label=_("Last seen"), value="last_at", show=as_ago,
               sort=("last_at",), short=True),
    )  # fmt: skip
    empty = Empty(
        title=_("Nobody unknown knocks"),
        text=_("A logger that connects without being registered appears here."),
        icon="shield-check",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> list[Unregistered]:  # noqa: ARG002
        return queries.unregistered(viewer)

    def row_address(self, row: Unregistered) -> str:
        return adopt_address(row.mn) if may(self.viewer, "adopt_logger") else ""


def adopt_address(mn: str) -> str:
    """Where an unknown logger is adopted; empty for what a stranger sent in place of an MN."""
    try:
        return reverse("gateway:adopt", args=[mn])
    except NoReverseMatch:
        return ""


def _logger(request: HttpRequest, mn: str) -> Logger:
    try:
        return queries.logger(request.user, mn)
    except Logger.DoesNotExist as error:
        raise Http404(mn) from error


def logger_page(request: HttpRequest, mn: str) -> HttpResponse:
    """One logger: settings, last commands, refused frames."""
    logger = _logger(request, mn)
    context = {
        "logger": logger,
        "profile": dict(profile_choices()).get(logger.profile, logger.profile),
        "crc_label": CRC_LABELS.get(logger.crc_mode, logger.crc_mode),
        "heard_at": queries.heard_at(request.user, logger),
        "commands": queries.commands(request.user, mn=mn)[:COMMANDS_SHOWN],
        "refused": queries.quarantined(request.user, mn=mn, replayed=False)[:REFUSED_SHOWN],
        "may_edit": may(request.user, "edit_logger"),
        "may_command": may(request.user, "command_logger") and logger.active,
        "may_sample": not sampled.elsewhere(logger.point_id),
        "may_replay": may(request.user, "replay_quarantine"),
    }
    return render(request, "gateway/logger.html", context)


def _form_page(request: HttpRequest, form: LoggerForm, **context: Any) -> HttpResponse:
    return render(request, "gateway/logger_form.html", {"form": form, **context},
                  status=422 if form.errors else 200)  # fmt: skip


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; an empty form counts as sent, so that it is told what is missing."""
    return request.POST if request.method == "POST" else None


def new(request: HttpRequest) -> HttpResponse:
    """Register a logger."""
    require(request.user, "edit_logger")
    form = LoggerForm(posted(request), initial={"point": request.GET.get("point", "")})
    if request.method == "POST" and form.is_valid():
        try:
            logger = actions.register_logger(actor=request.user, **form.settings())
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("Logger %s may speak now.") % logger.mn)
            return redirect("gateway:logger", mn=logger.mn)
    return _form_page(request, form, heading=_t("New logger"), button=_t("Register"))


def adopt(request: HttpRequest, mn: str) -> HttpResponse:
    """Register a logger that knocks, and replay what it sent."""
    require(request.user, "adopt_logger")
    knocking = next((one for one in queries.unregistered(request.user) if one.mn == mn), None)
    if knocking is None:
        raise Http404(mn)
    form = LoggerForm(posted(request), fixed_mn=True)
    if request.method == "POST" and form.is_valid():
        try:
            logger, replay = actions.adopt_logger(actor=request.user, mn=mn, **form.settings())
        except ValidationError as error:
            form.blame(error)
        else:
            taken = ngettext(
                "%(n)d frame was replayed.", "%(n)d frames were replayed.", replay.taken
            )
            left = ngettext("%(n)d stays refused.", "%(n)d stay refused.", replay.left)
            text = taken % {"n": replay.taken}
            if replay.left:
                text += " " + left % {"n": replay.left}
            messages.success(request, text)
            return redirect("gateway:logger", mn=logger.mn)
    return _form_page(
        request, form, heading=_t("Adopt a logger"), button=_t("Adopt and replay"),
        knocking=knocking,
    )  # fmt: skip


def edit(request: HttpRequest, mn: str) -> HttpResponse:
    """Change a logger's settings."""
    require(request.user, "edit_logger")
    logger = _logger(request, mn)
    initial = {
        "point": logger.point.code,
        "addresses": "\n".join(logger.addresses),
        **{name: getattr(logger, name)
           for name in ("profile", "crc_mode", "time_label", "greet", "active")},
    }  # fmt: skip
    form = LoggerForm(posted(request), initial=initial, fixed_mn=True, keeps=True)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_logger(actor=request.user, logger=logger, **form.settings())
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("Saved."))
            return redirect("gateway:logger", mn=mn)
    return _form_page(request, form, heading=_t("Change logger"), button=_t("Save"), logger=logger)
