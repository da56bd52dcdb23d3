"""Land, demolition, special bonds and other funds of all projects, and where they are short."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from jiulong.organisation.rules import require
from jiulong.projects import queries
from jiulong.projects.models import Funding, Project

WORDS: Final = {
    "land": (_("Land delivered"), _("mu")),
    "demolition": (_("Demolition"), "m²"),
    "bonds": (_("Special bonds used"), _("10k yuan")),
}
LACKS: Final = {
    "land": _("Where land is not delivered"),
    "demolition": _("Where ground is not cleared"),
    "bonds": _("Where special bonds are not used"),
}
BY: Final[dict[queries.By, Any]] = {
    "zone": _("By place"),
    "unit": _("By responsible unit"),
    "level": pgettext_lazy("projects", "By level"),
}
HEADS: Final[dict[queries.By, Any]] = {
    "zone": pgettext_lazy("of a project", "Zone"),
    "unit": _("Responsible unit"),
    "level": _("Project level"),
}


@require_safe
def means_page(request: HttpRequest) -> HttpResponse:
    """What is had of what is needed, added up, and the projects that lack most."""
    user = require(request.user, "see_projects")
    by: queries.By = next((one for one in BY if one == request.GET.get("by")), "zone")
    found = queries.means(user, by, name_of=lambda level: str(Project.Level(level).label))
    return render(request, "projects/means.html", {
        "means": found, "by": by, "head": HEADS[by],
        "ways": [(key, label, f"?by={key}") for key, label in BY.items()],
        "columns": [(key, *WORDS[key]) for key in queries.MEANS],
        "total": [(WORDS[key], found.total.shares.get(key)) for key in queries.MEANS],
        "lines": [
            (line, f"{reverse('projects:projects')}?{by}={line.key}",
             [(WORDS[key], line.shares[key]) for key in queries.MEANS])
            for line in found.lines
        ],
        "sources": [(Funding.Source(one.source).label, one) for one in found.sources],
        "lacking": [
            (key, LACKS[key], WORDS[key][1], rows) for key, rows in found.lacking.items() if rows
        ],
    })  # fmt: skip
