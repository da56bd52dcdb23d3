"""What the outgoing signed stays, and who was on duty; the incoming signs once."""

from django.db import migrations

SIGNED = """
CREATE TRIGGER duty_shift_kept BEFORE UPDATE OR DELETE ON duty_shift
    FOR EACH ROW EXECUTE FUNCTION evidence_fills_once('state', 'remarks');
CREATE TRIGGER duty_shift_signed BEFORE UPDATE ON duty_shift
    FOR EACH ROW WHEN (
        OLD.state = 'over'
        OR (OLD.state = 'signed' AND (NEW.state = 'on' OR NEW.remarks <> OLD.remarks))
    ) EXECUTE FUNCTION evidence_is_append_only();
CREATE FUNCTION duty_shift_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT FROM duty_shift WHERE state <> 'on'
            AND id = CASE WHEN TG_OP = 'DELETE' THEN OLD.shift_id ELSE NEW.shift_id END
    ) THEN
        RAISE EXCEPTION 'who was on a signed shift does not change';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER duty_shift_people_signed BEFORE INSERT OR UPDATE OR DELETE ON duty_shift_people
    FOR EACH ROW EXECUTE FUNCTION duty_shift_is_signed();
"""
DROP = """
DROP TRIGGER duty_shift_people_signed ON duty_shift_people;
DROP FUNCTION duty_shift_is_signed();
DROP TRIGGER duty_shift_signed ON duty_shift;
DROP TRIGGER duty_shift_kept ON duty_shift;
"""


class Migration(migrations.Migration):
    dependencies = [("duty", "0001_initial"), ("evidence", "0006_fills_once")]

    operations = [migrations.RunSQL(SIGNED, DROP)]
