"""A trigger for rows that are filled in step by step and kept: other floors put it on their tables.

What was filled stays; what is empty (null, '', []) may be filled. Columns named in the trigger go on
changing. Nothing is deleted.
"""

from django.db import migrations

FILLS_ONCE = """
CREATE FUNCTION evidence_fills_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    new_row jsonb;
    col text;
    was jsonb;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME;
    END IF;
    new_row := to_jsonb(NEW);
    FOR col, was IN SELECT key, value FROM jsonb_each(to_jsonb(OLD)) LOOP
        IF col <> ALL (TG_ARGV) AND was NOT IN ('null', '""', '[]')
            AND new_row -> col IS DISTINCT FROM was
        THEN
            RAISE EXCEPTION 'table %: % was filled before', TG_TABLE_NAME, col;
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0005_sealed_events")]

    operations = [migrations.RunSQL(FILLS_ONCE, "DROP FUNCTION evidence_fills_once();")]
