"""Lists: samples, samplers, the laboratory's bench, draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.monitoring.words import as_point, point_title
from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column, as_clock, as_code, as_number
from jiulong.pages.filters import Choice, Day
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset
from jiulong.pages.words import MISSING, until
from jiulong.sampling import queries
from jiulong.sampling.guarding import touches
from jiulong.sampling.life import WORDS
from jiulong.sampling.models import Draw, Sample, Sampler
from jiulong.sampling.queries import Row
from jiulong.sampling.words import (
    CAUSE,
    LABORATORY,
    cabinet_light,
    clock_light,
    listed,
    midnight,
    state_light,
)


def as_next(row: Row) -> Any:
    """Which clock ends next and when."""
    clock = row.next_clock
    if clock is None:
        return MISSING
    return format_html("{} {}", clock_light(clock.light), until(clock.until))


def heard_at(row: Sampler) -> Any:
    """When the point was last heard; None: never."""
    return row.point.state.heard_at if hasattr(row.point, "state") else None


class SampleList(ListPage):
    """Samples, newest first."""

    title = _("Samples")
    lead = _("Water kept as evidence: from the order to the laboratory's result.")
    file_name = "samples"
    search_hint = _("Number, code, seal, enterprise")
    order = "-ordered"
    live = ("command_steps",)
    columns = (
        Column(name="state", label=_("State"), value="sample.state", show=state_light, short=True,
               export=lambda state: str(WORDS.get(state, state))),
        Column(name="number", label=_("Number"), value="sample.number", show=as_code, opens=True,
               short=True),
        Column(name="point", label=_("Point"), value="sample.point", show=as_point,
               export=point_title, wide=True),
        Column(name="trigger", label=CAUSE, value="sample.get_trigger_display"),
        Column(name="purpose", label=_("Purpose"), value="sample.get_purpose_display",
               on_phone=False),
        Column(name="bottle", label=_("Bottle"), value="sample.position", numeric=True),
        Column(name="sampled", label=_("Taken"), value="sample.sampled_at", show=as_clock,
               short=True),
        Column(name="clock", label=_("Evidence clock"), value=lambda row: row, show=as_next,
               export=lambda row: row.next_clock.until.isoformat() if row.next_clock else ""),
        Column(name="ordered", label=_("Ordered"), value="sample.ordered_at", show=as_clock,
               short=True, on_phone=False),
    )  # fmt: skip
    filters = (
        Choice(name="view", label=_("Where"), choices=[
            ("confirm", _("To be confirmed")), ("way", _("Under way")),
            ("cabinet", _("In cabinets")), ("bench", _("On the way to a result")),
            ("done", _("Analysed")), ("none", _("Came to nothing")),
        ]),
        Choice(name="trigger", label=CAUSE, choices=Sample.Trigger.choices),
        Choice(name="purpose", label=_("Purpose"), choices=Sample.Purpose.choices),
        Day(name="since", label=_("From day")),
        Day(name="until", label=_("Until day")),
    )  # fmt: skip
    presets = (
        Preset(label=_("All samples")),
        Preset(label=_("To be confirmed"), query={"view": "confirm"}),
        Preset(label=_("In cabinets"), query={"view": "cabinet"}),
        Preset(label=_("On the way to a result"), query={"view": "bench"}),
        Preset(label=_("Analysed"), query={"view": "done"}),
    )
    empty = Empty(
        title=_("No sample yet"),
        text=_("Order one on a point's page, or let a rule order it when a limit is exceeded."),
        icon="bottle",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Sample]:
        since, last = asked.filters["since"], asked.filters["until"]
        return queries.samples(
            viewer, text=asked.search, view=asked.filters["view"] or "",
            trigger=asked.filters["trigger"] or "", purpose=asked.filters["purpose"] or "",
            since=midnight(since) if since else None,
            until=midnight(last, after=True) if last else None,
        )  # fmt: skip

    def dress(self, rows: Sequence[Any]) -> Sequence[Any]:
        return queries.dress(rows, timezone.now())

    def row_address(self, row: Row) -> str:
        return reverse("sampling:sample", args=[row.sample.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        found = []
        if touches(viewer):
            found.append(Action(label=_("Collection run"), address=reverse("sampling:run"),
                                icon="route", primary=True))  # fmt: skip
        if may(viewer, "see_all"):
            found.append(Action(label=_("Random draws"), address=reverse("sampling:draws"),
                                icon="target"))  # fmt: skip
        return found


class SamplerList(ListPage):
    """Samplers and how many bottles are left in each."""

    title = _("Samplers")
    file_name = "samplers"
    search_hint = _("Point or enterprise")
    order = "point"
    live = ("command_steps",)
    columns = (
        Column(name="point", label=_("Point"), show=as_point, export=point_title, opens=True,
               sort=("point__outfall__enterprise__name", "point__code")),
        Column(name="free", label=pgettext_lazy("bottle", "Free"), numeric=True, sort=("free",)),
        Column(name="filled", label=pgettext_lazy("bottle", "Filled"), numeric=True,
               sort=("filled",)),
        Column(name="sealed", label=pgettext_lazy("bottle", "Sealed"), numeric=True,
               sort=("sealed",)),
        Column(name="collected", label=pgettext_lazy("bottle", "Collected"), numeric=True,
               sort=("collected",)),
        Column(name="temperature", label=_("Cabinet"), value=lambda row: row,
               show=cabinet_light, export=lambda row: row.temperature_c),
        Column(name="door", label=_("Door"), value="get_door_display"),
        Column(name="heard", label=_("Last heard"), value=heard_at, show=as_clock,
               on_phone=False, short=True),
    )  # fmt: skip
    empty = Empty(
        title=_("No sampler is set up"),
        text=_("An administrator sets one up on its page, reached from the point."),
        icon="test-pipe",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Sampler]:
        return queries.samplers(viewer, text=asked.search)

    def row_address(self, row: Sampler) -> str:
        return reverse("sampling:sampler", args=[row.point.code])

    def row_state(self, row: Sampler) -> str:
        return "" if row.active else "muted"


class BenchList(ListPage):
    """What was handed over to the viewer's laboratory, by code."""

    title = LABORATORY
    lead = _("Samples are told apart by their codes alone; whose water it is, nobody tells here.")
    file_name = "bench"
    search_hint = _("Code")
    columns = (
        Column(name="state", label=_("State"), value="sample.state", show=state_light, short=True,
               export=lambda state: str(WORDS.get(state, state))),
        Column(name="code", label=_("Code"), value="sample.code", show=as_code, opens=True),
        Column(name="factors", label=_("To be analysed"),
               value=lambda row: listed(row.names.values()), wide=True),
        Column(name="handed", label=_("Handed over"), value="sample.handed_over_at",
               show=as_clock, short=True),
        Column(name="warm", label=_("Temperature ℃"), value="sample.handed_over_c",
               show=as_number("℃"), numeric=True),
        Column(name="clock", label=_("Evidence clock"), value=lambda row: row, show=as_next,
               export=lambda row: row.next_clock.until.isoformat() if row.next_clock else ""),
    )  # fmt: skip
    empty = Empty(title=_("Nothing was handed over"), icon="test-pipe")

    def get(self, request: Any, **captured: Any) -> Any:
        require(request.user, "enter_result")
        return super().get(request, **captured)

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Sample]:
        return queries.bench_samples(viewer, text=asked.search)

    def dress(self, rows: Sequence[Any]) -> Sequence[Any]:
        return queries.dress(rows, timezone.now())

    def row_address(self, row: Row) -> str:
        return reverse("sampling:bench_sample", args=[row.sample.code])


class DrawList(ListPage):
    """Random draws: promised, and taken."""

    title = _("Random draws")
    lead = _(
        "Before each draw the digests of its secret seed and of the list of candidates are "
        "published; afterwards anybody can recompute who had to be drawn."
    )
    file_name = "draws"
    columns = (
        Column(name="rule", label=_("Rule"), value="rule.code", show=as_code, opens=True),
        Column(name="opens", label=pgettext_lazy("draw", "Between"),
               value="opens_at", show=as_clock, short=True),
        Column(name="closes", label=pgettext_lazy("draw", "and"),
               value="closes_at", show=as_clock, short=True),
        Column(name="count", label=_("Points"), numeric=True),
        Column(name="candidates", label=_("Candidates"),
               value=lambda row: len(row.candidates), numeric=True),
        Column(name="drawn", label=_("Drawn"), value=lambda row: listed(row.drawn), wide=True),
        Column(name="drawn_at", label=_("Taken"), show=as_clock, short=True),
    )  # fmt: skip
    empty = Empty(
        title=_("No draw yet"),
        text=_("A pack's sampling rule `on: random` promises the first one."),
        icon="target",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Draw]:  # noqa: ARG002
        return queries.draws(viewer)

    def row_address(self, row: Draw) -> str:
        return reverse("sampling:draw", args=[row.pk])
