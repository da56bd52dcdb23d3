"""The sections `project_lights` and `demo_projects` of packs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from jiulong.packs.sections import (
    Change,
    Context,
    Fault,
    Item,
    Section,
    differences,
    register,
)
from jiulong.projects import demo
from jiulong.projects.lights.spec import LightSpec
from jiulong.projects.models import LightRules, Project

LIGHTS: Final = "project_lights"
DEMO: Final = "demo_projects"


class DemoProjects(Item):
    """So many invented projects of one level, with a year of history."""

    level: Literal["province", "city", "district"] = Field(description="level of the projects")
    count: Annotated[int, Field(ge=0, le=1000)] = Field(description="how many")


def _json(item: Any) -> dict[str, Any]:
    return dict(item.model_dump(mode="json", by_alias=True))


def _check_lights(items: Sequence[LightSpec], _context: Context) -> Iterator[Fault]:
    for n, item in enumerate(items):
        if item.until and item.until < item.since:
            yield Fault((n, "until"), _("The last day is before the first."))
        measures = [rule.measure for rule in item.rules]
        for m, measure in enumerate(measures):
            if measure in measures[:m]:
                told = _("“%(measure)s” stands twice in one set of rules")
                yield Fault((n, "rules", m, "measure"), told % {"measure": measure})


def _plan_lights(items: Sequence[LightSpec], context: Context) -> Sequence[Change]:
    stored = {row.code: row.spec for row in LightRules.objects.filter(retired_at=None)}
    return differences(items, stored, held=context.held.get(LIGHTS, frozenset()), wanted=_json)


def _apply_lights(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "retire":
            LightRules.objects.filter(code=change.key).update(retired_at=context.now)
        elif change.kind != "same":
            values = {
                "pack": context.pack,
                "spec": _json(change.item),
                "position": change.item.order,
                "retired_at": None,
            }
            LightRules.objects.update_or_create(code=change.key, defaults=values)


def _export_lights(pack: str) -> Sequence[dict[str, Any]]:
    return [row.spec for row in LightRules.objects.filter(pack=pack, retired_at=None)]


def _level(item: DemoProjects) -> str:
    return str(item.level)


def _plan_demo(items: Sequence[DemoProjects], _context: Context) -> Sequence[Change]:
    """There, or not: what was invented once is left as people changed it."""
    there = set(Project.objects.order_by().values_list("level", flat=True).distinct())
    return [
        Change("same" if item.level in there else "add", item.level, {}, _json(item), item)
        for item in items
    ]


def _apply_demo(changes: Sequence[Change], context: Context) -> None:
    counts = {change.key: change.item.count for change in changes if change.kind == "add"}
    if counts:
        demo.furnish(context.now, counts)


def register_sections() -> None:
    """Offer the sections to packs."""
    register(
        Section(
            key=LIGHTS, label=gettext_lazy("Lights of projects"), model=LightSpec, order=65,
            check=_check_lights, plan=_plan_lights, apply=_apply_lights, export=_export_lights,
        )
    )  # fmt: skip
    register(
        Section(
            key=DEMO, label=gettext_lazy("Demo projects"), model=DemoProjects, order=97,
            code=_level, plan=_plan_demo, apply=_apply_demo, demo=True,
        )
    )  # fmt: skip
