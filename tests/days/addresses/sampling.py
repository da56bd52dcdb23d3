"""Water kept as evidence."""

from __future__ import annotations

from typing import Final

from tests.days.addresses.common import FILE, SENT, Look
from tests.sampling import looks

LOOKS: Final = (
    Look("sampling:samples", "officer"),
    Look("sampling:sample", "officer", looks.of("sealed")),
    Look("sampling:sample", "desk", looks.of("unknown"), "of unknown end"),
    Look("sampling:act", "officer", looks.of("filled", "seal"), "seal"),
    Look("sampling:act", "officer", looks.of("collected", "hand_over"), "hand over"),
    Look("sampling:act", "officer2", looks.of("asked", "confirm"), "confirm"),
    Look("sampling:act", "desk", looks.of("unknown", "look"), "look"),
    Look("sampling:samplers", "officer"),
    Look("sampling:sampler", "officer", looks.point_code),
    Look("sampling:sampler_edit", "admin", looks.point_code),
    Look("sampling:order", "officer", looks.point_code),
    Look("sampling:run", "officer"),
    Look("sampling:labels", "officer"),
    Look("sampling:draws", "officer"),
    Look("sampling:draw", "enterprise", looks.a_draw),
    Look("sampling:bench", "laboratory"),
    Look("sampling:bench_sample", "laboratory", looks.code_of("handed_over")),
    Look("sampling:bench_sample", "laboratory", looks.code_of("received"), "with a result"),
)  # fmt: skip
OTHERS: Final = {
    SENT: "sampling:renew sampling:scan",
    FILE: "sampling:dossier sampling:paper",
}
