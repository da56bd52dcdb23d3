"""What bulletins have for the home page: what waits for the viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from jiulong.bulletins import rules
from jiulong.bulletins.models import Bulletin, Letter, Meeting
from jiulong.bulletins.queries.of_meetings import next_meeting
from jiulong.bulletins.queries.of_pairings import Line, due_for
from jiulong.bulletins.queries.papers import to_sign
from jiulong.organisation.rules import Viewer, reach


@dataclass(frozen=True, slots=True)
class Summary:
    """Papers to sign, visits owed, letters to sign, and the next meeting."""

    to_sign: list[Bulletin]
    visits: list[Line]  # due within a week or overdue
    letters: list[Letter]  # to be signed for the viewer's unit
    next_meeting: Meeting | None

    @property
    def overdue_visits(self) -> int:
        return sum(one.due.light == "over" for one in self.visits)

    def __bool__(self) -> bool:
        return bool(self.to_sign or self.visits or self.letters or self.next_meeting)


def summary(viewer: Viewer, on: date) -> Summary:
    """What waits for the viewer on a day; five queries at most for who may something."""
    start = timezone.make_aware(datetime.combine(on, time()))
    mine = reach(viewer, rules.ANSWER)
    waiting = Letter.objects.filter(mine.within("unit"), state=Letter.State.HANDED_OUT)
    return Summary(
        to_sign=to_sign(viewer),
        visits=due_for(viewer, on),
        letters=list(waiting.defer("spec").select_related("unit", "scheme")) if mine else [],
        next_meeting=next_meeting(viewer, start),
    )
