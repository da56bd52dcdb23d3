"""The finding that the laboratory and the instrument do not say the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import Rule, Window, register
from jiulong.monitoring.models import Finding

RULE: Final = "laboratory_differs"


@register
class LaboratoryDiffers(Rule):
    """Raised when a laboratory's result is entered, never from readings."""

    code = RULE
    name = _("Laboratory differs")
    meaning = _(
        "The laboratory's value of a sample lies farther from the online value of that hour than "
        "a comparison allows (HJ 355-2019)."
    )
    severity = Finding.Severity.SERIOUS

    def judge(self, window: Window) -> Iterable[Finding]:  # noqa: ARG002 - the base's signature
        return ()
