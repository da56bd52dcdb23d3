"""What a code means, in which unit it is stored, and its number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

import hj212
from jiulong.monitoring.factors import ONE, Definition, definition, factor_of, seed_factors
from jiulong.monitoring.models import Factor
from jiulong.recorder import factors
from jiulong.recorder.factors import FactorTable, TooManyFactorsError
from tests.recorder.plant import Plant

MERCURY = ("w20111", "总汞", "total mercury", "mg/L", Decimal("0.001"))


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("w01018", Definition("w01018", "化学需氧量", "COD", "mg/L", ONE, ONE)),
        ("W01018", Definition("w01018", "化学需氧量", "COD", "mg/L", ONE, ONE)),
        ("011", Definition("w01018", "化学需氧量", "COD", "mg/L", ONE, ONE)),
        ("b01", Definition("w00000", "废水流量", "wastewater flow", "L/s", ONE, ONE)),
        ("w20111", Definition(*MERCURY, Decimal("0.001"))),
        ("020", Definition(*MERCURY, ONE)),  # 2005: already mg/L
        ("025", Definition("025", "三价铬", "chromium (III)", "mg/L", ONE, ONE)),
        ("TEMP", Definition("TEMP", "", "", "", ONE, ONE)),
        ("SB1", Definition("SB1", "", "", "", ONE, ONE)),
        ("E20301", Definition("e20301", "出水氨氮", "outlet ammonia nitrogen", "mg/L", ONE, ONE)),
    ],
)  # fmt: skip
def test_it_knows_what_a_code_means(sent: str, meant: Definition) -> None:
    assert definition(sent) == meant


def test_it_names_a_second_channel() -> None:
    assert definition("W20089#2") == Definition(
        "w20089#2", "铊 #2", "thallium #2", "mg/L", Decimal("0.000001"), Decimal("0.000001")
    )


def test_it_scales_totals_like_concentrations() -> None:
    """Grams go with µg/L and milligrams with ng/L, so that one scale makes mg/L and kg."""
    mass = {"µg/L": "g", "ng/L": "mg"}
    for factor in hj212.FACTORS.values():
        assert mass.get(factor.unit, factor.mass_unit) == factor.mass_unit


@pytest.mark.django_db
def test_it_has_a_row_for_every_published_factor_after_migrating() -> None:
    assert set(hj212.FACTORS) <= set(Factor.objects.values_list("code", flat=True))
    Factor.objects.filter(code="w20111").delete()
    newest = Factor.objects.order_by("-id")[0].pk
    for _ in range(3):
        seed_factors()
    again = Factor.objects.get(code="w20111")
    assert (again.code, again.name, again.name_en, again.unit, again.scale) == MERCURY
    assert again.pk == newest + 1  # no number was wasted


@pytest.mark.django_db
def test_it_makes_a_factor_on_request() -> None:
    assert factor_of("011") == Factor.objects.get(code="w01018")
    assert factor_of("own").code == "own"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM monitoring_factor WHERE code = 'own'")
        assert cursor.fetchone() == (1,)


def test_it_refuses_codes_that_cannot_be_stored() -> None:
    with pytest.raises(ValueError, match="cannot be stored"):
        FactorTable().plan(("x" * 38,), water=True)
    with pytest.raises(ValueError, match="cannot be stored"):
        FactorTable().plan(("a\0b",), water=True)


def test_it_leaves_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factors, "FACTORS_MAX", 3)
    table = FactorTable()
    table.plan(("a", "b"), water=True)
    with pytest.raises(TooManyFactorsError):
        table.plan(("b", "c", "d"), water=True)
    assert table.plan(("b", "c"), water=True).codes == ("b", "c")


async def test_it_quarantines_what_it_has_no_room_for(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = await Factor.objects.acount()
    monkeypatch.setattr(factors, "FACTORS_MAX", count + 1)
    await plant.record("DataTime=20260310120000;a-Rtd=1", "DataTime=20260310120100;b-Rtd=1")
    assert await plant.rows("values") == [([1.0],)]
    assert await plant.table("gateway_quarantinedframe", "reason") == [("too_many_factors",)]


async def test_it_forgets_plans_that_are_too_many(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(factors, "PLANS_MAX", 2)
    frames = [f"DataTime=2026031012000{n};{'abcd'[n % 4]}-Rtd={n}" for n in range(9)]
    await plant.record(*frames)
    assert await plant.rows("values") == [([float(n)],) for n in range(9)]
