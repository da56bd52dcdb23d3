"""Times, spans and numbers as a person reads them. Every function returns safe HTML or text."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MISSING: Final = "—"
MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86400
#: Told in hours up to two days, in days up to two months: "36 hours" says more than "1 day".
HOURS_UNTIL: Final = 48 * HOUR
DAYS_UNTIL: Final = 60 * DAY
MONTH: Final = 30 * DAY
#: Digits kept of a number whose precision nobody gave: more than instruments have, so that a value
#: just over its limit never reads as the limit.
SIGNIFICANT: Final = 7
#: From here on a number is told in powers of ten: no instrument measures it, and no page holds it.
ABSURD: Final = Decimal("1e12")


#: Under this name the system itself acts; it stands so in what is sealed.
SYSTEM: Final = "Jiulong"


def person(name: str) -> str:
    """Who did something; the system under its name in the language of the page."""
    return _("Jiulong") if name == SYSTEM else name


def span(length: timedelta) -> str:
    """A length of time in its one fitting unit, e.g. "3 hours"; the sign is ignored."""
    seconds = int(abs(length.total_seconds()))
    if seconds < MINUTE:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    if seconds < HOUR:
        n = seconds // MINUTE
        return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}
    if seconds < HOURS_UNTIL:
        n = seconds // HOUR
        return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}
    if seconds < DAYS_UNTIL:
        n = seconds // DAY
        return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}
    n = seconds // MONTH
    return ngettext("%(n)d month", "%(n)d months", n) % {"n": n}


def ago(at: datetime | None, now: datetime | None = None) -> SafeString | str:
    """How long ago something was: "3 minutes ago", the exact time in the tip."""
    if at is None:
        return MISSING
    passed = (now or timezone.now()) - at
    if passed < timedelta(0):
        return _time(at, _("in %(span)s") % {"span": span(passed)})
    return _time(at, _("%(span)s ago") % {"span": span(passed)})


def until(at: datetime | None, now: datetime | None = None) -> SafeString | str:
    """How long is left to a deadline, or how long it is past."""
    if at is None:
        return MISSING
    left = at - (now or timezone.now())
    if left < timedelta(0):
        return _time(at, _("%(span)s overdue") % {"span": span(left)})
    return _time(at, _("%(span)s left") % {"span": span(left)})


def clock(
    at: datetime | None, *, seconds: bool = False, now: datetime | None = None
) -> SafeString | str:
    """Local time without what goes without saying: the year only when it is another one."""
    if at is None:
        return MISSING
    local = timezone.localtime(at)
    today = timezone.localtime(now or timezone.now())
    day = "%m-%d" if local.year == today.year else "%Y-%m-%d"
    return _time(at, local.strftime(f"{day} %H:%M:%S" if seconds else f"{day} %H:%M"))


def number(value: Any, unit: str = "", digits: int | None = None) -> SafeString | str:
    """A number with thousands marks and its unit small and grey; nothing known is a dash."""
    if value is None or value == "":
        return MISSING
    text = figure(value, digits)
    if not unit:
        return format_html('<span class="num">{}</span>', text)
    return format_html('<span class="num">{}<span class="unit">{}</span></span>', text, unit)


def figure(value: float | Decimal | str, digits: int | None = None) -> str:
    """The number's text: `digits` decimals, or as many as make four significant digits."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        return MISSING
    if abs(exact) >= ABSURD:
        return f"{exact:.3e}"
    if digits is None:
        digits = min(6, max(0, SIGNIFICANT - 1 - exact.adjusted())) if exact else 0
        text = f"{exact:,.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{exact:,.{digits}f}"


def _time(at: datetime, words: str) -> SafeString:
    exact = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        exact.strftime("%Y-%m-%d %H:%M:%S"),
        words,
    )
