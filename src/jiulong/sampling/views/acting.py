"""One step of a sample: its form, and doing it. Made for a phone at the cabinet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from jiulong.evidence.actions import keep_file
from jiulong.evidence.actions.custody import NeedsAnotherPersonError
from jiulong.evidence.actions.files import Captured
from jiulong.evidence.files import RefusedFileError
from jiulong.evidence.models import Event
from jiulong.evidence.views.files import read_captured
from jiulong.organisation.models import User
from jiulong.organisation.rules import may
from jiulong.pages.forms import Blaming
from jiulong.sampling import actions, forms, possible
from jiulong.sampling.guarding import touches
from jiulong.sampling.models import Sample
from jiulong.sampling.views.samples import FORM_ERROR, find

Verb = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Step:
    """How a step is done: its verb, its form, and what photographs it takes along."""

    verb: Verb
    form: type[Blaming] = Blaming
    rights: tuple[str, ...] = ("order_sample", "sign_custody")
    photographs: str = ""  # their purpose; none: the form takes none


STEPS: Final[Mapping[str, Step]] = {
    "confirm": Step(actions.confirm_sample, rights=("confirm_sample",)),
    "reject": Step(actions.reject_sample, forms.RejectForm, rights=("order_sample",)),
    "look": Step(actions.look_at_sample, forms.LookForm, ("order_sample",), "cabinet"),
    "place": Step(actions.place_sample, forms.PlaceForm, ("order_sample",), "cabinet"),
    "seal": Step(actions.seal_sample, forms.SealForm, photographs="seal"),
    "cosign": Step(actions.cosign_sample, forms.CertificateForm),
    "collect": Step(actions.collect_sample, forms.CertificateForm, photographs="cabinet"),
    "hand_over": Step(actions.hand_over_sample, forms.HandOverForm),
    "discard": Step(actions.discard_sample, forms.RejectForm),
}


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """The form of a step, and doing it."""
    step = STEPS.get(action)
    if step is None:
        raise Http404(action)
    sample = find(request, pk)
    if not all(may(request.user, verb) for verb in step.rights):
        raise PermissionDenied(action)
    initial = {"certificate": last_certificate(request)}
    form = step.form(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        if form.is_valid() and _done(request, sample, step, form):
            return redirect("sampling:sample", pk=pk)
    elif action not in {move.action for move in possible.moves(request.user, sample)}:
        messages.info(request, _t("This is not its turn, or not yours."))
        return redirect("sampling:sample", pk=pk)
    context = {
        "sample": sample, "action": action, "move": possible.MOVES[action], "form": form,
        "photographs": step.photographs, "touch": touches(request.user),
    }  # fmt: skip
    status = FORM_ERROR if form.errors else 200
    return render(request, "sampling/act.html", context, status=status)


def _done(request: HttpRequest, sample: Sample, step: Step, form: Blaming) -> bool:
    """Do it, photographs included, or nothing at all; whether it was done."""
    try:
        with transaction.atomic():
            if step.photographs:
                _keep(request, sample, step, form)
            step.verb(actor=request.user, sample=sample, **form.cleaned_data)
    except ValidationError as error:
        sample.refresh_from_db()
        form.blame(error)
        return False
    except (NeedsAnotherPersonError, RefusedFileError) as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _t("Written down."))
    return True


def _keep(request: HttpRequest, sample: Sample, step: Step, form: Form) -> None:
    """Keep what was photographed; a sealing without witness is another purpose."""
    purpose = step.photographs
    if purpose == "seal" and form.cleaned_data.get("witness") != Sample.Witness.PRESENT:
        purpose = "witness"
    told = captured(request.POST.get("captured", ""))
    for place, sent in enumerate(request.FILES.getlist("files")):
        keep_file(
            actor=request.user, content=sent.read(), name=sent.name or "", subject=sample,
            purpose=purpose, captured=told.get(place),
        )  # fmt: skip


def captured(text: str) -> dict[int, Captured]:
    """What capture.js tells of each photograph by its place."""
    try:
        listed = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(listed, list):
        return {}
    told = {place: read_captured(one) for place, one in enumerate(listed)}
    return {place: one for place, one in told.items() if one is not None}


def last_certificate(request: HttpRequest) -> str:
    """The number that the officer gave last, so that it is typed once."""
    if not isinstance(request.user, User):
        return ""
    rows = Event.objects.filter(
        actor=request.user, subject="sampling.sample", data__has_key="certificate"
    )
    data = rows.order_by("-id").values_list("data", flat=True).first()
    return str(data["certificate"]) if data else ""
