"""Words that bulletins are written with: periods, figures, days, chapter numbers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiulong.calendar import words as calendar_words
from jiulong.calendar.clocks import Limit
from jiulong.pages.words import figure

NUMERALS: Final = "一二三四五六七八九十"
QUARTERS: Final = "一二三四"
#: Language of what a district issues.
OFFICIAL: Final = "zh-hans"
POINTS_DIGITS: Final = 2


def english() -> bool:
    return (get_language() or "").startswith("en")


def period(text: str) -> str:
    """A period as people say it: 2026年1-3月, 2026年第一季度. A month is cumulative."""
    year, rest = text[:4], text[4:]
    if english() or not year.isdecimal():
        return text
    if rest.startswith("Q"):
        return f"{year}年第{QUARTERS[int(rest[1]) - 1]}季度"
    if rest.startswith("H"):
        return f"{year}年{'上' if rest[1] == '1' else '下'}半年"
    if rest.startswith("-"):
        return f"{year}年{int(rest[1:])}月"
    return f"{year}年"


def points(value: Decimal | None) -> str:
    """A score as it is printed."""
    return "—" if value is None else figure(value, POINTS_DIGITS)


def amount(value: Decimal | None, digits: int = 2) -> str:
    """A number of the statistics as it is printed, without noughts at its end."""
    if value is None:
        return "—"
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(on: date | datetime) -> str:
    """A day as official papers write it."""
    local = timezone.localtime(on).date() if isinstance(on, datetime) else on
    if english():
        return local.isoformat()
    return f"{local.year}年{local.month}月{local.day}日"


def chapter(place: int, heading: str) -> str:
    """一、… as official papers number their parts."""
    if english():
        return f"{place + 1}. {heading}"
    return f"{NUMERALS[place] if place < len(NUMERALS) else place + 1}、{heading}"


def limit(text: str) -> str:
    """`20 working_days`, `1 days 12:00` in words."""
    return calendar_words.limit(Limit.parse(text))


def sentences(told: list[str]) -> str:
    """Sentences one after another: Chinese ones stand without a space between them."""
    return (" " if english() else "").join(told)


def listed(names: list[str]) -> str:
    """Names in a sentence."""
    return _(", ").join(names)
