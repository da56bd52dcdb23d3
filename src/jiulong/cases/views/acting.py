"""One action on a case or a task: its form, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from jiulong.cases import actions, needs, queries, rules, specs, words
from jiulong.cases.forms import ActionForm
from jiulong.cases.labels import LABELS
from jiulong.cases.lifecycle import IllegalMoveError
from jiulong.cases.models import Case, Task
from jiulong.cases.moves import ChangedMeanwhileError
from jiulong.cases.queries.work import VERBS
from jiulong.cases.verbs import DO, ON_TASK
from jiulong.cases.views.dossier import find
from jiulong.evidence.actions import keep_file
from jiulong.packs import text

FORM_ERROR: Final = 422
STALE: Final = 409
#: Actions that answer who asked for more time.
ANSWERS: Final = frozenset({"extend", "refuse_extension"})


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """The form of an action on a case, and doing it."""
    case = find(request, pk)
    if action not in DO and action != "add_task":
        raise Http404(action)
    spec = specs.matter(case.matter)
    if not rules.may_move(request.user, case, spec, action):
        raise PermissionDenied(action)
    form = _form(request, action, case)
    if request.method != "POST":
        return _shown(request, case, action, form)
    if not form.is_valid():
        return _shown(request, case, action, form, status=FORM_ERROR)

    def do(**arguments: Any) -> None:
        if action == "add_task":
            actions.add_task(actor=request.user, case=case, **arguments)
        else:
            DO[action](actor=request.user, case=case, version=_version(request), **arguments)

    return _done(request, case, action, form, do=do)


@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """The form of an action on a task, and doing it."""
    if action not in ON_TASK:
        raise Http404(action)
    try:
        found = queries.task(request.user, pk)
    except Task.DoesNotExist as error:
        raise Http404(str(pk)) from error
    case = found.case
    named = {verb: name for name, verb in VERBS.items()}[action]
    if not queries.may_task(request.user, case, found, named):
        raise PermissionDenied(action)
    form = _form(request, action, case, found)
    if request.method != "POST":
        return _shown(request, case, action, form, task=found)
    if not form.is_valid():
        return _shown(request, case, action, form, task=found, status=FORM_ERROR)

    def do(**arguments: Any) -> None:
        ON_TASK[action](actor=request.user, task=found, **arguments)

    return _done(request, case, action, form, do=do, task=found)


def _form(request: HttpRequest, action: str, case: Case, task: Task | None = None) -> ActionForm:
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    spec = specs.matter(case.matter)
    return ActionForm(*given, action=action, case=case, spec=spec, viewer=request.user, task=task)


def _done(
    request: HttpRequest,
    case: Case,
    action: str,
    form: ActionForm,
    *,
    do: Callable[..., None],
    task: Task | None = None,
) -> HttpResponse:
    """Files and action together or neither; back to the case, or the form with what is wrong."""
    try:
        with transaction.atomic():
            for purpose, one in form.attached():
                keep_file(
                    actor=request.user, content=one.file, name=one.name, subject=case,
                    purpose=purpose,
                )  # fmt: skip
            do(**form.arguments())
    except (IllegalMoveError, ChangedMeanwhileError) as error:
        form.add_error(None, str(error))
        return _shown(request, case, action, form, task=task, status=STALE)
    except ValidationError as error:
        form.blame(error)
        return _shown(request, case, action, form, task=task, status=FORM_ERROR)
    except ValueError as error:  # a file of no kind that is kept; it says why
        form.add_error(None, str(error))
        return _shown(request, case, action, form, task=task, status=FORM_ERROR)
    messages.success(request, _t("Done: %(action)s.") % {"action": LABELS[action]})
    return HttpResponse(status=303, headers={"Location": reverse("cases:case", args=[case.pk])})


def _shown(
    request: HttpRequest,
    case: Case,
    action: str,
    form: ActionForm,
    *,
    task: Task | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form: alone for the case's page, or as a page of its own."""
    spec = specs.matter(case.matter)
    context = {
        "case": case,
        "action": action,
        "label": LABELS[action],
        "task": task,
        "task_name": text.show(task.name) if task else "",
        "form": form,
        "version": _version(request) if request.method == "POST" else case.version,
        "matter": spec.name.show(),
        "lamp": words.lamp(case, timezone.now()),
        "checklist": needs.checklist(case, spec) if action in {"reply", "close"} else [],
        "asked": queries.asked_extension(request.user, case) if action in ANSWERS else None,
        "to": request.path,
    }
    alone = request.headers.get("HX-Target") == "act"
    template = "cases/act_form.html" if alone else "cases/act.html"
    return render(request, template, context, status=status)


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given[:9]) if given.isdecimal() else None
