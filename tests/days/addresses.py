"""Every address of the site: whose page it is and with what in it, or why it is no page to look at.

A view that is added gets a row here, or `test_pages.py` fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from jiulong.cases import actions, possible
from jiulong.cases.models import Case, MatterType
from jiulong.duty.actions import begin_shift, write_log
from jiulong.duty.models import Shift
from jiulong.evidence.models import Seal
from jiulong.gaps.models import Gap
from jiulong.gateway.models import Command, QuarantinedFrame
from jiulong.monitoring.models import Alarm, Finding, Outfall, Period, Point
from jiulong.organisation.models import Unit, User
from jiulong.plant.demo import describe_plants, lay_rivers
from jiulong.projects.models import Milestone, MonthReport, Project
from jiulong.projects.stages import moves_from
from jiulong.registers.actions import hand_in
from jiulong.registers.importing import steps
from jiulong.registers.models import Enterprise, Entry, Register
from jiulong.reports.actions import draft_report
from jiulong.reports.models import Report
from jiulong.scorecards.models import Observation, Sheet
from jiulong.validity.models import DayStatistic
from tests.browser.district import MN, STRANGER
from tests.bulletins import looks as papers
from tests.duty.scene import make_alarm
from tests.factories import make_outfall, make_point
from tests.projects.scene import make_matter as obstacle_matter
from tests.projects.wall.scene import district as key_projects
from tests.registers.test_importing import book
from tests.sampling import looks
from tests.scorecards.scene import made_up as made_up_figures
from tests.scorecards.standings import looks as ranked
from tests.upkeep import looks as handed_in

NOBODY: Final = ""


@dataclass(frozen=True, slots=True)
class Look:
    """A page as somebody sees it: who, the arguments of its address, what is different, a query."""

    name: str
    who: str
    args: Callable[[], list[Any]] = list
    note: str = ""
    query: str = ""

    def path(self) -> str:
        return reverse(self.name, args=self.args()) + iri_to_uri(self.query)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.note, "as", self.who or "anybody")))


def const(*args: Any) -> Callable[[], list[Any]]:
    return lambda: list(args)


def user(name: str) -> User:
    return User.objects.with_rights().select_related("unit").get(username=name)


def nothing_of(make: Callable[[], list[Any]]) -> Callable[[], list[Any]]:
    """An address without arguments of a page on which this stands."""

    def find() -> list[Any]:
        make()
        return []

    return find


def a_statistic() -> list[Any]:
    """The newest day of the first point that was computed."""
    found = DayStatistic.objects.order_by("point", "-on").first()
    return (
        [found.point.code, found.on]
        if found
        else [Point.objects.all()[0].code, timezone.localdate()]
    )


def case(name: str, action: str = "", **wanted: Any) -> Callable[[], list[Any]]:
    """A case on which somebody may do this now; without an action, one that is as wanted."""

    def find() -> list[Any]:
        now, who = timezone.now(), user(name)
        for one in Case.objects.filter(**wanted).select_related("matter").order_by("pk"):
            moves = possible.moves(who, one, now) if action else []
            if not action or action in {move.action for move in moves}:
                return [one.pk, action] if action else [one.pk]
        raise LookupError(f"{name} has no case for {action or wanted}")

    return find


def in_hand() -> list[Any]:
    """A case that the handler has to answer."""
    return case("handler", "reply")()[:1]


def a_task() -> list[Any]:
    """A part of another's case that the handler has to finish."""
    whole = Case.objects.filter(matter__code=INSTRUCTION, stage="accepted").order_by("pk")[0]
    unit = user("handler").unit
    assert unit is not None
    part = actions.add_task(actor=None, case=whole, unit=unit, name="查看现场")
    return [part.pk, "finish_task"]


def own_report() -> list[Any]:
    """What the grid worker reported."""
    matter, who = MatterType.objects.get(code=EVENT), user("grid")
    filed = actions.file_case(
        actor=who, matter=matter, title="路灯不亮", data={"kind": "cover"}, place=(117.66, 24.51)
    )
    return [filed.pk]


def entry(register: str) -> Callable[[], list[Any]]:
    return lambda: [Entry.objects.filter(register__code=register).order_by("pk")[0].pk]


def an_import() -> list[Any]:
    """A sheet that is checked and has a fault."""
    register = Register.objects.get(code=FAMILIES)
    content = book([["编号", "申请人"], [None, None], ["1", "陈大文"]])
    job = hand_in(actor=user("leader"), register=register, name="申请家庭.xlsx", content=content)
    steps.advance(job.pk)
    return [job.pk]


def with_codes() -> list[Any]:
    """The observer has a second factor from here on."""
    observer = user("observer")
    if not is_mfa_enabled(observer):
        TOTP.activate(observer, generate_totp_secret())
        RecoveryCodes.activate(observer)
    return []


def an_alarm() -> list[Any]:
    """Any alarm; where the district had a quiet day, one is made."""
    found = Alarm.objects.order_by("pk").first()
    return [(found or make_alarm(Outfall.objects.order_by("pk")[0], now=timezone.now())).pk]


def a_shift() -> list[Any]:
    """The desk is on duty, and has written a line."""
    shift = Shift.objects.order_by("pk").first() or begin_shift(actor=user("desk"))
    write_log(actor=user("desk"), shift=shift, text="电话通知企业说明情况", kind="call")
    return [shift.pk]


def firm() -> list[Any]:
    return [Enterprise.objects.get(unit__code="XC006").pk]


def a_gap() -> list[Any]:
    """Three hours that a point misses."""
    point = Point.objects.order_by("pk")[0]
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=9)
    end = start + timedelta(hours=3)
    made = Gap.objects.create(
        point=point, period=Period.HOUR, minutes=60, start=start, end=end, missing=3, left=3,
        remaining=[[start, end]], found_at=end,
    )  # fmt: skip
    return [made.pk]


def a_plant() -> list[Any]:
    """A plant with its two units and the river that it leads into."""
    point = Point.objects.order_by("pk")[0]
    describe_plants([point], timezone.now())
    lay_rivers([point.outfall], timezone.localdate(), months=2)
    return [point.code]


def a_section() -> list[Any]:
    a_plant()
    return ["zz-zhongshan"]


def own_point() -> Point:
    """A point of the enterprise's own."""
    known = Point.objects.filter(outfall__enterprise__unit__code="XC006").first()
    return known or make_point(make_outfall(Enterprise.objects.get(unit__code="XC006")))


FAMILIES: Final = "gongzufang.applicant"
MEETINGS: Final = "duban.meeting"
EVENT, PROBLEM, INSTRUCTION = "wangge.event", "baiqi.problem", "duban.instruction"


def on_the_wall() -> list[Any]:
    """The wall has projects on it."""
    a_project()
    return []


def a_project() -> list[Any]:
    """Any key project; where there are none, some are made."""
    if not Project.objects.exists():
        key_projects(6)
    return [Project.objects.order_by("pk")[0].pk]


def figures() -> list[Any]:
    """The district has targets, figures and sheets."""
    made_up_figures()
    return []


def a_sheet() -> list[Any]:
    figures()
    return [Sheet.objects.filter(state="draft").order_by("pk")[0].pk]


def a_figure() -> list[Any]:
    figures()
    return [Observation.objects.filter(current=True).order_by("pk")[0].pk]


def an_indicator() -> list[Any]:
    figures()
    return ["retail"]


def a_years_plan() -> list[Any]:
    return [*a_project(), timezone.localdate().year]


def a_month() -> list[Any]:
    return [*a_project(), f"{timezone.localdate():%Y-%m}"]


def a_move() -> list[Any]:
    """The next stage of a project that is not at its end."""
    a_project()
    found = Project.objects.exclude(stage="producing").order_by("pk")[0]
    return [found.pk, moves_from(found.stage)[0]]


def an_obstacle() -> list[Any]:
    """A matter that holds projects up, of the pack or made."""
    if not MatterType.objects.filter(code="xiangmu.funds").exists():
        obstacle_matter()
    return [*a_project(), "xiangmu.funds"]


def a_milestone() -> list[Any]:
    """Any node, reached or not."""
    found, _made = Milestone.objects.get_or_create(
        project_id=a_project()[0], title="主体封顶", defaults={"planned_on": date(2026, 6, 30)}
    )
    return [found.pk]


def a_months_report() -> list[Any]:
    """A word on a month."""
    a_project()
    return [MonthReport.objects.order_by("pk")[0].pk]


def an_account() -> list[Any]:
    """The account of this month, drafted once."""
    first = timezone.localdate().replace(day=1)
    found = Report.objects.filter(first_on=first, kind="month").first()
    if found is None:
        found = draft_report(actor=user("officer"), kind="month", day=first)
    return [found.pk]


LOOKS: Final = (
    # The door, and what everybody may see.
    Look("account_login", NOBODY),
    Look("account_inactive", NOBODY),
    Look("tracking:track", NOBODY),
    Look("registers:published", NOBODY, const(FAMILIES)),
    # One who assigns and one who watches over it.
    Look("home", "supervisor"),
    Look("wall", "supervisor"),
    Look("wall", "supervisor", on_the_wall, "of projects", "?view=projects"),
    Look("projects:wall", "supervisor", on_the_wall),
    Look("projects:wall", "supervisor", on_the_wall, "board", "?view=board&by=zone"),
    Look("projects:wall", "supervisor", on_the_wall, "milestones", "?view=gantt"),
    Look("projects:wall", "supervisor", on_the_wall, "curve", "?view=curve&light=red"),
    Look("projects:wall_brief", "supervisor", a_project),
    Look("projects:projects", "supervisor", on_the_wall),
    Look("projects:project", "supervisor", a_project),
    Look("projects:obstacles", "supervisor"),
    Look("projects:lights", "supervisor", on_the_wall),
    Look("projects:due", "supervisor", on_the_wall),
    Look("projects:import", "supervisor"),
    Look("projects:new", "supervisor"),
    Look("projects:change", "supervisor", a_project),
    Look("projects:plan", "supervisor", a_years_plan),
    Look("projects:move", "supervisor", a_move),
    Look("projects:drop", "supervisor", a_project),
    Look("projects:override", "supervisor", a_project),
    Look("projects:obstacle", "supervisor", an_obstacle),
    Look("projects:milestone", "supervisor", a_project),
    Look("projects:reached", "supervisor", a_milestone),
    Look("projects:funds", "supervisor", a_project),
    Look("projects:contact", "supervisor", a_project),
    Look("projects:report", "supervisor", a_month),
    Look("projects:return", "supervisor", a_months_report),
    Look("cases:todo", "supervisor"),
    Look("cases:cases", "supervisor"),
    Look("cases:map", "supervisor"),
    Look("cases:board", "supervisor"),
    Look("cases:choose", "supervisor"),
    Look("cases:new", "supervisor", const(INSTRUCTION)),
    Look("cases:new", "supervisor", const(EVENT), "with a map"),
    Look("cases:supervision", "supervisor"),
    Look("cases:ledgers", "supervisor"),
    Look("cases:ledger", "supervisor", const(EVENT)),
    Look("cases:ledger", "supervisor", const(INSTRUCTION), "of papers"),
    Look("cases:statistics", "supervisor"),
    Look("cases:case", "supervisor", case("supervisor", matter__code=EVENT, stage="replied")),
    Look("cases:act", "supervisor", case("supervisor", "resume"), "resume"),
    Look("cases:print", "supervisor", case("supervisor", matter__code=EVENT, stage="closed")),
    Look("cases:act", "supervisor", case("supervisor", "assign")),
    Look("cases:act", "supervisor", case("supervisor", "verify"), "verify"),
    Look("cases:act", "supervisor", case("supervisor", "close"), "close"),
    Look("cases:act", "supervisor", case("supervisor", "remind"), "remind"),
    Look("cases:act", "supervisor", case("supervisor", "suspend"), "suspend"),
    Look("cases:act", "supervisor", case("supervisor", "merge"), "merge"),
    Look("notices:list", "supervisor"),
    Look("notices:choices", "supervisor"),
    Look("registers:search", "supervisor", note="漳州", query="?q=漳州"),
    Look("registers:search", "supervisor"),
    Look("registers:registers", "supervisor"),
    Look("registers:entries", "supervisor", const(FAMILIES)),
    Look("registers:entries", "supervisor", const("baiqi.link"), "of links"),
    Look("registers:board", "supervisor", const(FAMILIES)),
    Look("registers:statistics", "supervisor", const(FAMILIES)),
    Look("registers:queue", "supervisor", const(FAMILIES)),
    Look("registers:map", "supervisor", const("wangge.focus")),
    Look("registers:entry", "supervisor", entry(FAMILIES)),
    Look("registers:entry", "supervisor", entry("wangge.focus"), "with a map"),
    Look("registers:enterprises", "supervisor"),
    Look("registers:enterprises_map", "supervisor"),
    Look("registers:enterprise", "supervisor", firm),
    Look("packs:packs", "supervisor"),
    Look("packs:pack", "supervisor", const("wangge")),
    Look("calendar:year", "supervisor"),
    Look("calendar:of_year", "supervisor", const(2026)),
    Look("house:mine", "supervisor"),
    Look("api_tokens", "supervisor"),
    Look("account_change_password", "supervisor"),
    Look("account_reauthenticate", "supervisor"),
    Look("mfa_index", "supervisor"),
    Look("mfa_activate_totp", "supervisor"),
    # Those who do it.
    Look("home", "handler"),
    Look("cases:todo", "handler"),
    Look("cases:case", "handler", in_hand),
    Look("cases:act", "handler", case("handler", "reply")),
    Look("cases:act", "handler", case("handler", "ask_extension"), "extension"),
    Look("reporting:sign", "handler", in_hand),
    Look("cases:task", "handler", a_task),
    Look("reporting:quick", "grid"),
    Look("reporting:done", "grid", own_report),
    Look("home", "grid"),
    # A firm.
    Look("home", "enterprise"),
    Look("cases:todo", "enterprise"),
    Look("cases:choose", "enterprise"),
    Look("cases:new", "enterprise", const(PROBLEM)),
    Look("cases:case", "enterprise", case("enterprise", matter__code=PROBLEM,
                                          enterprise__unit__code="XC006")),
    Look("registers:enterprise", "enterprise", firm),
    # Sheets and entries.
    Look("registers:import", "leader", const(FAMILIES)),
    Look("registers:import_job", "leader", an_import),
    Look("registers:entry_new", "leader", const(FAMILIES)),
    Look("registers:entry_edit", "admin", entry(FAMILIES)),
    # The three administrators.
    Look("registers:enterprise_new", "admin"),
    Look("registers:enterprise_edit", "admin", firm),
    Look("registers:enterprises_import", "admin"),
    Look("calendar:day", "admin", const(date(2026, 10, 1))),
    Look("calendar:notice", "admin"),
    Look("calendar:hours", "admin"),
    Look("house:units", "admin"),
    Look("house:unit", "admin", lambda: [Unit.objects.get(code="350602001").pk]),
    Look("house:unit_new", "admin"),
    Look("house:unit_edit", "admin", lambda: [Unit.objects.get(code="350602001").pk]),
    Look("house:people", "admin"),
    Look("house:person", "admin", lambda: [user("handler").pk]),
    Look("house:person_new", "admin"),
    Look("house:person_edit", "admin", lambda: [user("handler").pk]),
    Look("house:person_password", "admin", lambda: [user("handler").pk]),
    Look("house:post_new", "admin", lambda: [user("handler").pk]),
    Look("house:roles", "security"),
    Look("house:role", "security", const("handler")),
    Look("house:role_new", "security"),
    Look("house:role_edit", "security", const("handler")),
    Look("house:logins", "auditor"),
    Look("house:readings", "auditor"),
    Look("operations", "auditor"),
    Look("mfa_generate_recovery_codes", "observer", with_codes),
    Look("mfa_view_recovery_codes", "observer", with_codes),
    Look("mfa_deactivate_totp", "observer", with_codes),
    Look("mfa_reauthenticate", "observer", with_codes),
    # What is measured.
    Look("monitoring:points", "admin"),
    Look("monitoring:points_map", "admin"),
    Look("monitoring:point", "admin", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("monitoring:readings", "admin", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("monitoring:limits", "admin", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("monitoring:standards", "admin"),
    Look("monitoring:alarms", "admin"),
    Look("monitoring:rules", "admin"),
    Look("monitoring:alarm", "admin", an_alarm),
    Look("monitoring:findings", "admin"),
    Look("monitoring:finding", "admin", lambda: [Finding.objects.order_by("pk")[0].pk]),
    Look("validity:rates", "admin"),
    Look("validity:days", "admin", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("validity:day", "admin", a_statistic),
    Look("validity:revisions", "admin"),
    Look("scorecards:targets", "supervisor", figures),
    Look("scorecards:indicators", "supervisor", figures),
    Look("scorecards:indicator", "supervisor", an_indicator),
    Look("scorecards:target", "supervisor", an_indicator),
    Look("scorecards:split", "supervisor", an_indicator),
    Look("scorecards:figure", "supervisor", a_figure),
    Look("scorecards:revise", "supervisor", a_figure),
    Look("scorecards:sheets", "supervisor", figures),
    Look("scorecards:sheet", "supervisor", a_sheet),
    # The contest.
    # It leads on to the newest standing, and others of this district make some.
    Look("scorecards:standings", "supervisor", note="of none", query="?scheme=of-none"),
    Look("scorecards:standing_list", "supervisor", ranked.nothing),
    Look("scorecards:standing", "supervisor", ranked.standing),
    Look("scorecards:standing", "leader", ranked.standing, "own row"),
    Look("scorecards:standing_again", "supervisor", ranked.standing),
    Look("scorecards:row", "supervisor", ranked.row),
    Look("scorecards:what_if", "supervisor", ranked.row),
    Look("scorecards:object", "leader", ranked.row),
    Look("scorecards:disputes", "supervisor", ranked.nothing),
    Look("scorecards:dispute", "supervisor", ranked.dispute),
    Look("scorecards:schemes", "supervisor", ranked.nothing),
    Look("scorecards:scheme", "supervisor", ranked.scheme),
    Look("scorecards:scheme_edit", "supervisor", ranked.draft),
    Look("scorecards:scheme_simulate", "supervisor", ranked.scheme),
    Look("scorecards:adjustments", "supervisor", ranked.nothing),
    Look("scorecards:adjustment_new", "supervisor", ranked.nothing),
    Look("scorecards:adjustment", "supervisor", ranked.adjustment),
    Look("scorecards:judging", "handler", ranked.nothing),
    Look("scorecards:judge", "handler", ranked.task),
    Look("scorecards:panels", "supervisor", ranked.nothing),
    Look("scorecards:panel_new", "supervisor", ranked.nothing),
    Look("scorecards:panel", "supervisor", ranked.panel),
    Look("bulletins:bulletins", "supervisor", nothing_of(papers.a_draft)),
    Look("bulletins:new", "supervisor"),
    Look("bulletins:forms", "supervisor"),
    Look("bulletins:bulletin", "supervisor", papers.a_draft),
    Look("bulletins:bulletin", "supervisor", papers.an_issued, "issued"),
    Look("bulletins:edit", "supervisor", papers.a_draft),
    Look("bulletins:verify", "supervisor", papers.an_issued),
    Look("bulletins:meetings", "supervisor", nothing_of(papers.a_meeting)),
    Look("bulletins:call", "supervisor", nothing_of(papers.a_meeting)),
    Look("bulletins:meeting", "supervisor", papers.a_meeting),
    Look("bulletins:edit_meeting", "supervisor", papers.a_coming_meeting),
    Look("bulletins:attendance", "supervisor", papers.a_meeting),
    Look("bulletins:decide", "supervisor", papers.a_meeting),
    Look("bulletins:slides", "supervisor", papers.a_meeting),
    Look("bulletins:pairings", "supervisor", nothing_of(papers.a_pairing)),
    Look("bulletins:pair", "supervisor", note="with a choice", query="?kind=village"),
    Look("bulletins:leaders", "supervisor", nothing_of(papers.a_pairing)),
    Look("bulletins:leader", "supervisor", papers.a_leader),
    Look("bulletins:pairing", "supervisor", papers.a_pairing),
    Look("bulletins:visit", "cadre", papers.a_pairing),
    Look("bulletins:letters", "supervisor", nothing_of(papers.a_letter)),
    Look("bulletins:hand_out", "supervisor", nothing_of(papers.a_letter)),
    Look("bulletins:letter", "leader", papers.a_letter),
    Look("bulletins:assess", "leader", papers.a_letter),
    Look("bulletins:score", "supervisor", papers.a_letter),
    Look("reports:reports", "officer"),
    Look("reports:new", "officer"),
    Look("reports:outfalls", "officer"),
    Look("reports:show", "officer", lambda: [Outfall.objects.order_by("pk")[0].pk]),
    Look("reports:report", "officer", an_account),
    Look("reports:explain", "officer", an_account),
    Look("reports:rows", "officer", lambda: [*an_account(), "days"]),
    # The desk that watches.
    Look("duty:desk", "desk"),
    Look("duty:shifts", "desk"),
    Look("duty:shift", "desk", a_shift),
    Look("duty:ledgers", "desk"),
    Look("duty:ledgers", "desk", note="of a month", query="?month=2026-03"),
    Look("duty:outfall", "desk", lambda: [Point.objects.order_by("pk")[0].outfall.code]),
    # Water kept as evidence.
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
    Look("gateway:loggers", "admin"),
    Look("gateway:logger_new", "admin"),
    Look("gateway:unregistered", "admin"),
    Look("gateway:adopt", "admin", const(STRANGER)),
    Look("gateway:logger", "admin", const(MN)),
    Look("gateway:logger_edit", "admin", const(MN)),
    Look("gateway:order", "officer", const(MN)),
    Look("gateway:quarantine", "admin"),
    Look("gateway:quarantined", "admin", lambda: [QuarantinedFrame.objects.order_by("pk")[0].pk]),
    Look("gateway:commands", "admin"),
    Look("gateway:command", "admin", lambda: [Command.objects.order_by("pk")[0].pk]),
    Look("gaps:gaps", "admin"),
    Look("gaps:months", "admin"),
    Look("gaps:gap", "officer", a_gap),
    Look("gaps:calendar", "officer", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("plant:plant", "admin", a_plant),
    Look("plant:unit", "admin", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("plant:parameters", "officer", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("plant:file", "enterprise", lambda: [own_point().code]),
    Look("plant:filings", "officer"),
    Look("plant:sections", "officer"),
    Look("plant:section", "officer", a_section),
    Look("plant:section_new", "admin"),
    Look("plant:section_edit", "admin", a_section),
    # What stations hand in, and those who run them.
    Look("upkeep:marks", "desk"),
    Look("upkeep:mark", "desk", handed_in.a_mark),
    Look("upkeep:mark", "enterprise", handed_in.a_rejected_mark, "rejected"),
    Look("upkeep:checks", "desk"),
    Look("upkeep:check", "enterprise", handed_in.a_check),
    Look("upkeep:faults", "desk"),
    Look("upkeep:fault", "enterprise", handed_in.a_fault),
    Look("upkeep:maintenance", "desk"),
    Look("upkeep:record", "desk", handed_in.a_record),
    Look("upkeep:objections", "desk"),
    Look("upkeep:objection", "desk", handed_in.an_objection),
    Look("portal:stations", "enterprise"),
    Look("portal:station", "enterprise", handed_in.code),
    Look("portal:account", "enterprise", handed_in.code),
    Look("portal:mark", "enterprise", handed_in.code),
    Look("portal:fault", "enterprise", handed_in.code),
    Look("portal:manual", "enterprise", handed_in.code),
    Look("portal:check", "enterprise", handed_in.code),
    Look("portal:maintenance", "enterprise", handed_in.code),
    Look("portal:objection", "enterprise", handed_in.finding),
    Look("portal:objection_to_mark", "enterprise", handed_in.a_rejected_mark),
    Look("evidence:seals", "admin"),
    Look("evidence:seal", "admin", lambda: [Seal.objects.order_by("pk")[0].number]),
)  # fmt: skip

#: Addresses that nobody looks at, and why.
OTHERS: Final = {
    name: why
    for why, some in (
        (
            "takes what is sent and answers with another page",
            """projects:confirm projects:confirm_milestone projects:end_override
            account_logout scorecards:ask_cause scorecards:sheet_save scorecards:sheet_sign
            scorecards:sheet_return scorecards:sheet_upload scorecards:compute
            scorecards:standing_act scorecards:dispute_withdraw scorecards:scheme_draft
            scorecards:scheme_adopt scorecards:scheme_drop scorecards:adjustment_confirm
            scorecards:adjustment_withdraw scorecards:panel_close reports:recount reports:sign
            reports:publish bulletins:recount bulletins:submit bulletins:sign bulletins:return
            bulletins:withdraw bulletins:correct bulletins:publish bulletins:retire_form
            bulletins:pack bulletins:cancel bulletins:end bulletins:sign_letter
            bulletins:letter_paper
            house:sign_out_elsewhere house:unit_close house:post_end
            house:person_unlock house:person_sign_out set_theme set_language api_token_revoke
            calendar:remove_hours duty:acknowledge duty:begin duty:write duty:hand_over
            duty:take_over
            duty:add_camera duty:drop_camera monitoring:finding_acknowledge
            monitoring:alarm_acknowledge monitoring:limit_set monitoring:standard_assign
            monitoring:load_set gateway:replay evidence:seal_now
            sampling:renew sampling:scan upkeep:mark_review upkeep:mark_withdraw
            upkeep:check_withdraw upkeep:fault_restore upkeep:objection_answer
            evidence:attach evidence:withdraw packs:apply registers:bulk registers:import_start
            registers:import_give_up registers:save_view registers:delete_view
            registers:entry_remove registers:entry_restore registers:entry_move
            registers:entry_unmask notices:read_all notices:open reporting:send
            gaps:prove plant:place plant:review reporting:ask_to_sign cases:remind
            openid_connect_login openid_connect_callback
            socialaccount_login_error socialaccount_login_cancelled socialaccount_signup""",
        ),
        (
            "data or a file, not a page",
            """projects:brief projects:leader projects:template
            bulletins:form_file bulletins:print bulletins:dossier
            live healthz scorecards:targets_paper scorecards:sheet_file
            scorecards:standing_scheme scorecards:standing_rows reports:print
            reports:open_csv
            duty:shift_paper duty:ledger_file monitoring:points_map_data monitoring:point_series
            validity:hours
            gaps:proof evidence:public_key evidence:file registers:options registers:import_faults
            registers:map_data registers:template registers:enterprises_map_data
            registers:enterprises_template reporting:near reporting:state reporting:manifest
            sampling:dossier sampling:paper
            reporting:worker cases:map_data cases:dossier mfa_download_recovery_codes""",
        ),
        ("a part of a page that is looked at", "notices:bell cases:nearby duty:alarm duty:section"),
        ("asked between password and desk, with the form of mfa_reauthenticate",
         "mfa_authenticate"),
        ("needs a journal on disk; tests/monitoring looks at it", "monitoring:frame"),
        ("off unless a site turns it on; tests/reports looks at it", "reports:open"),
        ("off likewise; tests/bulletins looks at it", "bulletins:open bulletins:open_list"),
    )
    for name in some.split()
}  # fmt: skip
#: Programs' addresses.
MACHINES: Final = ("api:", "open311:")


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The names of all addresses; one without a name is told by its pattern."""
    for one in patterns:
        if isinstance(one, URLResolver):
            within = f"{space}{one.namespace}:" if one.namespace else space
            yield from names(one.url_patterns, within)
        else:
            yield f"{space}{one.name}" if one.name else f"{space}{one.pattern}"


def for_people() -> set[str]:
    """The names of all addresses that people, not programs, call."""
    found = set(names(get_resolver().url_patterns))
    return {name for name in found if not name.startswith(MACHINES)}
