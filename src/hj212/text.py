"""Bytes to text, text to numbers and times.  Nothing here ever turns "unknown" into zero."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))  # the standard names no zone; all loggers run on UTC+8

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_TIME_DIGITS = 14  # YYYYMMDDhhmmss; some loggers append milliseconds (17)
_TIME_DIGITS_MAX = 17


def text_of(data: bytes) -> str:
    """UTF-8 (2017 §6.3), else GB18030 (what older loggers send), else `0x` and hex digits."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return "0x" + data.hex()


#: The widest number of the standard is N14.2; what is wider was never measured.
NUMBER_BOUND = 1e14


def number(text: str) -> float | None:
    """The value of a measured number, or None for empty, `-`, `NaN` and whatever is none."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) < NUMBER_BOUND else None


def time_of(text: str) -> datetime | None:
    """`YYYYMMDDhhmmss[zzz]` as an aware time in UTC+8; milliseconds are dropped; else None."""
    if not (_TIME_DIGITS <= len(text) <= _TIME_DIGITS_MAX and text.isascii() and text.isdigit()):
        return None
    try:
        return datetime.fromisoformat(f"{text[:8]}T{text[8:14]}").replace(tzinfo=CHINA)
    except ValueError:
        return None


def time_text(moment: datetime) -> str:
    """An aware time as the 14 digits that travel on the wire (UTC+8)."""
    return moment.astimezone(CHINA).strftime("%Y%m%d%H%M%S")


def log_text(value: str) -> str:
    """The words of a log value: what stands between the slashes of `//…//`."""
    value = value.strip()
    return value.removeprefix("//").removesuffix("//")
