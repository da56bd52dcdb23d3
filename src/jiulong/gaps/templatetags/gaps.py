"""`{% load gaps %}`: lights of gaps and requests, stretches of time, shares."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jiulong.gaps import words
from jiulong.gaps.queries import HourCell
from jiulong.pages import lights

register = template.Library()

register.simple_tag(words.gap_light, name="gap_light")
register.simple_tag(words.outcome_light, name="outcome_light")
register.simple_tag(words.stretch, name="stretch")
register.simple_tag(words.share, name="share")


@register.simple_tag
def heat_cell(cell: HourCell) -> SafeString:
    """An hour of the strip: shape, and in words what is missing."""
    light, word = words.CELLS[cell.state]
    told = str(word)
    if cell.missing:
        told = _("%(word)s: %(n)d readings") % {"word": word, "n": cell.missing}
    elif cell.late:
        told = _("%(word)s: %(n)d readings") % {"word": word, "n": cell.late}
    shape = "" if cell.state in {"whole", "none"} else lights.shape(light)
    return format_html(
        '<span title="{}">{}<span class="visually-hidden">{}</span></span>', told, shape, told
    )
