"""Targets against what came of them: worked by hand; splitting up, causes, figures reckoned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from jiulong.cases.models import Case, MatterType
from jiulong.evidence.models import Event
from jiulong.scorecards import words
from jiulong.scorecards.actions import Seen, causes, observe
from jiulong.scorecards.actions.computing import compute_values
from jiulong.scorecards.actions.revising import revise_observation
from jiulong.scorecards.actions.splitting import set_target, split_target
from jiulong.scorecards.aiming import Judged, judge
from jiulong.scorecards.models import Indicator, Observation, Target
from jiulong.scorecards.queries import aim_lines, summary
from jiulong.scorecards.queries import parts as one
from tests.factories import make_user
from tests.scorecards.scene import NOW, Scene, make

ON = date(2026, 4, 2)


def judged(
    value: str | None, month: int, last_year: dict[int, str] | None = None, *, target: str = "120",
    tolerance: str = "at_least", **indicator: Any,
) -> Judged:  # fmt: skip
    row = Indicator(**{"cumulative": True, "kind": "level", "direction": "up", **indicator})
    aim = Target(value=Decimal(target), tolerance=tolerance, period="2026")
    known = {key: Decimal(one) for key, one in (last_year or {}).items()}
    return judge(row, aim, None if value is None else Decimal(value), month, known)


def test_a_level_is_expected_by_time_and_by_last_years_season() -> None:
    # 120 a year; by March a quarter by time: 30. Last year 20 of 100 came by March: 24.
    told = judged("26", 3, {3: "20", 12: "100"})
    assert told.expected is not None
    assert (told.expected.by_time, told.expected.by_season) == (Decimal(30), Decimal(24))
    assert (told.light, told.behind) == ("met", Decimal(-2))
    # Still 94 to come where last year had 80: 17.5 % more.
    assert told.required is not None
    assert (told.required.rest, told.required.growth) == (Decimal(94), Decimal("17.5"))
    # A limit that is passed is not a target reached.
    passed = judged("121", 11, direction="down")
    assert (passed.light, passed.required) == ("near", None)
    assert judged("26", 3).light == "over"  # by time alone: 4 short of 30, more than a tenth
    assert judged("27", 3).light == "near"
    assert judged(None, 0).light == "none"


@pytest.mark.parametrize(
    ("value", "light"),
    [("6.6", "met"), ("6.1", "met"), ("6.0", "near"), ("5.1", "near"), ("5", "over")],
)  # fmt: skip
def test_about_is_half_a_point_of_a_rate(value: str, light: str) -> None:
    assert judged(value, 6, target="6.6", tolerance="about", kind="growth").light == light


def test_a_rate_is_carried_as_if_last_year_had_been_even() -> None:
    told = judged("5", 6, target="7", kind="growth")
    # (1.07·12 − 1.05·6) / 6 − 1 = 9 %
    assert told.required is not None
    assert (told.required.growth, told.by_time) == (Decimal(9), True)


def test_less_is_better_where_the_indicator_says_so() -> None:
    assert judged("4", 6, target="5", cumulative=False, direction="down").light == "met"
    assert judged("5.4", 6, target="5", cumulative=False, direction="down").light == "near"
    assert judged("6", 6, target="5", cumulative=False, tolerance="at_most").light == "over"


def with_figures(**plan: Any) -> Scene:
    """The district sells 10 a month last year; this year the first street grew, the second fell."""
    scene = make(**plan)
    scene.target(scene.whole, "130", tolerance="about", words="社零130亿元左右")
    scene.target(scene.parts[0], "70")
    scene.see(scene.whole, {"2025-03": "24", "2025-12": "120", "2026-02": "17", "2026-03": "27"})
    scene.see(scene.parts[0], {"2025-03": "12", "2026-03": "16"})
    scene.see(scene.parts[1], {"2025-03": "12", "2026-03": "11"})
    return scene


@pytest.mark.django_db
def test_lines_and_the_home_pages_summary_say_where_targets_stand() -> None:
    scene = with_figures()
    [line] = aim_lines(scene.people["supervisor"], [scene.whole], 2026, ON)
    assert [point.period for point in line.points] == ["2026-02", "2026-03"]
    assert line.last_year == {3: Decimal(24), 12: Decimal(120)}
    assert line.judged.expected is not None
    assert line.judged.expected.best == Decimal(26)  # 130 × 24 / 120
    [short] = summary(scene.people["staff"], ON)
    assert (short.name, short.words, short.value, short.expected, short.light) == (
        "Retail", "社零130亿元左右", Decimal(27), Decimal(26), "met",
    )  # fmt: skip
    assert short.href == "/indicators/retail/?year=2026"
    assert summary(scene.people["auditor"], ON) == []
    with pytest.raises(PermissionDenied):
        aim_lines(scene.people["auditor"], [scene.whole], 2026, ON)


@pytest.mark.django_db
def test_a_comparable_base_takes_the_place_of_last_years_value() -> None:
    scene = with_figures()
    seen = Seen(scene.retail.pk, scene.whole.pk, "2026-03", Decimal(27), companion="base")
    observe(actor=None, seen=[seen], now=NOW)
    [line] = aim_lines(scene.people["supervisor"], [scene.whole], 2026, ON)
    assert line.last_year[3] == Decimal(27)
    # 130 × 27 / 120 = 29.25 expected; 27 lies more than 5 % below it, and less than 15 %.
    assert line.judged.light == "near"


@pytest.mark.django_db
def test_contributors_are_ranked_by_their_share_of_the_growth() -> None:
    scene = with_figures()
    [line] = aim_lines(scene.people["supervisor"], [scene.whole], 2026, ON)
    period, told = one.parts(scene.people["supervisor"], line, scene.retail, scene.whole, "2026-03")
    # The district grew by 3: the first street brought 4 of them, the second lost 1.
    assert period == "2026-03"
    assert [(part.subject.code, part.amount, part.share, part.growth) for part in told] == [
        ("S1", Decimal(4), Decimal("133.3"), Decimal("33.3")),
        ("S2", Decimal(-1), Decimal("-33.3"), Decimal("-8.3")),
    ]


@pytest.mark.django_db
def test_parts_must_add_up_or_somebody_says_why() -> None:
    scene = with_figures()
    whole = Target.objects.get(subject=scene.whole)
    first, second = scene.parts
    given: dict[str, Any] = {"actor": scene.people["supervisor"], "whole": whole, "now": NOW}
    wrong = {first.pk: Decimal(70), second.pk: Decimal(50)}
    with pytest.raises(ValidationError, match="add up to 120, the target is 130"):
        split_target(**given, parts=wrong, reason="", gap_reason="")
    with pytest.raises(ValidationError, match="Say why the target changes"):
        split_target(**given, parts={first.pk: Decimal(80), second.pk: Decimal(50)}, reason="",
                     gap_reason="")  # fmt: skip
    with pytest.raises(PermissionDenied):
        split_target(**{**given, "actor": scene.people["head"]}, parts=wrong, reason="",
                     gap_reason="x")  # fmt: skip
    made = split_target(**given, parts=wrong, reason="", gap_reason="区本级10亿元不分解")
    assert [(row.subject.code, row.value) for row in made] == [
        ("S2", Decimal(50)), ("D", Decimal(130)),
    ]  # fmt: skip
    held = Target.objects.get(subject=scene.whole, current=True)
    assert (held.gap_reason, held.words) == ("区本级10亿元不分解", "社零130亿元左右")
    assert Target.objects.filter(subject=scene.whole).count() == 2
    assert Event.objects.filter(verb="set_target").count() == 4
    with pytest.raises(ValidationError, match="Say why the target changes"):
        set_target(actor=scene.people["supervisor"], indicator=scene.retail, subject=first,
                   period="2026", value=Decimal(71), tolerance="about", reason="",
                   now=NOW)  # fmt: skip


MATTER = {
    "key": "targets.behind", "name": "指标落后", "number": "芗〔{year}〕{serial}号",
    "dispatch": "STAT", "place": "none", "auto_assign": True, "verify": None,
    "routes": [{"lead": "$field.unit"}], "clocks": {"handle": "5 working_days"},
    "fields": [
        {"key": "unit", "type": "unit", "label": "单位", "required": True},
        {"key": "indicator", "type": "text", "label": "指标", "required": True},
        {"key": "period", "type": "text", "label": "截至"},
        {"key": "target", "type": "text", "label": "目标"},
        {"key": "value", "type": "text", "label": "完成"},
        {"key": "expected", "type": "text", "label": "序时"},
    ],
}  # fmt: skip


@pytest.mark.django_db
def test_a_red_line_asks_its_owner_for_cause_and_measures_once() -> None:
    scene = with_figures()
    MatterType.objects.create(code="targets.behind", pack="t", spec=MATTER)
    assert not causes.step(NOW)  # the district is on course
    scene.see(scene.whole, {"2026-03": "20"})
    assert causes.step(NOW)
    assert not causes.step(NOW)
    case = Case.objects.get()
    assert (case.lead, case.stage, case.source_ref) == (
        scene.retail.owner, "assigned", f"target/{scene.retail.pk}/{scene.whole.pk}/2026",
    )  # fmt: skip
    assert case.about == "社零130亿元左右 · 6.00 亿元 short of the 26.00 亿元 expected to date."
    [line] = aim_lines(scene.people["supervisor"], [scene.whole], 2026, ON)
    assert causes.open_cases([line]) == {case.source_ref: case}
    with pytest.raises(ValidationError, match="asked for already"):
        causes.ask_cause(actor=scene.people["supervisor"], line=line, now=NOW)
    with pytest.raises(PermissionDenied):
        causes.ask_cause(actor=scene.people["head"], line=line, now=NOW)
    # A case that was closed is not opened again for the same month, but for the next one.
    Case.objects.update(stage="closed")
    assert not causes.step(NOW)


@pytest.mark.django_db
def test_figures_are_reckoned_from_figures_in_order() -> None:
    scene = with_figures()
    growth = Indicator.objects.create(
        code="growth", names={"zh": "增速"}, measure="%", kind="growth", decimals=1,
        source="formula", formula='v("retail") / v("retail@base") * 100 - 100',
    )  # fmt: skip
    twice = Indicator.objects.create(
        code="atwice", names={"zh": "两倍"}, decimals=1, source="formula", formula="growth * 2"
    )
    nothing = Indicator.objects.create(
        code="nothing", names={"zh": "无"}, source="formula", formula="growth / (retail - retail)"
    )
    done = compute_values(actor=None, wanted=["2026-03"], now=NOW)
    told = {(row.indicator.code, row.subject.code): row.value
            for row in Observation.objects.filter(indicator__in=[growth, twice])}  # fmt: skip
    assert not Observation.objects.filter(indicator=nothing).exists()
    assert told == {
        ("growth", "D"): Decimal("12.5"), ("growth", "S1"): Decimal("33.3"),
        ("growth", "S2"): Decimal("-8.3"), ("atwice", "D"): Decimal(25),
        ("atwice", "S1"): Decimal("66.6"), ("atwice", "S2"): Decimal("-16.6"),
    }  # fmt: skip
    assert done.written == 6
    assert {(skip.indicator, skip.subject) for skip in done.skipped} == {
        ("nothing", "D"), ("nothing", "S1"), ("nothing", "S2"),
    }  # fmt: skip
    assert {skip.why for skip in done.skipped} != {""}
    assert compute_values(actor=None, wanted=["2026-03"], now=NOW).written == 0
    # What a person corrected is not taken back by the next round.
    row = Observation.objects.filter(indicator=twice).first()
    assert row is not None
    row = revise_observation(
        actor=None, observation=row, value=row.value + 1, reason="an upheld objection", now=NOW
    )
    assert compute_values(actor=None, wanted=["2026-03"], now=NOW).written == 0
    row.refresh_from_db()
    assert row.current
    row = Observation.objects.get(indicator=growth, subject=scene.parts[0])
    assert all(ref.startswith("scorecards.observation/") for ref in row.refs)
    with pytest.raises(PermissionDenied):
        compute_values(actor=scene.people["head"], wanted=["2026-03"], now=NOW)
    told_by_command = StringIO()
    call_command("figures", "2026-03", stdout=told_by_command)
    assert told_by_command.getvalue().splitlines()[0] == "0 figures written."
    with pytest.raises(CommandError, match="no period"):
        call_command("figures", "march")
    # The rate's rest of the year is reckoned from the amounts behind it.
    scene.target(scene.whole, "10", indicator=growth)
    lines = aim_lines(scene.people["supervisor"], [scene.whole], 2026, ON)
    line = next(line for line in lines if line.indicator == growth)
    assert line.judged.required is not None
    assert (line.level, line.judged.required.rest) == (scene.retail, Decimal(105))  # 132 − 27


@pytest.mark.django_db
def test_pages_show_split_and_revise(client: Client) -> None:
    scene = with_figures()
    client.force_login(scene.people["supervisor"])
    row, ask = reverse("scorecards:indicator", args=["retail"]), {"year": "2026"}
    page = client.get(reverse("scorecards:targets"), ask).content.decode()
    assert "社零130亿元左右" in page
    assert 'class="spark"' in page
    shown = client.get(row, ask).content.decode()
    assert "133.3%" in shown
    assert client.get(row, {"subject": "NOBODY"}).status_code == 404
    split = reverse("scorecards:split", args=["retail"]) + "?year=2026"
    wrong = client.post(split, {f"part-{scene.parts[0].pk}": "x"})
    assert wrong.status_code == 422
    assert "1街: “x” is no number." in wrong.content.decode()
    parts = {f"part-{scene.parts[0].pk}": "70", f"part-{scene.parts[1].pk}": "60"}
    assert client.post(split, parts).status_code == 302
    assert Target.objects.get(subject=scene.parts[1]).value == Decimal(60)
    target = reverse("scorecards:target", args=["retail"]) + "?year=2026"
    given = {"value": "131", "tolerance": "about", "words": ""}
    assert client.post(target, given).status_code == 422
    assert client.post(target, {**given, "reason": "区人大批准调整"}).status_code == 302
    figure = Observation.objects.get(subject=scene.whole, period="2026-03")
    revise = reverse("scorecards:revise", args=[figure.pk])
    assert client.post(revise, {"value": "27.5", "reason": "x"}).status_code == 422
    assert client.post(revise, {"value": "27.5", "reason": "统计核实"}).status_code == 302
    new = Observation.objects.get(subject=scene.whole, period="2026-03", current=True)
    told = client.get(reverse("scorecards:figure", args=[new.pk])).content.decode()
    assert "统计核实" in told
    assert client.get(revise).status_code == 404  # it no longer stands
    for kind in ("pdf", "docx"):
        paper = client.get(reverse("scorecards:targets_paper", args=[kind]), ask)
        assert (paper.status_code, len(paper.content) > 5000) == (200, True)
    assert client.get(reverse("scorecards:targets_paper", args=["exe"])).status_code == 404


@pytest.mark.django_db
def test_pages_ask_the_database_little(client: Client, django_assert_max_num_queries: Any) -> None:
    scene = with_figures()
    client.force_login(scene.people["supervisor"])
    client.get(reverse("scorecards:targets"))
    for name, args, most in (("targets", [], 22), ("indicator", ["retail"], 26)):
        with django_assert_max_num_queries(most):
            client.get(reverse(f"scorecards:{name}", args=args), {"year": "2026"})


@pytest.mark.django_db
def test_an_empty_house_says_what_to_do(client: Client) -> None:
    client.force_login(make_user("supervisor"))
    assert "No targets yet" in client.get(reverse("scorecards:targets")).content.decode()


def test_periods_are_told_in_words() -> None:
    assert words.period_words("2026-10", cumulative=True) == "Jan–Oct 2026"
    assert words.period_words("2026-01", cumulative=True) == "Jan 2026"
    assert words.period_words("2026Q2") == "quarter 2 of 2026"
    assert words.period_words("2026Q2", cumulative=True) == "Jan–Jun 2026"
    with translation.override("zh-hans"):
        assert "10" in words.period_words("2026-10", cumulative=True)
