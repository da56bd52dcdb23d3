"""How filings are told."""

from __future__ import annotations

from typing import Final

from django.utils.safestring import SafeString

from jiulong.pages.lights import light
from jiulong.plant import codes
from jiulong.plant.models import ParameterFiling

State = ParameterFiling.State
_LIGHTS: Final = {State.FILED: "near", State.CONFIRMED: "met", State.REJECTED: "over"}


def filing_light(filing: ParameterFiling) -> SafeString:
    """A filing's state as shape, word and colour."""
    return light(_LIGHTS[State(filing.state)], filing.get_state_display())


def told(filing: ParameterFiling) -> str:
    """The filed values in a line."""
    return "，".join(f"{codes.info_name(info)} {text}" for info, text in filing.values.items())
