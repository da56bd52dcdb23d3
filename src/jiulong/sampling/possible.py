"""What somebody can do with a sample now, as buttons: the most important first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.evidence.models import CustodyStep
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may
from jiulong.sampling import life
from jiulong.sampling.guarding import touches
from jiulong.sampling.models import Sample


@dataclass(frozen=True, slots=True)
class Move:
    """A button: what it does, how it is called, and whether it is the next thing to do."""

    action: str
    label: str | Promise
    icon: str
    primary: bool = True


#: action → (label, icon, whether it is what should be done next)
MOVES: Final[Mapping[str, Move]] = {
    move.action: move
    for move in (
        Move("confirm", pgettext_lazy("sample", "Confirm the order"), "check"),
        Move("reject", pgettext_lazy("sample", "Reject"), "x", primary=False),
        Move("look", _("Say what the look at the cabinet has shown"), "eye"),
        Move("place", _("Enter the bottle"), "bottle"),
        Move("seal", _("Seal the bottle"), "lock"),
        Move("cosign", _("Sign as second officer"), "signature"),
        Move("collect", _("Take it out of the cabinet"), "walk"),
        Move("hand_over", _("Hand over to the laboratory"), "send"),
        Move("discard", pgettext_lazy("sample", "Discard"), "trash", primary=False),
    )
}
#: In which states an officer who touches samples may do what.
TOUCHING: Final[Mapping[str, tuple[str, ...]]] = {
    life.FILLED: ("seal", "discard"),
    life.SEALING: ("cosign",),
    life.SEALED: ("collect",),
    life.COLLECTING: ("cosign",),
    life.COLLECTED: ("hand_over",),
}
#: In which states who orders samples may do what.
ORDERING: Final[Mapping[str, tuple[str, ...]]] = {
    life.UNKNOWN: ("look",),
    life.UNPLACED: ("place",),
}


def moves(viewer: Viewer, sample: Sample) -> list[Move]:
    """What the viewer can do with the sample now."""
    return [MOVES[action] for action in _actions(viewer, sample)]


def _actions(viewer: Viewer, sample: Sample) -> list[str]:
    if not isinstance(viewer, User):
        return []
    found: list[str] = []
    if sample.state == life.ASKED:
        own = sample.ordered_by_id == viewer.pk
        confirms = may(viewer, "confirm_sample")
        found += ["confirm"] if confirms and not own else []
        found += ["reject"] if confirms or (own and may(viewer, "order_sample")) else []
    if may(viewer, "order_sample"):
        found += ORDERING.get(sample.state, ())
    if touches(viewer):
        found += TOUCHING.get(sample.state, ())
    if "cosign" in found and first_signer(sample) == viewer.pk:
        found.remove("cosign")
    if "discard" in found and not discardable(sample):
        found.remove("discard")
    return found


def discardable(sample: Sample) -> bool:
    """Whether it may be drained: a check, or what a device kept by itself."""
    check = sample.purpose == Sample.Purpose.CHECK
    return check or sample.trigger == Sample.Trigger.DEVICE


def first_signer(sample: Sample) -> int | None:
    """Who signed the step that waits for a second signature."""
    waiting = CustodyStep.objects.filter(
        subject="sampling.sample", subject_id=str(sample.pk), needs_second=True, second_at=None
    )
    return waiting.values_list("first_by", flat=True).first()
