"""The words that keys of `matters` and `triggers` know, for whoever writes a pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiulong.packs.vocabulary import Word, Words, offer

PLACE_HOLDERS: Final[dict[str, Promise]] = {
    "$filer": _("the unit of whoever files it"),
    "$street": _("the street, town or zone of the place"),
    "$community": _("the community or village of the place"),
    "$grid": _("the grid of the place"),
    "$zone": _("the development zone of the place"),
    "$entry": _("the unit in charge of the linked entry"),
    "$enterprise": _("the linked enterprise's own unit"),
    "$lead": _("the lead unit of the case"),
    "$dispatch": _("the matter's own desk"),
}
FIELD: Final = Word("$field.KEY", _("the unit chosen in the form's field KEY"))

#: What a route may ask about beside form fields.
ASKED: Final[dict[str, Promise]] = {
    "severity": _("key of the severity"),
    "kind": _("kind of the finding that opened it"),
    "street": _("code of the street or town of the place"),
    "community": _("code of the community or village of the place"),
    "grid": _("code of the grid of the place"),
    "zone": _("code of the development zone of the place"),
}
NEEDS: Final[dict[str, Promise]] = {
    "photo_before": _("a photograph from before the work, as the quick report takes one"),
    "photo_after": _("a photograph from after the work, handed in with the answer"),
    "document": _("a document handed in: a decision, a report, a minute"),
    "interview": _("a file handed in as the record of a talk with whom it concerns"),
    "signatures": _("signatures of two different people on the page “Sign”"),
    "confirmation": _("the reporter or the linked enterprise has said: satisfied"),
    "rating": _("the reporter or the linked enterprise has given one to five stars"),
}
TELL: Final[dict[str, Promise]] = {
    "handler": _("who handles it; before anybody does, as `lead`"),
    "lead": _("people of the lead unit who may handle cases"),
    "supports": _("people of the units with a task in it who may handle cases"),
    "filer": _("who filed it"),
    "dispatch": _("people of the desk who may assign cases"),
    "verifier": _("people of the verifying unit who may verify"),
    "above": _("people of the unit above the lead unit who may assign; else the supervisors"),
    "supervisors": _("everybody who may supervise cases of the whole district"),
    "bulletin": _("nobody by message: it is named in the bulletin on the page “Supervision”"),
}
MEASURES: Final[dict[str, Promise]] = {
    "hours": _("round the clock"),
    "working_hours": _("within office hours of working days"),
    "working_days": _("until the end of the n-th working day after"),
    "days": _("until the end of the n-th day after, whatever it is"),
    "months": _("until the end of the same day n months later"),
    "days 12:00": _("until that time of the n-th day after, be it a holiday"),
    "working_days 12:00": _("until that time of the n-th working day after"),
}


def columns() -> list[Word]:
    """Columns of a ledger beside form fields."""
    from jiulong.cases.views.ledger import OWN  # noqa: PLC0415 - pages load after the sections

    return [Word(name, label) for name, (label, _value, _show) in OWN.items()]


def _of(told: Mapping[str, str | Promise], *more: Word) -> Callable[[], Sequence[Word]]:
    return lambda: [*(Word(code, meaning) for code, meaning in told.items()), *more]


def offer_words() -> None:
    """Have them listed."""
    for key, about, words in (
        ("placeholders", _("Where a unit is named, each case fills in for itself"),
         _of(PLACE_HOLDERS, FIELD)),
        ("when", _("What `when` of a route or task may ask beside form fields"), _of(ASKED)),
        ("needs", _("What closing may ask for: `closing.needs`"), _of(NEEDS)),
        ("tell", _("Whom a rung of the ladder tells: `tell`"), _of(TELL)),
        ("measures", _("What a limit is counted in: `5 working_days`"), _of(MEASURES)),
        ("columns", _("Columns of a ledger beside form fields: `ledger`"), columns),
    ):  # fmt: skip
        offer(Words(key, about, words))
