"""What holds invented projects up, and where somebody set a light by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.utils import timezone

from jiulong.cases.models import MatterType
from jiulong.projects.actions.lights import override_light
from jiulong.projects.actions.obstacles import raise_obstacle
from jiulong.projects.demo import words
from jiulong.projects.demo.inventing import Plot
from jiulong.projects.models import Colour, Light, Project

#: About every ninth project has something in its way.
HELD: Final = 9
OLDEST_DAYS: Final = 45


def hold(projects: Sequence[Project], plots: Sequence[Plot], now: datetime) -> None:
    """Obstacles as cases, raised through the action; then a few lights by hand."""
    rng = Random("obstacles")  # noqa: S311 - invented data
    matters = {row.code: row for row in MatterType.objects.filter(code__in=words.OBSTACLES)}
    codes = [code for code in words.OBSTACLES if code in matters]
    troubled = [
        project
        for project, plot in zip(projects, plots, strict=True)
        if plot.fate not in {"good", "reserve"} and project.finished_on is None
    ]
    for nth, project in enumerate(troubled[: len(projects) // HELD]):
        if not codes:
            break
        code = codes[nth % len(codes)]
        issue, title, extent = rng.choice(words.OBSTACLES[code])
        raised = now - timedelta(days=rng.randint(1, OLDEST_DAYS), hours=rng.randint(0, 5))
        raise_obstacle(
            actor=None, project=project, matter=matters[code], title=title,
            about=f"{project.name}：{title}，请协调解决。", now=raised,
            severity="important" if nth % 3 == 0 else "normal",
            data={
                "issue": issue, "amount": extent,
                "wanted_by": (timezone.localdate(raised) + timedelta(days=30)).isoformat(),
            },
        )  # fmt: skip
    _by_hand(projects, now)


def _by_hand(projects: Sequence[Project], now: datetime) -> None:
    """Each word of `OVERRIDES` for a project whose computed colour it makes sense for."""
    newest = Light.objects.filter(project__in=projects).order_by("-month").first()
    if newest is None:
        return
    lights = Light.objects.filter(project__in=projects, month=newest.month).select_related(
        "project"
    )
    by_colour: dict[str, list[Project]] = {}
    for light in lights.order_by("project__code"):
        by_colour.setdefault(light.colour, []).append(light.project)
    for nth, (colour, reason) in enumerate(words.OVERRIDES):
        from_colour = Colour.YELLOW if colour == Colour.GREEN else Colour.GREEN
        known = by_colour.get(from_colour, [])
        if nth < len(known):
            override_light(
                actor=None, project=known[nth], colour=colour, reason=reason,
                until=timezone.localdate(now) + timedelta(days=20 + 9 * nth),
                now=now - timedelta(hours=5),
            )  # fmt: skip
