"""Parts of the standing's page: other periods, what may be done, what was revised, the seal."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.evidence.models import Event
from jiulong.evidence.queries import seal_of_event
from jiulong.organisation.rules import Viewer, may
from jiulong.scorecards import standing_rules as rules
from jiulong.scorecards import standing_specs
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Observation, SchemeVersion, Standing
from jiulong.scorecards.period_words import in_words
from jiulong.scorecards.queries import standings as queries

#: Periods offered to be computed.
OFFERED = 6


def periods_of(viewer: Viewer, standing: Standing) -> list[tuple[int, str, bool]]:
    """The scheme's other standings, newest first."""
    found = queries.standings(viewer).filter(scheme__code=standing.scheme.code)
    pairs = sorted(
        found.values_list("pk", "period"), key=lambda one: periods.order(one[1]), reverse=True
    )
    return [(pk, in_words(period), pk == standing.pk) for pk, period in pairs]


def steps_of(viewer: Viewer, standing: Standing) -> list[tuple[str, Any, str, bool]]:
    """(step, words, icon, primary) of what may be done now."""
    if not may(viewer, rules.RUN):
        return []
    over = standing.dispute_until is not None and timezone.now() > standing.dispute_until
    match standing.state:
        case Standing.State.COMPUTED:
            return [("recompute", _("Compute again"), "refresh", False),
                    ("open", _("Open to objections"), "eye", True)]  # fmt: skip
        case Standing.State.DISPUTABLE:
            freeze = [("freeze", _("Freeze"), "lock", True)] if over else []
            return [("recompute", _("Compute again"), "refresh", False), *freeze]
        case Standing.State.FROZEN:
            return [("publish", _("Publish"), "speakerphone", True)]
    return []


def offers(viewer: Viewer) -> list[tuple[str, Any, list[tuple[str, str]]]]:
    """Schemes in force with their past periods that have no standing, for who computes."""
    if not may(viewer, rules.RUN):
        return []
    known = set(Standing.objects.values_list("scheme__code", "period"))
    adopted = SchemeVersion.objects.filter(state=SchemeVersion.State.ADOPTED)
    schemes = {one.code: one for one in adopted.order_by("version")}
    found = []
    for code, version in schemes.items():
        scheme = standing_specs.of(version)
        today = timezone.localdate()
        period = periods.previous(periods.of(today, scheme.frequency))
        missing = []
        for _n in range(OFFERED):
            if (code, period) not in known and queries.adopted(code, period):
                missing.append((period, in_words(period)))
            period = periods.previous(period)
        if missing:
            found.append((code, standing_specs.as_text(scheme.name), missing))
    return found


def revised(standing: Standing) -> int:
    """How many values were revised since a standing was frozen."""
    if standing.frozen_at is None:
        return 0
    scheme = standing_specs.of(standing.scheme)
    year = {standing.period[:4], str(int(standing.period[:4]) - 1)}
    later = Observation.objects.filter(
        at__gt=standing.frozen_at, revision__gt=1, current=True,
        indicator__code__in=standing_specs.indicators(scheme),
        subject__in=standing.rows.values("subject"), at__gte=standing.computed_at,
    ).values_list("period", flat=True)  # fmt: skip
    last = periods.last_month(standing.period)
    return sum(one[:4] in year and periods.last_month(one)[5:] <= last[5:] for one in later)


def seal(standing: Standing) -> Any:
    """The seal over the event of freezing; None while it waits for the hour."""
    if standing.frozen_at is None:
        return None
    event = Event.objects.filter(
        subject="scorecards.standing", subject_id=str(standing.pk), verb="freeze_standing"
    ).first()
    return seal_of_event(event.pk) if event else None
