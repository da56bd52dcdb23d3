"""The recorder's statements, by name."""

from __future__ import annotations

from typing import Final

from jiulong.evidence.locks import Lock

#: Held for the life of a recorder's session: there is one recorder, and nobody rebuilds beside it.
LOCK: Final = int(Lock.RECORDER)

#: Where the recorder stands; the row is made on first use.
POSITION: Final = """
INSERT INTO evidence_cursor (name, position) VALUES ('recorder', 0)
ON CONFLICT (name) DO UPDATE SET position = evidence_cursor.position RETURNING position
"""

#: Move on, if nobody else did.
ADVANCE: Final = (
    "UPDATE evidence_cursor SET position = $2 WHERE name = 'recorder' AND position = $1"
)

#: For each (point, period) in µs since 1970: the newest time up to $3, the first after it, the
#: last.
TIMES: Final = """
SELECT point, period,
       (extract(epoch FROM (SELECT max(at) FROM reading WHERE reading.point = wanted.point
        AND reading.period = wanted.period AND at <= $3)) * 1000000)::bigint AS newest,
       (extract(epoch FROM (SELECT min(at) FROM reading WHERE reading.point = wanted.point
        AND reading.period = wanted.period AND at > $3)) * 1000000)::bigint AS astray,
       (extract(epoch FROM (SELECT max(at) FROM reading WHERE reading.point = wanted.point
        AND reading.period = wanted.period)) * 1000000)::bigint AS last
FROM unnest($1::integer[], $2::smallint[]) AS wanted (point, period)
"""

#: All parts of the given keys. OFFSET 0 keeps the planner from joining whole partitions: each key
#: is looked up in the one partition that can have it.
TAKEN: Final = """
SELECT wanted.point, wanted.period, wanted.at_s, found.*
FROM unnest($1::integer[], $2::smallint[], $3::bigint[]) AS wanted (point, period, at_s)
CROSS JOIN LATERAL (
    SELECT batch, ordinal, factors, values, minima, maxima, totals, flags
    FROM reading
    WHERE reading.point = wanted.point AND reading.period = wanted.period
      AND reading.at = to_timestamp(wanted.at_s)
    OFFSET 0
) AS found
"""

DISCREPANCY: Final = """
INSERT INTO monitoring_discrepancy (point_id, period, at, kept_batch, kept_ordinal, other_batch,
                                    other_ordinal, received_at, differences)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""

MESSAGE: Final = """
INSERT INTO recorder_message (point_id, cn, at, received_at, batch, ordinal, content)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

#: Quarantine rows outlive a rebuild with their marks, so that a frame may be there already.
QUARANTINE: Final = """
INSERT INTO gateway_quarantinedframe (batch, ordinal, received_at, peer, reason, mn, raw)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::timestamptz[], $4::text[], $5::text[],
                     $6::text[], $7::bytea[])
ON CONFLICT (batch, ordinal) DO NOTHING
"""

HEARD: Final = """
INSERT INTO monitoring_pointstate AS state (point_id, heard_at, frames)
SELECT * FROM unnest($1::integer[], $2::timestamptz[], $3::bigint[])
ON CONFLICT (point_id) DO UPDATE
SET heard_at = greatest(state.heard_at, excluded.heard_at), frames = state.frames + excluded.frames
"""

#: Everything that a rebuild makes again. Quarantine rows and factors stay.
FORGET: Final = """
TRUNCATE reading, monitoring_discrepancy, recorder_message, monitoring_pointstate
"""
