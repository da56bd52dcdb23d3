"""What a pack says about a matter: its form, clocks, routes, tasks, checks and ladder.

Units are named by code, or by a place holder that is resolved for each case:

    $filer        unit of whoever files it            $street     street or town of the place
    $community    community of the place              $grid       grid of the place
    $entry        unit in charge of the linked entry  $enterprise the enterprise's own unit
    $lead         lead unit of the case               $dispatch   the matter's own desk
    $field.KEY    unit in the form's field KEY
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Slot
from pydantic import RootModel, StringConstraints

from jiulong.packs.text import Text
from jiulong.registers.fields import Code, Field, Key, LimitText, Part, UnitCode, Where

#: How many, signed: `-1 working_days` is one working day before the clock runs out.
OffsetText = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[+-][1-9][0-9]{0,3} (hours|working_hours|working_days|days))$"),
    Slot(examples=["-1 working_days"]),
]
#: One limit for all, or a limit by severity; `default` stands for the severities left out.
Clock = LimitText | dict[Key, LimitText]
#: As `Where`, and `TASK.FIELD`: what an earlier task's answer says.
TaskWhere = dict[
    Annotated[
        str,
        StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?$"),
        Slot(examples=["remote.next"]),
    ],
    str | bool | list[str],
]
Needs = Literal[
    "photo_before", "photo_after", "document", "confirmation", "rating", "interview", "signatures"
]
Recipient = Literal[
    "handler",
    "lead",
    "supports",
    "filer",
    "dispatch",
    "verifier",
    "above",
    "supervisors",
    "bulletin",
]


class Severity(Part):
    """How bad or urgent; the first is the usual one."""

    key: Key = Slot(description="what clocks, routes and rungs name")
    name: Text = Slot(description="what people read")
    light: Literal["jade", "amber", "cinnabar", "indigo"] = Slot(
        default="indigo", description="jade ● · amber ▲ · cinnabar ■ · indigo ◆"
    )


class Clocks(Part):
    """How long each step may take. A step without a limit has no clock.

    `handle` starts with the assignment and is the promise: it is shown as the case's deadline.
    """

    assign: Clock | None = Slot(default=None, description="from filing until it is assigned")
    accept: Clock | None = Slot(default=None, description="from assigning until accepted")
    send_back_wrong: LimitText | None = Slot(
        default=None, alias="return", description="until when a wrong address may be returned"
    )
    handle: Clock = Slot(description="from assigning until the answer: the deadline")
    rework: Clock | None = Slot(default=None, description="after sending back; default: handle")
    support: Clock | None = Slot(default=None, description="for what support units are asked")
    verify: Clock | None = Slot(default=None, description="from the answer until it is verified")
    close: Clock | None = Slot(default=None, description="from verifying until it is closed")
    feedback: LimitText | None = Slot(
        default=None, description="while it is handled, feedback is due this often"
    )


class Route(Part):
    """Whose it is: the first route whose `when` fits. `when` names form fields, or `severity`,
    `street`, `community`, `grid`, `kind` (of a finding).
    """

    when: Where = Slot(default={}, description="list: any of them; several keys: all; none: always")
    lead: UnitCode = Slot(description="unit that handles it: code or place holder")
    supports: list[UnitCode] = Slot(default=[], description="units asked to help, a task each")
    clock: LimitText | None = Slot(default=None, description="handling limit of these cases")


class TaskSpec(Part):
    """A part of the work for one unit; parallel unless `after` names others."""

    key: Key = Slot(description="what `after` and demo cases name")
    name: Text = Slot(description="what is to be done")
    unit: UnitCode = Slot(description="who does it: code or place holder")
    after: list[Key] = Slot(default=[], description="tasks that must be finished before")
    clock: Clock | None = Slot(default=None, description="from when it can begin")
    when: TaskWhere = Slot(
        default={},
        description="only then, as in a route; `TASK.FIELD`: once that task before it says so",
    )
    fields: list[Field] = Slot(default=[], description="what finishing it must say")
    answer: bool = Slot(default=True, description="whether finishing needs words")
    needs: list[Needs] = Slot(
        default=[],
        description="what closing needs once this was done; with `signatures` two officers sign"
        " what it says",
    )


class Verification(Part):
    """Who checks the answer; never who handled it."""

    by: UnitCode = Slot(default="$dispatch", description="unit that verifies: code or place holder")
    verb: str = Slot(default="verify_case", description="the right it takes")
    two_people: bool = Slot(default=False, description="two different people must agree")


class Extension(Part):
    """How often and of the deadline; asked before it is over, and approved."""

    times: int = Slot(default=1, ge=0, le=9, description="how often; 0: never")
    at_most: LimitText = Slot(
        default="15 working_days", description="how far beyond the deadline, each time"
    )


class Result(Part):
    """What came of it, e.g. A solved – B promised – C later – D for reference."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=10)] = Slot(
        description="what is stored: A, mended …"
    )
    name: Text = Slot(description="what people choose when answering and closing")
    follow_up: Code | None = Slot(
        default=None,
        description="matter of which a new case is opened when this one is closed with this result",
    )
    follow_up_after: LimitText | None = Slot(
        default=None,
        description="how long that case may take, instead of its own `handle`; opened at once",
    )
    entry: Where = Slot(default={}, description="as `closing.entry`, when closed with this result")


class Closing(Part):
    """What must be there before it can be closed, and what closing does to the linked entry.

    Values of `entry` may be `$today`, `$result`, `$reply.KEY` and `$field.KEY`.
    """

    needs: list[Needs] = Slot(
        default=[], description="what must be there first, see [needs](#needs)"
    )
    results: list[Result] = Slot(
        default=[], description="what may come of it; none: words are enough"
    )
    entry: Where = Slot(default={}, description="fields of the linked entry that closing sets")
    dissatisfied: Literal["note", "send_back"] = Slot(
        default="send_back",
        description="when the reporter is not satisfied: only noted · back to work",
    )


class Rung(Part):
    """One step of the ladder: when it comes, what light it sets, who is told.

    `at` is before or after the clock runs out; `above` is the unit above the lead unit.
    """

    key: Key = Slot(description="its own name in the ladder")
    light: Literal["blue", "yellow", "red"] = Slot(description="colour the case has from then on")
    at: OffsetText = Slot(description="before (-), at (0) or after (+) the deadline")
    tell: list[Recipient] = Slot(min_length=1, description="who is told, see [tell](#tell)")
    name: Text | None = Slot(
        default=None, description="what the step is called; default: its colour"
    )
    severities: list[Key] = Slot(default=[], description="only for these; none: for all")


class Public(Part):
    """What residents may do: report through Open311, and ask by the tracking number."""

    service: Text = Slot(description="what residents call it")
    group: Text | None = Slot(default=None, description="heading under which it is offered")
    keywords: list[str] = Slot(default=[], description="by which residents find it")
    report: bool = Slot(
        default=True, description="`false`: followed by its number, but not reported by residents"
    )


class Near(Part):
    """Warn before sending when something alike was reported nearby."""

    metres: int = Slot(default=50, ge=1, le=5000, description="how near")
    within: LimitText = Slot(default="7 days", description="how long ago at most")


class Checklist(Part):
    """A line that is ticked at filing, reply or verification, as in an inspection."""

    key: Key = Slot(description="its own name in the list")
    label: Text = Slot(description="what people read")


DEFAULT_LADDER = (
    Rung(key="blue", light="blue", at="-1 working_days", tell=["handler", "lead"]),
    Rung(key="yellow", light="yellow", at="0", tell=["handler", "lead", "dispatch"]),
    Rung(key="red", light="red", at="+1 working_days", tell=["lead", "above", "supervisors"]),
    Rung(key="bulletin", light="red", at="+5 working_days", tell=["supervisors", "bulletin"]),
)
DEFAULT_SEVERITIES = (
    Severity(key="normal", name=Text("一般", "Normal"), light="indigo"),
    Severity(key="urgent", name=Text("紧急", "Urgent"), light="amber"),
    Severity(key="critical", name=Text("特急", "Critical"), light="cinnabar"),
)


class MatterSpec(Part):
    """A kind of casework: what is filed, whose it is, until when, and what proves it done."""

    key: Code = Slot(description="`pack.thing`; never changes")
    name: Text = Slot(description="what it is called")
    about: Text | None = Slot(default=None, description="a sentence for whoever files it")
    icon: str = Slot(default="flag", description="one of the [icons](#icons)")
    number: str = Slot(description="e.g. 芗督〔{year}〕{serial}号; also {month}, {unit}")
    title: Text | None = Slot(default=None, description="what the title says; hint of the form")
    file_by: list[str] = Slot(
        default=["file_case"],
        description="rights of which one must be held to file it ([verbs](#verbs))",
    )
    dispatch: UnitCode = Slot(description="the desk that assigns, sends back and closes")
    fields: list[Field] = Slot(default=[], description="the form of whoever files it")
    reply: list[Field] = Slot(default=[], description="what the answer must say, beside words")
    severities: list[Severity] = Slot(
        default=list(DEFAULT_SEVERITIES), description="how urgent; first: the usual one"
    )
    place: Literal["none", "optional", "required"] = Slot(
        default="optional", description="whether it has a point on the map"
    )
    register_key: Code | None = Slot(
        default=None, alias="register", description="register whose entry a case is about"
    )
    entry: Literal["none", "optional", "required"] = Slot(
        default="none", description="whether it is about an entry of `register`"
    )
    enterprise: Literal["none", "optional", "required"] = Slot(
        default="none", description="whether it is about a firm"
    )
    clocks: Clocks = Slot(description="how long each step may take")
    routes: list[Route] = Slot(default=[], description="tried from the top; none: the desk says")
    auto_assign: bool = Slot(default=False, description="assigned by its route when filed")
    auto_accept: bool = Slot(
        default=False, description="accepted at once: the lead unit cannot refuse"
    )
    tasks: list[TaskSpec] = Slot(default=[], description="parts of the work for several units")
    verify: Verification | None = Slot(
        default=Verification(),
        description="who checks the answer; `null`: nobody, the desk closes it",
    )
    separate: bool = Slot(
        default=False,
        description="filing, handling and verifying are three different units (铁三角)",
    )
    extension: Extension = Slot(
        default=Extension(), description="how far the deadline may be moved"
    )
    closing: Closing = Slot(default=Closing(), description="what proves it done")
    ladder: list[Rung] = Slot(
        default=list(DEFAULT_LADDER), description="what reminds, and whom; `[]`: nothing does"
    )
    see: Literal["involved", "all"] = Slot(
        default="involved", description="the units involved and those above · all who see cases"
    )
    enterprise_sees: bool = Slot(default=False, description="the linked enterprise sees the case")
    public: Public | None = Slot(default=None, description="without it: not offered to residents")
    near: Near | None = Slot(
        default=None, description="warn of something alike nearby; without it: no warning"
    )
    phone: bool = Slot(default=False, description="offered in the phone's quick report")
    missing_documents: list[Checklist] = Slot(
        default=[], description="documents that must be handed in; missing ones can suspend it"
    )
    ledger: list[str] = Slot(
        default=[],
        description="columns of the ledger: keys of `fields` and `reply`, and [columns](#columns)",
    )
    order: int = Slot(default=50, description="place in menus; small numbers first")


class FindingTrigger(Part):
    """A finding opens a case, or joins the open one about the same thing."""

    on: Literal["finding"] = Slot(description="an engine finds something")
    key: Code = Slot(description="`pack.name`; never changes")
    source: str = Slot(description="who finds, see [findings](#findings)")
    kinds: list[str] = Slot(min_length=1, description="which findings, see [findings](#findings)")
    severities: list[str] = Slot(default=[], description="only findings so severe; none: all")
    matter: Code = Slot(description="what is opened")
    severity: Key | None = Slot(default=None, description="severity of the case")
    title: Text | None = Slot(
        default=None,
        description="title of the case, with {kind}, {subject}; default: the finding's",
    )


class RoundTrigger(Part):
    """A duty that comes back: a patrol, a visit, a re-check of each entry of a register.

    A case is opened `ahead` of the day it is due. `every` is one interval or one by the value of
    the entry's field `by`, counted from the last one's closing, or from the date in `since` if that
    is later. An entry with an open case of the matter gets no second.
    """

    on: Literal["round"] = Slot(description="a duty comes back")
    key: Code = Slot(description="`pack.name`; never changes")
    register_key: Code = Slot(alias="register", description="for each of its entries")
    where: Where = Slot(
        default={}, description="only these entries; list: any of them; several keys: all"
    )
    every: LimitText | dict[str, LimitText] = Slot(description="how often")
    by: Key | None = Slot(default=None, description="choice field that `every` goes by")
    ahead: LimitText = Slot(default="3 days", description="how long before the day it is opened")
    since: Key | None = Slot(
        default=None, description="date field of the entry from which the first interval counts"
    )
    matter: Code = Slot(description="what is opened")
    severity: Key | None = Slot(default=None, description="of the case; default: the first")
    title: Text | None = Slot(
        default=None,
        description="title of the case, with {number}, {title}, {day}; default: the entry's",
    )


class DateTrigger(Part):
    """A date field of an entry comes near: a case is opened `ahead` of it.

    Once for each date; not while a case of the matter is open for the entry.
    """

    on: Literal["date"] = Slot(description="a date comes near")
    key: Code = Slot(description="`pack.name`; never changes")
    register_key: Code = Slot(alias="register", description="for each of its entries")
    where: Where = Slot(
        default={}, description="only these entries; list: any of them; several keys: all"
    )
    field: Key = Slot(description="date field of the register")
    ahead: LimitText = Slot(description="how long before that date it is opened")
    matter: Code = Slot(description="what is opened")
    severity: Key | None = Slot(default=None, description="of the case; default: the first")
    title: Text | None = Slot(
        default=None,
        description="title of the case, with {number}, {title}, {day}; default: the entry's",
    )


Trigger = Annotated[FindingTrigger | RoundTrigger | DateTrigger, Slot(discriminator="on")]


class TriggerItem(RootModel[Trigger]):
    """What opens cases by itself: `on: finding`, `on: round` or `on: date`."""

    @property
    def key(self) -> str:
        return self.root.key


DemoStep = Literal[
    "assign", "accept", "return", "feedback", "finish_tasks", "reply", "verify", "send_back",
    "confirm", "close", "ask_extension", "suspend", "withdraw",
]  # fmt: skip


class DemoCase(Part):
    """One invented case for the demo: filed so long ago, and how far it has come."""

    matter: Code = Slot(description="of which kind")
    title: str = Slot(description="its title; one of a matter and title is enough")
    about: str = Slot(default="", description="what happened, in words")
    filed: Annotated[
        str, StringConstraints(pattern=r"^-[0-9]{1,4} (hours|days)$"), Slot(examples=["-3 days"])
    ] = Slot(default="-1 days", description="how long before the day of the demo")
    by: str | None = Slot(default=None, description="user name or unit code; default: the desk")
    severity: Key | None = Slot(default=None, description="how urgent; default: the first")
    unit: UnitCode | None = Slot(default=None, description="lead unit instead of the route's")
    entry: str | None = Slot(default=None, description="number of the linked entry")
    enterprise: str | None = Slot(default=None, description="unit code of the enterprise")
    place: tuple[float, float] | None = Slot(default=None, description="longitude, latitude")
    address: str = Slot(default="", description="in words")
    data: dict[Key, object] = Slot(default={}, description="form field: value")
    steps: list[DemoStep] = Slot(
        default=[], description="how far it has come, in order; none: only filed"
    )
    took: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4} (hours|days)$")] | None = Slot(
        default=None, description="from filing to the last step; default: most of the time till now"
    )
    done: list[Key] = Slot(default=[], description="tasks that are finished; `reply` finishes all")
    reply: dict[Key, object] = Slot(
        default={}, description="what the answer says: reply field: value"
    )
    satisfied: bool = Slot(default=True, description="whether the reporter is, at `confirm`")
    answer: str = Slot(default="", description="words of the answer")
    result: str | None = Slot(default=None, description="one of `closing.results`")
    rating: int | None = Slot(default=None, ge=1, le=5, description="stars at `confirm`")
