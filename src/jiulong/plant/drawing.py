"""What stands in the drawing of one outfall: its points, units and the section after it."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import Point
from jiulong.monitoring.queries import PointRow
from jiulong.monitoring.words import factor_name, place_name
from jiulong.organisation.rules import Viewer
from jiulong.pages.words import figure
from jiulong.plant import queries
from jiulong.plant.diagram import Box, Column, Drawing, Line, laid_out
from jiulong.plant.models import Stage, WaterClass
from jiulong.plant.queries import UnitNow

#: Values of a point that a box has room for.
VALUES = 5
_TONES = {"over": "over", "near": "near", "kept": "met", "invalid": "none"}
_POINT_TONES = {"jade": "met", "amber": "near", "cinnabar": "over", "indigo": "told"}


def columns(viewer: Viewer, point: Point, units: Sequence[UnitNow]) -> list[Column]:
    """The four stages of the point's outfall; the last is the section of the river after it."""
    points = monitoring.points(viewer).filter(outfall=point.outfall_id)
    rows = sorted(monitoring.point_rows(points), key=lambda row: row.point.code)
    found = [
        Column(
            str(stage.label),
            [_point(row) for row in rows if row.point.position == stage.value]
            + [_unit(one) for one in units if one.unit.stage == stage.value],
        )
        for stage in Stage
    ]
    return [*found, Column(_("River section"), _river(point))]


def drawing(viewer: Viewer, point: Point, units: Sequence[UnitNow]) -> Drawing:
    """The same, laid out."""
    return laid_out(columns(viewer, point, units))


def _point(row: PointRow) -> Box:
    lines = [
        Line(
            f"{factor_name(value.factor)} {figure(value.value)} {value.factor.unit}".strip(),
            _TONES.get(value.standing, ""),
        )
        for value in row.values[:VALUES]
        if value.value is not None
    ]
    return Box(
        place_name(row.point),
        lines or [Line(_("No data"), "none")],
        _POINT_TONES[row.light],
        reverse("monitoring:point", args=[row.point.code]),
        row.light,
    )


def _unit(one: UnitNow) -> Box:
    if one.state is None:
        return Box(one.unit.name, [Line(_("No data"), "none")], "none")
    word = one.state.get_state_display()
    return Box(one.unit.name, [Line(f"{one.unit.code} {word}", one.light)], one.light)


def _river(point: Point) -> list[Box]:
    section = queries.section_after(point)
    if section is None:
        water = point.outfall.receiving_water
        return [Box(water, [], "none")] if water else []
    measurement, verdict = queries.judged(section)
    lines = [Line(_("Target %(grade)s") % {"grade": WaterClass(section.target).label})]
    tone = "none"
    if verdict is not None and measurement is not None:
        tone = "met" if verdict.grade <= section.target else "over"
        told = _("Class %(grade)s") % {"grade": WaterClass(verdict.grade).label}
        lines.insert(0, Line(f"{told} {measurement.on:%Y-%m-%d}", tone))
    address = reverse("plant:section", args=[section.code])
    return [Box(str(section), lines, tone, address)]
