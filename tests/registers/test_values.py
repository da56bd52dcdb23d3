"""What is stored for what is given, kind by kind; and what is refused, in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from pydantic import TypeAdapter

from jiulong.registers.fields import Field
from jiulong.registers.specs import check_values, completed, to_store
from tests.registers.conftest import OUTFALLS, Scene

ADAPTER: TypeAdapter[Any] = TypeAdapter(Field)
FIELDS = [ADAPTER.validate_python(field) for field in OUTFALLS["fields"]]


def one(**given: Any) -> list[Any]:
    return [ADAPTER.validate_python({"key": "f", "label": "字段", **given})]


def value(raw: Any, **given: Any) -> Any:
    return check_values(one(**given), {"f": raw}).get("f")


def told(raw: Any, **given: Any) -> str:
    with override("en"), pytest.raises(ValidationError) as caught:
        check_values(one(**given), {"f": raw})
    ((message,),) = caught.value.message_dict.values()
    return str(message)


CHOICES = [{"key": "a", "label": {"zh": "甲", "en": "First"}}, {"key": "b", "label": "乙"}]


@pytest.mark.parametrize(
    ("given", "raw", "stored"),
    [
        ({"type": "text"}, "  两\n行 ", "两 行"),
        ({"type": "text", "lines": 3}, "两\r\n行", "两\n行"),
        ({"type": "text"}, "坏\x00\x07字", "坏字"),
        ({"type": "text"}, 13800000000.0, "13800000000"),
        ({"type": "text", "pattern": r"[A-Z]\d"}, "A1", "A1"),
        ({"type": "choice", "choices": CHOICES}, "a", "a"),
        ({"type": "choice", "choices": CHOICES}, "甲", "a"),
        ({"type": "choice", "choices": CHOICES}, "First", "a"),
        ({"type": "choice", "choices": CHOICES, "several": True}, "乙、甲", ["a", "b"]),
        ({"type": "choice", "choices": CHOICES, "several": True}, ["b", "b"], ["b"]),
        ({"type": "number", "decimals": 2}, "1,234.5", "1234.50"),
        ({"type": "number", "decimals": 1}, 0.1 + 0.2, "0.3"),
        ({"type": "number", "unit": "m³/h"}, "１２ m³/h", "12"),
        ({"type": "number"}, 12.0, "12"),
        ({"type": "money"}, "3.1", "3.10"),
        ({"type": "money", "unit": "万元"}, "12.345万元", "12.345"),
        ({"type": "date"}, "2026年1月5日", "2026-01-05"),
        ({"type": "date"}, "2026.1.5", "2026-01-05"),
        ({"type": "date"}, "20260105", "2026-01-05"),
        ({"type": "date"}, 46027, "2026-01-05"),
        ({"type": "date"}, datetime(2026, 1, 5, 8, 30), "2026-01-05"),  # noqa: DTZ001 - as sheets have them
        ({"type": "date"}, date(2026, 1, 5), "2026-01-05"),
        ({"type": "boolean"}, "是", True),
        ({"type": "boolean"}, False, False),
        ({"type": "person"}, "陈大文", "陈大文"),
        ({"type": "person", "what": "phone"}, 13812345678, "13812345678"),
        ({"type": "person", "what": "phone"}, "0596-2030000", "0596-2030000"),
        ({"type": "person", "what": "identity"}, "11010519491231002x", "11010519491231002X"),
        ({"type": "place"}, "117.65，24.51", {"longitude": 117.65, "latitude": 24.51,
                                               "address": ""}),
        ({"type": "place"}, {"longitude": "117.65", "latitude": "24.51", "accuracy_m": "8.25"},
         {"longitude": 117.65, "latitude": 24.51, "address": "", "accuracy_m": 8.2}),
        ({"type": "place"}, {"longitude": "117.65", "latitude": "24.51", "accuracy_m": "x"},
         {"longitude": 117.65, "latitude": 24.51, "address": ""}),
        ({"type": "place"}, {"longitude": "", "latitude": "", "address": "桥下"},
         {"longitude": None, "latitude": None, "address": "桥下"}),
    ],
)  # fmt: skip
def test_it_stores(given: dict[str, Any], raw: Any, stored: Any) -> None:
    assert value(raw, **given) == stored


@pytest.mark.parametrize(
    ("given", "raw", "words"),
    [
        ({"type": "text", "max_length": 3}, "abcd", "4 characters; at most 3"),
        ({"type": "text", "pattern": r"\d+", "example": "12"}, "x", "“x” does not look like 12"),
        ({"type": "choice", "choices": CHOICES}, "丙", "“丙” is none of: First、乙"),
        ({"type": "choice", "choices": CHOICES}, ["a", "b"], "one value only"),
        ({"type": "number"}, "many", "“many” is no number"),
        ({"type": "number"}, "NaN", "“NaN” is out of range"),
        ({"type": "number"}, "1e99", "“1e99” is out of range"),
        ({"type": "number"}, True, "a number is expected"),
        ({"type": "number", "decimals": 1}, "1.25", "at most 1 decimals"),
        ({"type": "number", "min": 0}, "-1", "at least 0"),
        ({"type": "number", "max": 10}, "11", "at most 10"),
        ({"type": "date"}, "2026-02-30", "“2026-02-30” is no date; write it like 2026-01-31"),
        ({"type": "date"}, "26/1/5", "“26/1/5” is no date; write it like 2026-01-31"),
        ({"type": "date"}, "0026-01-05", "the year 26 cannot be"),
        ({"type": "boolean"}, "maybe", "“maybe” is neither yes nor no"),
        ({"type": "person", "what": "phone"}, "12345",
         "this is no telephone number; write it like 13812345678"),
        ({"type": "person", "what": "identity"}, "110105194912310021",
         "this is no identity number: 18 characters, the last a check"),
        ({"type": "place"}, "24.51, 117.65", "the longitude (first) is 73–136, the latitude 3–54"),
        ({"type": "place"}, "here", "a place is a longitude and a latitude: 117.65, 24.51"),
        ({"type": "text", "required": True}, "  ", "This field is required."),
        ({"type": "choice", "choices": CHOICES, "several": True, "required": True}, ["", ""],
         "This field is required."),
    ],
)  # fmt: skip
def test_it_refuses_in_words(given: dict[str, Any], raw: Any, words: str) -> None:
    assert told(raw, **given) == words


def test_units_and_links_are_found_by_code_and_by_a_single_name(scene: Scene) -> None:
    given = {"name": "x", "kind": "rain"}
    found = check_values(
        FIELDS, {**given, "street": "西桥街道", "firm": "澄汀食品有限公司", "upstream": "PK-1"}
    )
    assert (found["street"], found["firm"], found["upstream"]) == (
        scene.street.code,
        scene.firm.credit_code,
        "PK-1",
    )
    with override("en"), pytest.raises(ValidationError) as caught:
        check_values(
            FIELDS, {**given, "street": scene.unit.code, "firm": "无此厂", "upstream": "PK-9"}
        )
    assert caught.value.message_dict == {
        "street": [f"“{scene.unit.code}” is not a unit of the kind asked for"],
        "firm": ["there is no enterprise “无此厂”"],
        "upstream": ["there is no entry “PK-9”"],
    }


def test_everything_wrong_is_told_at_once_and_unknown_fields_too() -> None:
    with override("en"), pytest.raises(ValidationError) as caught:
        check_values(FIELDS, {"kind": "x", "flow": "-1", "colour": "red"})
    assert set(caught.value.message_dict) == {"name", "kind", "flow", "colour"}


def test_a_part_is_checked_alone_and_what_is_emptied_is_told() -> None:
    assert check_values(FIELDS, {"note": "", "flow": "3"}, partial=True) == {
        "flow": "3.00",
        "note": None,
    }
    with pytest.raises(ValidationError):
        check_values(FIELDS, {"name": ""}, partial=True)


def test_a_mask_that_comes_back_keeps_the_person() -> None:
    stored = {"phone": "13812345678", "owner": "陈大文"}
    same = check_values(
        FIELDS, {"phone": "138****5678", "owner": "陈**"}, partial=True, current=stored
    )
    assert same == stored
    with pytest.raises(ValidationError):
        check_values(FIELDS, {"phone": "139****5678"}, partial=True, current=stored)


def test_computed_fields_are_reckoned_and_only_those_that_stay_are_stored() -> None:
    data = {"flow": "2.50", "found_on": "2026-03-01"}
    assert completed(FIELDS, data, date(2026, 3, 11)) == {**data, "daily": "60.00", "age": "10"}
    assert to_store(FIELDS, data) == {**data, "daily": "60.00"}
    assert completed(FIELDS, {"daily": "1"}, date(2026, 3, 11)) == {}
