"""Reads every figure of a bulletin again, and says which no longer matches.

Three questions: is the paper what its event says, is the event under a seal, and does each source
still say what was quoted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jiulong.bulletins import paper, sources
from jiulong.bulletins.lifecycle import FROZEN
from jiulong.bulletins.models import Bulletin, Quote
from jiulong.evidence.models import Event, Seal
from jiulong.evidence.queries import seal_of_event
from jiulong.evidence.verifying import Checked


@dataclass(frozen=True, slots=True)
class Figure:
    """One quote, read again. `now`: what stands there today, where it differs."""

    quote: Quote
    verdict: sources.Verdict
    now: str = ""
    frozen: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading a whole bulletin again gave."""

    figures: list[Figure]
    untouched: bool  # the paper is what its event says
    seal: Seal | None

    @property
    def wrong(self) -> list[Figure]:
        return [one for one in self.figures if one.verdict in {"differs", "gone"}]

    @property
    def good(self) -> bool:
        return self.untouched and not self.wrong


def figures(bulletin: Bulletin) -> list[Figure]:
    """Every figure with what its source says now: one query for each kind of source."""
    quotes = list(bulletin.quotes.all())
    wanted: dict[str, list[str]] = defaultdict(list)
    for one in quotes:
        if one.label != sources.COUNT:
            wanted[one.label].append(one.pk_text)
    found = {label: sources.rows_of(label, pks) for label, pks in wanted.items()}
    return [_read(one, found.get(one.label, {})) for one in quotes]


def verify(bulletin: Bulletin) -> Verification:
    """Read a bulletin again, whole."""
    event = Event.objects.filter(pk=bulletin.issue_event or 0).first()
    seal = seal_of_event(bulletin.issue_event) if bulletin.issue_event else None
    return Verification(figures(bulletin), _untouched(bulletin, event), seal)


def faults() -> Iterator[tuple[Bulletin, str]]:
    """What is wrong with any issued bulletin, in words for the command line."""
    for one in Bulletin.objects.filter(state__in=sorted(FROZEN)).order_by("pk").iterator():
        result = verify(one)
        if not result.untouched:
            yield one, f"{one}: not what was issued"
        for figure in result.wrong:
            yield one, f"{one}: {figure.quote.what} {figure.quote.text} {figure.verdict}"


def count_issued() -> int:
    """How many bulletins `faults` looks at."""
    return Bulletin.objects.filter(state__in=sorted(FROZEN)).count()


def _untouched(bulletin: Bulletin, event: Event | None) -> bool:
    if bulletin.state not in FROZEN:
        return True
    if event is None or event.subject_id != str(bulletin.pk):
        return False
    told: dict[str, Any] = event.data
    quotes = list(bulletin.quotes.all())
    return (
        told.get("digest") == bulletin.digest == paper.digest(bulletin, quotes, bulletin.number)
        and told.get("quotes") == {one.key: one.digest for one in quotes}
        and all(
            one.digest == sources.digest(one.label, one.pk_text, one.field, one.value)
            for one in quotes
        )
    )


def _read(quote: Quote, rows: dict[str, Any]) -> Figure:
    if quote.label == sources.COUNT:
        return Figure(quote, "living")
    row, source = rows.get(quote.pk_text), sources.of(quote.label)
    if row is None:
        return Figure(quote, "gone")
    address, frozen = source.address(quote.pk_text), source.frozen(row)
    try:
        value = sources.value_of(row, quote.field)
    except LookupError:
        return Figure(quote, "gone", address=address)
    told = sources.digest(quote.label, quote.pk_text, quote.field, value)
    if told == quote.digest:
        return Figure(quote, "matches", frozen=frozen, address=address)
    verdict: sources.Verdict = "living" if source.living else "differs"
    return Figure(quote, verdict, value, frozen, address)


def check() -> Checked:
    """For `jiulong verify`: every issued bulletin and each of its figures."""
    for _bulletin, told in faults():
        return Checked(0, told)
    return Checked(count_issued())
