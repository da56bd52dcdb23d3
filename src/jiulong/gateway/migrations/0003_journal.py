from django.db import migrations

JOURNAL = """
CREATE TABLE journal (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL,
    node        text        NOT NULL,
    token       uuid        NOT NULL UNIQUE,
    frames      integer     NOT NULL,
    body        bytea       NOT NULL
);
ALTER TABLE journal ALTER COLUMN body SET STORAGE EXTERNAL;  -- already compressed

CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();

-- Append one batch and return its id; appending the same token again returns the same id.
-- The lock makes ids visible in their order: whoever reads up to id n has seen every batch before n.
CREATE FUNCTION journal_append(_token uuid, _received_at timestamptz, _node text, _frames integer, _body bytea)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    _id bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(212);
    SELECT id INTO _id FROM journal WHERE token = _token;
    IF _id IS NULL THEN
        INSERT INTO journal (received_at, node, token, frames, body)
        VALUES (_received_at, _node, _token, _frames, _body) RETURNING id INTO _id;
    END IF;
    PERFORM pg_notify('journal', '');
    RETURN _id;
END $$;
"""

DROP = """
DROP FUNCTION journal_append(uuid, timestamptz, text, integer, bytea);
DROP TABLE journal;
DROP FUNCTION journal_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("gateway", "0002_initial")]
    operations = [migrations.RunSQL(JOURNAL, DROP)]
