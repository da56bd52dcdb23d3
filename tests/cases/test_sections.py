"""What a pack says of a matter is what is stored of it."""

from __future__ import annotations

from jiulong.cases.schema import MatterSpec
from jiulong.cases.sections import _json


def test_a_matter_without_verification_stays_without() -> None:
    given = {"key": "a.b", "name": "x", "number": "{serial}", "dispatch": "D", "verify": None}
    spec = MatterSpec.model_validate({**given, "clocks": {"handle": "5 days"}})
    assert MatterSpec.model_validate(_json(spec)) == spec
