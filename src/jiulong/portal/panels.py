"""What the portal adds to pages of the floors below."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from jiulong.portal import effects
from jiulong.upkeep.models import Mark


def effect_panel(request: HttpRequest, mark: Mark) -> str:
    """What a mark does to the days it touches, for whoever reviews it and whoever handed it in."""
    context = {
        "asked": True,
        "invalidates": mark.invalidates,
        "waits": mark.counts_once_accepted,
        "effects": effects.Told.of(effects.of_mark(mark)),
    }
    return render_to_string("portal/effect_panel.html", context, request)
