"""Addresses that keep what the viewer already asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

#: A new filter or order starts at the first page again.
PAGE = "page"


def address(request: HttpRequest, /, **changes: Any) -> str:
    """This page's address with some query parameters changed; empty or None takes one out."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    if changes and PAGE not in changes:
        query.pop(PAGE, None)
    for name in [name for name, value in query.items() if value == ""]:
        del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path
