"""The water section of a meeting's papers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jiulong.bulletins.content import Pen, Sitting
from jiulong.reports.meeting import over_the_limit
from tests.duty.scene import make_alarm
from tests.factories import NOW, make_outfall, make_point, make_user


@pytest.mark.django_db
def test_it_counts_the_month_and_quotes_each_alarm() -> None:
    for age in (2, 5, 40):
        outfall = make_outfall()
        make_point(outfall)
        make_alarm(outfall, now=NOW - timedelta(days=age))
    pen = Pen(NOW)
    section = over_the_limit(make_user("observer"), pen, Sitting("2026-03", NOW))
    assert section is not None
    assert len(section.tables[0].rows) == 2
    assert [one.text for one in pen.quotes[:2]] == ["2", "2"]
    assert {one.label for one in pen.quotes[2:]} == {"monitoring.alarm"}
    assert over_the_limit(make_user("handler"), Pen(NOW), Sitting("2026-03", NOW)) is None
