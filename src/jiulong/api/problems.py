"""Errors as problem documents (RFC 9457), which say what is wrong and where."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

MEDIA_TYPE = "application/problem+json"


class Fault(Schema):
    """One thing that is wrong with a request."""

    where: str
    what: str


class Problem(Schema):
    """A problem document."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault] = []


class BadRequestError(Exception):
    """A request that cannot be answered because of one of its parameters."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(what)
        self.where = where
        self.what = what


def answer(
    request: HttpRequest, status: HTTPStatus, detail: str, faults: list[Fault] | None = None
) -> HttpResponse:
    """The problem document as an answer."""
    problem = Problem(
        title=status.phrase,
        status=status,
        detail=detail,
        instance=request.get_full_path(),
        errors=faults or [],
    )
    response = HttpResponse(
        orjson.dumps(problem.model_dump()), status=status, content_type=MEDIA_TYPE
    )
    if status is HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def install(api: NinjaAPI) -> None:
    """Have every error of the API answered as a problem document."""

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [_fault(one) for one in error.errors]
        return answer(
            request, HTTPStatus.UNPROCESSABLE_ENTITY, _("The request is not valid."), faults
        )

    @api.exception_handler(DataError)
    def unstorable(request: HttpRequest, _error: DataError) -> HttpResponse:
        """A NUL, a number or a text that no column takes."""
        return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, _("The request is not valid."))

    @api.exception_handler(BadRequestError)
    def bad(request: HttpRequest, error: BadRequestError) -> HttpResponse:
        fault = Fault(where=error.where, what=error.what)
        return answer(
            request, HTTPStatus.UNPROCESSABLE_ENTITY, _("The request is not valid."), [fault]
        )

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        status = HTTPStatus(error.status_code)
        detail = str(error)
        if detail == status.phrase and status is HTTPStatus.UNAUTHORIZED:
            detail = _("Send a token (Authorization: Bearer …), or sign in.")
        return answer(request, status, detail)

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        detail = _("Your role does not allow: %(verb)s") % {"verb": error}
        return answer(request, HTTPStatus.FORBIDDEN, detail)

    for kind in (ObjectDoesNotExist, Http404, LookupError):
        api.add_exception_handler(kind, _missing)


def _missing(request: HttpRequest, _error: Exception | type[Exception]) -> HttpResponse:
    # The same words whether there is nothing or nothing for this viewer.
    return answer(request, HTTPStatus.NOT_FOUND, _("There is nothing here for you."))


def _fault(error: dict[str, Any]) -> Fault:
    """Where: `query.size`. The steps between, and our own parameter, tell a client nothing."""
    first, *rest = [str(step) for step in error["loc"] if step != "asked"]
    where = ".".join([first, *rest[-1:]])
    return Fault(where=where, what=str(error["msg"]).removeprefix("Value error, "))
