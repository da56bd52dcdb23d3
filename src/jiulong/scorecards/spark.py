"""Small drawings in a table's cell: the year's curve, the way to a target. SVG without styles."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

WIDTH, HEIGHT, MONTHS = 112, 32, 12


def curve(
    values: Sequence[tuple[int, Decimal]], expected: Sequence[tuple[int, Decimal]]
) -> SafeString | str:
    """A year's values as a line, what is expected as a dashed one; months 1 to 12."""
    if not values:
        return ""
    known = [value for _month, value in (*values, *expected)]
    low, high = min(known), max(known)
    room = (high - low) or Decimal(1)

    def points(row: Sequence[tuple[int, Decimal]]) -> str:
        return " ".join(
            f"{4 + (WIDTH - 8) * (month - 1) / (MONTHS - 1):.1f},"
            f"{HEIGHT - 4 - float((value - low) / room) * (HEIGHT - 8):.1f}"
            for month, value in row
        )

    last = points(values[-1:]).split(",")
    told = escape(_("Values of the year; dashed: expected"))
    return mark_safe(  # noqa: S308 - numbers of ours and an escaped label
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{told}">'
        f'<polyline class="aim" points="{points(expected)}"/>'
        f'<polyline class="line" points="{points(values)}"/>'
        f'<circle class="dot" cx="{last[0]}" cy="{last[1]}" r="2.5"/></svg>'
    )


def way(done: Decimal, expected: Decimal, target: Decimal, light: str) -> SafeString | str:
    """How much of a target is done, with a mark where it should be."""
    if target <= 0:
        return ""
    share, mark = (min(max(float(part / target), 0), 1) * 100 for part in (done, expected))
    told = escape(_("%(share)d %% done, %(mark)d %% expected") % {"share": share, "mark": mark})
    return mark_safe(  # noqa: S308 - numbers of ours and an escaped label
        f'<svg class="way" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" '
        f'aria-label="{told}"><rect class="track" x="0" y="1" width="100" height="8"/>'
        f'<rect class="done is-{escape(light)}" x="0" y="1" width="{share:.1f}" height="8"/>'
        f'<line class="now" x1="{mark:.1f}" x2="{mark:.1f}" y1="0" y2="10"/></svg>'
    )
