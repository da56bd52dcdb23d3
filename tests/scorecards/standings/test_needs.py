"""What a scheme does not ask for would change nothing: no row is left in the database in vain."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.observations import MEMBER, Observations, Row
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.scoring import score
from jiulong.scorecards.standing_inputs import needs
from tests.scorecards.engine.making import criterion, scheme
from tests.scorecards.engine.test_properties import CODES, codes, numbers

PERIODS = ("2024Q1", "2024-03", "2024-02", "2024", "2023Q1", "2023-03", "2023-02")
PERIOD = "2024Q1"
#: Companions as the database keeps them: targets in a table of their own, which hold for longer
#: periods around; expectations worked out of them; bases beside the values.
COMPANIONS = ("", "@target", "@base", "@expected")
takes = st.sampled_from(["last", "latest", "sum", "mean"])
against = st.sampled_from([None, "target", "expected", "base"])


def readings() -> st.SearchStrategy[dict[str, Any]]:
    def reading(code: str, take: str, measure: str, other: str | None) -> dict[str, Any]:
        found: dict[str, Any] = {"indicator": code, "take": take, "measure": measure}
        return found if other is None or measure == "value" else found | {"against": other}

    measures = st.sampled_from(["value", "growth", "change", "completion"])
    return st.builds(reading, codes, takes, measures, against)


def rules() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.builds(lambda v, a: {"kind": "completion", "value": v, "against": a or "target"},
                  codes, against),
        st.builds(lambda v: {"kind": "rank_points", "value": v, "step": 7}, readings()),
        st.builds(lambda v: {"kind": "growth_level", "value": v}, codes),
        st.builds(lambda a, b: {"kind": "formula", "percent": f'v("{a}@target", 1) + v("{b}", 2)'},
                  codes, codes),
        st.builds(lambda v, b: {"kind": "base_and_cap", "value": v, "base": b}, codes, readings()),
    )  # fmt: skip


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    drawn = draw(st.lists(rules(), min_size=1, max_size=3))
    criteria = [criterion(f"c{n}", rule, 10) for n, rule in enumerate(drawn)]
    ties = draw(st.sampled_from(["shared", {"by": ["i2", "c0"]}]))
    labels = {"i2": "第三"}
    return scheme(*criteria, out_of=10 * len(criteria), ties=ties, labels=labels)


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    found = []
    for subject in ("s0", "s1", "s2"):
        found.append(Row(subject, "g", MEMBER, PERIOD, Decimal(1)))
        found += [
            Row(subject, "g", code + companion, period, draw(numbers))
            for code in CODES
            for companion in COMPANIONS
            for period in PERIODS
            if draw(st.booleans())
        ]
    return found


def asked(scheme_: Scheme, row: Row) -> bool:
    """Whether `queries.engine_rows` brings the row for any of the scheme's needs."""
    code, _at, companion = row.indicator.partition("@")
    for need in needs(scheme_, PERIOD):
        spans = set(need.periods)
        if companion == "target":
            spans |= {longer for period in spans for longer in periods.enclosing(period)}
        named = row.indicator in need.indicators
        beside = companion in ("", "base") and code in {
            one.partition("@")[0] for one in need.indicators
        }
        if (named or beside) and row.period in spans:
            return True
    return row.indicator == MEMBER


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemes(), tables())
def test_what_it_does_not_ask_for_changes_nothing(scheme_: Scheme, rows: list[Row]) -> None:
    some = [row for row in rows if asked(scheme_, row)]
    whole = score(scheme_, Observations.of(rows), PERIOD)
    assert score(scheme_, Observations.of(some), PERIOD) == whole
