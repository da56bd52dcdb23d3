"""SQL of the statistics, by name. Readings come as binary columns: rows would cost tenfold."""

from __future__ import annotations

from typing import Final

#: Readings of one period in stretches of points, a row a stretch and set of factors. Columns are
#: runs of bytes: µs since 2000, float8[] (with their heads), float8, flags. NaN: none was sent.
#: The flow's total and its mark stand apart. A clock ahead of its arrival tells no time.
COLUMNS: Final = """
SELECT s.n, r.factors, count(*), string_agg(timestamptz_send(r.at), ''),
       string_agg(array_send(array_replace(r.values, NULL, 'NaN')), ''),
       string_agg(float8send(coalesce(r.totals[array_position(r.factors, %(flow)s::smallint)],
                                      'NaN')), ''),
       string_agg(r.flags, '')
FROM unnest(%(points)s::int[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
     WITH ORDINALITY AS s(point, first, last, n)
CROSS JOIN LATERAL (
    SELECT at, part, factors, values, totals, flags FROM reading
    WHERE point = s.point AND period = %(period)s AND at >= s.first AND at < s.last
      AND at <= received_at + %(ahead)s
    ORDER BY at, part OFFSET 0
) AS r
GROUP BY s.n, r.factors ORDER BY s.n, min(r.part), r.factors
"""

#: What new batches touch: hours and days at once; minutes only where they come after their hour or
#: after their day was computed, for those that come in time are looked at with it.
TOUCHED: Final = """
INSERT INTO validity_dueday (point_id, "on", cause)
SELECT DISTINCT point, (at AT TIME ZONE %(zone)s)::date, 'readings' FROM reading
WHERE batch > %(after)s AND batch <= %(upto)s AND at <= received_at + %(ahead)s
  AND (period = ANY(%(periods)s) OR period = %(minute)s AND (
       received_at > at + %(late)s
       OR ((received_at - %(ended)s) AT TIME ZONE %(zone)s)::date
          > (at AT TIME ZONE %(zone)s)::date))
  AND EXISTS (SELECT FROM monitoring_point WHERE id = point)
ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""
#: Frames that contradict an hour leave no reading, and yet may take it away.
CONTRADICTED: Final = """
INSERT INTO validity_dueday (point_id, "on", cause)
SELECT DISTINCT point_id, (at AT TIME ZONE %(zone)s)::date, 'monitoring.discrepancy'
FROM monitoring_discrepancy
WHERE other_batch > %(after)s AND other_batch <= %(upto)s AND period = ANY(%(periods)s)
  AND EXISTS (SELECT FROM monitoring_point WHERE id = point_id)
ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""
#: Every point that was in service on a day.
ENDED: Final = """
INSERT INTO validity_dueday (point_id, "on", cause)
SELECT id, %(on)s, 'ended' FROM monitoring_point
WHERE active_from < %(end)s AND (active_to IS NULL OR active_to > %(start)s)
ORDER BY id
ON CONFLICT DO NOTHING
"""
#: The next days to compute: what people did goes before what instruments sent.
NEXT: Final = """
SELECT point_id, "on", array_agg(cause ORDER BY cause) FROM validity_dueday
WHERE (point_id, "on") IN (
    SELECT point_id, "on" FROM validity_dueday
    ORDER BY cause IN ('readings', 'ended', 'rules'), id LIMIT %(most)s
)
GROUP BY point_id, "on" ORDER BY point_id, "on"
"""
DONE: Final = """
DELETE FROM validity_dueday AS due
USING unnest(%(points)s::int[], %(days)s::date[]) AS d(point, day)
WHERE due.point_id = d.point AND due."on" = d.day
"""
#: The statistics that stand, of stretches of days of points.
STANDING: Final = """
SELECT {columns} FROM validity_daystatistic AS d
JOIN unnest(%(points)s::int[], %(firsts)s::date[], %(lasts)s::date[]) AS s(point, first, last)
  ON d.point_id = s.point AND d."on" BETWEEN s.first AND s.last
"""
#: Days whose load stands in for one that may come out differently now.
DEPENDENT: Final = """
INSERT INTO validity_dueday (point_id, "on", cause)
SELECT DISTINCT d.point_id, d."on", 'substitution' FROM validity_daystatistic AS d
JOIN unnest(%(points)s::int[], %(factors)s::smallint[], %(firsts)s::date[])
     AS c(point, factor, first)
  ON d.point_id = c.point AND d.factor_id = c.factor AND d."on" > c.first
WHERE NOT d.valid AND d.load_kg IS DISTINCT FROM 0
ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""
#: Loads of their own of the last valid days before a day.
LOADS: Final = """
SELECT "on", load_kg FROM validity_daystatistic
WHERE point_id = %(point)s AND factor_id = %(factor)s AND "on" < %(before)s
  AND valid AND load_kg IS NOT NULL
ORDER BY "on" DESC LIMIT %(most)s
"""
