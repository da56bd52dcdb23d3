"""The cases of an entry or an enterprise, on their pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from jiulong.cases import queries, rules
from jiulong.cases.models import Case
from jiulong.organisation.rules import may
from jiulong.registers.models import Enterprise, Entry


def of_entry(request: HttpRequest, entry: Entry) -> str:
    """Cases about the entry."""
    return _panel(request, queries.about_entry(request.user, entry), {"entry": entry.number})


def of_enterprise(request: HttpRequest, enterprise: Enterprise) -> str:
    """Cases about the enterprise."""
    found = queries.about_enterprise(request.user, enterprise)
    return _panel(request, found, {"enterprise": enterprise.credit_code})


def _panel(request: HttpRequest, found: list[Case], given: dict[str, Any]) -> str:
    if not may(request.user, "see_cases"):
        return ""
    new = f"{reverse('cases:choose')}?{urlencode(given)}" if rules.files(request.user) else ""
    context = {"cases": found, "now": timezone.now(), "new": new}
    return render_to_string("cases/panel.html", context, request)
