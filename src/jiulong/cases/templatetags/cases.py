"""`{% load cases %}`: lights, stages and matters of cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template

from jiulong.cases import words
from jiulong.cases.models import Case

register = template.Library()

register.filter("stage", words.stage)
register.filter("matter", words.matter_name)
register.filter("until_of", words.until_of)


@register.simple_tag
def case_lamp(case: Case, now: datetime) -> Any:
    """The light of a case."""
    return words.lamp(case, now)
