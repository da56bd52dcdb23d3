"""`{% load plant %}`: names of codes and reported values, lights of filings and grades."""

from __future__ import annotations

from django import template

from jiulong.plant import codes
from jiulong.plant.models import WaterClass
from jiulong.plant.words import filing_light, told

register = template.Library()

register.simple_tag(codes.info_name, name="info_name")
register.simple_tag(codes.value_name, name="value_name")
register.simple_tag(filing_light, name="filing_light")
register.simple_tag(told, name="filed_values")


@register.filter
def grade(number: int) -> str:
    """The name of a water class."""
    return str(WaterClass(number).label)
