"""What packs say of bulletins: kinds with their chain, regular meetings, responsibility letters.

A kind in the box holds until a pack brings one with the same key.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field as Slot
from pydantic import StringConstraints, model_validator

from jiulong.bulletins.models import (
    Bulletin,
    BulletinKind,
    LetterScheme,
    MeetingSeries,
    ProblemRule,
)
from jiulong.packs.text import Text
from jiulong.registers.fields import Code, Key, LimitText, Part, UnitCode

CIRCULAR, COMMENDATION, RECTIFICATION = "circular", "commendation", "rectification"
LETTER, QUARTERLY, PACK = "letter", "quarterly", "meeting_pack"
#: `2 weeks`, `1 months`: how often a duty comes back.
EveryText = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]? (days|weeks|months)$"),
    Slot(examples=["2 weeks"]),
]
StepVerb = Literal["draft_bulletin", "approve_bulletin"]


class StepItem(Part):
    """One signature of the chain. Nobody signs twice, and no author signs at all."""

    key: Key = Slot(description="its own name in the chain")
    name: Text = Slot(description="what it is called: 核稿, 签发 …")
    verb: StepVerb = Slot(description="the right it takes ([verbs](#verbs))")


class KindItem(Part):
    """A kind of bulletin: its red head, its number, its chain, who may read it."""

    key: Key = Slot(description="`circular`, `commendation`, … or one of your own")
    name: Text = Slot(description="what it is called")
    head: str = Slot(default="", max_length=40, description="red words above; empty: none")
    number: str = Slot(
        default="", description="e.g. 芗督通〔{year}〕{serial}号; empty: papers without a number"
    )
    content: Key = Slot(description="how it is filled, see docs/bulletins.md")
    steps: list[StepItem] = Slot(
        default=[], max_length=6, description="signatures after the draft; the last one issues"
    )
    see: Literal["all", "addressed"] = Slot(
        default="all", description="who reads it once issued: all · only those it goes to"
    )
    signed: str = Slot(
        default="", max_length=60, description="the office under the text; empty: the district"
    )
    copies: list[str] = Slot(default=[], description="抄送, at the foot")
    deadline: LimitText | None = Slot(
        default=None, description="how long those named have, where no case says so"
    )
    order: int = Slot(default=50, description="place in menus; small numbers first")


class SeriesItem(Part):
    """A regular meeting: what its pack holds, who comes, what becomes of its decisions."""

    key: Key = Slot(description="its own name; never changes")
    name: Text = Slot(description="what it is called")
    unit: UnitCode = Slot(description="the office that holds it")
    chair: str = Slot(default="", max_length=60, description="the post that presides")
    place: str = Slot(default="", max_length=120, description="where it usually is")
    agenda: list[str] = Slot(default=[], description="usual items")
    sections: list[Key] = Slot(
        default=["decisions", "standings", "projects", "indicators", "cases"],
        description="what its papers hold, in order, see docs/bulletins.md",
    )
    attends: list[UnitCode] = Slot(default=[], description="units that are to come")
    matters: list[Code] = Slot(
        default=[], description="matters whose overdue cases it looks at; none given: all"
    )
    named: list[Code] = Slot(
        default=[],
        description="of these, matters whose cases it is told by number and title; of others only"
        " cases that all who are invited see anyway, the rest as counts",
    )
    matter: Code = Slot(
        default="duban.decision", description="matter of the case that a decision becomes"
    )
    register_key: Code | None = Slot(
        default="duban.meeting", alias="register",
        description="register in which the meeting is entered, where the matter asks for one",
    )  # fmt: skip
    order: int = Slot(default=50, description="place in menus; small numbers first")


class IndicatorItem(Part):
    """One measurable line of a clause."""

    key: Key = Slot(description="its own name in the letter")
    text: str = Slot(max_length=400, description="what is promised")
    points: Decimal = Slot(gt=0, le=100, description="what it is worth")
    proof: str = Slot(default="", max_length=200, description="what shows it")
    owner: UnitCode | None = Slot(default=None, description="the department that checks it")


class ClauseItem(Part):
    """A clause of a letter."""

    key: Key = Slot(description="its own name in the letter")
    title: str = Slot(max_length=120, description="what it is about")
    indicators: list[IndicatorItem] = Slot(min_length=1, description="what is counted")


class VetoItem(Part):
    """What strikes the whole letter (一票否决)."""

    key: Key = Slot(description="its own name in the letter")
    text: str = Slot(max_length=300, description="what must not happen")


class ResponsibilityItem(Part):
    """A responsibility letter (目标责任书): clauses, indicators, vetoes; points sum to 100."""

    key: Code = Slot(description="`pack.letter`; never changes")
    name: Text = Slot(description="what it is called")
    issuer: UnitCode = Slot(description="the office that hands it out and scores it")
    source: str = Slot(
        default="", description="where its structure comes from, or that it is invented"
    )
    preamble: str = Slot(default="", max_length=1000, description="words before the clauses")
    clauses: list[ClauseItem] = Slot(min_length=1, description="in order")
    vetoes: list[VetoItem] = Slot(default=[], description="any of them strikes the letter")
    second_below: Decimal = Slot(
        default=Decimal(60),
        ge=0,
        le=100,
        description="fewer points than this, and every veto, want a proof and a second person; the"
        " pass mark, our own default",
    )
    units: list[UnitCode] = Slot(min_length=1, description="who signs it")
    order: int = Slot(default=50, description="place in menus; small numbers first")

    @property
    def indicators(self) -> list[IndicatorItem]:
        return [one for clause in self.clauses for one in clause.indicators]

    @model_validator(mode="after")
    def _whole(self) -> ResponsibilityItem:
        keys = [one.key for one in self.indicators] + [one.key for one in self.vetoes]
        if len(set(keys)) != len(keys):
            raise ValueError("two indicators or vetoes have the same key")
        if sum(one.points for one in self.indicators) != 100:
            raise ValueError("the points of a letter must sum to 100")
        return self


class PairingItem(Part):
    """A pairing for the demo: which post looks after what, how often."""

    key: Code = Slot(description="`pack.pairing`; never changes")
    leader: str = Slot(default="", description="account name, where there is one")
    post: str = Slot(max_length=60, description="whose duty it is, as a post")
    unit: UnitCode = Slot(description="the leader's unit")
    to: Key = Slot(description="village, enterprise, project or entry, see `targets`")
    target: str = Slot(description="code of the unit, enterprise or project; register/number")
    every: EveryText = Slot(description="how often a visit is due")
    duty: str = Slot(default="", max_length=300, description="what the leader is to see to")
    since: str = Slot(default="-180 days", description="a day, or `-180 days`")


class ProblemItem(Part):
    """What a problem that a leader notes on a visit becomes: a case of which matter."""

    key: Key = Slot(description="what was visited: village, enterprise, project or entry")
    matter: Code = Slot(description="matter of the case; who may file it is as the matter says")
    severity: str = Slot(default="", max_length=40, description="of the matter; empty: its first")
    values: dict[Key, str] = Slot(
        default={},
        description="fields of the matter's form: a text, `$problem` for what was noted, `$unit`"
        " for the code of the unit that answers for what was visited",
    )


_CHECK = StepItem(key="check", name=Text("核稿", "Check"), verb="draft_bulletin")
_APPROVE = StepItem(key="approve", name=Text("签发", "Approve"), verb="approve_bulletin")
_ISSUE = StepItem(key="issue", name=Text("编号印发", "Issue"), verb="draft_bulletin")
_HEAD: Final = "芗城区督查通报"
_OFFICE: Final = "区委区政府督查室"

BOX: Final[dict[str, KindItem]] = {
    item.key: item
    for item in (
        KindItem(
            key=CIRCULAR, name=Text("通报", "Circular"), head=_HEAD, signed=_OFFICE,
            number="芗督通〔{year}〕{serial}号", content=CIRCULAR,
            steps=[_CHECK, _APPROVE, _ISSUE],
            copies=["区委办公室", "区人大常委会办公室", "区政协办公室"],
            order=10,
        ),
        KindItem(
            key=COMMENDATION, name=Text("表扬通报", "Commendation"), head=_HEAD, signed=_OFFICE,
            number="芗督表〔{year}〕{serial}号", content=COMMENDATION,
            steps=[_CHECK, _APPROVE, _ISSUE], order=20,
        ),
        KindItem(
            key=RECTIFICATION, name=Text("整改通知", "Rectification notice"),
            head="芗城区督查整改通知", signed=_OFFICE, number="芗督改〔{year}〕{serial}号",
            content=RECTIFICATION, steps=[_CHECK, _APPROVE, _ISSUE], see="addressed",
            deadline="20 working_days", order=30,
        ),
        KindItem(
            key=LETTER, name=Text("目标责任书", "Responsibility letter"), content=LETTER,
            number="芗责〔{year}〕{serial}号", steps=[_APPROVE, _ISSUE], see="addressed", order=40,
        ),
        KindItem(
            key=QUARTERLY, name=Text("季度一张表", "Quarterly sheet"), content=QUARTERLY,
            number="芗季表〔{year}〕{serial}号", steps=[_CHECK, _APPROVE], order=50,
        ),
        KindItem(
            key=PACK, name=Text("会议材料", "Meeting pack"), content=PACK, steps=[_APPROVE],
            see="addressed", order=60,
        ),
    )
}  # fmt: skip


def kinds() -> dict[str, KindItem]:
    """Every kind in force by key, in the order of menus."""
    rows = BulletinKind.objects.filter(retired_at=None).values_list("code", "spec")
    known = {**BOX, **{code: KindItem.model_validate(spec) for code, spec in rows}}
    return dict(sorted(known.items(), key=lambda pair: (pair[1].order, pair[0])))


def kind(key: str) -> KindItem:
    """One kind; also one that no pack brings any more, for papers that were issued.

    Raises:
        KeyError: there never was such a kind.
    """
    row = BulletinKind.objects.filter(code=key).order_by("retired_at").first()
    return KindItem.model_validate(row.spec) if row and not row.retired_at else BOX[key]


def of(bulletin: Bulletin) -> KindItem:
    """The kind of a paper as it held when it was handed in: later packs change nothing of it."""
    return KindItem.model_validate(bulletin.spec) if bulletin.spec else kind(bulletin.kind)


def series() -> dict[str, SeriesItem]:
    """Every regular meeting in force by key."""
    rows = MeetingSeries.objects.filter(retired_at=None).values_list("code", "spec")
    known = {code: SeriesItem.model_validate(spec) for code, spec in rows}
    return dict(sorted(known.items(), key=lambda pair: (pair[1].order, pair[0])))


def series_of(code: str) -> SeriesItem:
    """One regular meeting, retired or not. KeyError: no such series."""
    row = MeetingSeries.objects.filter(code=code).first()
    if row is None:
        raise KeyError(code)
    return SeriesItem.model_validate(row.spec)


def problem(key: str) -> ProblemItem | None:
    """What a problem of such a thing becomes; None: no pack says."""
    row = ProblemRule.objects.filter(code=key, retired_at=None).first()
    return ProblemItem.model_validate(row.spec) if row is not None else None


def responsibility(scheme: LetterScheme) -> ResponsibilityItem:
    """The text of a letter."""
    return ResponsibilityItem.model_validate(scheme.spec)
