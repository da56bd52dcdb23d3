"""The life of a project, 谋划 → 签约 → 前期 → 开工 → 在建 → 竣工 → 投产, and its moves."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

PLANNED: Final = "planned"
SIGNED: Final = "signed"
PREPARING: Final = "preparing"
STARTED: Final = "started"
BUILDING: Final = "building"
FINISHED: Final = "finished"
PRODUCING: Final = "producing"

#: In their order, with the words of the field.
STAGES: Final[dict[str, str | Promise]] = {
    PLANNED: pgettext_lazy("stage of a project", "Planned"),
    SIGNED: pgettext_lazy("stage of a project", "Signed"),
    PREPARING: pgettext_lazy("stage of a project", "Preparing"),
    STARTED: pgettext_lazy("stage of a project", "Started"),
    BUILDING: pgettext_lazy("stage of a project", "Under construction"),
    FINISHED: pgettext_lazy("stage of a project", "Completed"),
    PRODUCING: pgettext_lazy("stage of a project", "In production"),
}
ORDER: Final[tuple[str, ...]] = tuple(STAGES)

#: (stage, move) → stage. A public work has no contract to sign: it may pass that stage by.
LIFE: Final[dict[tuple[str, str], str]] = {
    (PLANNED, "sign"): SIGNED,
    (PLANNED, "prepare"): PREPARING,
    (SIGNED, "prepare"): PREPARING,
    (PREPARING, "start"): STARTED,
    (STARTED, "build"): BUILDING,
    (BUILDING, "finish"): FINISHED,
    (FINISHED, "produce"): PRODUCING,
}
MOVES: Final[dict[str, str | Promise]] = {
    "sign": pgettext_lazy("move of a project", "Signed"),
    "prepare": pgettext_lazy("move of a project", "Preparation begins"),
    "start": pgettext_lazy("move of a project", "Works start"),
    "build": pgettext_lazy("move of a project", "Under full construction"),
    "finish": pgettext_lazy("move of a project", "Works are completed"),
    "produce": pgettext_lazy("move of a project", "Goes into production or use"),
}
DONE: Final = frozenset({FINISHED, PRODUCING})


def moves_from(stage: str) -> list[str]:
    """The moves that lead on from a stage."""
    return [move for (known, move) in LIFE if known == stage]


def index(stage: str) -> int:
    """How far a stage is along the road, from 0."""
    return ORDER.index(stage)
