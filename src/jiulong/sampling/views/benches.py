"""A sample at the laboratory's bench: by its code, never by whose water it is."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from jiulong.evidence.actions import keep_file
from jiulong.evidence.files import RefusedFileError
from jiulong.organisation.rules import require
from jiulong.pages.forms import Blaming
from jiulong.sampling import actions, life, queries
from jiulong.sampling.forms import DisposeForm, ReceiveForm, ResultForm
from jiulong.sampling.guarding import results_of
from jiulong.sampling.models import Sample
from jiulong.sampling.views.samples import FORM_ERROR

RECEIVE, RESULT, DISPOSE = "receive", "result", "dispose"
REPORT: Final = "report"


@require_http_methods(["GET", "HEAD", "POST"])
def bench_page(request: HttpRequest, code: str) -> HttpResponse:
    """Receive the sample, enter results, dispose of it: whatever is its turn."""
    require(request.user, "enter_result")
    try:
        sample = queries.bench_sample(request.user, code)
    except Sample.DoesNotExist as error:
        raise Http404(code) from error
    wanted = request.POST.get("step", "")
    shown = forms_of(sample, request if request.method == "POST" else None, wanted)
    form = shown.get(wanted)
    sent = request.method == "POST" and form is not None and form.is_valid()
    if sent and form is not None and _done(request, sample, wanted, form):
        return redirect("sampling:bench_sample", code=sample.code)
    (row,) = queries.dress([sample], timezone.now())
    results = results_of(request.user, sample)
    done = {one.factor.code for one in results if not one.duplicate}
    context = {
        "sample": sample, "row": row, "results": results, "forms": shown,
        "missing": [name for factor, name in row.names.items() if factor not in done],
    }  # fmt: skip
    status = FORM_ERROR if form is not None and form.errors else 200
    return render(request, "sampling/bench.html", context, status=status)


def forms_of(sample: Sample, request: HttpRequest | None, wanted: str) -> dict[str, Blaming]:
    """The forms whose turn it is; the one that was sent holds what was sent."""

    def sent(step: str) -> Any:
        return request.POST if request is not None and step == wanted else None

    if sample.state == life.HANDED_OVER:
        return {RECEIVE: ReceiveForm(sent(RECEIVE))}
    if sample.state == life.RECEIVED:
        return {RESULT: ResultForm(sample, sent(RESULT))}
    if sample.state == life.ANALYSED:
        return {RESULT: ResultForm(sample, sent(RESULT)), DISPOSE: DisposeForm(sent(DISPOSE))}
    return {}


def _done(request: HttpRequest, sample: Sample, step: str, form: Blaming) -> bool:
    verb: Any = {
        RECEIVE: actions.receive_sample, RESULT: actions.enter_result,
        DISPOSE: actions.dispose_sample,
    }[step]  # fmt: skip
    told = dict(form.cleaned_data)
    told.pop("file", None)
    try:
        with transaction.atomic():
            verb(actor=request.user, sample=sample, **told)
            _keep_report(request, sample)
    except ValidationError as error:
        sample.refresh_from_db(fields=["state"])
        form.blame(error)
        return False
    except RefusedFileError as error:
        sample.refresh_from_db(fields=["state"])
        form.add_error("file", str(error))
        return False
    messages.success(request, _t("Written down."))
    return True


def _keep_report(request: HttpRequest, sample: Sample) -> None:
    sent = request.FILES.get("file")
    if sent is not None:
        keep_file(
            actor=request.user, content=sent.read(), name=sent.name or "", subject=sample,
            purpose=REPORT,
        )  # fmt: skip
