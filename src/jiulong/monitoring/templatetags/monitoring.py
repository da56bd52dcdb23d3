"""`{% load monitoring %}`: names of factors, marks and rules, and a value against its limit."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jiulong.monitoring import rulebook, words
from jiulong.monitoring.judgements import rules
from jiulong.monitoring.models import Finding, Standard
from jiulong.monitoring.queries import CurrentValue
from jiulong.pages.words import figure, number

register = template.Library()

register.simple_tag(words.factor_name, name="factor_name")
register.simple_tag(words.mark_name, name="mark_name")
register.simple_tag(words.place_name, name="place_name")

#: The bar's box; the limit stands at two thirds of it, so that a value half over it still shows.
WIDTH, HEIGHT, LIMIT_AT = 150, 10, 100


@register.simple_tag
def rule_name(code: str) -> str:
    """The rule's name; findings of a rule that is gone keep its code."""
    rule = rules().get(code)
    return str(rule.name) if rule else code


@register.simple_tag
def finding_number(finding: Finding, value: Decimal) -> SafeString | str:
    """A number of a finding with its unit: loads are in tonnes, whatever the factor's unit."""
    unit = finding.factor.unit if finding.factor else ""
    return number(value, "t" if finding.rule in {"load", "load_month"} else unit)


@register.simple_tag
def deadline(text: str) -> str:
    """A deadline of a rule in words."""
    return rulebook.told(text)


@register.simple_tag
def pack_text(text: dict[str, str]) -> str:
    """Words of a pack in the reader's language."""
    return (text or {}).get("zh", "") if words.chinese() else _english(text or {})


@register.simple_tag
def standard_name(standard: Standard) -> str:
    """A standard's number and grade."""
    grade = pack_text(standard.grade_title) or standard.grade
    return f"{standard.number} {grade}".strip()


def _english(text: dict[str, str]) -> str:
    return text.get("en") or text.get("zh", "")


@register.simple_tag
def bullet(value: CurrentValue) -> SafeString | str:
    """A bar up to the value with a line at the limit, and the same in words."""
    if value.limit is None or value.value is None:
        return format_html('<span class="muted">{}</span>', _("no limit"))
    if value.ratio is None:
        return format_html(
            '<span class="muted">{}–{}</span>',
            figure(value.limit.minimum or Decimal(0)),
            figure(value.limit.maximum or Decimal(0)),
        )
    length = min(WIDTH, max(1, round(value.ratio * LIMIT_AT)))
    state = {"over": " is-over", "near": " is-near"}.get(value.standing, "")
    return format_html(
        '<svg class="bullet" viewBox="0 0 {w} {h}" preserveAspectRatio="none" role="img" '
        'aria-label="{label}"><title>{label}</title>'
        '<rect class="track" width="{w}" height="{h}"/>'
        '<rect class="value{state}" y="2" width="{length}" height="6"/>'
        '<line class="limit" x1="{at}" x2="{at}" y1="0" y2="{h}"/></svg>',
        w=WIDTH, h=HEIGHT, at=LIMIT_AT, length=length, state=state,
        label=_("%(share)s of the limit %(limit)s") % {
            "share": f"{value.ratio:.0%}", "limit": figure(value.limit.maximum or Decimal(0)),
        },
    )  # fmt: skip
