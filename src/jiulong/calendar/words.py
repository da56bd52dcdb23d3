"""Limits, what is left of them and holidays, as a person reads them."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jiulong.calendar.clocks import Left, Limit, Measure

#: Holidays are kept under their official names; pages in English say these.
NAMES: Final[dict[str, str | Promise]] = {
    "元旦": _("New Year's Day"),
    "春节": _("Spring Festival"),
    "清明节": _("Tomb-sweeping Day"),
    "劳动节": _("Labour Day"),
    "端午节": _("Dragon Boat Festival"),
    "中秋节": _("Mid-autumn Festival"),
    "国庆节": _("National Day"),
}


def holiday(name: str) -> str:
    """A holiday's name in the language of the page."""
    return str(NAMES.get(name, name))


def limit(given: Limit) -> str:
    """ "5 working days"; "1 day, by 12:00" """
    span = amount(given.amount, given.measure)
    if given.by is None:
        return span
    return _t("%(span)s, by %(time)s") % {"span": span, "time": f"{given.by:%H:%M}"}


def left(rest: Left) -> str:
    """ "2 working days left", "due today", "3 hours overdue" """
    if rest.amount:
        told = amount(rest.amount, rest.measure)
        text = _t("%(span)s overdue") if rest.overdue else _t("%(span)s left")
        return text % {"span": told}
    if rest.measure in (Measure.HOURS, Measure.WORKING_HOURS):
        return _t("overdue for less than an hour") if rest.overdue else _t("less than an hour left")
    return _t("overdue") if rest.overdue else _t("due today")


def amount(n: int, measure: Measure) -> str:
    """A number of hours, working hours, working days, days or months."""
    match measure:
        case Measure.HOURS:
            text = ngettext("%(n)d hour", "%(n)d hours", n)
        case Measure.WORKING_HOURS:
            text = ngettext("%(n)d working hour", "%(n)d working hours", n)
        case Measure.WORKING_DAYS:
            text = ngettext("%(n)d working day", "%(n)d working days", n)
        case Measure.DAYS:
            text = ngettext("%(n)d day", "%(n)d days", n)
        case Measure.MONTHS:
            text = ngettext("%(n)d month", "%(n)d months", n)
    return text % {"n": n}
