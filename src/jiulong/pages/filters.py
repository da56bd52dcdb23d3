"""Filters of a list. They live in the address, so that a link says what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from jiulong.pages.columns import Text

if TYPE_CHECKING:  # a floor above: its rights are registered here, not imported
    from jiulong.organisation.rules import Viewer

Options = Sequence[tuple[str, Text]]
#: Longer text is no search term.
TEXT_LENGTH: Final = 200


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of some values; `choices` may be a function of the viewer (the enterprises they see)."""

    name: str
    label: Text
    choices: Options | Callable[[Viewer], Options]
    kind: str = field(default="choice", init=False)

    def options(self, viewer: Viewer) -> Options:
        return self.choices(viewer) if callable(self.choices) else self.choices

    def read(self, raw: str, options: Options) -> str:
        if raw not in {value for value, _label in options}:
            raise ValueError(_("%(value)s is not a choice here") % {"value": raw})
        return raw

    def word(self, raw: str, options: Options) -> Text:
        return dict(options).get(raw, raw)


#: The day after must be a day, too.
YEARS: Final = range(1900, 2201)


@dataclass(frozen=True, kw_only=True)
class Day:
    """A calendar day of the district, `YYYY-MM-DD`."""

    name: str
    label: Text
    kind: str = field(default="day", init=False)

    def options(self, viewer: Viewer) -> Options:  # noqa: ARG002 - the same shape as Choice
        return ()

    def read(self, raw: str, options: Options) -> date:  # noqa: ARG002
        try:
            found = date.fromisoformat(raw)
            if found.year not in YEARS:
                raise ValueError(raw)  # noqa: TRY301 - said in the same words
            return found  # noqa: TRY300
        except ValueError as error:
            message = _("%(value)s is not a date; write it like 2026-01-31") % {"value": raw}
            raise ValueError(message) from error

    def word(self, raw: str, options: Options) -> Text:  # noqa: ARG002
        return raw


Filter = Choice | Day


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A filter together with what was asked of it."""

    filter: Filter
    raw: str
    options: Options
    value: Any = None
    error: str = ""

    @property
    def word(self) -> Text:
        return self.filter.word(self.raw, self.options)


def bind(wanted: Filter, raw: str, viewer: Viewer) -> Bound:
    """Read one filter from the address. Nonsense is told, never an error page."""
    raw = raw.strip()[:TEXT_LENGTH]
    options = wanted.options(viewer)
    if not raw:
        return Bound(filter=wanted, raw="", options=options)
    try:
        return Bound(filter=wanted, raw=raw, options=options, value=wanted.read(raw, options))
    except ValueError as error:
        return Bound(filter=wanted, raw="", options=options, error=str(error))
