"""The four lights: shape and word and colour together, always the same."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MET, NEAR, OVER, TOLD, NONE = "met", "near", "over", "told", "none"

#: ● ▲ ■ ◆ and a hollow ring for "nothing known", as paths in a box of 12 × 12.
SHAPES: Final[dict[str, str]] = {
    MET: '<circle cx="6" cy="6" r="5" fill="currentColor"/>',
    NEAR: '<path d="M6 .8 11.6 11H.4z" fill="currentColor"/>',
    OVER: '<rect x="1" y="1" width="10" height="10" fill="currentColor"/>',
    TOLD: '<path d="M6 0l6 6-6 6-6-6z" fill="currentColor"/>',
    NONE: '<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5"/>',
}

#: state → (tone, word). One word means one thing on every page.
LIGHTS: Final[dict[str, tuple[str, str | Promise]]] = {
    "met": (MET, _("Normal")),
    "near": (NEAR, _("Near the limit")),
    "over": (OVER, _("Over the limit")),
    "told": (TOLD, _("Information")),
    "none": (NONE, _("No data")),
    # values and hours
    "kept": (MET, _("Within the limit")),
    "invalid": (NONE, _("Invalid")),
    "missing": (NONE, _("Missing")),
    "unlimited": (NONE, _("No limit")),
    # points; the judged light of a point bears the colour's name
    "jade": (MET, _("Normal")),
    "amber": (NEAR, _("Watch")),
    "cinnabar": (OVER, _("Act")),
    "indigo": (TOLD, _("Notice")),
    "live": (MET, pgettext_lazy("a point is heard", "Live")),
    "late": (NEAR, pgettext_lazy("a point is heard late", "Late")),
    "offline": (OVER, _("Offline")),
    # findings
    "information": (TOLD, _("Information")),
    "warning": (NEAR, _("Warning")),
    "serious": (OVER, _("Serious")),
    "open": (NEAR, pgettext_lazy("a finding", "Open")),
    "ended": (MET, pgettext_lazy("a finding", "Ended")),
    # commands
    "queued": (TOLD, _("Queued")),
    "sent": (TOLD, _("Sent")),
    "accepted": (TOLD, _("Accepted")),
    "replied": (TOLD, _("Replied")),
    "done": (MET, _("Done")),
    "refused": (OVER, _("Refused")),
    "failed": (OVER, _("Failed")),
    "unknown": (NEAR, _("Unknown")),
    # loggers, quarantine, seals
    "active": (MET, _("Active")),
    "inactive": (NONE, _("Inactive")),
    "locked": (NEAR, _("Locked")),
    "let_in": (MET, _("Let in")),
    "quarantined": (NEAR, _("Quarantined")),
    "replayed": (MET, _("Replayed")),
    "sealed": (MET, _("Sealed")),
    "broken": (OVER, _("Broken")),
    # messages of Django
    "debug": (TOLD, ""),
    "info": (TOLD, ""),
    "success": (MET, ""),
    "error": (OVER, ""),
}


def shape(state: str) -> SafeString:
    """The shape alone, for beside a word that is already there."""
    tone, _word = LIGHTS.get(state, (NONE, ""))
    return mark_safe(  # noqa: S308 - our own constant
        f'<svg class="shape" viewBox="0 0 12 12" aria-hidden="true">{SHAPES[tone]}</svg>'
    )


def light(state: str, word: str | Promise = "") -> SafeString:
    """Shape, word and colour for a state; `word` says it in other words.

    Raises:
        KeyError: no light has that name.
    """
    tone, usual = LIGHTS[state]
    return format_html(
        '<span class="light light-{}">{}<span class="light-word">{}</span></span>',
        tone,
        shape(state),
        word or usual,
    )
