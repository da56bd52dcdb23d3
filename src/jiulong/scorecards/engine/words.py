"""Words of the engine, in both languages, without a framework: a key and figures make a sentence.

`Step` is one line of an explanation, `Refusal` says what cannot be. Both carry a key and what
stands in the sentence, so that a page, a file and another language say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jiulong.scorecards.engine.names import Name
from jiulong.scorecards.engine.numbers import exact_text, shown
from jiulong.scorecards.engine.vocabulary import FAULTS, STEPS

if TYPE_CHECKING:
    from jiulong.scorecards.engine.observations import Row

Language = str
CHINESE: Final = "zh"
ENGLISH: Final = "en"
Labels = Mapping[str, Name]
_NO_LABELS: Final[Labels] = {}


Params = dict[str, Any]


class Refusal:
    """What cannot be, told in either language."""

    __slots__ = ("key", "params")

    def __init__(self, key: str, /, **params: Any) -> None:
        self.key, self.params = key, params

    def text(self, language: Language = CHINESE) -> str:
        return say(FAULTS, self.key, self.params, language)

    def __str__(self) -> str:
        return self.text(ENGLISH)


class Step(NamedTuple):
    """One line of an explanation.

    Args:
        key: of the sentence in `vocabulary.STEPS`.
        params: what stands in it.
        value: the figure at which it arrives; None: it says something.
        rows: observations on which this very line rests.
        steps: what it was worked out from.
    """

    key: str
    params: Mapping[str, Any]
    value: Decimal | None = None
    rows: tuple[Row, ...] = ()
    steps: tuple[Step, ...] = ()

    def text(self, language: Language = CHINESE, labels: Labels = _NO_LABELS) -> str:
        """The sentence; indicators by their labels where there are any."""
        return say(STEPS, self.key, self.params, language, labels)

    @property
    def refs(self) -> tuple[str, ...]:
        """Ids of the evidence on which it and all beneath it rests."""
        return tuple(dict.fromkeys(ref for row in self.all_rows() for ref in row.ref.split()))

    def all_rows(self) -> Iterator[Row]:
        """The observations on which it and all beneath it rests."""
        yield from self.rows
        for step in self.steps:
            yield from step.all_rows()

    def as_json(self, language: Language = CHINESE, labels: Labels = _NO_LABELS) -> dict[str, Any]:
        return {
            "key": self.key,
            "text": self.text(language, labels),
            "value": None if self.value is None else exact_text(self.value),
            "inputs": [
                {
                    "indicator": row.indicator,
                    "period": row.period,
                    "value": exact_text(row.value),
                    "ref": row.ref,
                }
                for row in self.rows
            ],
            "steps": [step.as_json(language, labels) for step in self.steps],
        }


def say(
    table: Mapping[str, tuple[str, str]],
    key: str,
    params: Mapping[str, Any],
    language: Language,
    labels: Labels = _NO_LABELS,
) -> str:
    """The sentence of a table with its figures."""
    chinese, english = table[key]
    template = chinese if language.startswith(CHINESE) else english
    return template.format_map({name: _told(one, language, labels) for name, one in params.items()})


def _told(value: Any, language: Language, labels: Labels) -> str:
    if isinstance(value, Decimal):
        return shown(value)
    if isinstance(value, Name):
        return value.show(language)
    if isinstance(value, Code):
        return _label(value, language, labels)
    return value.text(language) if isinstance(value, Refusal) else str(value)


class Code(str):
    """An indicator in a sentence; shown by its label."""

    __slots__ = ()


def _label(code: str, language: Language, labels: Labels) -> str:
    if code in labels:
        return labels[code].show(language)
    head, at, tail = code.partition("@")
    if not at or not head:
        return code
    name = labels[head].show(language) if head in labels else head
    companion = f"companion_{tail}"
    if companion in STEPS:
        return STEPS[companion][0 if language.startswith(CHINESE) else 1].format(name=name)
    return f"{name}@{tail}"
