"""A small district a month after the month: four streets with people, figures of the month before.

What a leader's page shows beside the contest is there too: projects, a late case, an alarm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from django.utils import timezone

from jiulong.cases.actions import file_case
from jiulong.cases.models import MatterType
from jiulong.organisation.models import Unit, User
from jiulong.packs.actions import apply_packs
from jiulong.projects.actions.lights import compute_lights
from jiulong.projects.lights.gathering import judged_month
from jiulong.scorecards import sheeting
from jiulong.scorecards.actions import Seen, observe
from jiulong.scorecards.actions import sheets as filling
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.actions.opening import step
from jiulong.scorecards.actions.targets import place_targets
from jiulong.scorecards.checking import Typed
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Indicator, SchemeVersion, Sheet, Subject, Target
from tests import factories
from tests.browser import district
from tests.duty.scene import make_alarm
from tests.projects.scene import make_project, make_rules, plan

PACK: Final = Path(__file__).parent / "yuefen"
OUTPUT, SETTLED = "yuefen.output", "yuefen.settled"
#: Who enters the house: name → role and unit.
PEOPLE: Final = {
    "clerk": (User.Role.STREET_STAFF, "bing"), "head": (User.Role.LEADER, "bing"),
    "statistics": (User.Role.LEADER, "stat"), "supervisor": (User.Role.SUPERVISOR, "office"),
    "checker": (User.Role.SUPERVISOR, "office"), "printer": (User.Role.SUPERVISOR, "office"),
    "leader": (User.Role.LEADER, "350602"),
}  # fmt: skip
#: Output and demands settled, the month before and this one. The third street's own are typed.
BEFORE: Final = {
    "jia": ("70", "96"), "yi": ("90", "90"), "bing": ("70", "85"), "ding": ("78", "88"),
}  # fmt: skip
THIS: Final = {"jia": ("110", "96"), "yi": ("95", "90"), "ding": ("82", "88")}


@dataclass(frozen=True)
class World:
    """`period` is the month that is over, `now` when the test began."""

    period: str
    now: datetime

    def user(self, name: str) -> User:
        return User.objects.with_rights().select_related("unit").get(username=name)

    def sheet(self, unit: str) -> Sheet:
        rows = Sheet.objects.select_related("plan", "unit")
        return rows.get(unit__code=unit, period=self.period)

    def sign(self, who: str, unit: str) -> None:
        """Somebody signs a street's sheet."""
        sheet = self.sheet(unit)
        digest = sheeting.digest_of(sheet, sheeting.told(sheet))
        filling.sign_sheet(actor=self.user(who), sheet=sheet, digest=digest, now=self.now)


def build(now: datetime) -> World:
    """Everything there is before the test begins."""
    apply_packs(actor=None, paths=[PACK], now=now)
    period = periods.previous(periods.of(timezone.localdate(now), "month"))
    world = World(period, now)
    _people()
    _aims(world)
    _month_before(world)
    step(now)
    _beside(world)
    return world


def _people() -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    password = ""
    wanted = dict(PEOPLE)
    for code in THIS:
        wanted[f"clerk.{code}"] = (User.Role.STREET_STAFF, code)
        wanted[f"head.{code}"] = (User.Role.LEADER, code)
    for name, (role, unit) in wanted.items():
        user = factories.make_user(role, units[unit], username=name, first_name=name)
        if not password:
            user.set_password(district.PASSWORD)
            password = user.password
        User.objects.filter(pk=user.pk).update(password=password)


def _aims(world: World) -> None:
    """A hundred for each street, four hundred for the district; in January last year's count."""
    output = Indicator.objects.get(code=OUTPUT)
    years = {world.period[:4], str(timezone.localdate(world.now).year)}
    rows = [
        Target(indicator=output, subject=one, period=year, value=Decimal(value))
        for year in years
        for one, value in ((one, 400 if one.code == "350602" else 100) for one in _subjects())
    ]
    place_targets(actor=None, rows=rows, now=world.now)
    see(world, world.period, {"350602": ("373", "90")})


def _subjects() -> list[Subject]:
    return list(Subject.objects.order_by("code"))


def see(world: World, period: str, figures: dict[str, tuple[str, str]]) -> None:
    """Figures that stand without a sheet."""
    ids = dict(Indicator.objects.values_list("code", "pk"))
    subjects = {one.code: one.pk for one in _subjects()}
    seen = [
        Seen(ids[indicator], subjects[code], period, Decimal(value))
        for code, pair in figures.items()
        for indicator, value in zip((OUTPUT, SETTLED), pair, strict=True)
    ]
    observe(actor=None, seen=seen, now=world.now)


def _month_before(world: World) -> None:
    before = periods.previous(world.period)
    see(world, before, BEFORE)
    scheme = SchemeVersion.objects.get(code="yuefen")
    contest.compute_standing(actor=None, scheme=scheme, period=before, now=world.now)


def _beside(world: World) -> None:
    """Two projects, one of them behind its plan; a late case; a discharge over its limit."""
    bing = Unit.objects.get(code="bing")
    make_rules()
    late, _unplanned = (make_project(lead_unit=bing, zone=bing) for _n in range(2))
    plan(late, judged_month(timezone.localdate(world.now)).year)
    compute_lights(now=world.now)
    file_case(
        actor=None, matter=MatterType.objects.get(code="yuefen.rectify"), title="上一件整改",
        data={"unit": "yi"}, clock="5 days", now=world.now - timedelta(days=30),
    )  # fmt: skip
    make_alarm(factories.make_outfall(), now=world.now)


def report_the_others(world: World) -> None:
    """The other streets fill in, submit and sign as theirs do."""
    for code, pair in THIS.items():
        cells = {(code, key): Typed(value)
                 for key, value in zip((OUTPUT, SETTLED), pair, strict=True)}  # fmt: skip
        sheet, clerk = world.sheet(code), world.user(f"clerk.{code}")
        filling.save_draft(
            actor=clerk, sheet=sheet, cells=cells, version=sheet.version, now=world.now
        )
        filling.submit_sheet(actor=clerk, sheet=sheet, version=sheet.version, now=world.now)
        world.sign(f"head.{code}", code)
        world.sign("statistics", code)
