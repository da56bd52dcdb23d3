"""What the commands share: a range of seals on the command line."""

from __future__ import annotations

import argparse
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from jiulong.evidence.verification import Range


def add_range(parser: argparse.ArgumentParser) -> None:
    """`--from` and `--to`."""
    parser.add_argument(
        "--from",
        dest="since",
        type=boundary_from,
        metavar="SEAL|TIME",
        help="first seal: its number, or a date or time (local unless it names an offset)",
    )
    parser.add_argument(
        "--to",
        dest="until",
        type=boundary_to,
        metavar="SEAL|TIME",
        help="last seal, likewise; a date means its end",
    )


def chosen_range(options: dict[str, Any]) -> Range:
    return Range(options["since"], options["until"])


def boundary_from(text: str) -> datetime | int:
    """Number of a seal, or a time; a date is its start."""
    return _boundary(text, day_after=False)


def boundary_to(text: str) -> datetime | int:
    """Number of a seal, or a time; a date is its end."""
    return _boundary(text, day_after=True)


def _boundary(text: str, *, day_after: bool) -> datetime | int:
    if text.isdecimal():
        return int(text)
    try:
        day, moment = parse_date(text), parse_datetime(text)
    except ValueError:
        day = moment = None
    if day is not None:
        moment = _midnight(day + timedelta(days=1) if day_after else day)
    if moment is None:
        raise argparse.ArgumentTypeError(
            _("%(text)s is neither the number of a seal nor a time like %(example)s")
            % {"text": repr(text), "example": "2026-11-20T13:00"}
        )
    return make_aware(moment) if is_naive(moment) else moment


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
