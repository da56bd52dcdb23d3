"""Loading the demo district into a database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from jiulong.demo.district import DemoEnterprise, DemoPoint, District, credit_code, district
from jiulong.evidence.actions import record_event
from jiulong.gateway.actions import register_logger
from jiulong.gateway.models import Logger
from jiulong.monitoring import limits
from jiulong.monitoring.factors import factor_of
from jiulong.monitoring.models import Outfall, PermitLimit, Point
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, require
from jiulong.registers.models import Enterprise
from jiulong.registers.searching import initials
from jiulong.simulator.trades import WATERS

#: For the demo alone, on a loopback address, with invented data. Printed where it is used.
DEMO_PASSWORD: Final = "jiulong-demo"  # noqa: S105
#: user name, role, shown name, unit
ACCOUNTS: Final = (
    ("admin", User.Role.ADMINISTRATOR, "演示管理员", "350602-monitoring"),
    ("officer", User.Role.OFFICER, "演示执法员", "350602-ecology"),
    ("district", User.Role.LEADER, "演示区领导", "350602"),
    ("observer", User.Role.OBSERVER, "演示督查员", "350602-inspection"),
    ("supervisor", User.Role.SUPERVISOR, "演示督办员", "350602-inspection"),
    ("dispatcher", User.Role.DISPATCHER, "演示派遣员", "350602-grid"),
    ("leader", User.Role.LEADER, "演示城管负责人", "350602-urban"),
    ("handler", User.Role.HANDLER, "演示城管承办员", "350602-urban"),
    ("verifier", User.Role.VERIFIER, "演示核查员", "350602-inspection"),
    ("street", User.Role.STREET_STAFF, "演示街道执法员", "350602001"),
    ("grid", User.Role.GRID_WORKER, "演示网格员", "350602001001001"),
    ("cadre", User.Role.CADRE, "演示挂钩干部", "350602-industry"),
    ("enterprise", User.Role.ENTERPRISE, "演示企业甲", "XC006"),
    ("enterprise2", User.Role.ENTERPRISE, "演示企业乙", "XC007"),
    ("desk", User.Role.MONITOR, "演示监控员", "350602-monitoring"),
    ("officer2", User.Role.OFFICER, "演示执法员乙", "350602-ecology"),
    ("operator", User.Role.OPERATOR, "演示运维员", "YW001"),
    ("laboratory", User.Role.LABORATORY, "演示化验员", "350602-laboratory"),
    ("security", User.Role.SECURITY, "演示安全管理员", "350602-office"),
    ("auditor", User.Role.AUDITOR, "演示审计管理员", "350602-office"),
)
#: The published examples of the standard name these two loggers. Their frames are from these years.
STANDARD_LOGGERS: Final = (
    ("010000A8900016F000169DC0", "2017", "123456"),
    ("88888880000001", "2005", "123456"),
)
STANDARD_POINT: Final = "HJ212"
#: In service for no time at all, so that nothing counts as missing between the examples.
STANDARD_ON: Final = date(2004, 1, 1)
LIMITS_FROM: Final = date(2024, 1, 1)


def create_accounts() -> User:
    """The demo's accounts, all with `DEMO_PASSWORD`; returns the administrator.

    Only for a database that is thrown away afterwards: the password is published. Units are those
    of the demo district, which the loader makes; accounts find theirs in `load_district`.
    """
    for name, role, shown, _unit in ACCOUNTS:
        if not User.objects.filter(username=name).exists():
            user = User(username=name, role=role, first_name=shown)
            user.set_password(DEMO_PASSWORD)
            user.save()
            record_event(actor=None, verb="create_account", subject=user, data={"role": role})
    return User.objects.get(username=ACCOUNTS[0][0])


def load_district(
    *, actor: Viewer, now: datetime, since: datetime, count: int | None = None, seed: int = 1
) -> District:
    """Write the demo district: units, enterprises, outfalls, points, limits, loggers.

    What is there already stays as it is. Frames are expected from `since` on. `count` takes only
    the first so many points.

    Raises:
        PermissionDenied: the actor's role lacks `edit_logger`.
    """
    user = require(actor, "edit_logger")
    found = district(seed).enlarged(count or 0, seed)
    with transaction.atomic():
        units = _units(found)
        enterprises = _enterprises(found, units)
        wanted = found.points[:count]
        points = _points(found, enterprises, wanted, since)
        _limits(wanted, points)
        points[STANDARD_POINT] = _standard_point(units)
        _place_accounts(units)
        record_event(
            actor=user, verb="load_district", subject=units[found.code], at=now,
            data={"points": len(wanted), "enterprises": len(enterprises)},
        )  # fmt: skip
    _loggers(user, wanted, points, now)
    return found


def _units(found: District) -> dict[str, Unit]:
    """Units by code, made where there are none."""
    top, _ = Unit.objects.get_or_create(
        code=found.code, defaults={"name": found.name, "kind": Unit.Kind.DISTRICT}
    )
    rows = [(code, name, Unit.Kind.DEPARTMENT) for code, name in found.departments]
    rows += [(row["code"], row["name"], row["kind"]) for row in found.places]
    rows += [(code, name, Unit.Kind.ENTERPRISE) for code, name in found.operators]
    rows += [(_unit_code(e), e.name, Unit.Kind.ENTERPRISE) for e in found.enterprises]
    rows.append((STANDARD_POINT, "标准示例（HJ 212 附录）", Unit.Kind.ENTERPRISE))
    known = set(Unit.objects.values_list("code", flat=True))
    Unit.objects.bulk_create(
        Unit(code=code, name=name, kind=kind, parent=top)
        for code, name, kind in rows
        if code not in known
    )
    return {unit.code: unit for unit in Unit.objects.all()}


def _unit_code(enterprise: DemoEnterprise) -> str:
    return f"XC{enterprise.number:03d}"


def _enterprises(found: District, units: dict[str, Unit]) -> dict[str, Enterprise]:
    """Enterprises by credit code, made where there are none."""
    known = set(Enterprise.objects.values_list("credit_code", flat=True))
    Enterprise.objects.bulk_create(
        Enterprise(
            unit=units[_unit_code(row)], name=row.name, credit_code=row.credit_code,
            trade=row.trade, street=units[row.place], longitude=row.longitude,
            latitude=row.latitude, initials=initials(row.name),
        )
        for row in found.enterprises
        if row.credit_code not in known
    )  # fmt: skip
    return {row.credit_code: row for row in Enterprise.objects.all()}


def _points(
    found: District,
    enterprises: dict[str, Enterprise],
    wanted: list[DemoPoint],
    since: datetime,
) -> dict[str, Point]:
    """Outfalls, and points by code, made where there are none."""
    codes = {point.code for point in wanted}
    rows = [(e, point) for e in found.enterprises for point in e.points if point.code in codes]
    outfalls = {row.code: row for row in Outfall.objects.all()}
    new = {
        point.outfall: Outfall(
            enterprise=enterprises[e.credit_code], code=point.outfall, receiving_water=e.water,
            name=point.outfall_name, longitude=e.longitude, latitude=e.latitude,
        )
        for e, point in rows
        if point.outfall not in outfalls
    }  # fmt: skip
    outfalls |= {row.code: row for row in Outfall.objects.bulk_create(new.values())}
    known = set(Point.objects.values_list("code", flat=True))
    firms = [code for code, _name in found.operators]
    operators = list(Unit.objects.filter(code__in=firms).order_by("code"))
    Point.objects.bulk_create(
        Point(
            outfall=outfalls[point.outfall], code=point.code, name=point.name,
            position=point.position, realtime_interval_s=point.spec.realtime_s,
            minute_interval=point.spec.minute_min, active_from=since,
            discharge=_discharge(point), operator=operators[e.number % len(operators)],
        )
        for e, point in rows
        if point.code not in known
    )  # fmt: skip
    return {row.code: row for row in Point.objects.all()}


def _discharge(point: DemoPoint) -> Point.Discharge:
    by_batch = WATERS[point.spec.trade, point.spec.position].night_stop
    return Point.Discharge.INTERMITTENT if by_batch else Point.Discharge.CONTINUOUS


def _limits(wanted: list[DemoPoint], points: dict[str, Point]) -> None:
    bounded = set(PermitLimit.objects.values_list("point__code", flat=True))
    factors = {code: factor_of(code) for code in {b.factor for p in wanted for b in p.bounds}}
    PermitLimit.objects.bulk_create(
        PermitLimit(
            point=points[point.code], factor=factors[bound.factor], statistic=bound.statistic,
            minimum=bound.minimum, maximum=bound.maximum, valid_from=LIMITS_FROM,
            source=bound.source,
        )
        for point in wanted
        if point.code not in bounded
        for bound in point.bounds
    )  # fmt: skip
    limits.settle([points[point.code] for point in wanted if point.code not in bounded])


def _standard_point(units: dict[str, Unit]) -> Point:
    """A point for the published examples; nothing is expected of it today."""
    enterprise, _ = Enterprise.objects.get_or_create(
        unit=units[STANDARD_POINT],
        defaults={
            "name": units[STANDARD_POINT].name,
            "credit_code": credit_code(999_999),
            "trade": Enterprise.Trade.OTHER,
        },
    )
    outfall, _ = Outfall.objects.get_or_create(
        code=STANDARD_POINT,
        defaults={
            "enterprise": enterprise,
            "name": enterprise.name,
            "longitude": 117.6180,
            "latitude": 24.5300,
        },
    )
    zone = timezone.get_default_timezone()
    examples_at = datetime.combine(STANDARD_ON, datetime.min.time(), zone)
    point, _ = Point.objects.get_or_create(
        code=STANDARD_POINT,
        defaults={
            "outfall": outfall,
            "name": enterprise.name,
            "active_from": examples_at,
            "active_to": examples_at,
        },
    )
    return point


def _place_accounts(units: dict[str, Unit]) -> None:
    for name, _role, _shown, unit in ACCOUNTS:
        if unit in units:  # a grid comes with its pack
            User.objects.filter(username=name, unit=None).update(unit=units[unit])


def _loggers(user: User, wanted: list[DemoPoint], points: dict[str, Point], now: datetime) -> None:
    """Register what is not registered yet, one act each, as an administrator would."""
    known = set(Logger.objects.values_list("mn", flat=True))
    with transaction.atomic():
        for point in wanted:
            spec = point.spec
            if spec.mn not in known:
                register_logger(
                    actor=user, mn=spec.mn, point=points[point.code], password=spec.password,
                    profile=spec.profile, key=spec.key.hex(), now=now,
                )  # fmt: skip
        for name, profile, password in STANDARD_LOGGERS:
            if name not in known:
                register_logger(
                    actor=user, mn=name, point=points[STANDARD_POINT], password=password,
                    profile=profile, now=now,
                )  # fmt: skip
