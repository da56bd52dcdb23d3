"""One sample: where it is, what is next, its clocks, its custody, laboratory beside instrument."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiulong.evidence import guards
from jiulong.evidence import queries as evidence
from jiulong.evidence.telling import tell
from jiulong.gateway import queries as gateway
from jiulong.gateway.models import Command
from jiulong.monitoring.models import Factor, Finding
from jiulong.monitoring.queries.scope import visible_findings
from jiulong.organisation.rules import may, require
from jiulong.registers.masking import mask
from jiulong.sampling import actions, interlocks, life, possible, queries
from jiulong.sampling.actions.ordering import wanted_factors
from jiulong.sampling.forms import OrderForm
from jiulong.sampling.guarding import results_of, touches
from jiulong.sampling.models import Sample, Sampler
from jiulong.sampling.timeline import PURPOSES
from jiulong.sampling.words import LABORATORY

LABEL: Final = "sampling.sample"
FORM_ERROR: Final = 422
#: The road that most samples go: what a reader looks for first.
ROAD: Final[tuple[tuple[str, str | Promise, frozenset[str]], ...]] = (
    ("ordered", pgettext_lazy("sample", "Ordered"), frozenset({life.ASKED, life.ORDERED})),
    ("taken", pgettext_lazy("road of a sample", "Taken"),
     frozenset({life.UNPLACED, life.FILLED, life.SEALING})),
    ("sealed", pgettext_lazy("sample", "Sealed"), frozenset({life.SEALED, life.COLLECTING})),
    ("collected", pgettext_lazy("sample", "Collected"), frozenset({life.COLLECTED})),
    ("laboratory", LABORATORY, frozenset({life.HANDED_OVER, life.RECEIVED})),
    ("result", pgettext_lazy("road of a sample", "Result"),
     frozenset({life.ANALYSED, life.DISPOSED})),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dot:
    """A stage on the road: done, here or ahead."""

    label: str | Promise
    state: str


def road(sample: Sample) -> list[Dot]:
    """Where the sample is on the way; none for what came to nothing."""
    here = next((i for i, stage in enumerate(ROAD) if sample.state in stage[2]), None)
    if here is None:
        return []
    ended = sample.state in {life.ANALYSED, life.DISPOSED}
    return [
        Dot(
            label, "done" if i < here or (ended and i == here) else "here" if i == here else "ahead"
        )
        for i, (_key, label, _states) in enumerate(ROAD)
    ]


def find(request: HttpRequest, pk: int) -> Sample:
    """The sample, or no page."""
    try:
        return queries.sample(request.user, pk)
    except Sample.DoesNotExist as error:
        raise Http404(str(pk)) from error


@require_safe
def sample_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One sample: identity, next action, clocks, custody, results, files, timeline."""
    return render(request, "sampling/sample.html", context(request, find(request, pk)))


def context(request: HttpRequest, sample: Sample) -> dict[str, Any]:
    """What the page shows."""
    viewer, now = request.user, timezone.now()
    results = results_of(viewer, sample)
    (row,) = queries.dress([sample], now)
    moves = possible.moves(viewer, sample)
    events = evidence.events_of(viewer, LABEL, sample.pk)
    return {
        "sample": sample,
        "now": now,
        "row": row,
        "road": road(sample),
        "moves": moves,
        "primary": next((move for move in moves if move.primary), None),
        "others": [move for move in moves if not move.primary],
        "witness": mask("name", sample.witness_name),
        "command": _command(request, sample),
        "finding": _finding(request, sample),
        "results": results,
        "custody": evidence.custody_of(viewer, LABEL, sample.pk),
        "files": evidence.files_of(viewer, LABEL, sample.pk),
        "events": [(event, *tell(event)) for event in reversed(events)],
        "may_add": may(viewer, "order_sample") and guards.may_add(viewer, LABEL, str(sample.pk)),
        "purposes": [(key, word) for key, word in PURPOSES.items() if key != "report"],
        "label": LABEL,
        "may_touch": touches(viewer),
        "waits": sample.state == life.ASKED,
        "skew_told": _apart(sample) >= 2,
        "skew": sample.device_at - sample.sampled_at
        if sample.device_at and sample.sampled_at else None,
    }  # fmt: skip


def _apart(sample: Sample) -> float:
    """How far the device's clock is from ours, in seconds."""
    if sample.device_at is None or sample.sampled_at is None:
        return 0.0
    return abs((sample.device_at - sample.sampled_at).total_seconds())


def _command(request: HttpRequest, sample: Sample) -> Command | None:
    if sample.command_id is None:
        return None
    try:
        return gateway.command(request.user, sample.command_id)
    except Command.DoesNotExist:
        return None


def _finding(request: HttpRequest, sample: Sample) -> Finding | None:
    if sample.finding_id is None:
        return None
    return visible_findings(request.user).filter(pk=sample.finding_id).first()


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, code: str) -> HttpResponse:
    """Order a sample at a point: purpose, factors, reason; what stands in the way is told first."""
    require(request.user, "order_sample")
    try:
        sampler = queries.sampler(request.user, code)
    except Sampler.DoesNotExist as error:
        raise Http404(code) from error
    wanted = wanted_factors(sampler.point)
    factors = list(Factor.objects.filter(code__in=wanted))
    initial = {"factors": wanted, "purpose": request.GET.get("purpose", "enforcement")}
    form = OrderForm(factors, request.POST or None, initial=initial)
    finding = _named_finding(request, sampler)
    if request.method == "POST" and form.is_valid():
        try:
            sample = actions.order_sample(
                actor=request.user, sampler=sampler, finding=finding, **form.cleaned_data
            )
        except ValidationError as error:
            form.blame(error)
        else:
            waits = sample.state == life.ASKED
            messages.success(
                request,
                _t("A second person has to confirm it within 30 minutes.") if waits
                else _t("Ordered. The dialogue appears below as it happens."),
            )  # fmt: skip
            return redirect("sampling:sample", pk=sample.pk)
    context = {
        "form": form, "sampler": sampler, "finding": finding,
        "obstacles": [] if form.errors else list(interlocks.obstacles(sampler, timezone.now())),
        "carousel": queries.carousel(request.user, sampler),
    }  # fmt: skip
    status = FORM_ERROR if form.errors else 200
    return render(request, "sampling/order.html", context, status=status)


def _named_finding(request: HttpRequest, sampler: Sampler) -> Finding | None:
    """The finding that led to the order, by `?finding=`."""
    number = request.GET.get("finding", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        return None
    rows = visible_findings(request.user).filter(point=sampler.point_id)
    return rows.filter(pk=number).first()


@require_safe
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code of a label opens: the sample's page, or the laboratory's."""
    try:
        return redirect("sampling:sample", pk=queries.by_code(request.user, code).pk)
    except Sample.DoesNotExist:
        pass
    try:
        return redirect("sampling:bench_sample", code=queries.bench_sample(request.user, code).code)
    except Sample.DoesNotExist as error:
        raise Http404(code) from error
