"""A small pack of registers to test with, and the people who may and may not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from jiulong.organisation.models import Unit, User
from jiulong.registers.models import Enterprise, Entry, Register
from jiulong.registers.schema import RegisterSpec
from tests.factories import make_enterprise, make_unit, make_user

OUTFALLS: dict[str, Any] = {
    "key": "test.outfalls",
    "name": {"zh": "入河排口", "en": "River outfalls"},
    "one": {"zh": "排口", "en": "Outfall"},
    "about": {"zh": "沿河排口台账。", "en": "Every outfall along the river."},
    "icon": "droplet",
    "title": "name",
    "number": "PK{year}-{serial:4}",
    "holder": {"zh": "巡查人", "en": "Patrolled by"},
    "board": "stage",
    "fields": [
        {"key": "name", "type": "text", "label": {"zh": "名称", "en": "Name"}, "required": True,
         "searchable": True},
        {"key": "kind", "type": "choice", "label": {"zh": "类别", "en": "Kind"}, "required": True,
         "choices": [{"key": "industry", "label": {"zh": "工业", "en": "Industry"}},
                     {"key": "farm", "label": {"zh": "农业", "en": "Farm"}},
                     {"key": "rain", "label": {"zh": "雨洪", "en": "Rain"}}]},
        {"key": "stage", "type": "choice", "label": {"zh": "阶段", "en": "Stage"},
         "choices": [{"key": "found", "label": {"zh": "已查", "en": "Found"}, "light": "amber"},
                     {"key": "traced", "label": {"zh": "已溯源", "en": "Traced"},
                      "light": "indigo"},
                     {"key": "mended", "label": {"zh": "已整治", "en": "Mended"},
                      "light": "jade"}]},
        {"key": "tags", "type": "choice", "several": True, "label": {"zh": "标签", "en": "Tags"},
         "choices": [{"key": "smell", "label": {"zh": "异味", "en": "Smell"}},
                     {"key": "foam", "label": {"zh": "泡沫", "en": "Foam"}}]},
        {"key": "flow", "type": "number", "label": {"zh": "流量", "en": "Flow"}, "unit": "m³/h",
         "decimals": 2, "min": 0},
        {"key": "cost", "type": "money", "label": {"zh": "投资", "en": "Cost"}, "unit": "万元"},
        {"key": "found_on", "type": "date", "label": {"zh": "发现日期", "en": "Found on"}},
        {"key": "open", "type": "boolean", "label": {"zh": "在排", "en": "Discharging"}},
        {"key": "owner", "type": "person", "label": {"zh": "责任人", "en": "Person"}},
        {"key": "phone", "type": "person", "what": "phone",
         "label": {"zh": "电话", "en": "Telephone"}},
        {"key": "street", "type": "unit", "kinds": ["street"],
         "label": {"zh": "街镇", "en": "Street"}},
        {"key": "firm", "type": "link", "to": "enterprise",
         "label": {"zh": "企业", "en": "Enterprise"}},
        {"key": "upstream", "type": "link", "to": "test.outfalls",
         "label": {"zh": "上游排口", "en": "Upstream"}},
        {"key": "gate", "type": "place", "label": {"zh": "闸门", "en": "Gate"}},
        {"key": "photos", "type": "file", "photos": True, "label": {"zh": "照片", "en": "Photos"}},
        {"key": "note", "type": "text", "lines": 4, "max_length": 2000,
         "label": {"zh": "备注", "en": "Note"}},
        {"key": "daily", "type": "computed", "formula": "flow * 24", "unit": "m³",
         "label": {"zh": "日排量", "en": "Daily"}},
        {"key": "age", "type": "computed", "formula": "days_since(found_on)", "decimals": 0,
         "unit": "d", "label": {"zh": "天数", "en": "Age"}},
    ],
    "columns": ["name", "kind", "stage", "flow", "found_on", "owner", "street", "age"],
    "sheet": ["name", "kind", "stage", "tags", "flow", "cost", "found_on", "open", "owner",
              "phone", "street", "firm", "upstream", "note"],
    "views": [
        {"name": {"zh": "未整治", "en": "Not mended"}, "where": {"stage": ["found", "traced"]},
         "sort": "-flow"},
        {"name": {"zh": "在排", "en": "Discharging"}, "where": {"open": True}},
    ],
    "queue": {"where": {"stage": ["found", "traced"]}, "by": ["kind", "-flow"],
              "public": ["kind", "owner"]},
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """A register, an entry of the handler's unit, and who stands around it."""

    register: Register
    entry: Entry
    handler: User  # of the unit in charge
    sibling: User  # of another unit: must not see
    leader: User  # of the unit above: may
    enterprise_user: User  # of the enterprise that the entry is about
    stranger: User  # of another enterprise
    cadre: User  # only what is their own
    administrator: User
    unit: Unit
    other: Unit
    street: Unit
    firm: Enterprise


def make_register(spec: dict[str, Any] | None = None) -> Register:
    item = RegisterSpec.model_validate(spec or OUTFALLS)
    return Register.objects.create(
        code=item.key, pack="test", spec=item.model_dump(mode="json", by_alias=True),
        position=item.order,
    )  # fmt: skip


def make_entry(register: Register, values: dict[str, Any] | None = None, **fields: Any) -> Entry:
    from jiulong.registers.actions import create_entry

    given = {"name": "西溪一号排口", "kind": "industry", **(values or {})}
    return create_entry(actor=None, register=register, values=given, **fields)


@pytest.fixture
def scene(db: None) -> Scene:
    bureau = make_unit(Unit.Kind.DEPARTMENT, name="生态环境局")
    unit = make_unit(Unit.Kind.DEPARTMENT, name="一中队", parent=bureau)
    other = make_unit(Unit.Kind.DEPARTMENT, name="二中队", parent=bureau)
    street = make_unit(Unit.Kind.STREET, name="西桥街道")
    firm = make_enterprise(name="澄汀食品有限公司", credit_code="91350602MA0000000B")
    stranger = make_enterprise()
    register = make_register()
    entry = make_entry(
        register,
        {"stage": "found", "flow": "12.5", "found_on": "2026-03-01", "owner": "陈大文",
         "phone": "13812345678", "street": street.code, "firm": firm.credit_code, "open": True},
        unit=unit, place=(117.65, 24.51), number="PK-1",
    )  # fmt: skip
    return Scene(
        register=register,
        entry=entry,
        handler=make_user("handler", unit),
        sibling=make_user("handler", other),
        leader=make_user("leader", bureau),
        enterprise_user=make_user("enterprise", firm.unit),
        stranger=make_user("enterprise", stranger.unit),
        cadre=make_user("cadre", other),
        administrator=make_user("administrator", bureau),
        unit=unit,
        other=other,
        street=street,
        firm=firm,
    )
