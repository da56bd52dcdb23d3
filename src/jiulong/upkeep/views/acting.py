"""A form on a page whose act may refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _t

from jiulong.evidence.files import RefusedFileError
from jiulong.organisation.rules import Viewer
from jiulong.pages.forms import Blaming
from jiulong.upkeep import queries
from jiulong.upkeep.actions import NotAnyMoreError
from jiulong.upkeep.models import Report

Reported = TypeVar("Reported", bound=Report)
FORM_ERROR: Final = 422
STALE: Final = 409
SEE_OTHER: Final = 303


def find(model: type[Reported], viewer: Viewer, pk: int) -> Reported:
    """One report.

    Raises:
        Http404: there is none, or it is not for the viewer.
    """
    try:
        return queries.report(model, viewer, pk)
    except model.DoesNotExist as error:
        raise Http404(str(pk)) from error


def do(form: Blaming, act: Callable[[], object]) -> int:
    """Do it; what was refused stands in the form. Returns 200, or the status of the refusal."""
    try:
        act()
    except NotAnyMoreError as error:
        form.add_error(None, str(error))
        return STALE
    except ValidationError as error:
        form.blame(error)
        return FORM_ERROR
    except RefusedFileError as error:
        form.add_error("proofs" if "proofs" in form.fields else None, str(error))
        return FORM_ERROR
    return 200


def done(request: HttpRequest, to: str, words: str = "") -> HttpResponse:
    """On to a page that shows what was done."""
    messages.success(request, words or _t("Done."))
    return HttpResponse(status=SEE_OTHER, headers={"Location": to})
