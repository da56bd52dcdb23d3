"""What a notification can say."""

from __future__ import annotations

from jiulong.evidence.channels import PAYLOAD_BYTES, points_payload


def test_it_tells_many_points_as_many() -> None:
    assert points_payload([3, 1]) == '{"points":[1,3]}'
    assert points_payload(range(10_000)) == '{"points":null}'
    fitting = max((points_payload(range(n)) for n in range(1, 2000, 7)), key=len)
    assert PAYLOAD_BYTES - 50 < len(fitting) <= PAYLOAD_BYTES
