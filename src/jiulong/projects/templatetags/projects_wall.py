"""`{% load projects_wall %}`: money in 亿元 and shares as the wall tells them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiulong.pages import lights
from jiulong.pages.words import MISSING
from jiulong.projects import wall_words
from jiulong.projects.wall_shown import YI, Group, Row

register = template.Library()

CENT: Final = Decimal("0.01")
#: Tenths of a percent: the width of the bullet.
WIDTH: Final = 1000
#: A project in a table, as wall_tables.html heads it.
ROW: Final = (
    '<tr><td data-label="{}" class="short">{}</td><td class="wide"><a class="opens" href="{}">{}'
    '</a></td><td data-label="{}">{}</td><td data-label="{}">{}</td>'
    '<td class="numeric" data-label="{}">{}</td><td class="numeric" data-label="{}">{}</td>'
    '<td data-label="{}">{}</td><td data-label="{}">{}</td></tr>'
)


@register.simple_tag
def yi(value: Decimal | None) -> str:
    """万元 as 亿元 with two decimals."""
    if value is None:
        return MISSING
    return f"{(value / YI).quantize(CENT, ROUND_HALF_UP):,}"


@register.simple_tag
def percent(value: Decimal | None) -> str:
    """A share with its sign."""
    return MISSING if value is None else f"{value:.1f}%"


@register.simple_tag
def tenths(value: Decimal | None) -> int:
    """A share as a width of the bullet, which ends at a hundred percent."""
    return 0 if value is None else min(WIDTH, int(value * 10))


@register.simple_tag
def month_name(number: int) -> str:
    """A month of the year, 1 is January."""
    return wall_words.month(number)


@register.simple_tag
def spread(group: Group) -> SafeString:
    """How the lights of a group are spread: a bar whose parts are their numbers."""
    at, parts = 0.0, []
    for _code, tone, n in group.tally:
        width = WIDTH * n / len(group.rows)
        parts.append((tone, round(at, 1), round(max(width - 4, 0), 1)))
        at += width
    drawn = format_html_join(
        "", '<rect class="pw-part is-{}" x="{}" width="{}" height="10"/>', parts
    )
    return format_html(
        '<svg class="pw-spread" viewBox="0 0 1000 10" preserveAspectRatio="none" '
        'aria-hidden="true">{}</svg>',
        drawn,
    )


@register.simple_tag
def project_rows(group: Group, month: int) -> SafeString:
    """The rows of a table of projects: hundreds, for which a template takes ten times as long."""
    labels = (
        pgettext("of a project", "Light"),
        pgettext("of a project", "Zone"),
        pgettext("of a project", "Stage"),
        _("Done of the year's plan"),
        _("Expected by now"),
        _("Delay"),
        _("Next milestone"),
    )
    address = reverse("projects:wall_brief", args=[0])
    return format_html_join("", ROW, (_cells(row, month, address, labels) for row in group.rows))


def _cells(
    row: Row, month: int, address: str, labels: tuple[str, ...]
) -> tuple[str | SafeString, ...]:
    light, zone, stage, done, due, delay, following = labels
    brief = address.replace("/0/", f"/{row.course.pk}/")
    return (
        light, lights.light(row.tone, row.light_word),
        f"{brief}?year={row.wall.year}&month={month}", row.course.name,
        zone, row.zone, stage, row.stage_word, done, percent(row.done_share),
        due, percent(row.planned_share), delay, row.late or MISSING, following, _next(row),
    )  # fmt: skip


def _next(row: Row) -> str | SafeString:
    mark = row.next_mark
    if mark is None:
        return MISSING
    told = format_html('{} <span class="num">{}</span>', mark.title, mark.planned_on)
    if not row.next_overdue:
        return told
    return format_html('{} <span class="over">{}</span>', told, pgettext("a milestone", "overdue"))


@register.simple_tag
def page_of(name: str, *values: object) -> str:
    """A page's address, or nothing where the page is not there."""
    try:
        return reverse(name, args=values)
    except NoReverseMatch:
        return ""
