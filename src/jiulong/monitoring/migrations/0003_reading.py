from django.db import migrations

READING = """
CREATE TABLE reading (
    at          timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    batch       bigint      NOT NULL,
    point       integer     NOT NULL,
    ordinal     integer     NOT NULL,
    period      smallint    NOT NULL,
    part        smallint    NOT NULL DEFAULT 0,
    factors     smallint[]  NOT NULL,
    values      float8[]    NOT NULL,
    minima      float8[],
    maxima      float8[],
    totals      float8[],
    flags       text        NOT NULL,
    PRIMARY KEY (point, period, at, part)
) PARTITION BY RANGE (at);
-- A judge that follows the recorder reads by batch; rows arrive in batch order, so BRIN suffices.
CREATE INDEX reading_batch ON reading USING brin (batch) WITH (pages_per_range = 16, autosummarize = on);
-- Clocks that are years off still find a place.
CREATE TABLE reading_stray PARTITION OF reading DEFAULT;

-- Make the partition of a month; false if it was there. Attached rather than created in place: that
-- does not lock out readers. Rows of that month that came as strays move in. Who waited for the lock
-- looks again: another one may have made the month meanwhile.
CREATE FUNCTION ensure_reading_partition(month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    first timestamptz := date_trunc('month', month::timestamp) AT TIME ZONE 'UTC';
    next  timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
    name  text := 'reading_' || to_char(month, 'YYYY_MM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN false;
    END IF;
    LOCK TABLE reading_stray IN ACCESS EXCLUSIVE MODE;
    IF to_regclass(name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE reading INCLUDING DEFAULTS, CHECK (at >= %L AND at < %L))', name, first, next);
    EXECUTE format('WITH moved AS (DELETE FROM reading_stray WHERE at >= %L AND at < %L RETURNING *)
                    INSERT INTO %I SELECT * FROM moved', first, next, name);
    EXECUTE format('ALTER TABLE reading ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, first, next);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', name, name || '_at_check');
    RETURN true;
END $$;
"""

DROP = """
DROP FUNCTION ensure_reading_partition(date);
DROP TABLE reading;
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0002_initial")]
    operations = [migrations.RunSQL(READING, DROP)]
