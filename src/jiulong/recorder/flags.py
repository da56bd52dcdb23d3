"""The marks of a frame's factors as `reading.flags` has them: one character each."""

from __future__ import annotations

from typing import Final

#: Of marks remembered, characters and factors in all: a logger that makes up marks may fill 8 KB
#: with each frame. A frame's marks are some ten to sixty; a county needs a few thousand of them.
LENGTH_MAX: Final = 1_000_000
NO_MARK: Final = "."
#: Stands for a mark that is none: several characters, or one that is no letter or digit.
ODD_MARK: Final = "?"


class Flags:
    """Marks to flags, with a memory: almost all frames bring the same few."""

    def __init__(self) -> None:
        self.length = 0  # of what is remembered
        self._known: dict[tuple[str, ...], str] = {}

    def of(self, marks: tuple[str, ...]) -> str:
        """One character a factor."""
        flags = self._known.get(marks)
        if flags is None:
            flags = "".join(
                NO_MARK if not mark
                else mark if len(mark) == 1 and mark.isascii() and mark.isalnum()
                else ODD_MARK
                for mark in marks
            )  # fmt: skip
            self._remember(marks, flags)
        return flags

    def _remember(self, marks: tuple[str, ...], flags: str) -> None:
        length = len(marks) + sum(map(len, marks))
        if self.length + length > LENGTH_MAX:
            self._known.clear()
            self.length = 0
        self._known[marks] = flags
        self.length += length
