from django.db import migrations

# A value stays as it was written; all that may happen to it is that another takes its place.
APPEND_ONLY = """
CREATE FUNCTION scorecards_observation_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.current AND NOT NEW.current
       AND to_jsonb(OLD) - 'current' = to_jsonb(NEW) - 'current' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER scorecards_observation_stays BEFORE UPDATE OR DELETE ON scorecards_observation
    FOR EACH ROW EXECUTE FUNCTION scorecards_observation_stays();
"""

DROP = """
DROP TRIGGER scorecards_observation_stays ON scorecards_observation;
DROP FUNCTION scorecards_observation_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("scorecards", "0002_frozen")]

    operations = [migrations.RunSQL(APPEND_ONLY, DROP)]
