"""What is to be done, in the words of the station's people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jiulong.monitoring.judgements import rules
from jiulong.monitoring.models import Factor
from jiulong.monitoring.words import factor_name
from jiulong.pages import lights
from jiulong.portal.queries.todo import HOURS, Item, Station
from jiulong.upkeep.models import QcTest
from jiulong.upkeep.provisions import Rulebook
from jiulong.upkeep.words import form_name, kind_name

#: Kind of work → icon.
ICONS: Final = {
    "mark": "pencil", "explain": "file-text", "report": "alert-triangle", "restore": "settings",
    "manual": "bottle", "maintenance": "settings", "check": "shield-check", "review": "history",
    "filing": "file-text",
}  # fmt: skip
#: State of an hour → its word.
HOUR_WORDS: Final[Mapping[str, str | Promise]] = {
    "ok": _("counts"),
    "mark": _("marked"),
    "qc": _("check failed"),
    "flow_zero": _("no flow"),
    "flag": _("flagged by the logger"),
    "disagreement": _("sent differently"),
    "missing": _("missing"),
    "": _("not yet"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: words, clock, and where to do it."""

    item: Item
    icon: str
    words: str
    address: str
    verb: str

    @property
    def due_at(self) -> datetime | None:
        return self.item.due_at

    @property
    def shape(self) -> Any:
        return lights.shape(self.item.tone)

    @property
    def tone(self) -> str:
        return self.item.tone


@dataclass(frozen=True, slots=True)
class Teller:
    """Words for items; made once per page."""

    book: Rulebook
    factors: Mapping[int, Factor]

    def lines(self, station: Station) -> list[Line]:
        """Everything that is to be done at a station."""
        return [self.line(station, item) for item in station.items]

    def line(self, station: Station, item: Item) -> Line:
        """One thing, in words."""
        words, address, verb = getattr(self, f"_{item.kind}")(station.point.code, item)
        return Line(item, ICONS[item.kind], words, address, verb)

    def _factor(self, item: Item) -> str:
        known = self.factors.get(item.factor or 0)
        return factor_name(known) if known else ""

    def _factors(self, item: Item) -> str:
        known = [self.factors[pk] for pk in item.factors if pk in self.factors]
        return _t(", ").join(factor_name(factor) for factor in known)

    def _mark(self, code: str, item: Item) -> tuple[str, str, str]:
        told = ngettext(
            "%(factor)s: %(count)d hour of %(day)s asks for a mark (%(hours)s)",
            "%(factor)s: %(count)d hours of %(day)s ask for a mark (%(hours)s)",
            item.count,
        ) % {
            "factor": self._factors(item), "count": item.count, "hours": hour_ranges(item.hours),
            "day": f"{item.on:%m-%d}" if item.on else "",
        }  # fmt: skip
        return told, _form("mark", code, **_prefill(item, self.factors)), _t("Mark")

    def _explain(self, _code: str, item: Item) -> tuple[str, str, str]:
        rule = rules().get(item.code)
        told = _t("%(rule)s on %(day)s: %(factor)s") % {
            "rule": rule.name if rule else item.code, "factor": self._factor(item),
            "day": f"{item.on:%m-%d}" if item.on else "",
        }  # fmt: skip
        return told, reverse("monitoring:finding", args=[item.pk]), _t("Look at it")

    def _report(self, code: str, _item: Item) -> tuple[str, str, str]:
        return (
            _t("The station is silent and no fault is reported"),
            _form("fault", code),
            _t("Report"),
        )

    def _filing(self, code: str, _item: Item) -> tuple[str, str, str]:
        told = _t("The instrument reports other parameters than were filed")
        return told, reverse("plant:file", args=[code]), _t("File")

    def _restore(self, _code: str, item: Item) -> tuple[str, str, str]:
        told = _t("A reported fault is open: to be restored")
        return told, reverse("upkeep:fault", args=[item.pk]), _t("Look at it")

    def _manual(self, code: str, item: Item) -> tuple[str, str, str]:
        least = self.book.count("manual_per_day")
        told = _t("Manual data: %(count)d of %(least)d today; the next sample is due")
        words = told % {"count": item.count, "least": least}
        return words, _form("manual", code, fault=str(item.pk)), _t("Enter")

    def _maintenance(self, code: str, item: Item) -> tuple[str, str, str]:
        words = form_name(self.book, item.code)
        return words, _form("maintenance", code, form=item.code), _t("Record")

    def _check(self, code: str, item: Item) -> tuple[str, str, str]:
        kind = QcTest.Kind(item.code).label
        factor = self.factors.get(item.factor or 0)
        words = f"{factor_name(factor) if factor else ''}: {kind}"
        asked = {"kind": item.code} | ({"factor": factor.code} if factor else {})
        return words, _form("check", code, **asked), _t("Enter")

    def _review(self, _code: str, item: Item) -> tuple[str, str, str]:
        told = _t("The mark “%(kind)s” of %(day)s was rejected") % {
            "kind": kind_name(self.book, item.code), "day": f"{item.on:%m-%d}" if item.on else "",
        }  # fmt: skip
        return told, reverse("upkeep:mark", args=[item.pk]), _t("Look at it")


def hour_ranges(bits: int) -> str:
    """`2–5, 9`: hours of a day from their bits; a range names its first and last hour."""
    hours = [hour for hour in range(HOURS) if bits >> hour & 1]
    found: list[list[int]] = []
    for hour in hours:
        if found and hour == found[-1][-1] + 1:
            found[-1].append(hour)
        else:
            found.append([hour])
    return ", ".join(f"{run[0]:02d}:00–{run[-1] + 1:02d}:00" for run in found)


def _form(name: str, code: str, **query: str | list[str]) -> str:
    address = reverse(f"portal:{name}", args=[code])
    return f"{address}?{urlencode(query, doseq=True)}" if query else address


def _prefill(item: Item, factors: Mapping[int, Factor]) -> dict[str, str | list[str]]:
    """The first stretch of hours that asks for a mark."""
    if item.on is None or not item.hours:
        return {}
    hours = [hour for hour in range(HOURS) if item.hours >> hour & 1]
    last = hours[0]
    while last + 1 in hours:
        last += 1
    return {
        "on": item.on.isoformat(), "from": str(hours[0]), "to": str(last + 1),
        "factor": [factors[pk].code for pk in item.factors if pk in factors],
    }  # fmt: skip


def local_now() -> datetime:
    """Now, to the minute, in the zone of the page."""
    return timezone.localtime().replace(second=0, microsecond=0)
