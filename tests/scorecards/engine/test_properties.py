"""What holds for any scheme and any rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiulong.scorecards.engine.observations import Observations, Row
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.scoring import score
from tests.scorecards.engine.making import criterion, one, points, scheme

PERIOD = "2024-03"
CODES = ("i0", "i1", "i2")
COEFFICIENT = {"value": "i0", "steps": [{"at": 10, "factor": "1.1"}]}
EFFECTS = [{"zero": True}, {"last": True}, {"class": "D"}]
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

numbers = st.decimals(-1000, 1000, places=2, allow_nan=False, allow_infinity=False)
positive = st.decimals(0, 1000, places=2, allow_nan=False, allow_infinity=False)
codes = st.sampled_from(CODES)
directions = st.sampled_from(["up", "down"])


def rules() -> st.SearchStrategy[dict[str, Any]]:
    """Any rule with full marks."""
    value = st.one_of(
        codes,
        st.builds(lambda a, b: {"indicator": a, "per": b}, codes, codes),
        st.builds(lambda a: {"indicator": a, "measure": "growth"}, codes),
        st.builds(lambda a, b: {"formula": f"({a} + {b}) / 3"}, codes, codes),
    )
    caps = st.sampled_from(["1", "1.2", "1.5"])
    return st.one_of(
        st.builds(
            lambda v, d, c: {"kind": "completion", "value": v, "direction": d, "cap": c},
            codes, directions, caps,
        ),
        st.builds(lambda v, d: {"kind": "rank_points", "value": v, "direction": d, "step": 7},
                  value, directions),
        st.builds(lambda v, d: {"kind": "rank_points", "value": v, "direction": d, "last": 30},
                  value, directions),
        st.builds(lambda v, d: {"kind": "share", "value": v, "direction": d}, value, directions),
        st.builds(lambda v: {"kind": "growth_level", "value": v, "level": {"by": "share"}}, codes),
        st.builds(lambda v, c: {"kind": "base_and_cap", "value": v, "base": 100, "cap": c,
                                "coefficient": COEFFICIENT},
                  value, caps),
        st.builds(lambda v: {"kind": "steps", "value": v, "steps": [
            {"at": 100, "percent": 100}, {"at": 1, "percent": 40}]}, value),
        st.builds(lambda v: {"kind": "formula", "percent": f'when({v} > 0, {v}, v("nobody", 1))'},
                  codes),
        st.just({"kind": "judges"}),
    )  # fmt: skip


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    drawn = draw(st.lists(rules(), min_size=1, max_size=4))
    missing = st.sampled_from(["zero", "exclude", "worst", "not_rated"])
    criteria = [criterion(f"c{n}", rule, 25, missing=draw(missing)) for n, rule in enumerate(drawn)]
    return scheme(
        *criteria,
        out_of=25 * len(criteria),
        ties=draw(st.sampled_from(["shared", "dense", {"by": ["c0", "i1"]}])),
        decimals=draw(st.integers(0, 4)),
        adjustments=[
            criterion("more", {"kind": "bonus", "facts": ["bonus@a"], "limit": 3}),
            criterion("less", {"kind": "penalty", "facts": ["penalty@a"]}),
            criterion("veto", {"kind": "veto", "facts": ["veto@a"],
                               **draw(st.sampled_from(EFFECTS))}),
        ],
        labels={"i1": "第二"},
        classes={"by": "rank", "steps": [{"class": "A", "to": 30}, {"class": "D", "to": 100}]},
    )  # fmt: skip


@st.composite
def tables(draw: st.DrawFn, group: str = "g", prefix: str = "s") -> list[Row]:
    found = []
    for number in range(draw(st.integers(1, 6))):
        subject = f"{prefix}{number}"
        found.append(Row(subject, group, "@member", PERIOD, Decimal(1)))
        for code in CODES:
            for companion in ("", "@target", "@base"):
                if draw(st.integers(0, 5)):
                    found.append(
                        Row(subject, group, code + companion, PERIOD, draw(numbers), "e/1")
                    )
        for fact in ("bonus@a", "penalty@a", "veto@a"):
            if not draw(st.integers(0, 3)):
                found.append(Row(subject, group, fact, PERIOD, draw(positive)))
        for judge in range(draw(st.integers(0, 4))):
            found.append(Row(subject, group, f"judging@c0#{judge}", PERIOD, draw(positive)))
    return found


@quick
@given(schemes(), tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(scheme_: Scheme, rows: list[Row], chance: Any) -> None:
    before = score(scheme_, Observations.of(rows), PERIOD)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert score(scheme_, Observations.of(shuffled), PERIOD) == before


@quick
@given(schemes(), tables(), tables(group="h", prefix="t"))
def test_another_group_changes_nothing_here(
    scheme_: Scheme, here: list[Row], there: list[Row]
) -> None:
    alone = score(scheme_, Observations.of(here), PERIOD).standings
    both = score(scheme_, Observations.of(here + there), PERIOD).standings
    assert tuple(one for one in both if one.group == "g") == alone


@quick
@given(schemes(), tables())
def test_points_add_up_and_ranks_follow_scores(scheme_: Scheme, rows: list[Row]) -> None:
    result = score(scheme_, Observations.of(rows), PERIOD)
    slots = {slot.criterion.key: slot for slot in scheme_.slots("g")}
    for standing in result.standings:
        assert sum((each.points for each in standing.criteria), Decimal(0)) == standing.score
        assert standing.score >= 0
        for each in standing.criteria:
            if each.criterion in slots and each.out_of:
                most = each.out_of * slots[each.criterion].criterion.rule.most
                assert -1 <= each.points <= most + 1  # one unit of the last place
    rated = [one for one in result.standings if one.rated]
    assert [one.rank for one in rated] == sorted(one.rank for one in rated)
    if scheme_.ties.by == ():
        for a in rated:
            for b in rated:
                if not (a.veto or b.veto):
                    assert (a.rank < b.rank) == (a.score > b.score)
                    assert (a.rank == b.rank) == (a.score == b.score)


@quick
@given(
    st.decimals(0, 500, places=2), st.decimals(0, 500, places=2),
    st.decimals(-10, 500, places=2), st.sampled_from(["quotient", "mirror"]),
)  # fmt: skip
def test_completion_grows_with_the_value(a: Decimal, b: Decimal, target: Decimal, how: str) -> None:
    text = f"甲 x {min(a, b)}\n甲 x@target {target}\n乙 x {max(a, b)}\n乙 x@target {target}"
    for about in (None, {"percent": 5}, {"points": 2}):
        up = points(one("completion", value="x", cap="1.2", about=about), text)
        down = points(
            one("completion", value="x", cap="1.2", about=about, direction="down", inverse=how),
            text,
        )
        assert Decimal(up["甲"]) <= Decimal(up["乙"])
        assert Decimal(down["甲"]) >= Decimal(down["乙"])
