"""Commands to loggers: what was ordered, how far it went, the whole dialogue."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiulong.gateway import actions, queries
from jiulong.gateway.forms import CommandForm
from jiulong.gateway.models import Command, Logger
from jiulong.gateway.views.loggers import posted
from jiulong.gateway.words import command_name, own_word
from jiulong.monitoring.words import as_point, point_title
from jiulong.organisation.rules import Viewer, require
from jiulong.pages.columns import Column, as_clock, as_code, as_light
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Asked, Empty, ListPage, Preset

#: States in which something may still happen, or a person must look.
OPEN = actions.commands.OPEN


class CommandList(ListPage):
    """Commands, newest first."""

    title = _("Commands")
    lead = _(
        "A command that moves something is sent at most once; "
        "after doubt its state is unknown and a person must look."
    )
    file_name = "commands"
    order = "-created"
    live = ("command_steps",)
    columns = (
        Column(name="state", label=_("State"), show=as_light, sort=("state",), short=True),
        Column(name="cn", label=_("Command"), opens=True, sort=("cn",), value=lambda row: row,
               show=lambda row: format_html('<span class="mono">{}</span> {}', row.cn,
                                            command_name(row.logger.profile, row.cn)),
               export=lambda row: row.cn),
        Column(name="point", label=_("Point"), value="logger.point", show=as_point,
               export=point_title, wide=True),
        Column(name="mn", label=_("MN"), value="logger.mn", show=as_code, on_phone=False,
               sort=("logger__mn",)),
        Column(name="ordered", label=_("Ordered by"),
               value=lambda row: row.ordered_by or _("the gateway")),
        Column(name="reason", label=_("Reason"), on_phone=False,
               value=lambda row: own_word(row.reason)),
        Column(name="created", label=_("Ordered"), value="created_at", show=as_clock,
               sort=("created_at", "id"), short=True),
    )  # fmt: skip
    filters = (Choice(name="state", label=_("State"), choices=Command.State.choices),)
    search_hint = _("MN")
    presets = (
        Preset(label=_("All commands")),
        Preset(label=_("Unknown"), query={"state": "unknown"}),
        Preset(label=_("Failed"), query={"state": "failed"}),
    )
    empty = Empty(
        title=_("No command was ordered yet"),
        text=_("Order one on a logger's page: its clock, history, or a water sample."),
        icon="terminal",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Command]:
        return queries.commands(viewer, mn=asked.search, state=asked.filters["state"] or "")

    def row_address(self, row: Command) -> str:
        return reverse("gateway:command", args=[row.pk])


def command_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One command with its dialogue, live."""
    try:
        command = queries.command(request.user, pk)
    except Command.DoesNotExist as error:
        raise Http404(str(pk)) from error
    context = {
        "command": command,
        "name": command_name(command.logger.profile, command.cn),
        "steps": list(command.steps.all()),
        "open": command.state in OPEN,
    }
    return render(request, "gateway/command.html", context)


def order(request: HttpRequest, mn: str) -> HttpResponse:
    """Order a command: choose it, its parameters, say why."""
    require(request.user, "command_logger")
    try:
        logger = queries.logger(request.user, mn)
    except Logger.DoesNotExist as error:
        raise Http404(mn) from error
    form = CommandForm(logger, posted(request), initial={"cn": request.GET.get("cn", "1011")})
    if request.method == "POST" and form.is_valid():
        try:
            command = actions.order_command(actor=request.user, logger=logger, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _t("Ordered. The dialogue appears below as it happens."))
            return redirect("gateway:command", pk=command.pk)
    context = {"form": form, "logger": logger}
    return render(request, "gateway/order.html", context, status=422 if form.errors else 200)
