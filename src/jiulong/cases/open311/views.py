"""The endpoint of Open311: no session, no login, errors in its own format."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from jiulong.cases.open311 import filing, keys, requests, services
from jiulong.cases.open311.formats import problem, respond
from jiulong.cases.throttle import WINDOW_S, too_often
from jiulong.evidence.models import Event
from jiulong.organisation.models import User

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
#: Requests of an address in a minute: reading; reporting without a key; reporting with one.
READS: Final = 120
REPORTS: Final = 10
REPORTS_WITH_KEY: Final = 120
#: When this endpoint came to be: what `changeset` says before the first pack is applied.
SINCE: Final = "2026-11-20T00:00:00+08:00"

View = Callable[..., HttpResponse]


class Problem(Exception):  # noqa: N818 - the standard's own word is "error", ours is taken
    """What goes back as the standard's error."""

    def __init__(self, status: int, *descriptions: str) -> None:
        super().__init__(*descriptions)
        self.status, self.descriptions = status, descriptions


def endpoint(*methods: str) -> Callable[[View], View]:
    """A view of the standard: public, throttled, its refusals in the format that was asked for."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, form: str, **captured: str) -> HttpResponse:
            try:
                _admit(request, methods)
                response = view(request, form, **captured)
            except Problem as error:
                response = problem(form, error.status, error.descriptions)
                if error.status == 429:
                    response["Retry-After"] = str(WINDOW_S)
            patch_vary_headers(response, ["Accept-Language"])
            patch_cache_control(response, no_cache=True)
            return response

        # No cookie is read, so no foreign page can borrow a session: CSRF has nothing to guard.
        return login_not_required(csrf_exempt(inner))

    return wrap


@endpoint("GET", "HEAD")
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Where the API is, in which formats, and whom to ask for a key."""
    last = Event.objects.filter(verb="apply_pack").order_by("-id").values_list("at", flat=True)
    changed = requests.w3(last.first()) or SINCE
    contact = settings.OPEN311_CONTACT or _("the district's administrator of Jiulong")
    address = request.build_absolute_uri(reverse("open311:services", args=["xml"]))
    told = {
        "changeset": changed,
        "contact": contact,
        "key_service": _("Keys are tokens of an account: ask %(whom)s.") % {"whom": contact},
        "endpoints": [{
            "specification": SPECIFICATION,
            "url": address.removesuffix("/services.xml"),
            "changeset": changed,
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }],
    }  # fmt: skip
    return respond(form, "discovery", "", told)


@endpoint("GET", "HEAD")
def service_list(_request: HttpRequest, form: str) -> HttpResponse:
    """What residents may report."""
    listed = [services.record(service) for service in services.services()]
    return respond(form, "services", "service", listed)


@endpoint("GET", "HEAD")
def definition(_request: HttpRequest, form: str, code: str) -> HttpResponse:
    """What a service asks beside place and description."""
    found = services.definition(_service(code))
    return respond(form, "service_definition", "", found)


@endpoint("GET", "HEAD", "POST")
def request_list(request: HttpRequest, form: str) -> HttpResponse:
    """Query requests, or make one."""
    if request.method == "POST":
        return _file(request, form)
    try:
        query = requests.read(request.GET, timezone.now())
    except requests.BadQueryError as error:
        raise Problem(400, str(error)) from error
    listed = [requests.record(case) for case in requests.found(query)]
    return respond(form, "service_requests", "request", listed)


@endpoint("GET", "HEAD")
def request_page(_request: HttpRequest, form: str, request_id: str) -> HttpResponse:
    """One request by its number."""
    case = requests.published().filter(tracking=request_id).first()
    if case is None:
        raise Problem(404, _("service_request_id was not found."))
    return respond(form, "service_requests", "request", [requests.record(case)])


@endpoint("GET", "HEAD")
def token(_request: HttpRequest, form: str, token: str) -> HttpResponse:
    """The number behind a token. Numbers are given at once here, so each is its own token."""
    if not requests.published().filter(tracking=token).exists():
        raise Problem(404, _("token was not found."))
    told = [{"service_request_id": token, "token": token}]
    return respond(form, "service_requests", "request", told)


def _file(request: HttpRequest, form: str) -> HttpResponse:
    actor = _key_owner(request)
    most = REPORTS if actor is None else REPORTS_WITH_KEY
    if too_often(request, f"open311-report-{actor.pk if actor else ''}", most):
        raise Problem(429, _("Too many requests; wait a minute."))
    code = request.POST.get("service_code", "").strip()
    if not code:
        raise Problem(400, _("service_code was not provided."))
    try:
        case = filing.file_request(actor=actor, service=_service(code), given=request.POST)
    except PermissionDenied as error:
        raise Problem(403, _("The owner of this api_key may not report this.")) from error
    except ValidationError as error:
        texts = [f"{name}: {' '.join(told)}" for name, told in error.message_dict.items()]
        raise Problem(400, *texts) from error
    notice = None
    if case.due_at:
        day = timezone.localtime(case.due_at).strftime("%Y-%m-%d")
        notice = _("It should be handled by %(day)s.") % {"day": day}
    told: dict[str, Any] = {
        "service_request_id": case.tracking, "service_notice": notice, "account_id": None
    }  # fmt: skip
    return respond(form, "service_requests", "request", [told], status=201)


def _key_owner(request: HttpRequest) -> User | None:
    key = request.POST.get("api_key") or request.GET.get("api_key") or ""
    if not key.strip():
        return None
    found = keys.owner(key.strip(), timezone.now())
    if found is None:
        raise Problem(403, _("Invalid api_key: nothing was reported."))
    return found


def _service(code: str) -> services.Service:
    try:
        return services.service(code)
    except LookupError as error:
        raise Problem(404, _("service_code was not found.")) from error


def _admit(request: HttpRequest, methods: tuple[str, ...]) -> None:
    if request.method not in methods:
        raise Problem(400, _("This address takes %(list)s.") % {"list": ", ".join(methods)})
    if request.method != "POST" and too_often(request, "open311", READS):
        raise Problem(429, _("Too many requests; wait a minute."))
    given = request.POST.get("jurisdiction_id") or request.GET.get("jurisdiction_id") or ""
    ours = settings.OPEN311_JURISDICTION
    if given and ours and given.strip() != ours:
        raise Problem(404, _("jurisdiction_id was not found; this is %(ours)s.") % {"ours": ours})
