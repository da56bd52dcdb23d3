"""All registers at a glance, and the search box."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiulong.organisation.rules import require
from jiulong.registers import providers, queries
from jiulong.registers.views.entries import safe_icon

#: Hits of a kind on the page.
HITS: Final = 20


def registers(request: HttpRequest) -> HttpResponse:
    """Every register with the number of its entries."""
    require(request.user, "see_entries")
    rows = queries.registers(request.user)
    tiles = [(row, safe_icon(row.spec.icon)) for row in rows]
    return render(request, "registers/registers.html", {"tiles": tiles})


def search(request: HttpRequest) -> HttpResponse:
    """Everything that fits what was typed: by name, number or first letters of pinyin."""
    text = request.GET.get("q", "").strip()[:100]
    context = {"text": text, "found": providers.found(request.user, text, HITS), "most": HITS}
    return render(request, "registers/search.html", context)
