"""Sections of the floors below: units, grids and roles of a district."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, StringConstraints

from jiulong.organisation.actions import put_role
from jiulong.organisation.actions.units import UNDER
from jiulong.organisation.models import Post, Role, Unit, User
from jiulong.organisation.roles import BUILT_IN, SEPARATE
from jiulong.organisation.verbs import VERBS
from jiulong.packs.sections import (
    Change,
    Context,
    Fault,
    Item,
    Path,
    Section,
    differences,
    no_such,
    register,
)
from jiulong.packs.text import Text

UnitCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z_.-]*$", max_length=40)]
RoleCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=20)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]


class UnitItem(Item):
    """A part of the district: who problems are sent to, and what places lie in."""

    code: UnitCode = Field(description="division code where there is one: 350602001, 350602001001")
    name: Name = Field(description="what people call it")
    kind: Literal["district", "department", "street", "community", "zone"] = Field(
        description="`street`: street or town; `community`: community or village; `zone`: a "
        "development zone that has no division code"
    )
    parent: UnitCode | None = Field(default=None, description="code of the unit above")
    longitude: Longitude | None = Field(default=None, description="of its centre, WGS-84 degrees")
    latitude: Latitude | None = Field(default=None, description="of its centre, WGS-84 degrees")


class GridItem(Item):
    """A grid (网格): the part of a community that a grid worker looks after."""

    code: UnitCode = Field(description="the community's code and three digits is usual")
    name: Name = Field(description="what people call it")
    community: UnitCode = Field(description="code of the unit that it lies in")
    longitude: Longitude | None = Field(default=None, description="of its centre, WGS-84 degrees")
    latitude: Latitude | None = Field(default=None, description="of its centre, WGS-84 degrees")


class RoleItem(Item):
    """A role beyond those in the box: what it may do, and where."""

    code: RoleCode = Field(description="what accounts name; never changes")
    name: Text = Field(description="what people call it")
    verbs: list[str] = Field(min_length=1, description="what it may do, see [verbs](#verbs)")
    scope: Literal["own", "unit", "unit_below", "named", "all"] = Field(
        default="unit", description="own things · own unit · own unit and below · named · all"
    )


def _unit_row(item: UnitItem | GridItem) -> dict[str, Any]:
    if isinstance(item, GridItem):
        told = {"name": item.name, "kind": "grid", "parent": item.community}
    else:
        told = {"name": item.name, "kind": item.kind, "parent": item.parent or ""}
    return {**told, "longitude": item.longitude, "latitude": item.latitude}


def _stored_units(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    rows = Unit.objects.filter(code__in=[*codes], closed_on=None).order_by("code")
    return {
        unit.code: {
            "name": unit.name,
            "kind": unit.kind,
            "parent": unit.parent.code if unit.parent else "",
            "longitude": unit.longitude,
            "latitude": unit.latitude,
        }
        for unit in rows.select_related("parent")
    }


def _plan_units(section: str) -> Callable[[Sequence[Any], Context], Sequence[Change]]:
    def plan(items: Sequence[Any], context: Context) -> Sequence[Change]:
        held = context.held.get(section, frozenset())
        stored = _stored_units(held | {item.code for item in items})
        return differences(items, stored, held=held, wanted=_unit_row)

    return plan


def _apply_units(changes: Sequence[Change], context: Context) -> None:
    """Write units, those above first: a unit's path follows from its parent's."""
    by_code = {change.key: change for change in changes if change.kind in {"add", "change"}}
    above = [_unit_row(change.item)["parent"] for change in by_code.values()]
    known = {unit.code: unit for unit in Unit.objects.filter(code__in=[*by_code, *above])}
    while by_code:
        ready = [key for key, change in by_code.items() if _above(change) not in by_code]
        for key in ready:
            _write_unit(by_code.pop(key), known)
    gone = [change.key for change in changes if change.kind == "retire"]
    Unit.objects.filter(code__in=gone).update(closed_on=localdate(context.now))


def _above(change: Change) -> str:
    return str(_unit_row(change.item)["parent"])


def _write_unit(change: Change, known: dict[str, Unit]) -> None:
    row = _unit_row(change.item)
    unit = known.get(change.key) or Unit(code=change.key)
    unit.parent = known[row.pop("parent")] if row["parent"] else None
    row.pop("parent", None)
    for name, value in row.items():
        setattr(unit, name, value)
    unit.closed_on = None
    unit.save()
    known[change.key] = unit


def _check_units(items: Sequence[UnitItem], context: Context) -> Iterator[Fault]:
    for index, item in enumerate(items):
        if item.parent is None:
            continue
        yield from context.unknown((index, "parent"), "units", item.parent)
        yield from _misplaced((index, "parent"), item.kind, item.parent, context)
        if _circles(item, context):
            told = _("“%(code)s” lies within itself; expected no circle") % {"code": item.code}
            yield Fault((index, "parent"), told)


def _misplaced(path: Path, kind: str, above: str, context: Context) -> Iterator[Fault]:
    parent = context.known.get("units", above)
    allowed = UNDER.get(Unit.Kind(kind))
    if parent is not None and allowed is not None and parent.kind not in allowed:
        told = _("a unit of the kind %(kind)s cannot lie in a %(above)s; expected %(allowed)s")
        data = {"kind": kind, "above": parent.kind, "allowed": _(" or ").join(sorted(allowed))}
        yield Fault(path, told % data)


def _circles(item: UnitItem, context: Context) -> bool:
    seen: set[str] = set()
    current: Any = item
    while current is not None and current.parent and current.code not in seen:
        seen.add(current.code)
        current = context.known.get("units", current.parent)
    return current is not None and current.code == item.code and bool(seen)


def _check_grids(items: Sequence[GridItem], context: Context) -> Iterator[Fault]:
    for index, item in enumerate(items):
        yield from context.unknown((index, "community"), "units", item.community)
        yield from _misplaced((index, "community"), "grid", item.community, context)
        if context.known.has("units", item.code):
            told = _("“%(code)s” is a unit already; expected a code of its own")
            yield Fault((index, "code"), told % {"code": item.code})


def _stranded_units(changes: Sequence[Change], _context: Context) -> Iterator[str]:
    """People whose unit would be gone, and units below that would hang in the air."""
    gone = {change.key for change in changes if change.kind == "retire"}
    if not gone:
        return
    people = User.objects.filter(is_active=True, unit__code__in=gone).values_list("unit__code")
    posts = Post.objects.filter(to_on=None, unit__code__in=gone).values_list("unit__code")
    for (code,) in sorted({*people, *posts}):
        yield _("people still work for the unit “%(code)s”: move them first") % {"code": code}
    below = Unit.objects.filter(parent__code__in=gone, closed_on=None).exclude(code__in=gone)
    for unit in below.select_related("parent"):
        told = _("the unit “%(below)s” still lies under “%(code)s”, which would be gone")
        yield told % {"below": unit.code, "code": unit.parent.code if unit.parent else ""}


def _role_row(item: RoleItem) -> dict[str, Any]:
    names = {"zh": item.name.zh, **({"en": item.name.en} if item.name.en else {})}
    return {"names": names, "verbs": sorted(set(item.verbs)), "scope": item.scope}


def _plan_roles(items: Sequence[RoleItem], context: Context) -> Sequence[Change]:
    """A role that this site has changed by hand stays as the site wants it."""
    held = context.held.get("roles", frozenset())
    wanted = {item.code: _role_row(item) for item in items}
    rows = Role.objects.filter(code__in=held | wanted.keys())
    stored = {
        row.code: {"names": row.names, "verbs": sorted(row.verbs), "scope": row.scope}
        if row.changed_at is None
        else wanted.get(row.code, {})
        for row in rows
    }
    return differences(items, stored, held=held, wanted=_role_row)


def _apply_roles(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind in {"add", "change"}:
            put_role(code=change.key, pack=context.pack, **_role_row(change.item))
    gone = [change.key for change in changes if change.kind == "retire"]
    Role.objects.filter(code__in=gone, built_in=False).delete()


def _check_roles(items: Sequence[RoleItem], _context: Context) -> Iterator[Fault]:
    for index, item in enumerate(items):
        if item.code in BUILT_IN:
            told = _("“%(code)s” is a role in the box; expected a code of its own")
            yield Fault((index, "code"), told % {"code": item.code})
        for number, verb in enumerate(item.verbs):
            if verb not in VERBS:
                told = no_such(_("rights"), verb, VERBS)
                yield Fault((index, "verbs", number), told)
            elif verb in SEPARATE:
                told = _("a pack brings no administrators (%(verbs)s)")
                verbs = ", ".join(sorted(SEPARATE))
                yield Fault((index, "verbs", number), told % {"verbs": verbs})


def _stranded_roles(changes: Sequence[Change], _context: Context) -> Iterator[str]:
    gone = {change.key for change in changes if change.kind == "retire"}
    if not gone:
        return
    held = User.objects.filter(is_active=True, role__in=gone).values_list("role")
    posts = Post.objects.filter(role__in=gone).values_list("role")
    for (code,) in sorted({*held, *posts}):
        yield _("people still hold the role “%(code)s”: give them another first") % {"code": code}


def register_all() -> None:
    """Offer units, grids and roles."""
    register(Section(
        key="units", label=gettext_lazy("Units"), model=UnitItem, order=10, check=_check_units,
        plan=_plan_units("units"), apply=_apply_units, strands=_stranded_units,
    ))  # fmt: skip
    register(Section(
        key="grids", label=gettext_lazy("Grids"), model=GridItem, order=15, check=_check_grids,
        plan=_plan_units("grids"), apply=_apply_units, strands=_stranded_units,
    ))  # fmt: skip
    register(Section(
        key="roles", label=gettext_lazy("Roles"), model=RoleItem, order=20, check=_check_roles,
        built_in={role.code: Text(role.zh, role.en) for role in BUILT_IN.values()},
        plan=_plan_roles, apply=_apply_roles, strands=_stranded_roles,
    ))  # fmt: skip
