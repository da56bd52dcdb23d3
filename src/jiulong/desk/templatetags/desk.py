"""`{% load desk %}`: the loop bar, the map's lights, the strip's hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiulong.desk import loop
from jiulong.desk.hints import HINTS
from jiulong.desk.minimap import Spot
from jiulong.desk.scoreboard import TONES
from jiulong.monitoring.queries.strip import StripCell, StripRow
from jiulong.organisation.models import User
from jiulong.pages.lights import LIGHTS, SHAPES, shape
from jiulong.pages.words import MISSING
from jiulong.rounding import rounded
from jiulong.scorecards.queries import Summary as Aim
from jiulong.scorecards.queries.standings import Place
from jiulong.scorecards.words import LIGHTS as AIM_WORDS

register = template.Library()

#: Half the width of a light on the map: six units, drawn at 2.2.
HALF = 13.2


@register.inclusion_tag("desk/loop_line.html", takes_context=True)
def loop_line(context: Context) -> dict[str, Any]:
    """The loop in one line, on every page but home."""
    request = context.get("request")
    viewer = getattr(request, "user", None)
    if not isinstance(viewer, User):
        return {"segments": []}
    return {"segments": loop.segments(loop.recent(viewer))}


@register.inclusion_tag("desk/hint.html", takes_context=True)
def page_hint(context: Context) -> dict[str, Any]:
    """The hint of this page, for who has not closed it."""
    request = context.get("request")
    viewer, match = getattr(request, "user", None), getattr(request, "resolver_match", None)
    if request is None or not (settings.HINTS and match and isinstance(viewer, User)):
        return {}
    page = match.view_name
    if page not in HINTS or page in viewer.hints_closed:
        return {}
    return {"hint": HINTS[page], "page": page, "path": request.get_full_path(),
            "csrf_token": context.get("csrf_token")}  # fmt: skip


@register.simple_tag
def page_address(name: str, *values: Any) -> str:
    """A page's address, or nothing where the page is not installed."""
    try:
        return reverse(name, args=values)
    except NoReverseMatch:
        return ""


@register.simple_tag
def spot_shape(spot: Spot) -> SafeString:
    """A point of the map in the shape of its light."""
    tone = LIGHTS[spot.light][0]
    return format_html(
        '<g transform="translate({} {}) scale(2.2)">{}{}</g>',
        round(spot.x - HALF, 1), round(spot.y - HALF, 1),
        mark_safe('<circle class="halo" cx="6" cy="6" r="8"/>'), mark_safe(SHAPES[tone]),  # noqa: S308 - our own constants
    )  # fmt: skip


@register.filter
def hour_mark(at: datetime) -> str:
    """Every third hour of the strip is named."""
    hour = timezone.localtime(at).hour
    return f"{hour:02d}" if hour % 3 == 0 else ""


@register.simple_tag
def hour_cell(cell: StripCell) -> SafeString:
    """An hour of the strip: shape and colour by style sheet, the words for everybody else."""
    hour = timezone.localtime(cell.at).strftime("%H:%M")
    word = str(LIGHTS[cell.standing][1])
    if cell.ratio is not None:
        word = _("%(word)s, %(share)s of the limit") % {"word": word, "share": f"{cell.ratio:.0%}"}
    return format_html(
        '<td class="cell-{}" title="{} {}"><span class="visually-hidden">{}</span></td>',
        cell.standing, hour, word, word,
    )  # fmt: skip


@register.simple_tag
def aim_shape(one: Aim) -> SafeString:
    """A target's light as a shape; its word for who does not see it."""
    return format_html(
        '<span class="light light-{}" title="{}">{}<span class="visually-hidden">{}</span></span>',
        LIGHTS[one.light][0], AIM_WORDS[one.light], shape(one.light), AIM_WORDS[one.light],
    )  # fmt: skip


@register.simple_tag
def figure(value: Decimal | None) -> str:
    """A figure of a target in short: two decimals at most, thousands apart."""
    if value is None:
        return MISSING
    told = f"{rounded(value, 2):,f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


@register.simple_tag
def movement(places: int | None) -> SafeString:
    """Places won (▲) or lost (▼) since the period before."""
    if not places:
        word = _("not ranked before") if places is None else _("as before")
        return format_html('<span class="muted" title="{}">–</span>', word)
    up = places > 0
    told = (
        ngettext("%(n)d place up", "%(n)d places up", places)
        if up
        else ngettext("%(n)d place down", "%(n)d places down", -places)
    )
    return format_html(
        '<span class="moved-{}"><span aria-hidden="true">{}{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        "up" if up else "down", "▲" if up else "▼", abs(places), told % {"n": abs(places)},
    )  # fmt: skip


@register.simple_tag
def tinted(state: str) -> SafeString:
    """A light's shape in its colour, beside words that say what it means."""
    return format_html('<span class="light light-{}">{}</span>', LIGHTS[state][0], shape(state))


@register.filter
def ends(places: Sequence[Place], each: int) -> Sequence[Place]:
    """The first and the last few; all where they meet."""
    if len(places) <= 2 * each:
        return places
    return [*places[:each], *places[-each:]]


@register.filter
def project_tone(colour: str) -> str:
    """A project's light in the words of `pages.lights`."""
    return TONES[colour]


@register.filter
def hours_over(row: StripRow) -> int:
    """How many of the strip's hours were over a limit."""
    return sum(cell.standing == "over" for cell in row.cells)
