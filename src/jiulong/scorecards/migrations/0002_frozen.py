"""What was frozen stays: standings with their rows, and the rules that were adopted."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION scorecards_standing_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('frozen', 'published') THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a frozen standing is not deleted';
    END IF;
    IF to_jsonb(NEW) - 'state' - 'published_at' <> to_jsonb(OLD) - 'state' - 'published_at'
       OR NOT (NEW.state = OLD.state OR (OLD.state = 'frozen' AND NEW.state = 'published'))
       OR (NEW.state = 'published') <> (NEW.published_at IS NOT NULL)
       OR (OLD.state = 'published' AND NEW.published_at IS DISTINCT FROM OLD.published_at) THEN
        RAISE EXCEPTION 'a frozen standing does not change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scorecards_standing_frozen BEFORE UPDATE OR DELETE ON scorecards_standing
    FOR EACH ROW EXECUTE FUNCTION scorecards_standing_is_frozen();

CREATE FUNCTION scorecards_row_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched scorecards_standingrow;
BEGIN
    touched := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    IF EXISTS (
        SELECT FROM scorecards_standing
        WHERE id IN (touched.standing_id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.standing_id END)
          AND state IN ('frozen', 'published')
    ) THEN
        RAISE EXCEPTION 'a row of a frozen standing does not change';
    END IF;
    RETURN touched;
END $$;
CREATE TRIGGER scorecards_standingrow_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON scorecards_standingrow
    FOR EACH ROW EXECUTE FUNCTION scorecards_row_is_frozen();

CREATE FUNCTION scorecards_scheme_is_adopted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- All that may happen to it is that it is no longer in force.
    IF OLD.state <> 'draft' AND (
        TG_OP = 'DELETE' OR to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state'
        OR NEW.state NOT IN (OLD.state, 'retired')
    ) THEN
        RAISE EXCEPTION 'an adopted scheme does not change';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER scorecards_schemeversion_adopted
    BEFORE UPDATE OR DELETE ON scorecards_schemeversion
    FOR EACH ROW EXECUTE FUNCTION scorecards_scheme_is_adopted();
"""
THAWED = """
DROP TRIGGER scorecards_schemeversion_adopted ON scorecards_schemeversion;
DROP FUNCTION scorecards_scheme_is_adopted();
DROP TRIGGER scorecards_standingrow_frozen ON scorecards_standingrow;
DROP FUNCTION scorecards_row_is_frozen();
DROP TRIGGER scorecards_standing_frozen ON scorecards_standing;
DROP FUNCTION scorecards_standing_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("scorecards", "0001_initial")]

    operations = [migrations.RunSQL(FROZEN, THAWED)]
