"""Values that the system reckons itself: a floor registers a metric, indicators name it.

from jiulong.scorecards import metrics
metrics.register(Metric("projects.started_share", _("Projects started"), compute=…))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise

from jiulong.scorecards.models import Subject

#: Subject's id → its value, and what it was reckoned from: "cases.case/12".
Found = Mapping[int, tuple[Decimal, Sequence[str]]]
#: The value of each subject for a period such as `2024-03`; who has none is left out.
Compute = Callable[[str, Sequence[Subject]], Found]


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that can be counted for a subject and a period.

    `cumulative` tells the meaning of the period: from January to its end, or itself alone.
    """

    code: str
    label: str | Promise
    compute: Compute
    measure: str = ""
    cumulative: bool = False


_registered: Final[dict[str, Metric]] = {}


def register(metric: Metric) -> None:
    """Offer a metric; the same code again replaces it."""
    _registered[metric.code] = metric


def registered() -> Mapping[str, Metric]:
    """Every metric by its code."""
    return _registered
