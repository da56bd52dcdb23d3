"""Computing a standing: rows in, ranks out, upserted so that objections keep their row."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiulong.calendar.clocks import Limit, Measure, deadline
from jiulong.calendar.queries import district_calendar
from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.rounding import text
from jiulong.scorecards import standing_digests, standing_inputs, standing_specs
from jiulong.scorecards.actions.standings.adjusting import NotNowError
from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine import results as engine
from jiulong.scorecards.engine.bulk import undisturbed
from jiulong.scorecards.engine.numbers import exact_text
from jiulong.scorecards.engine.observations import Observations, ObservationsError, Row
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.scoring import score
from jiulong.scorecards.models import SchemeVersion, Standing, StandingRow, Subject
from jiulong.scorecards.standing_rules import RUN, SHOWN
from jiulong.scorecards.standing_trees import Texts, packed, stored, stored_row

#: Rows come as one JSON text: as arrays of texts they would be escaped sign by sign, which takes
#: longer than all the rest (measured: 4 s of 5 for 400 rows of 60 criteria).
_WRITE = """
INSERT INTO scorecards_standingrow (
    standing_id, subject_id, "group", score, rank, "of", class_name, rank_before, gap, struck,
    rated, contests, criteria, notes, explained
)
SELECT %(standing)s, one.subject, one."group", one.score, one.rank, one."of", one.class_name,
    one.rank_before, one.gap, one.struck, one.rated, one.contests, one.criteria, one.notes,
    decode(one.explained, 'base64')
FROM jsonb_to_recordset(%(rows)s::jsonb) AS one(
    subject bigint, "group" text, score numeric, rank int, "of" int, class_name text,
    rank_before int, gap numeric, struck bool, rated bool, contests jsonb, criteria jsonb,
    notes jsonb, explained text
)
ON CONFLICT (standing_id, subject_id) DO UPDATE SET
    "group" = excluded."group", score = excluded.score, rank = excluded.rank,
    "of" = excluded."of", class_name = excluded.class_name, rank_before = excluded.rank_before,
    gap = excluded.gap, struck = excluded.struck, rated = excluded.rated,
    contests = excluded.contests, criteria = excluded.criteria, notes = excluded.notes,
    explained = excluded.explained
"""
#: Rows written by one statement: some two megabytes.
_BATCH = 100


def compute_standing(
    *,
    actor: Viewer | None,
    scheme: SchemeVersion,
    period: str,
    now: datetime | None = None,
) -> Standing:
    """Compute, or compute again, how everybody ranks in a period by a version of a scheme.

    Raises:
        PermissionDenied: the actor does not run the contest.
        ValidationError: the scheme does not hold in that period, or nobody takes part.
        NotNowError: the standing is frozen, or another version ranked the period.
    """
    user, moment = require_or_system(actor, RUN), now or timezone.now()
    rules = standing_specs.of(scheme)
    _holds(scheme, rules, period)
    with undisturbed(), transaction.atomic():
        # What it was reckoned from before is megabytes that nobody reads here.
        standing, _new = Standing.objects.defer("observations").get_or_create(
            scheme=scheme, period=period,
            defaults={"computed_at": moment, "run": 0, "inputs_digest": "", "digest": ""},
        )  # fmt: skip
        require_only_one(standing)
        return _computed(user, standing, rules, moment)


def recompute(*, actor: Viewer | None, standing: Standing, now: datetime | None = None) -> Standing:
    """Compute a standing again from what is known now.

    Raises:
        PermissionDenied: the actor does not run the contest.
        NotNowError: the standing is frozen.
    """
    user, moment = require_or_system(actor, RUN), now or timezone.now()
    with undisturbed(), transaction.atomic():
        return _computed(user, standing, standing_specs.of(standing.scheme), moment)


def require_only_one(standing: Standing) -> None:
    """One period has one standing that is shown: a second version would punish it twice.

    Raises:
        NotNowError: the standing of another version was laid open in that period.
    """
    # Locked: two versions must not be laid open at once.
    same = Standing.objects.select_for_update(of=("self",)).filter(
        scheme__code=standing.scheme.code, period=standing.period
    )
    if any(one.pk != standing.pk and one.state in SHOWN for one in same.defer("observations")):
        raise NotNowError(_("Another version of the scheme has ranked this period already."))


def window_end(standing: Standing, now: datetime) -> datetime | None:
    """Until when may be objected to what is shown from now on."""
    days = standing_specs.of(standing.scheme).dispute_days
    return deadline(now, Limit(days, Measure.WORKING_DAYS), district_calendar())


def _holds(scheme: SchemeVersion, rules: Scheme, period: str) -> None:
    if scheme.state == SchemeVersion.State.DRAFT:
        raise ValidationError(_("A draft ranks nobody: adopt it first, or try it on the past."))
    if not periods.is_period(period) or periods.parse(period).frequency != rules.frequency:
        told = _("“%(period)s” is no period of this scheme.") % {"period": period}
        raise ValidationError({"period": told})
    first = periods.first_day(period)
    if first < scheme.effective_from or (scheme.effective_to and first > scheme.effective_to):
        raise ValidationError({"period": _("This scheme does not hold in that period.")})


def _computed(user: User | None, standing: Standing, rules: Scheme, now: datetime) -> Standing:
    # Locked: two computations at once would mix their rows.
    fresh = (
        Standing.objects.select_for_update(of=("self",))
        .select_related("scheme")
        .defer("observations")
        .get(pk=standing.pk)
    )
    if fresh.state in (Standing.State.FROZEN, Standing.State.PUBLISHED):
        raise NotNowError(_("This standing is frozen."))
    rows = standing_inputs.gather(rules, fresh.period)
    result = scored(rules, rows, fresh.period)
    if not result.standings:
        raise ValidationError(_("Nobody takes part: the groups of the scheme select no subject."))
    before = fresh.digest
    fresh.observations = [stored_row(row) for row in rows]
    fresh.inputs_digest = standing_digests.of_inputs(fresh.observations)
    fresh.digest = standing_digests.digest(standing_digests.of_result(result))
    fresh.run, fresh.computed_at = fresh.run + 1, now
    told = {"period": fresh.period, "digest": fresh.digest, "before": before, "run": fresh.run}
    until = fresh.dispute_until
    if until is not None and now > until and fresh.digest != before:
        # Nobody could object to this result yet: the window opens again.
        fresh.dispute_until = window_end(fresh, now)
    fresh.save()
    _upsert(fresh, result)
    record_event(actor=user, verb="compute_standing", subject=fresh, data=told, at=now)
    return fresh


def scored(rules: Scheme, rows: Sequence[Row], period: str) -> engine.Result:
    """The engine's result.

    Raises:
        ValidationError: the rows cannot be scored; in words.
    """
    try:
        return score(rules, Observations.of(rows), period)
    except ObservationsError as error:
        language = get_language() or "zh"
        raise ValidationError([one.refusal.text(language) for one in error.faults]) from error


def _upsert(standing: Standing, result: engine.Result) -> None:
    ids = dict(
        Subject.objects.filter(code__in=[one.subject for one in result.standings]).values_list(
            "code", "pk"
        )
    )
    gone = standing.rows.exclude(subject__in=ids.values())
    if gone.filter(disputes__isnull=False).exists():
        raise NotNowError(_("A subject that objected takes no part any more."))
    gone.delete()
    past = ranks_before(standing)
    texts = Texts()
    rows = [_row(ids[one.subject], one, past, result, texts) for one in result.standings]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _BATCH):
            body = orjson.dumps(rows[start : start + _BATCH]).decode()
            cursor.execute(_WRITE, {"standing": standing.pk, "rows": body})


def ranks_before(standing: Standing) -> dict[int, int]:
    """Subject's id → rank in the last period of the same length before, by whatever version."""
    length = periods.parse(standing.period).frequency
    earlier = [
        (period, pk)
        for pk, period in Standing.objects.filter(scheme__code=standing.scheme.code).values_list(
            "pk", "period"
        )
        if periods.order(period) < periods.order(standing.period)
        and periods.parse(period).frequency == length
    ]
    if not earlier:
        return {}
    last = max(earlier, key=lambda one: (periods.order(one[0]), one[1]))[1]
    return dict(StandingRow.objects.filter(standing=last).values_list("subject_id", "rank"))


def _row(
    subject: int, one: engine.Standing, past: Mapping[int, int], result: engine.Result,
    texts: Texts,
) -> dict[str, Any]:  # fmt: skip
    return {
        "subject": subject, "group": one.group, "score": text(one.score), "rank": one.rank,
        "of": one.count, "class_name": one.class_ or "", "rank_before": past.get(subject),
        "gap": None if one.gap_to_next is None else text(one.gap_to_next), "struck": one.veto,
        "rated": one.rated, "contests": contests(one, result.scheme),
        "criteria": [_criterion(each, texts) for each in one.criteria],
        "notes": stored(one.notes),
        "explained": b64encode(packed((each.explain for each in one.criteria), texts)).decode(),
    }  # fmt: skip


def contests(one: engine.Standing, scheme: Scheme) -> list[dict[str, str]]:
    """Points by contest in the scheme's order; "" stands for what is beside all contests."""
    parts: dict[str, list[engine.Scored]] = {}
    for each in one.criteria:
        parts.setdefault(each.contest, []).append(each)
    return [
        {
            "contest": key,
            "points": text(sum((each.points for each in some[1:]), some[0].points)),
            "out_of": exact_text(sum((each.out_of for each in some[1:]), some[0].out_of)),
        }
        for key in [*(contest.key for contest in scheme.contests), ""]
        if (some := parts.get(key))
    ]


def _criterion(each: engine.Scored, texts: Texts) -> dict[str, Any]:
    return {
        "criterion": each.criterion,
        "contest": each.contest,
        "points": text(each.points),
        "out_of": texts[each.out_of],
        "weight": texts[each.weight],
        "missing": each.missing or "",
    }
