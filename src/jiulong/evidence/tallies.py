"""Tallies: what rows that may still change were when their day was settled, told by events.

Rows that are written once are told by the event of who wrote them (`verifying.as_told`). Others
grow for a while: a finding until it ends, a month until its last day is settled. A floor above
registers such rows as a `Tally`: rows fall into days, and in a day to what they are of (a point, an
outfall).
When the time of a day has come, the keeper tells one event with the SHA-256 of its rows; whoever
changes such a row later for a reason says so (`retell`), in the same transaction. So the last word
on each day lies under a seal, and `jiulong verify` names what differs from it.

How far days have been told is a `Cursor`, which is also the subject of the events. Who writes rows
shares its lock until the commit; who tells has it alone: neither misses what the other does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jiulong.evidence import verifying
from jiulong.evidence.actions import record_event
from jiulong.evidence.models import Cursor
from jiulong.evidence.verifying import Checked

VERB: Final = "settle_tally"
SUBJECT: Final = "evidence.cursor"

#: The digest of the rows of each day and owner: a JSON array a row, one a line.
FOUND: Final = """
SELECT {day} AS "on", {owner} AS owner,
       encode(sha256(convert_to(string_agg(
           jsonb_build_array({columns})::text, E'\\n' ORDER BY id), 'UTF8')), 'hex') AS sha
FROM {table} WHERE {settled} AND {where} GROUP BY 1, 2
"""
#: How many days of owners are as the last word on them, and the first that is not, in one
#: statement: nobody writes between the two halves.
COMPARED: Final = """
WITH words AS (
    SELECT id, (data ->> 'on')::date AS "on", d.key::int AS owner, d.value AS sha
    FROM evidence_event CROSS JOIN LATERAL jsonb_each_text(data -> 'digests') d
    WHERE subject = %(subject)s AND subject_id = %(name)s AND verb = %(verb)s
), told AS (
    SELECT DISTINCT ON ("on", owner) "on", owner, nullif(sha, '') AS sha
    FROM words ORDER BY "on", owner, id DESC
), found AS ({found}), compared AS (
    SELECT "on", owner, told.sha IS NOT DISTINCT FROM found.sha AS same
    FROM told FULL JOIN found USING ("on", owner)
)
SELECT count(*) FILTER (WHERE same), min("on"::text || ' ' || owner) FILTER (WHERE NOT same)
FROM compared
"""
#: Some days, of some owners or of all.
OF_DAYS: Final = (
    "{tally.day} = ANY(%(days)s) AND (%(some)s::int[] IS NULL OR {tally.owner} = ANY(%(some)s))"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows that are told of by day.

    Args:
        name: for machines; never changed once released.
        label: of the rows, for people: "Findings".
        table: where they stand.
        day: SQL, the date under which a row is told.
        owner: SQL, the number of what it is of.
        columns: what is under the digest, in this order for good.
        settled: SQL, which rows do not grow any more.
        first: the first day on which there may be rows; None: there are none yet.
        after: the next day after one.
        due: when a day is told.
        say: an owner's number and a day in the words people know them by.
    """

    name: str
    label: str | Promise
    table: str
    day: str
    owner: str
    columns: Collection[str]
    settled: str
    first: Callable[[], date | None]
    after: Callable[[date], date]
    due: Callable[[date], datetime]
    say: Callable[[int, date], str]

    def found(self, where: str) -> str:
        """SQL of the digests of some days."""
        return FOUND.format(
            day=self.day, owner=self.owner, table=self.table, settled=self.settled, where=where,
            columns=", ".join(f'"{name}"' for name in self.columns),
        )  # fmt: skip


_registered: Final[dict[str, Tally]] = {}


def register(tally: Tally) -> None:
    """Have days of these rows told (`step` is a chore) and `jiulong verify` look at them."""
    _registered[tally.name] = tally
    verifying.register(tally.name, tally.label, lambda: check(tally.name))


def step(name: str, now: datetime) -> bool:
    """Tell of the next day that is due; whether there was one."""
    tally = _registered[name]
    Cursor.objects.get_or_create(name=name)
    with transaction.atomic():
        mine = Cursor.objects.select_for_update(skip_locked=True).filter(name=name).first()
        if mine is None:  # somebody writes, or tells: later
            return False
        last = date.fromordinal(mine.position) if mine.position else None
        day = tally.after(last) if last else tally.first()
        if day is None or now < tally.due(day):
            return False
        _tell(tally, mine, {day: None}, now)
        mine.position = day.toordinal()
        mine.save(update_fields=["position"])
    return True


def retell(name: str, changed: Iterable[tuple[date, int]], now: datetime) -> None:
    """Rows of these days and owners changed in this transaction: tell of those told already."""
    rows = set(changed)
    if not rows:
        return
    tally, position = _registered[name], _shared(name)
    days: dict[date, set[int] | None] = defaultdict(set)
    for day, owner in rows:
        if day.toordinal() <= position and (owners := days[day]) is not None:
            owners.add(owner)
    if days:
        _tell(tally, Cursor(name=name), days, now)


def check(name: str) -> Checked:
    """Every day that was told, against its rows."""
    tally = _registered[name]
    position = Cursor.objects.filter(name=name).values_list("position", flat=True).first() or 0
    upto = date.fromordinal(position) if position else date.min
    found = tally.found(f"{tally.day} <= %(upto)s")
    with connection.cursor() as cursor:
        cursor.execute(
            COMPARED.format(found=found),
            {"subject": SUBJECT, "name": name, "verb": VERB, "upto": upto},
        )
        count, first = cursor.fetchone()
    if first is None:
        return Checked(count)
    on, _space, owner = first.partition(" ")
    told = {"what": tally.say(int(owner), date.fromisoformat(on)), "day": on}
    return Checked(count, _("%(what)s, %(day)s: not as its event tells") % told)


def _shared(name: str) -> int:
    """How far days are told. Shared until the commit: none is told meanwhile without our rows."""
    with connection.cursor() as cursor:
        for _attempt in range(2):
            cursor.execute("SELECT position FROM evidence_cursor WHERE name = %s FOR SHARE", [name])
            if row := cursor.fetchone():
                return int(row[0])
            Cursor.objects.get_or_create(name=name)
    return 0


def _tell(
    tally: Tally, subject: Cursor, days: Mapping[date, set[int] | None], now: datetime
) -> None:
    """One event a day. An owner whose rows are gone has an empty digest."""
    some = [owner for owners in days.values() for owner in owners or ()] or None
    with connection.cursor() as cursor:
        cursor.execute(tally.found(OF_DAYS.format(tally=tally)), {"days": list(days), "some": some})
        found: dict[date, dict[int, str]] = defaultdict(dict)
        for day, owner, sha in cursor:
            found[day][owner] = sha
    for day, wanted in sorted(days.items()):
        shas = found[day] if wanted is None else {o: found[day].get(o, "") for o in wanted}
        digests = {str(owner): sha for owner, sha in sorted(shas.items())}
        data = {"on": day.isoformat(), "digests": digests}
        record_event(actor=None, verb=VERB, subject=subject, data=data, at=now)
