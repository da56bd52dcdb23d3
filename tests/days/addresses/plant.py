"""Plants and rivers."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone

from jiulong.monitoring.models import Point
from jiulong.plant.demo import describe_plants, lay_rivers
from jiulong.registers.models import Enterprise
from tests.days.addresses.common import SENT, Look
from tests.factories import make_outfall, make_point


def a_plant() -> list[Any]:
    """A plant with its two units and the river that it leads into."""
    point = Point.objects.order_by("pk")[0]
    describe_plants([point], timezone.now())
    lay_rivers([point.outfall], timezone.localdate(), months=2)
    return [point.code]


def a_section() -> list[Any]:
    a_plant()
    return ["zz-zhongshan"]


def own_point() -> Point:
    """A point of the enterprise's own."""
    known = Point.objects.filter(outfall__enterprise__unit__code="XC006").first()
    return known or make_point(make_outfall(Enterprise.objects.get(unit__code="XC006")))


LOOKS: Final = (
    Look("plant:plant", "admin", a_plant),
    Look("plant:unit", "admin", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("plant:parameters", "officer", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("plant:file", "enterprise", lambda: [own_point().code]),
    Look("plant:filings", "officer"),
    Look("plant:sections", "officer"),
    Look("plant:section", "officer", a_section),
    Look("plant:section_new", "admin"),
    Look("plant:section_edit", "admin", a_section),
)  # fmt: skip
OTHERS: Final = {
    SENT: "plant:place plant:review",
}
