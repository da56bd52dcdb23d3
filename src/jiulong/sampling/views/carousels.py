"""One sampler: its carousel, cabinet, settings."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import Point
from jiulong.organisation.rules import may, require
from jiulong.sampling import actions, interlocks, queries
from jiulong.sampling.carousel import SIZE, drawn
from jiulong.sampling.forms import RenewForm, SamplerForm
from jiulong.sampling.models import Bottle, Sampler
from jiulong.sampling.views.samples import FORM_ERROR

#: Samples listed beside a carousel.
LAST = 8


def find(request: HttpRequest, code: str) -> Sampler:
    """The sampler of a point, or no page."""
    try:
        return queries.sampler(request.user, code)
    except Sampler.DoesNotExist as error:
        raise Http404(code) from error


@require_safe
def sampler_page(request: HttpRequest, code: str) -> HttpResponse:
    """The carousel with its cabinet, what stands in it, what holds an order back."""
    sampler = find(request, code)
    places = queries.carousel(request.user, sampler)
    logger = interlocks.logger_of(sampler)
    context = {
        "sampler": sampler,
        "standing": [place for place in places if place.state != Bottle.State.FREE],
        "bottles": drawn(places),
        "size": SIZE,
        "states": Bottle.State.choices,
        "command": interlocks.command_of(sampler, logger.profile) if logger else "",
        "obstacles": list(interlocks.obstacles(sampler, timezone.now())),
        "held_back": queries.held_back(request.user, sampler)[:LAST],
        "samples": queries.samples(request.user, point=code)[:LAST],
        "may_order": may(request.user, "order_sample"),
        "may_edit": may(request.user, "edit_point"),
        "may_renew": may(request.user, "order_sample")
        and any(place.state == Bottle.State.COLLECTED for place in places),
        "form": RenewForm(),
    }
    return render(request, "sampling/sampler.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Set up the sampler of a point, or change it."""
    require(request.user, "edit_point")
    try:
        point = monitoring.point(request.user, code)
    except Point.DoesNotExist as error:
        raise Http404(code) from error
    sampler = Sampler.objects.filter(point=point).first()
    form = SamplerForm.of(sampler, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_sampler(actor=request.user, point=point, **form.cleaned_data)
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("Kept."))
            return redirect("sampling:sampler", code=code)
    context = {"form": form, "point": point, "sampler": sampler}
    status = FORM_ERROR if form.errors else 200
    return render(request, "sampling/sampler_form.html", context, status=status)


@require_POST
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """Say that clean bottles were put in."""
    sampler = find(request, code)
    require(request.user, "order_sample")
    form = RenewForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        count = actions.renew_bottles(actor=request.user, sampler=sampler, note=note)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _t("%(count)d places are free again.") % {"count": count})
    return redirect("sampling:sampler", code=code)
