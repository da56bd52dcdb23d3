"""What is measured: the water factors of HJ 212-2017 table B.1 and their codes of 2005.

The trap: 2005 gives every concentration in mg/L, 2017 gives some metals in µg/L or ng/L.  So an
old code is never just renamed; `FACTORS_2005` has the units that belong to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

MG = "mg/L"
UG = "µg/L"
NG = "ng/L"
TO_MG_PER_L: Mapping[str, Decimal] = MappingProxyType(
    {MG: Decimal(1), UG: Decimal("0.001"), NG: Decimal("0.000001")}
)


class Factor(NamedTuple):
    """One measured quantity."""

    code: str
    old_code: str  # of 2005, '' if it has none
    zh: str
    en: str
    unit: str  # of Rtd, Min, Avg, Max; '' for a pure number
    mass_unit: str  # of Cou; '' where a total makes no sense
    number_type: str  # as table B.1 prints it: Nn.m

    @property
    def to_mg_per_l(self) -> Decimal | None:
        """What to multiply a value by to get mg/L; None where that is no concentration by mass."""
        return TO_MG_PER_L.get(self.unit)


_ROWS = """
w00000|B01|废水流量|wastewater flow|L/s|m³|N5.2
w01001|001|pH值|pH|||N2.2
w01002|002|色度|colour|degree||N3.2
w01006||溶解性总固体|total dissolved solids|mg/L|kg|N4
w01009||溶解氧|dissolved oxygen|mg/L||N3.1
w01010||水温|water temperature|℃||N3.1
w01012|003|悬浮物|suspended solids|mg/L|kg|N4
w01014||电导率|conductivity|µS/cm||N3.1
w01017|010|五日生化需氧量|BOD5|mg/L|kg|N5.1
w01018|011|化学需氧量|COD|mg/L|kg|N5.1
w01019||高锰酸盐指数|permanganate index (CODMn)|mg/L|kg|N3.1
w01020|015|总有机碳|TOC|mg/L|kg|N3.1
w02003|550|粪大肠菌群|faecal coliform|/L||N9
w02006||细菌总数|total bacteria|/L||N9
w03001|570|总α放射性|gross alpha activity|Bq/L||N3.1
w03002|571|总β放射性|gross beta activity|Bq/L||N3.1
w19001||表面活性剂|surfactant|mg/L|kg|N3.2
w19002|520|阴离子表面活性剂|anionic surfactant|mg/L|kg|N3.2
w20012|039|钡|barium|mg/L|kg|N3.3
w20023|037|硼|boron|mg/L|kg|N3.3
w20038|040|钴|cobalt|mg/L|kg|N3.4
w20061|038|钼|molybdenum|mg/L|kg|N3.4
w20089|041|铊|thallium|ng/L|mg|N4
w20092|036|锡|tin|mg/L|kg|N3.1
w20111|020|总汞|total mercury|µg/L|g|N3.2
w20113|021|烷基汞|alkyl mercury|ng/L|mg|N4
w20115|022|总镉|total cadmium|µg/L|g|N3.1
w20116|023|总铬|total chromium|mg/L|kg|N3.3
w20117|024|六价铬|chromium (VI)|µg/L|g|N2.3
w20119|026|总砷|total arsenic|µg/L|g|N2.3
w20120|027|总铅|total lead|µg/L|g|N4
w20121|028|总镍|total nickel|mg/L|kg|N3.2
w20122|029|总铜|total copper|mg/L|kg|N3.2
w20123|030|总锌|total zinc|mg/L|kg|N3.3
w20124|031|总锰|total manganese|mg/L|kg|N3.3
w20125|032|总铁|total iron|mg/L|kg|N3.3
w20126|033|总银|total silver|mg/L|kg|N3.3
w20127|034|总铍|total beryllium|µg/L|g|N3.3
w20128|035|总硒|total selenium|µg/L|g|N4.2
w20138||铜(溶解态)|copper, dissolved|mg/L|kg|N3.3
w20139||锌(溶解态)|zinc, dissolved|mg/L|kg|N3.3
w20140||硒(溶解态)|selenium, dissolved|mg/L|kg|N3.3
w20141||砷(溶解态)|arsenic, dissolved|mg/L|kg|N3.3
w20142||汞(溶解态)|mercury, dissolved|µg/L|g|N3.3
w20143||镉(溶解态)|cadmium, dissolved|µg/L|g|N3.3
w20144||铅(溶解态)|lead, dissolved|mg/L|kg|N3.3
w21001|065|总氮|total nitrogen|mg/L|kg|N4.2
w21003|060|氨氮|ammonia nitrogen|mg/L|kg|N4.2
w21004|062|凯氏氮|Kjeldahl nitrogen|mg/L|kg|N3.1
w21006|063|亚硝酸盐|nitrite|mg/L|kg|N2.3
w21007|064|硝酸盐|nitrate|mg/L|kg|N2.3
w21011|101|总磷|total phosphorus|mg/L|kg|N3.2
w21016|070|氰化物|cyanide|mg/L|kg|N3.3
w21017|072|氟化物|fluoride|mg/L|kg|N4.2
w21019|071|硫化物|sulphide|mg/L|kg|N3.3
w21022|090|氯化物|chloride|mg/L|kg|N3.1
w21038||硫酸盐|sulphate|mg/L|kg|N6
w22001|080|石油类|petroleum|mg/L|kg|N3.2
w23002|110|挥发酚|volatile phenol|mg/L|kg|N3.4
w25043|540|苯并[α]芘|benzo[α]pyrene|µg/L|g|N3.1
w33001|350|六六六|HCH|ng/L|mg|N4
w33007|351|滴滴涕|DDT|ng/L|mg|N4
w99001|061|有机氮|organic nitrogen|mg/L|kg|N3.1
"""


def _factor(row: str) -> Factor:
    code, old_code, zh, en, unit, mass_unit, number_type = row.split("|")
    return Factor(code, old_code, zh, en, unit, mass_unit, number_type)


FACTORS: Mapping[str, Factor] = MappingProxyType(
    {row[:6]: _factor(row) for row in _ROWS.strip().splitlines()}
)


def _of_2005(factor: Factor) -> Factor:
    mass = "t" if factor.old_code == "B01" else "kg" if factor.mass_unit else ""
    unit = MG if factor.to_mg_per_l is not None else factor.unit
    return factor._replace(code=factor.old_code, unit=unit, mass_unit=mass, number_type="N14.2")


FACTORS_2005: Mapping[str, Factor] = MappingProxyType({
    **{f.old_code: _of_2005(f) for f in FACTORS.values() if f.old_code},
    "025": Factor("025", "025", "三价铬", "chromium (III)", MG, "kg", "N14.2"),
    "B02": Factor("B02", "B02", "废气流量", "flue gas flow", "m³/s", "m³", "N14.2"),
})  # fmt: skip

# Sewage process (ST=52): `e`, process, quantity; two digits of unit number follow (01-99).
PROCESSES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "1": ("进水口", "inlet"), "2": ("出水口", "outlet"),
    "3": ("活性污泥", "activated sludge"), "4": ("氧化沟", "oxidation ditch"),
    "5": ("A/O、A²/O", "A/O, A²/O"), "6": ("SBR", "sequencing batch reactor"),
    "7": ("接触氧化", "contact oxidation"), "8": ("生物滤池", "biofilter"),
    "9": ("设计参数", "design parameters"),
})  # fmt: skip

_PROCESS_ROWS = """
e101|进水流量|inlet flow|L/s
e102|进水化学需氧量|inlet COD|mg/L
e103|进水氨氮|inlet ammonia nitrogen|mg/L
e104|进水总磷|inlet total phosphorus|mg/L
e105|进水总氮|inlet total nitrogen|mg/L
e106|进水pH值|inlet pH|
e201|出水流量|outlet flow|L/s
e202|出水化学需氧量|outlet COD|mg/L
e203|出水氨氮|outlet ammonia nitrogen|mg/L
e204|出水总磷|outlet total phosphorus|mg/L
e205|出水pH值|outlet pH|
e301|提升泵电流|lift pump current|A
e302|鼓风机电流|blower current|A
e303|鼓风量|air volume|
e304|污泥浓度|tank sludge concentration|mg/L
e305|溶解氧|dissolved oxygen|mg/L
e306|排泥泵电流|waste-sludge pump current|A
e307|回流泵电流|return pump current|A
e308|回流量|return volume|
e309|排泥量|waste-sludge volume|
e310|压滤机电流|sludge press current|A
e311|阀门状态|valve state|
e312|污泥池液位|sludge tank level|m
e313|加药量|dosing|
e314|氧化还原电位|ORP|mV
"""

PROCESS_FACTORS: Mapping[str, Factor] = MappingProxyType({
    code: Factor(code, "", zh, en, unit, "", "")
    for code, zh, en, unit in (row.split("|") for row in _PROCESS_ROWS.strip().splitlines())
})  # fmt: skip

_PROCESS_CODE_LENGTH = 6


def factor(code: str) -> Factor | None:
    """The factor of a code as sent: any letter case, with or without channel mark or unit number.

    None for an unknown one, which is stored all the same.
    """
    plain = code.partition("#")[0]
    found = _BY_CASEFOLD.get(plain.casefold())
    if found is None and len(plain) == _PROCESS_CODE_LENGTH:
        found = PROCESS_FACTORS.get(plain[:4].casefold())
    return found


_BY_CASEFOLD: Mapping[str, Factor] = MappingProxyType(
    {code.casefold(): entry for code, entry in {**FACTORS_2005, **FACTORS}.items()}
)
