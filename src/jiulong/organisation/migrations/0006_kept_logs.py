from django.db import migrations

# The Cybersecurity Law (article 21) wants network logs kept for at least six months. TRUNCATE is
# left, as with the seals: whoever may truncate may drop the trigger too.
KEPT = """
CREATE FUNCTION organisation_log_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME;
    END IF;
    IF OLD.at > now() - interval '183 days' THEN
        RAISE EXCEPTION 'table % keeps its rows for 183 days', TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER logline_is_kept BEFORE UPDATE OR DELETE ON organisation_logline
    FOR EACH ROW EXECUTE FUNCTION organisation_log_is_kept();
CREATE TRIGGER readrecord_is_kept BEFORE UPDATE OR DELETE ON organisation_readrecord
    FOR EACH ROW EXECUTE FUNCTION organisation_log_is_kept();
"""
UNDO = """
DROP TRIGGER readrecord_is_kept ON organisation_readrecord;
DROP TRIGGER logline_is_kept ON organisation_logline;
DROP FUNCTION organisation_log_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0005_records")]
    operations = [migrations.RunSQL(KEPT, UNDO)]
