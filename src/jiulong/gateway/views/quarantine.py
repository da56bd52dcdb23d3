"""What was refused, and why; replaying it once the cause is fixed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

import hj212
from jiulong.gateway import actions, queries
from jiulong.gateway.journal import Verdict
from jiulong.gateway.models import QuarantinedFrame
from jiulong.gateway.views.loggers import adopt_address
from jiulong.gateway.words import ADVICE, reason_label
from jiulong.monitoring.views.spans import midnight
from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column, as_clock, as_code, as_light
from jiulong.pages.filters import Choice, Day, Options
from jiulong.pages.lists import Asked, Empty, ListPage, Preset

#: A longer number is the number of no frame: they are of 64 bits.
ID_DIGITS = 19
REASONS: Options = [(one.reason, one.label) for one in Verdict if one != Verdict.ACCEPTED]


class QuarantineList(ListPage):
    """Frames that were not accepted. All are kept."""

    title = _("Quarantine")
    lead = _(
        "What could not be accepted is kept as it came, with the reason. "
        "Fix the cause, then replay."
    )
    file_name = "quarantine"
    search_hint = _("MN")
    order = "-received"
    live = ("quarantine",)
    columns = (
        Column(name="state", label=_("State"), short=True, show=as_light,
               value=lambda row: "replayed" if row.replayed_at else "quarantined"),
        Column(name="reason", label=_("Reason"), opens=True, sort=("reason",),
               value=lambda row: reason_label(row.reason)),
        Column(name="mn", label=_("MN"), show=as_code, sort=("mn",), wide=True),
        Column(name="peer", label=_("Source"), show=as_code),
        Column(name="received", label=_("Received"), value="received_at", show=as_clock,
               sort=("received_at", "id"), short=True),
    )  # fmt: skip
    filters = (
        Choice(name="reason", label=_("Reason"), choices=REASONS),
        Choice(name="replayed", label=_("State"),
               choices=[("no", _("Quarantined")), ("yes", _("Replayed"))]),
        Day(name="since", label=_("From day")),
        Day(name="until", label=_("Until day")),
    )  # fmt: skip
    presets = (
        Preset(label=_("All refused frames")),
        Preset(label=_("Unknown loggers"), query={"reason": "unknown_mn", "replayed": "no"}),
        Preset(label=_("Wrong password"), query={"reason": "wrong_password", "replayed": "no"}),
        Preset(label=_("Damaged"), query={"reason": "bad_crc"}),
    )
    empty = Empty(
        title=_("Nothing was refused"),
        text=_("Frames with a wrong checksum, password or logger would wait here."),
        icon="shield-check",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[QuarantinedFrame]:
        since, until = asked.filters["since"], asked.filters["until"]
        replayed = asked.filters["replayed"]
        return queries.quarantined(
            viewer,
            mn=asked.search,
            reason=asked.filters["reason"] or "",
            since=midnight(since) if since else None,
            until=midnight(until, end_of_day=True) if until else None,
            replayed=None if not replayed else replayed == "yes",
        )

    def row_address(self, row: QuarantinedFrame) -> str:
        return reverse("gateway:quarantined", args=[row.pk])


def frame_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One refused frame: why, from where, and its bytes for those who may see them."""
    try:
        frame = queries.quarantined(request.user).get(pk=pk)
    except QuarantinedFrame.DoesNotExist as error:
        raise Http404(str(pk)) from error
    shown = may(request.user, "see_raw")
    context = {
        "frame": frame,
        "reason": reason_label(frame.reason),
        "raw": hj212.text_of(bytes(frame.raw)) if shown else "",
        "advice": ADVICE.get(frame.reason, ""),
        "registered": queries.is_registered(request.user, frame.mn),
        "may_replay": may(request.user, "replay_quarantine") and frame.replayed_at is None,
        "adopt": adopt_address(frame.mn) if may(request.user, "adopt_logger") else "",
    }
    return render(request, "gateway/quarantined.html", context)


@require_POST
def replay(request: HttpRequest) -> HttpResponseRedirect:
    """Judge refused frames again: of one logger (`mn`), or one frame (`id`)."""
    user = require(request.user, "replay_quarantine")
    mn, number = request.POST.get("mn", ""), request.POST.get("id", "")
    ids = [int(number)] if number.isdecimal() and len(number) < ID_DIGITS else None
    try:
        result = actions.replay_quarantine(actor=user, mn=mn.replace("\0", ""), ids=ids)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("gateway:quarantine")
    text = _t("%(taken)d replayed, %(left)d still refused.")
    messages.success(request, text % {"taken": result.taken, "left": result.left})
    return redirect("gateway:logger", mn=mn) if mn else redirect("gateway:quarantine")
