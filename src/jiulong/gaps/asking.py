"""Asking loggers for what is missing, with growing patience, and seeing what came of it.

Once a minute (a chore of the keeper): first settle the requests whose commands are over, then ask
for the next pieces. A logger is asked only while it is heard, has no dialogue of any kind under way
– a sampling above all – and within the budgets of `policy`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

import hj212
from jiulong.gaps import engine, policy
from jiulong.gaps.engine import Stretch
from jiulong.gaps.models import Gap, HistoryRequest
from jiulong.gateway.actions.commands import OPEN, queue_command
from jiulong.gateway.models import Command, CommandStep, Logger
from jiulong.monitoring import thresholds
from jiulong.monitoring.models import Period
from jiulong.organisation.models import User

#: Why a command was given by the machine itself; stored as is, translated where shown.
BY_ITSELF: Final = "asked for by itself: data are missing"
CNS: Final = {Period.MINUTE: "2051", Period.HOUR: "2061", Period.DAY: "2031"}
#: ExeRtn 100: there are no such data (HJ 212-2017 table 6.6.4, 2005 alike). It is an answer.
NO_DATA: Final = "100"

State, Outcome, Reason = Gap.State, HistoryRequest.Outcome, Gap.Reason

#: The life of a gap: (state, what happens) → state.
LIFE: Final[dict[tuple[str, str], str]] = {
    ("[*]", "find"): "open",
    ("open", "ask"): "asked",
    ("asked", "try again"): "open",
    ("asked", "give up"): "given_up",
    ("open", "give up"): "given_up",
    ("given_up", "ask"): "asked",
    ("open", "fill"): "filled",
    ("asked", "fill"): "filled",
    ("given_up", "fill"): "filled",
}


def step(now: datetime) -> bool:
    """One round. Never says that there is more: the next round is the back-pressure."""
    settle(now)
    if settings.ASK_HISTORY:
        ask_due(now)
    return False


# -- asking --------------------------------------------------------------------------------------


def ask_due(now: datetime) -> list[HistoryRequest]:
    """Ask for the most wanted gap of every logger that may be asked now."""
    old = Gap.objects.filter(
        state=State.OPEN, next_ask_at__lte=now, end__lt=now - policy.ASK_WITHIN
    )
    old.update(state=State.GIVEN_UP, reason=Reason.TOO_OLD, next_ask_at=None)
    chosen: dict[int, tuple[Gap, Logger]] = {}
    for gap, logger in _candidates(now):
        best = chosen.get(logger.pk)
        if best is None or _rank(gap) < _rank(best[0]):
            chosen[logger.pk] = (gap, logger)
    spent = _spent(set(chosen), now)
    made: list[HistoryRequest] = []
    for gap, logger in sorted(chosen.values(), key=lambda pair: _rank(pair[0])):
        if len(made) >= policy.PER_ROUND:
            break
        if spent.get(logger.pk, 0) < policy.PER_LOGGER_DAY:
            made += _ask_quietly(gap, logger, now)
    return made


def _candidates(now: datetime) -> list[tuple[Gap, Logger]]:
    due = Gap.objects.filter(state=State.OPEN, next_ask_at__lte=now).select_related("point__state")
    heard = {gap.point_id: gap for gap in due if is_heard(gap, now)}
    free = {logger.point_id: logger for logger in free_loggers().filter(point__in=heard)}
    return [(gap, free[gap.point_id]) for gap in due if gap.point_id in free]


def is_heard(gap: Gap, now: datetime) -> bool:
    """Whether the gap's point is heard now, so that its logger can be asked."""
    state = getattr(gap.point, "state", None)
    interval = gap.point.realtime_interval_s * timedelta(seconds=1)
    silence = max(thresholds.LATE_FLOOR, thresholds.LATE_INTERVALS * interval)
    return state is not None and bool(state.heard_at >= now - silence)


def free_loggers() -> QuerySet[Logger]:
    """Active loggers without a dialogue under way; of two at a point the later one comes last."""
    busy = Command.objects.filter(logger=OuterRef("pk"), state__in=OPEN)
    return Logger.objects.filter(~Exists(busy), active=True).order_by("registered_at", "pk")


def _rank(gap: Gap) -> tuple[int, float]:
    """The wanted first: hours before days before minutes, new before old."""
    return policy.PRIORITY[Period(gap.period)], -gap.start.timestamp()


def _spent(loggers: set[int], now: datetime) -> dict[int, int]:
    """Requests of each logger within the last day."""
    made = HistoryRequest.objects.filter(
        command__logger__in=loggers, asked_at__gt=now - timedelta(days=1)
    )
    return dict(
        made.values_list("command__logger").annotate(n=Count("pk")).values_list(
            "command__logger", "n"
        )
    )  # fmt: skip


def _ask_quietly(gap: Gap, logger: Logger, now: datetime) -> list[HistoryRequest]:
    """Ask; what cannot be asked is given up, with the reason."""
    try:
        return [ask(gap=gap, logger=logger, user=None, reason=BY_ITSELF, now=now)]
    except ValidationError:
        Gap.objects.filter(pk=gap.pk, state=State.OPEN).update(
            state=State.GIVEN_UP, reason=Reason.IMPOSSIBLE, next_ask_at=None
        )
        return []


def ask(
    *, gap: Gap, logger: Logger, user: User | None, reason: str, now: datetime
) -> HistoryRequest:
    """Queue the request for the next piece of a gap. Permission was checked by who calls.

    Raises:
        ValidationError: nothing is missing, or the logger's profile cannot be asked for it.
    """
    with transaction.atomic():
        locked = Gap.objects.select_for_update().get(pk=gap.pk)
        by_hand = user is not None
        piece = wanted(locked, again=by_hand)
        if piece is None or (locked.state, "ask") not in LIFE:
            raise ValidationError("nothing to ask for")
        command = queue_command(
            user=user, logger=logger, cn=CNS[Period(locked.period)],
            parameters=parameters(locked, piece, logger), reason=reason, now=now,
        )  # fmt: skip
        locked.state, locked.reason = LIFE[locked.state, "ask"], Reason.NONE
        locked.asked += 1
        locked.next_ask_at = None
        locked.save(update_fields=["state", "reason", "asked", "next_ask_at"])
        return HistoryRequest.objects.create(
            gap=locked, command=command, begin=piece.start, end=piece.end, asked_by=user,
            asked_at=now, left_before=locked.left,
        )  # fmt: skip


def wanted(gap: Gap, *, again: bool = False) -> Stretch | None:
    """The next piece to ask for; `again`: also of what the logger said it has not."""
    remaining = [Stretch(*pair) for pair in gap.remaining]
    if not again:
        remaining = engine.minus(remaining, [Stretch(*pair) for pair in gap.denied])
    return engine.chunk(remaining, gap.minutes, policy.CHUNK[Period(gap.period)])


def parameters(gap: Gap, piece: Stretch, logger: Logger) -> dict[str, str]:
    """`BeginTime` and `EndTime`: the first and the last DataTime wanted (HJ 212-2017 C.20 to C.22).

    Times are starts of periods; loggers that date at the end mean a length more.
    """
    length = timedelta(minutes=gap.minutes)
    shift = length if logger.time_label == Logger.TimeLabel.END else timedelta(0)
    return {
        "BeginTime": hj212.time_text(piece.start + shift),
        "EndTime": hj212.time_text(piece.end - length + shift),
    }


# -- what came of it -----------------------------------------------------------------------------


def settle(now: datetime) -> list[HistoryRequest]:
    """Write down what came of requests whose commands are over and whose data are recorded."""
    over = (
        HistoryRequest.objects.filter(outcome="", command__updated_at__lte=now - policy.SETTLE)
        .exclude(command__state__in=OPEN)
        .select_related("command")
        .order_by("pk")
    )
    settled = []
    for request in over:
        with transaction.atomic():
            gap = Gap.objects.select_for_update().get(pk=request.gap_id)
            request.outcome, request.settled_at = outcome(request, gap), now
            mine = HistoryRequest.objects.filter(pk=request.pk, outcome="")
            if mine.update(outcome=request.outcome, settled_at=now):
                _go_on(gap, request, now)
                settled.append(request)
    return settled


def outcome(request: HistoryRequest, gap: Gap) -> str:
    """What a request brought, from its command and from what is missing still."""
    command = request.command
    if not gap.left:
        return Outcome.FILLED
    if command.result == NO_DATA and command.state != Command.State.REFUSED:
        return Outcome.NO_DATA
    if gap.left < request.left_before:
        return Outcome.PARTLY
    if command.state == Command.State.DONE:
        return Outcome.NOTHING
    if command.state == Command.State.REFUSED:
        return Outcome.REFUSED
    out = command.steps.filter(direction=CommandStep.Direction.OUT)
    return Outcome.UNANSWERED if out.exists() else Outcome.UNSENT


#: Outcomes that count as tries in vain, and why a gap is given up after the last of them.
_VAIN: Final = {
    Outcome.NOTHING: Reason.NOTHING,
    Outcome.REFUSED: Reason.REFUSED,
    Outcome.UNANSWERED: Reason.UNANSWERED,
}


def _go_on(gap: Gap, request: HistoryRequest, now: datetime) -> None:
    """Ask on, ask again later, or give up."""
    if gap.state != State.ASKED:
        return  # filled, or asked by hand meanwhile
    changes: dict[str, Any] = {"state": LIFE["asked", "try again"], "next_ask_at": now}
    reason = Reason.NONE
    if request.outcome in _VAIN:
        changes["vain"] = gap.vain + 1
        if gap.vain < len(policy.BACK_OFF):
            changes["next_ask_at"] = now + policy.BACK_OFF[gap.vain]
        else:
            reason = _VAIN[Outcome(request.outcome)]
    elif request.outcome == Outcome.NO_DATA:
        piece = [request.begin, request.end]
        gap.denied = changes["denied"] = [*gap.denied, piece]
        reason = Reason.NONE if wanted(gap) else Reason.NO_DATA
    elif request.outcome == Outcome.UNSENT:
        changes["next_ask_at"] = now + policy.AGAIN
    else:
        changes["vain"] = 0
        reason = Reason.NONE if wanted(gap) else Reason.NO_DATA
    if reason:
        changes |= {"state": LIFE["asked", "give up"], "reason": reason, "next_ask_at": None}
    Gap.objects.filter(pk=gap.pk, state=State.ASKED).update(**changes)
