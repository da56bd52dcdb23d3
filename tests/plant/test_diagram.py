"""The drawing of the way of the water: places, no database."""

from __future__ import annotations

from jiulong.plant.diagram import BETWEEN, Box, Column, Line, laid_out, shortened


def test_it_stands_boxes_under_each_other_and_columns_beside() -> None:
    tall = Column("process", [Box("a", [Line("1")]), Box("b", [Line("1"), Line("2")])])
    drawing = laid_out([Column("influent", [Box("in")]), tall, Column("out"), Column("river")])
    first, above, below = drawing.boxes
    assert first.x == 0 < above.x == below.x
    assert below.y == above.y + above.box.height + BETWEEN
    assert [row[0] - below.title_y for row in below.rows] == [20, 40]
    assert len(drawing.arrows) == 3
    assert all(placed.y + placed.box.height <= drawing.height for placed in drawing.boxes)
    assert all(x + drawing.box_width <= drawing.width for x, _label in drawing.heads)


def test_it_is_never_empty() -> None:
    assert laid_out([]).height > 0


def test_it_shortens_to_what_fits_in_either_script() -> None:
    assert shortened("short") == "short"
    assert shortened("x" * 40) == "x" * 29 + "…"
    assert len(shortened("水" * 40)) <= 16
