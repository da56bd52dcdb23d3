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

    key: Key
    name: Text
    light: Literal["jade", "amber", "cinnabar", "indigo"] = "indigo"


class Clocks(Part):
    """How long each step may take. A step without a limit has no clock.

    `handle` starts with the assignment and is the promise: it is shown as the case's deadline.
    """

    assign: Clock | None = None
    accept: Clock | None = None
    send_back_wrong: LimitText | None = Slot(
        default=None, alias="return", description="until when a wrong address may be returned"
    )
    handle: Clock
    rework: Clock | None = Slot(default=None, description="after sending back; default: handle")
    support: Clock | None = Slot(default=None, description="for what support units are asked")
    verify: Clock | None = None
    close: Clock | None = None
    feedback: LimitText | None = Slot(
        default=None, description="while it is handled, feedback is due this often"
    )


class Route(Part):
    """Whose it is: the first route whose `when` fits. `when` names form fields, or `severity`,
    `street`, `community`, `grid`, `kind` (of a finding).
    """

    when: Where = {}
    lead: UnitCode
    supports: list[UnitCode] = []
    clock: LimitText | None = Slot(default=None, description="handling limit of these cases")


class TaskSpec(Part):
    """A part of the work for one unit; parallel unless `after` names others."""

    key: Key
    name: Text
    unit: UnitCode
    after: list[Key] = []
    clock: Clock | None = None
    when: Where = {}
    fields: list[Field] = []
    answer: bool = Slot(default=True, description="whether finishing needs words")


class Verification(Part):
    """Who checks the answer; never who handled it."""

    by: UnitCode = "$dispatch"
    verb: str = "verify_case"
    two_people: bool = False


class Extension(Part):
    """How often and how far the deadline may be moved; asked before it is over, and approved."""

    times: int = Slot(default=1, ge=0, le=9)
    at_most: LimitText = "15 working_days"


class Result(Part):
    """What came of it, e.g. A solved – B promised – C later – D for reference."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=10)]
    name: Text
    follow_up: Code | None = Slot(default=None, description="matter opened when closed with this")
    follow_up_after: LimitText | None = Slot(
        default=None, description="handling limit of that case; it is opened at once"
    )
    entry: Where = Slot(default={}, description="as `closing.entry`, when closed with this result")


class Closing(Part):
    """What must be there before it can be closed, and what closing does to the linked entry.

    Values of `entry` may be `$today`, `$result`, `$reply.KEY` and `$field.KEY`.
    """

    needs: list[Needs] = []
    results: list[Result] = []
    entry: Where = Slot(default={}, description="fields of the linked entry that closing sets")
    dissatisfied: Literal["note", "send_back"] = "send_back"


class Rung(Part):
    """One step of the ladder: when it comes, what light it sets, who is told.

    `at` is before or after the clock runs out; `above` is the unit above the lead unit.
    """

    key: Key
    light: Literal["blue", "yellow", "red"]
    at: OffsetText
    tell: list[Recipient] = Slot(min_length=1)
    name: Text | None = None
    severities: list[Key] = Slot(default=[], description="only for these; none: for all")


class Public(Part):
    """What residents may do: report through Open311, and ask by the tracking number."""

    service: Text
    group: Text | None = None
    keywords: list[str] = []
    report: bool = True


class Near(Part):
    """Warn before sending when something alike was reported nearby."""

    metres: int = Slot(default=50, ge=1, le=5000)
    within: LimitText = "7 days"


class Checklist(Part):
    """A line that is ticked at filing, reply or verification, as in an inspection."""

    key: Key
    label: Text


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

    key: Code
    name: Text
    about: Text | None = None
    icon: str = "flag"
    number: str = Slot(description="e.g. 芗督〔{year}〕{serial}号; also {month}, {unit}")
    title: Text | None = Slot(default=None, description="what the title says; hint of the form")
    file_by: list[str] = Slot(
        default=["file_case"], description="verbs of which one must be held to file it"
    )
    dispatch: UnitCode = Slot(description="the desk that assigns, sends back and closes")
    fields: list[Field] = []
    reply: list[Field] = Slot(default=[], description="what the answer must say, beside words")
    severities: list[Severity] = list(DEFAULT_SEVERITIES)
    place: Literal["none", "optional", "required"] = "optional"
    register_key: Code | None = Slot(
        default=None, alias="register", description="register whose entry a case is about"
    )
    entry: Literal["none", "optional", "required"] = "none"
    enterprise: Literal["none", "optional", "required"] = "none"
    clocks: Clocks
    routes: list[Route] = []
    auto_assign: bool = Slot(default=False, description="assigned by its route when filed")
    auto_accept: bool = False
    tasks: list[TaskSpec] = []
    verify: Verification | None = Verification()
    separate: bool = Slot(
        default=False,
        description="filing, handling and verifying are three different units (铁三角)",
    )
    extension: Extension = Extension()
    closing: Closing = Closing()
    ladder: list[Rung] = list(DEFAULT_LADDER)
    see: Literal["involved", "all"] = "involved"
    enterprise_sees: bool = Slot(default=False, description="the linked enterprise sees the case")
    public: Public | None = None
    near: Near | None = None
    phone: bool = Slot(default=False, description="offered in the phone's quick report")
    missing_documents: list[Checklist] = Slot(
        default=[], description="documents that must be handed in; missing ones can suspend it"
    )
    ledger: list[str] = Slot(
        default=[], description="columns of the ledger: form field keys, and number, title, …"
    )
    order: int = 50


class FindingTrigger(Part):
    """A finding opens a case, or joins the open one about the same thing."""

    on: Literal["finding"]
    key: Code
    source: str = Slot(description="who finds, e.g. monitoring")
    kinds: list[str] = Slot(min_length=1)
    severities: list[str] = []
    matter: Code
    severity: Key | None = Slot(default=None, description="severity of the case")
    title: Text | None = Slot(default=None, description="with {kind}, {subject}")


class RoundTrigger(Part):
    """A duty that comes back: a patrol, a visit, a re-check of each entry of a register.

    A case is opened `ahead` of the day it is due. `every` is one interval or one by the value of
    the entry's field `by`, counted from the last one's closing, or from the date in `since` if that
    is later. An entry with an open case of the matter gets no second.
    """

    on: Literal["round"]
    key: Code
    register_key: Code = Slot(alias="register")
    where: Where = {}
    every: LimitText | dict[str, LimitText]
    by: Key | None = None
    ahead: LimitText = "3 days"
    since: Key | None = Slot(
        default=None, description="date field of the entry from which the first interval counts"
    )
    matter: Code
    severity: Key | None = None
    title: Text | None = Slot(default=None, description="with {number}, {title}")


class DateTrigger(Part):
    """A date field of an entry comes near: a case is opened `ahead` of it.

    Once for each date; not while a case of the matter is open for the entry.
    """

    on: Literal["date"]
    key: Code
    register_key: Code = Slot(alias="register")
    where: Where = {}
    field: Key
    ahead: LimitText
    matter: Code
    severity: Key | None = None
    title: Text | None = None


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

    matter: Code
    title: str
    about: str = ""
    filed: Annotated[
        str, StringConstraints(pattern=r"^-[0-9]{1,4} (hours|days)$"), Slot(examples=["-3 days"])
    ] = "-1 days"
    by: str | None = Slot(default=None, description="user name or unit code; default: the desk")
    severity: Key | None = None
    unit: UnitCode | None = Slot(default=None, description="lead unit instead of the route's")
    entry: str | None = Slot(default=None, description="number of the linked entry")
    enterprise: str | None = Slot(default=None, description="unit code of the enterprise")
    place: tuple[float, float] | None = None
    address: str = ""
    data: dict[Key, object] = {}
    steps: list[DemoStep] = []
    took: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4} (hours|days)$")] | None = Slot(
        default=None, description="from filing to the last step; default: most of the time till now"
    )
    done: list[Key] = Slot(default=[], description="tasks that are finished; `reply` finishes all")
    reply: dict[Key, object] = {}
    satisfied: bool = True
    answer: str = ""
    result: str | None = None
    rating: int | None = Slot(default=None, ge=1, le=5)
