"""Read a year's holidays: the State Council's notice as it is pasted, or lines with a date each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

#: 放假 in the notice; a day off, a day worked. Also what lines may call them.
HOLIDAY_WORDS: Final = frozenset({"holiday", "休", "放假", "休息", "节假日", "off"})
WORKDAY_WORDS: Final = frozenset({"workday", "班", "上班", "补班", "调休上班", "work"})
#: Off by law every year (全国年节及纪念日放假办法 art. 2): a notice without them is cut off.
ALWAYS_OFF: Final = ((1, 1), (5, 1), (10, 1))
WEEKDAYS: Final = "一二三四五六日"

_LINE = re.compile(
    r"^(?P<date>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)[\s,;，；、]+(?P<kind>[^\s,;，；]+)"
    r"(?:[\s,;，；]+(?P<name>[^,;，；]*))?.*$"
)
_ITEM = re.compile(r"[一二三四五六七八九十]+、\s*(?P<name>[^：:]{2,20})[：:](?P<text>.*)")
_DAY = (
    r"(?:(?P<{0}y>\d{{4}})年)?(?:(?P<{0}m>\d{{1,2}})月)?(?P<{0}d>\d{{1,2}})日"
    r"(?:[（(](?P<{0}n>[^）)]*)[）)])?"
)
_OFF = re.compile(_DAY.format("a") + r"(?:[至到\-—–]" + _DAY.format("b") + ")?[^。]*?放假")
_LENGTH = re.compile(r"(?:共|放假)(\d+)天")
_WORK = re.compile(_DAY.format("a"))


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """A date and what it is: `kind` is a `CalendarDay.Kind`."""

    date: date
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in which line; 0: in the whole."""

    line: int
    text: str

    def __str__(self) -> str:
        if not self.line:
            return self.text
        return _("Line %(line)d: %(text)s") % {"line": self.line, "text": self.text}


class NoticeError(ValueError):
    """The text cannot be read; `faults` says where and why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


def read(text: str, year: int) -> list[NoticeDay]:
    """The days of a notice for `year`, in order.

    Either the notice's own sentences (一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日
    （周日）上班。), of which the given weekdays and lengths are checked, or lines of
    `2027-01-01,holiday,元旦`, as a spreadsheet saves them. Lines that are neither are passed over
    only if they bear no date.

    Raises:
        NoticeError: with every fault found.
    """
    faults: list[Fault] = []
    found: dict[date, NoticeDay] = {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        try:
            days = list(_read_line(line.strip(), year))
        except ValueError as error:
            faults.append(Fault(number, str(error)))
            continue
        for day in days:
            if day.date in found and found[day.date].kind != day.kind:
                faults.append(Fault(number, _("%(day)s is named twice.") % {"day": day.date}))
            found[day.date] = day
    faults += [] if faults else _whole(found, year)
    if faults:
        raise NoticeError(faults)
    return [found[day] for day in sorted(found)]


def _read_line(line: str, year: int) -> Iterator[NoticeDay]:
    if match := _LINE.match(line):
        yield _listed(match)
    elif match := _ITEM.search(line):
        yield from _sentences(match["name"].strip(), match["text"], year)
    elif re.search(r"\d月\d|\d{4}-\d", line) and "印发" not in line and "发布" not in line:
        raise ValueError(_("has a date, but is neither a list's line nor a holiday's item"))


def _listed(match: re.Match[str]) -> NoticeDay:
    numbers = [int(part) for part in re.findall(r"\d+", match["date"])]
    on = date(*numbers)
    kind = match["kind"].strip().lower()
    if kind in HOLIDAY_WORDS:
        return NoticeDay(on, "holiday", (match["name"] or "").strip())
    if kind in WORKDAY_WORDS:
        return NoticeDay(on, "workday", (match["name"] or "").strip())
    raise ValueError(_("“%(word)s” is neither holiday nor workday") % {"word": match["kind"]})


def _sentences(name: str, text: str, year: int) -> Iterator[NoticeDay]:
    off = _OFF.search(text)
    if off is None:
        raise ValueError(_("no days off found after the holiday's name"))
    first = _date(off, "a", date(year, 1, 1))
    last = _date(off, "b", first) if off["bd"] else first
    length = (last - first).days + 1
    told = _LENGTH.search(text)
    if length < 1 or (told and int(told[1]) != length):
        raise ValueError(
            _("%(first)s to %(last)s is not as long as the notice says")
            % {"first": first, "last": last}
        )
    for ordinal in range(length):
        yield NoticeDay(first + timedelta(days=ordinal), "holiday", name)
    for sentence in text[off.end() :].split("。"):
        if "上班" in sentence:
            for worked in _WORK.finditer(sentence):
                yield NoticeDay(_date(worked, "a", first), "workday", name)


def _date(match: re.Match[str], part: str, near: date) -> date:
    year, month, day, note = (match[part + letter] for letter in "ymdn")
    found = date(int(year or near.year), int(month or near.month), int(day))
    given = re.search(rf"(?:周|星期)([{WEEKDAYS}])", note or "")
    if given and WEEKDAYS.index(given[1]) != found.weekday():
        raise ValueError(
            _("%(day)s is no %(weekday)s: is this another year's notice?")
            % {"day": found, "weekday": given[0]}
        )
    return found


def _whole(found: dict[date, NoticeDay], year: int) -> list[Fault]:
    faults = []
    for month, number in ALWAYS_OFF:
        on = date(year, month, number)
        if on not in found or found[on].kind != "holiday":
            text = _("%(day)s is a holiday by law, but not in the text.") % {"day": on}
            faults.append(Fault(0, text))
    for day in found.values():
        if day.date.year != year and (day.date.year, day.date.month) not in {
            (year - 1, 12),
            (year + 1, 1),
        }:
            faults.append(Fault(0, _("%(day)s is not in that year.") % {"day": day.date}))
        if day.kind == "workday" and day.date.weekday() < 5:
            text = _("%(day)s is a weekday: it is worked anyway.") % {"day": day.date}
            faults.append(Fault(0, text))
    return faults
