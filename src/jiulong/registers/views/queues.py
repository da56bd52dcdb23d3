"""Queues: who waits, in which order and why; and what of it everybody may read."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiulong.pages import export
from jiulong.pages.columns import Column
from jiulong.registers import queries, specs
from jiulong.registers.models import Register
from jiulong.registers.queries import Order, Place
from jiulong.registers.schema import RegisterSpec
from jiulong.registers.views.entries import register_of

#: Places on a page; the files have all of them.
PER_PAGE: Final = 200


def queue(request: HttpRequest, code: str) -> HttpResponseBase:
    """The queue of a register: position, and the values that put each entry there."""
    register = register_of(request, code)
    try:
        order = queries.queue(request.user, register)
    except LookupError as error:
        raise Http404(code) from error
    return _answer(request, register, order, public=False)


@login_not_required
def published(request: HttpRequest, code: str) -> HttpResponseBase:
    """What of a queue everybody may read, without signing in: persons masked."""
    try:
        register = Register.objects.get(code=code)
        order = queries.published(register)
    except (Register.DoesNotExist, LookupError) as error:
        raise Http404(code) from error
    return _answer(request, register, order, public=True)


def _answer(
    request: HttpRequest, register: Register, order: Order, *, public: bool
) -> HttpResponseBase:
    spec = specs.register(register)
    kind = request.GET.get("as", "")
    if kind in {"csv", "xlsx"}:
        return _file(kind, spec, order.places(0, len(order.seen)), public=public)
    page = Paginator(order.seen, PER_PAGE).get_page(request.GET.get("page"))
    places = order.places(page.start_index() - 1, page.end_index()) if order.seen else []
    digest = order_digest(order)
    checked = request.GET.get("check", "")
    context = {
        "register": register, "spec": spec, "places": places, "public": public, "page": page,
        "heads": [label for label, _word in _shown(places[0], public=public)] if places else [],
        "lines": [(place, _shown(place, public=public)) for place in places],
        "by": _by(spec), "digest": digest, "checked": checked, "same": checked == digest,
    }  # fmt: skip
    template = "registers/published.html" if public else "registers/queue.html"
    return render(request, template, context)


def order_digest(order: Order) -> str:
    """SHA-256 over `position,number` lines: two who compute the same order get the same."""
    rows = enumerate(order.rows, 1)
    lines = "".join(f"{position},{number}\n" for position, (_pk, number) in rows)
    return sha256(lines.encode()).hexdigest()


def _shown(place: Place, *, public: bool) -> list[tuple[str, str]]:
    """What puts it there, and what is public besides; in public nothing that is not."""
    if public:
        return place.public
    return [*place.reasons, *(pair for pair in place.public if pair not in place.reasons)]


def _by(spec: RegisterSpec) -> list[tuple[str, bool]]:
    """The fields that order the queue, and whether the highest comes first."""
    known = {field.key: str(field.label) for field in spec.fields} | {"number": _("Number")}
    keys = list(spec.queue.by) if spec.queue else []
    return [(known[key.removeprefix("-")], key.startswith("-")) for key in keys]


def _file(
    kind: str, spec: RegisterSpec, places: Sequence[Place], *, public: bool
) -> HttpResponseBase:
    heads = [label for label, _word in _shown(places[0], public=public)] if places else []
    columns = [
        Column(name="position", label=_("Position"), value="position"),
        Column(name="number", label=_("Number"), value="entry.number"),
        *(_column(at, head, public=public) for at, head in enumerate(heads)),
    ]
    name = f"{spec.key.replace('.', '-')}-queue"
    return export.response(kind, name, columns, places, title=spec.name.show())


def _column(at: int, head: str, *, public: bool) -> Column:
    return Column(name=f"v{at}", label=head, value=lambda p: _shown(p, public=public)[at][1])
