"""Daily standard checks as loggers send them, monthly comparisons, a few failures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any, Final

from jiulong.evidence.actions import record_events
from jiulong.evidence.actions.events import Act
from jiulong.monitoring.models import Factor, Point
from jiulong.upkeep import findings, judging
from jiulong.upkeep.actions import common
from jiulong.upkeep.invented.cast import DAY, HOUR, Cast, dice, local
from jiulong.upkeep.models import QcTest

#: Standard samples at about half the usual range, mg/L.
STANDARDS: Final = {
    "w01018": Decimal(50), "w21003": Decimal(5), "w21011": Decimal("0.5"), "w21001": Decimal(15),
}  # fmt: skip
PH: Final = "w01001"
NEUTRAL: Final = Decimal(7)
#: One check in so many fails; it is done again after the instrument was put right.
FAILS_EACH: Final = 260
SIXTH: Final = Decimal("0.000001")
THOUSANDTH: Final = Decimal("0.001")


def checks(points: Sequence[Point], cast: Cast) -> int:
    """Every night's standard checks and last month's comparisons."""
    made = QcTest.objects.bulk_create(
        [test for point in points for test in _of_point(point, cast)], batch_size=1000
    )
    record_events(
        Act(
            actor=test.by, verb="receive_check" if test.source == "logger" else "enter_check",
            subject=test, at=test.entered_at, data=_told(test),
        )
        for test in made
    )  # fmt: skip
    for test in made:
        if not test.passed:
            findings.settle(test.point, test.factor, test)
            common.tell(test.point_id, test.at - DAY, test.at + DAY, common.reference(test))
    return len(made)


def _of_point(point: Point, cast: Cast) -> Iterator[QcTest]:
    for factor in cast.factors.get(point.pk, []):
        true = STANDARDS.get(factor.code)
        chance = dice(point, f"check {factor.code}")
        if factor.code == PH:
            yield _comparison(cast, point, factor, NEUTRAL, chance)
        if true is None:
            continue
        minute = chance.randrange(60)
        for back in range(cast.days, -1, -1):
            at = local(cast.today - back * DAY, 2, minute)
            fails = chance.randrange(FAILS_EACH) == 0 and back > 0
            for moment, bad in ((at, fails), (at + chance.randrange(2, 9) * HOUR, False)):
                if moment < cast.now and (moment == at or fails):
                    said = _said(true, chance, bad=bad)
                    yield _test(cast, point, factor, "standard", moment, [(true, said)])
        yield _comparison(cast, point, factor, true, chance)


def _comparison(cast: Cast, point: Point, factor: Factor, true: Decimal, chance: Random) -> QcTest:
    at = local(cast.today - chance.randrange(1, 27) * DAY, 10, chance.randrange(60))
    pairs = []
    for _pair in range(3):
        level = (true * Decimal(f"{chance.uniform(0.9, 1.1):.3f}")).quantize(THOUSANDTH)
        pairs.append((level, _said(level, chance, bad=False)))
    return _test(cast, point, factor, "comparison", at, pairs)


def _said(true: Decimal, chance: Random, *, bad: bool) -> Decimal:
    error = chance.choice((-1, 1)) * chance.uniform(0.13, 0.3) if bad else chance.gauss(0, 0.02)
    return (true * Decimal(f"{1 + max(-0.3, min(error, 0.3)):.4f}")).quantize(THOUSANDTH)


def _test(  # noqa: PLR0917 - what one check is made of
    cast: Cast, point: Point, factor: Factor, kind: str, at: datetime,
    pairs: Sequence[judging.Pair],
) -> QcTest:  # fmt: skip
    several = kind == "comparison"
    verdict = judging.judged(
        cast.book.limits.values(), factor=factor.code, kind=kind, pairs=pairs,
        misses=cast.book.count("comparison_misses") if several else 0,
    )  # fmt: skip
    count = len(pairs)
    true, said = (sum(column, Decimal(0)) / count for column in zip(*pairs, strict=True))
    handed: dict[str, Any] = {"by_name": "Jiulong", "entered_at": at, "source": "logger"}
    if several:
        handed = cast.signed(point, at + 30 * HOUR) | {"source": "person"}
        handed["laboratory"] = "芗溪检测（演示）"
        handed["entered_at"] = min(handed["entered_at"], cast.now)
    return QcTest(
        point=point, factor=factor, kind=kind, at=at, reference=true.quantize(SIXTH),
        measured=said.quantize(SIXTH), measure=verdict.measure, error=verdict.error.quantize(SIXTH),
        pairs=[[str(a), str(b)] for a, b in pairs] if several else [],
        tolerance=verdict.tolerance, rule=verdict.rule, rule_source=verdict.source,
        passed=verdict.passed, **handed,
    )  # fmt: skip


def _told(test: QcTest) -> dict[str, Any]:
    return {
        "point": test.point.code,
        "factor": test.factor.code,
        "kind": test.kind,
        "at": test.at.isoformat(),
        "reference": str(test.reference),
        "measured": str(test.measured),
        "error": str(test.error),
        "tolerance": str(test.tolerance),
        "passed": test.passed,
    }
