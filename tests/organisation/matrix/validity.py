"""Valid data: rates, days and months of one's own points."""

from __future__ import annotations

from tests.organisation.matrix import signed_in

ROWS = {
    "validity:rates": signed_in(),
}
