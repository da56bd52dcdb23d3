"""The statements that count readings, by name. All are bounded by point, period and time."""

from __future__ import annotations

from typing import Final

#: Newly recorded interval readings: which point, which period, from when to when. BRIN on batch.
TOUCHED: Final = """
SELECT point, period, min(at), max(at)
FROM reading WHERE batch > %(after)s AND batch <= %(upto)s AND period IN (1, 2, 3)
GROUP BY point, period
"""

#: The first reading of a period since the point is in service.
FIRST: Final = """
SELECT wanted.point, wanted.period,
       (SELECT r.at FROM reading r WHERE r.point = wanted.point AND r.period = wanted.period
        AND r.at >= p.active_from ORDER BY r.at LIMIT 1)
FROM unnest(%(points)s::int[], %(periods)s::int[]) AS wanted(point, period)
JOIN monitoring_point p ON p.id = wanted.point
"""

#: The stretches that are to be counted, numbered. Readings belong to the period that holds them:
#: a logger whose minute data begin at :05 owes and sends as many as another.
_ASKED: Final = """
FROM unnest(%(points)s::int[], %(periods)s::int[], %(minutes)s::int[],
            %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
     WITH ORDINALITY AS s(point, period, minutes, first, last, n)
CROSS JOIN LATERAL (
    SELECT date_bin(make_interval(mins => s.minutes), r.at, %(origin)s::timestamptz) AS start,
           min(r.received_at) AS received_at
    FROM reading r
    WHERE r.point = s.point AND r.period = s.period AND r.at >= s.first AND r.at < s.last
      AND r.at >= %(first)s AND r.at < %(last)s
    GROUP BY 1
) AS came
"""

#: For each stretch: how many of its periods came, and how many of these in time.
COUNTED: Final = f"""
SELECT s.n, count(*), count(*) FILTER (WHERE came.received_at <= came.start
       + make_interval(mins => s.minutes)
       + CASE s.period WHEN 3 THEN %(day_grace)s::interval ELSE %(grace)s::interval END)
{_ASKED} GROUP BY s.n
"""

#: For each stretch: the starts of the periods that came.
CAME: Final = f"SELECT s.n, array_agg(came.start) {_ASKED} GROUP BY s.n"

#: Gaps into which new readings may have come.
HIT: Final = """
SELECT DISTINCT g.id
FROM unnest(%(points)s::int[], %(periods)s::int[], %(firsts)s::timestamptz[],
            %(lasts)s::timestamptz[]) AS t(point, period, first, last)
JOIN gaps_gap g ON g.point_id = t.point AND g.period = t.period AND g.state <> 'filled'
     AND g.start <= t.last AND g."end" > t.first
"""

#: Count into the months; what is there is added to.
TALLY: Final = """
INSERT INTO gaps_monthtally (point_id, period, month, expected, live, late)
SELECT * FROM unnest(%(points)s::int[], %(periods)s::int[], %(months)s::date[],
                     %(expected)s::int[], %(live)s::int[], %(late)s::int[])
ON CONFLICT (point_id, period, month) DO UPDATE
SET expected = gaps_monthtally.expected + excluded.expected,
    live = gaps_monthtally.live + excluded.live,
    late = gaps_monthtally.late + excluded.late
"""

#: What lies behind gaps: silence, refused frames, or neither.
CAUSES: Final = """
SELECT g.id, CASE
    WHEN EXISTS (SELECT FROM monitoring_finding f
                 WHERE f.point_id = g.point_id AND f.rule = 'offline' AND f.started_at < g."end"
                   AND (f.ended_at IS NULL OR f.ended_at > g.start)) THEN 'offline'
    WHEN EXISTS (SELECT FROM gateway_quarantinedframe q
                 JOIN gateway_logger l ON l.mn = q.mn AND l.point_id = g.point_id
                 WHERE q.received_at >= g.start
                   AND q.received_at < g."end" + interval '1 hour') THEN 'refused'
    ELSE 'unsent' END
FROM gaps_gap g WHERE g.id = ANY(%(gaps)s)
"""
