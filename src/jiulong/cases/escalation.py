"""The ladder: reminder, yellow, red, the unit above, the bulletin – each rung once.

`step` is what the keeper calls; any number of keepers may. A worker takes cases that nobody else
holds (SKIP LOCKED), and writes rung, event, notices and the next rung in one transaction: killed
anywhere it has done nothing. A unique constraint stands behind that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from jiulong.calendar.clocks import Limit, deadline
from jiulong.calendar.queries import district_calendar
from jiulong.cases import clockwork, notices, people, specs
from jiulong.cases.lifecycle import ACCEPTED
from jiulong.cases.models import Case, Escalation
from jiulong.cases.moves import announce, beats_of
from jiulong.evidence.actions import Act, record_events

#: Cases in one transaction: some tens of milliseconds, so that nobody waits long for a locked one.
BATCH: Final = 100
EVERY: Final = timedelta(seconds=5)


def step(now: datetime, *, batch: int = BATCH) -> bool:
    """Let the rungs come that are due, some cases at a time; says whether there were any."""
    with transaction.atomic():
        # Locked, so that several keepers share the work; skipped, so that none waits for another.
        rows = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related(
            "matter", "lead__parent", "handler", "filed_by"
        )
        due = list(rows.filter(rung_at__lte=now).order_by("rung_at", "pk")[:batch])
        if due:
            _climb(due, now)
            announce()
    return bool(due)


def climb_to(case: Case, moment: datetime) -> None:
    """Let the rungs of one case come when they were due: for records of the past."""
    while (row := _row(case)).rung_at is not None and row.rung_at <= moment:
        _climb([row], row.rung_at)


def _row(case: Case) -> Case:
    rows = Case.objects.select_related("matter", "lead__parent", "handler", "filed_by")
    return rows.get(pk=case.pk)


def _climb(cases: Sequence[Case], now: datetime) -> None:
    calendar, told, phone_book = district_calendar(), beats_of(cases), people.PhoneBook()
    came: list[Escalation] = []
    acts: list[Act] = []
    words: list[notices.Word] = []
    for case in cases:
        ladder = specs.matter(case.matter).ladder
        case.version += 1
        due, start = case.due_at, clockwork.told(told[case.pk]).start or case.filed_at
        # Asked again: the pack may have another ladder by now.
        is_due = due and clockwork.next_step(
            ladder, case.rung, case.severity, (start, due), calendar
        )
        if due is None or not is_due or is_due.at > now:
            case.rung, case.rung_at = (is_due.index, is_due.at) if is_due else (case.rung, None)
            continue
        case.rung, rung = is_due.index, ladder[is_due.index]
        came.append(
            Escalation(
                case=case, clock_serial=case.clock_serial, rung=case.rung, key=rung.key,
                light=rung.light, due_at=due, scheduled_at=case.rung_at or now, at=now,
                bulletin="bulletin" in rung.tell,
            )
        )  # fmt: skip
        said = {"rung": rung.key, "light": rung.light, "due": due.isoformat()}
        acts.append(Act(actor=None, verb="escalate", subject=case, data=said, at=now))
        to = tuple(people.recipients(case, rung.tell, phone_book))
        words.append(notices.Word(to, case, "escalation", {"light": rung.light, "rung": rung.key}))
        case.light = rung.light
        after = clockwork.next_step(ladder, case.rung + 1, case.severity, (start, due), calendar)
        case.rung, case.rung_at = (after.index, after.at) if after else (case.rung + 1, None)
    Escalation.objects.bulk_create(came)
    record_events(acts)
    notices.tell_many(words, now)
    Case.objects.bulk_update(cases, ["light", "rung", "rung_at", "version"])


def feedback_step(now: datetime, *, batch: int = BATCH) -> bool:
    """Remind those whose report of progress is due, once an interval."""
    with transaction.atomic():
        # As in `step`.
        rows = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related(
            "matter", "lead__parent", "handler"
        )
        due = list(rows.filter(stage=ACCEPTED, feedback_due_at__lte=now).order_by("pk")[:batch])
        for case in due:
            limit = specs.matter(case.matter).clocks.feedback
            text = {"by": "Jiulong", "feedback": True}
            notices.tell(people.recipients(case, ["handler"]), case, "reminder", text, now)
            following = deadline(now, Limit.parse(limit), district_calendar()) if limit else None
            case.feedback_due_at = following
        Case.objects.bulk_update(due, ["feedback_due_at"])
    return bool(due)
