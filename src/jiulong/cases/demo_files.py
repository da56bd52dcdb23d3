"""Invented proofs of the demo's cases: drawn pictures and a page of text, each named as such."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from jiulong.cases import people
from jiulong.cases.models import Case
from jiulong.cases.needs import missing
from jiulong.cases.reporting import signing
from jiulong.cases.schema import MatterSpec
from jiulong.evidence.actions import keep_file, sign_custody
from jiulong.organisation.models import User

WIDTH, HEIGHT = 640, 480
#: Sky, wall and ground of before and after: broken and dull, mended and bright.
COLOURS: Final = {
    "photo_before": ("#9aa4a8", "#6f6256", "#54483d"),
    "photo_after": ("#a9cfe0", "#d8cdb8", "#7d9a72"),
}
DOCUMENT: Final = "演示材料\n\n本文件由演示数据生成，不涉及任何真实单位和个人。\n"


def hand_in(case: Case, spec: MatterSpec, at: datetime) -> None:
    """Attach what closing will ask for, except confirmation and rating."""
    # Signed last: a signature is under all the rest.
    for need in sorted(missing(case, spec), key=lambda need: need.key == "signatures"):
        if not need.files:
            continue
        for signer in _signers(case) if need.key == "signatures" else [case.handler]:
            name, content = _file(need.key)
            keep_file(
                actor=signer, content=content, name=name, subject=case, purpose=need.purpose,
                now=at,
            )  # fmt: skip
            if need.key == "signatures" and signer is not None:
                sign_custody(
                    actor=signer, subject=case, step=signing.step_of(signing.digest_of(case)),
                    needs_second=True, now=at,
                )  # fmt: skip


def _signers(case: Case) -> Sequence[User | None]:
    units = [case.lead_id, case.verifier_id, case.dispatch_id]
    return [user for pk in units for user in people.of_unit([pk], "sign_custody")][:2]


def _file(key: str) -> tuple[str, bytes]:
    if key in COLOURS:
        return f"{key}.jpg", _picture(key)
    if key == "signatures":
        return "signature.png", _signature()
    return f"{key}.txt", DOCUMENT.encode()


@lru_cache
def _picture(key: str) -> bytes:
    sky, wall, ground = COLOURS[key]
    image = Image.new("RGB", (WIDTH, HEIGHT), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 330, WIDTH, HEIGHT), fill=ground)
    draw.rectangle((120, 150, 520, 330), fill=wall)
    for left in range(150, 500, 90):
        draw.rectangle((left, 190, left + 45, 250), fill=sky)
    if key == "photo_before":
        for left in range(60, 560, 37):
            draw.ellipse((left, 345 + left % 60, left + 40, 375 + left % 60), fill="#3b332c")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


@lru_cache
def _signature() -> bytes:
    image = Image.new("RGB", (320, 120), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(20 + 9 * n, 60 + (n * 37 % 50) - 25) for n in range(30)], fill="#16232B", width=4)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
