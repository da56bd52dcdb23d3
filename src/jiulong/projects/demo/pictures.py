"""Drawn photographs of invented works, placed and dated as a phone would do it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from PIL import Image, ImageDraw

from jiulong.evidence.actions import Captured, keep_file
from jiulong.projects.actions.nodes import PURPOSE
from jiulong.projects.demo.writing import noon
from jiulong.projects.models import Milestone, Project

WIDTH, HEIGHT = 640, 480
SKY, EARTH, WALL, CRANE = "#bfd6e2", "#8d7a5f", "#c9c2b4", "#b36b2c"
#: So many of the newest nodes that were reached have a picture.
PICTURED: Final = 40


def take(projects: Sequence[Project], now: datetime) -> None:
    """Photographs of the nodes that were reached last."""
    reached = Milestone.objects.filter(project__in=projects, done_on__isnull=False)
    for one in reached.select_related("project").order_by("-done_on", "pk")[:PICTURED]:
        if one.done_on is None:
            continue
        at = min(noon(one.done_on) + timedelta(hours=5), now)
        content = picture(f"{one.project.code}  {one.done_on}", one.position)
        keep_file(
            actor=None, content=content, name=f"{one.project.code}-{one.position + 1}.jpg",
            subject=one, purpose=PURPOSE, now=at,
            captured=Captured(
                sha256=hashlib.sha256(content).hexdigest(), at=at, accuracy_m=8.0,
                longitude=one.project.longitude, latitude=one.project.latitude,
            ),
        )  # fmt: skip


def picture(told: str, floors: int) -> bytes:
    """A building site with so many floors and a line of text, as JPEG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 360, WIDTH, HEIGHT), fill=EARTH)
    draw.line([(90, 360), (90, 40), (420, 40)], fill=CRANE, width=6)
    draw.line([(380, 40), (380, 90)], fill=CRANE, width=2)
    for floor in range(floors + 1):
        top = 360 - 44 * (floor + 1)
        draw.rectangle((180, top, 540, top + 40), fill=WALL)
        for left in range(200, 520, 56):
            draw.rectangle((left, top + 8, left + 30, top + 32), fill=SKY)
    draw.text((16, HEIGHT - 28), f"{told}  demo", fill="white")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
