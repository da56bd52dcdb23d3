"""What `jiulong verify` asks of the desk: logs of shifts and hand-overs as their events tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiulong.duty.actions.shifts import REMARKS_MAX
from jiulong.duty.models import LogEntry, Shift
from jiulong.evidence import verifying
from jiulong.evidence.models import Event
from jiulong.evidence.verifying import Checked

SUBJECT: Final = "duty.shift"


def register() -> None:
    """Have `jiulong verify` look at shifts and their logs."""
    verifying.register("shift_logs", _("Lines of shift logs"), lines)
    verifying.register("shifts", _("Hand-overs of shifts"), hand_overs)


def lines() -> Checked:
    """Every line as it was written, in its order, and no other."""
    told: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    events = Event.objects.filter(verb="write_log", subject=SUBJECT).order_by("id")
    for pk, at, actor, data in events.values_list("subject_id", "at", "actor", "data"):
        told[pk].append((at, actor, data["kind"], data["text"], data["alarm"]))
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for line in LogEntry.objects.order_by("id"):
        said = (line.at, line.by_id, line.kind, line.text, line.alarm_id)
        found[str(line.shift_id)].append(said)
    numbers = dict(Shift.objects.values_list("pk", "number"))
    for pk in sorted(told.keys() | found.keys(), key=int):
        if told[pk] != found[pk]:
            record = numbers.get(int(pk), f"{SUBJECT} {pk}")
            return Checked(0, _t("%(record)s: not as its event tells") % {"record": record})
    return Checked(sum(map(len, found.values())))


def hand_overs() -> Checked:
    """Every hand-over: who signed, what was said, which alarms went on."""
    rows = Shift.objects.exclude(state=Shift.State.ON).order_by("id").prefetch_related("carried")
    return verifying.as_told("hand_over_shift", rows, _as_signed, subject=SUBJECT)


def _as_signed(shift: Shift, told: Mapping[str, Any]) -> bool:
    carried = {str(each.alarm_id): each.note for each in shift.carried.all()}
    return (shift.remarks, carried) == (told["remarks"][:REMARKS_MAX], told["carried"])
