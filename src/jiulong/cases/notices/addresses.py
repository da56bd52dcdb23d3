"""Where a case is found, for links that leave the house."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from jiulong.cases.models import Case


def case_address(case: Case | None) -> str:
    """The full address of a case's page; empty without a case, or where the site has no name."""
    if case is None or not settings.SITE_URL:
        return ""
    return settings.SITE_URL.rstrip("/") + reverse("cases:case", args=[case.pk])
