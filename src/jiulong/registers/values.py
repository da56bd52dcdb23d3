"""One value at a time: from a form, a cell of a sheet or a pack to what is stored (fields.py).

Each reader takes the field and what was given, and raises ValueError in words for a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _
from stdnum.cn import ric

from jiulong.registers import fields as kinds
from jiulong.registers.references import References

#: Spreadsheets count days from here; a bare number in this range is such a day (1954–2119).
SHEET_EPOCH: Final = date(1899, 12, 30)
SHEET_DAYS: Final = range(20_000, 80_000)
YEARS: Final = range(1900, 2201)
NUMBER_MAX: Final = Decimal("1e15")
#: Rough bounds of the country: what lies outside has its coordinates the wrong way round.
LONGITUDES: Final = (73.0, 136.0)
LATITUDES: Final = (3.0, 54.0)
PLACE_ADDRESS_MAX: Final = 200
PERSON_MAX: Final = 60
SEVERAL: Final = re.compile(r"[,，、;；\n]+")
DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")
SHORT_DAY: Final = re.compile(r"\d{8}")
PHONE: Final = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|400-?\d{3}-?\d{4}")
MONEY_DECIMALS: Final = {"元": 2, "万元": 6, "亿元": 10}
YES: Final = frozenset({"yes", "true", "1", "on", "是", "有", "√", "✓", "y"})
NO: Final = frozenset({"no", "false", "0", "off", "否", "无", "×", "✗", "n"})


def plain(raw: Any) -> str:
    """Any given value as text without control characters: 13800000000.0 is 13800000000."""
    if isinstance(raw, bool):
        return _("yes") if raw else _("no")
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        raw = int(raw)
    if isinstance(raw, datetime) and (raw.hour, raw.minute, raw.second) == (0, 0, 0):
        raw = raw.date()
    text = str(raw)
    if text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(sign for sign in text if sign == "\n" or sign.isprintable()).strip()


def empty(raw: Any) -> bool:
    """Whether nothing was given."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return True
    if isinstance(raw, Mapping):
        return all(empty(part) for part in raw.values())
    return isinstance(raw, list | tuple) and all(empty(part) for part in raw)


def read(field: kinds.Field, raw: Any, references: References) -> Any:
    """What is stored for a value that is given (not `empty`).

    Raises:
        ValueError: it is no such value; it says what was expected.
    """
    return _READERS[field.type](field, raw, references)


def _text(field: kinds.TextField, raw: Any, _refs: References) -> str:
    text = plain(raw)
    if field.lines == 1:
        text = " ".join(text.split("\n"))
    if len(text) > field.max_length:
        told = _("%(count)d characters; at most %(most)d")
        raise ValueError(told % {"count": len(text), "most": field.max_length})
    if field.pattern and not re.fullmatch(field.pattern, text):
        example = field.example or field.pattern
        raise ValueError(_("“%(text)s” does not look like %(example)s") % {
            "text": _short(text), "example": example})  # fmt: skip
    return text


def _choice(field: kinds.ChoiceField, raw: Any, _refs: References) -> str | list[str]:
    given = list(raw) if isinstance(raw, list | tuple) else [raw]
    if field.several and len(given) == 1:
        given = SEVERAL.split(plain(given[0]))
    picked = {_option(field, plain(one)) for one in given if plain(one)}
    if field.several:
        return [option.key for option in field.choices if option.key in picked]
    if len(picked) != 1:
        raise ValueError(_("one value only"))
    return picked.pop()


def _option(field: kinds.ChoiceField, text: str) -> str:
    for option in field.choices:
        if text in {option.key, option.label.zh, option.label.en} - {""}:
            return option.key
    known = "、".join(str(option.label) for option in field.choices[:12])
    raise ValueError(_("“%(text)s” is none of: %(known)s") % {"text": _short(text), "known": known})


def _decimal(raw: Any, suffix: str) -> Decimal:
    if isinstance(raw, bool):
        raise ValueError(_("a number is expected"))  # noqa: TRY004 - told to a person
    if isinstance(raw, float):
        raw = format(raw, ".15g")
    text = unicodedata.normalize("NFKC", plain(raw)).replace(",", "").replace(" ", "")
    text = text.removesuffix(unicodedata.normalize("NFKC", suffix).replace(" ", ""))
    try:
        value = Decimal(text)
    except InvalidOperation:
        told = _("“%(text)s” is no number")
        raise ValueError(told % {"text": _short(plain(raw))}) from None
    if not value.is_finite() or abs(value) >= NUMBER_MAX:
        raise ValueError(_("“%(text)s” is out of range") % {"text": _short(text)})
    return value


def _fixed(value: Decimal, decimals: int) -> Decimal:
    fixed = value.quantize(Decimal(1).scaleb(-decimals))
    if fixed != value:
        raise ValueError(_("at most %(count)d decimals") % {"count": decimals})
    return fixed


def _number(field: kinds.NumberField, raw: Any, _refs: References) -> str:
    value = _fixed(_decimal(raw, field.unit), field.decimals)
    if field.min is not None and value < Decimal(str(field.min)):
        raise ValueError(_("at least %(limit)s") % {"limit": f"{field.min:g}"})
    if field.max is not None and value > Decimal(str(field.max)):
        raise ValueError(_("at most %(limit)s") % {"limit": f"{field.max:g}"})
    return format(value, "f")


def _money(field: kinds.MoneyField, raw: Any, _refs: References) -> str:
    text = format(_fixed(_decimal(raw, field.unit), MONEY_DECIMALS[field.unit]), "f")
    whole, _point, cents = text.partition(".")
    return f"{whole}.{cents.rstrip('0'):0<2}"


def _date(_field: kinds.DateField, raw: Any, _refs: References) -> str:
    day = raw.date() if isinstance(raw, datetime) else raw
    if not isinstance(day, date):
        day = _day(day)
    if day.year not in YEARS:
        raise ValueError(_("the year %(year)d cannot be") % {"year": day.year})
    return str(day.isoformat())


def _day(raw: Any) -> date:
    if isinstance(raw, int | float) and not isinstance(raw, bool) and int(raw) in SHEET_DAYS:
        return SHEET_EPOCH + timedelta(days=int(raw))
    text = unicodedata.normalize("NFKC", plain(raw))
    match = DAY.fullmatch(text)
    parts = match.groups() if match else ()
    if SHORT_DAY.fullmatch(text):
        parts = (text[:4], text[4:6], text[6:])
    try:
        return date(*(int(part) for part in parts))
    except (TypeError, ValueError):
        told = _("“%(text)s” is no date; write it like 2026-01-31")
        raise ValueError(told % {"text": _short(text)}) from None


def _boolean(_field: kinds.BooleanField, raw: Any, _refs: References) -> bool:
    if isinstance(raw, bool):
        return raw
    word = plain(raw).lower()
    if word in YES or word in NO:
        return word in YES
    raise ValueError(_("“%(text)s” is neither yes nor no") % {"text": _short(word)})


def _person(field: kinds.PersonField, raw: Any, _refs: References) -> str:
    text = unicodedata.normalize("NFKC", plain(raw)).replace("\n", " ")
    if field.what == "name":
        if len(text) > PERSON_MAX:
            raise ValueError(_("a name has at most %(most)d characters") % {"most": PERSON_MAX})
        return text
    text = text.replace(" ", "").upper()
    if field.what == "phone" and not PHONE.fullmatch(text):
        raise ValueError(_("this is no telephone number; write it like 13812345678"))
    if field.what == "identity" and not ric.is_valid(text):
        raise ValueError(_("this is no identity number: 18 characters, the last a check"))
    return text


def _unit(field: kinds.UnitField, raw: Any, refs: References) -> str:
    text = plain(raw)
    found = refs.unit(text)
    if found is None:
        raise ValueError(_("there is no single unit “%(text)s”") % {"text": _short(text)})
    code, kind = found
    if field.kinds and kind not in field.kinds:
        raise ValueError(_("“%(text)s” is not a unit of the kind asked for") % {"text": text})
    return code


def _place(_field: kinds.PlaceField, raw: Any, _refs: References) -> dict[str, Any]:
    return place(raw)


def place(raw: Any) -> dict[str, Any]:
    """`{"longitude", "latitude", "address"}` from such a mapping, a pair, or "117.65, 24.51".

    Raises:
        ValueError: no place within the country; it says so.
    """
    if isinstance(raw, Mapping):
        pair = [raw.get("longitude"), raw.get("latitude")]
        address = plain(raw.get("address") or "")
    else:
        parts = (
            list(raw) if isinstance(raw, list | tuple) else SEVERAL.split(plain(raw), maxsplit=2)
        )
        pair, address = parts[:2], plain(parts[2]) if len(parts) > 2 else ""
    if len(address) > PLACE_ADDRESS_MAX:
        raise ValueError(_("an address has at most %(most)d characters") % {
            "most": PLACE_ADDRESS_MAX})  # fmt: skip
    if address and all(empty(part) for part in pair):
        return {"longitude": None, "latitude": None, "address": address}
    try:
        longitude, latitude = (float(_decimal(part, "°")) for part in pair)
    except (ValueError, TypeError):
        raise ValueError(_("a place is a longitude and a latitude: 117.65, 24.51")) from None
    if (
        not LONGITUDES[0] <= longitude <= LONGITUDES[1]
        or not LATITUDES[0] <= latitude <= LATITUDES[1]
    ):
        raise ValueError(_("the longitude (first) is 73–136, the latitude 3–54"))
    return {"longitude": longitude, "latitude": latitude, "address": address, **_accuracy(raw)}


def _accuracy(raw: Any) -> dict[str, float]:
    """How exactly the device knew the place, where it said so; metres."""
    given = raw.get("accuracy_m") if isinstance(raw, Mapping) else None
    try:
        metres = None if given is None or empty(given) else float(given)
    except (TypeError, ValueError):
        metres = None
    return {"accuracy_m": round(metres, 1)} if metres is not None and 0 <= metres < 1e6 else {}


def _link(field: kinds.LinkField, raw: Any, refs: References) -> str:
    text = plain(raw)
    found = refs.link(field.to, text)
    if found is None:
        what = _("enterprise") if field.to == kinds.LINKED_ENTERPRISE else _("entry")
        told = _("there is no %(what)s “%(text)s”")
        raise ValueError(told % {"what": what, "text": _short(text)})
    return found


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


_READERS: Final[Mapping[str, Callable[[Any, Any, References], Any]]] = {
    "text": _text, "choice": _choice, "number": _number, "money": _money, "date": _date,
    "boolean": _boolean, "person": _person, "unit": _unit, "place": _place, "link": _link,
}  # fmt: skip
