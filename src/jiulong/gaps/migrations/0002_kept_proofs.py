"""A month's proof stays as it was recorded; what came later makes a new one."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER gaps_monthproof_append_only BEFORE UPDATE OR DELETE ON gaps_monthproof
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only();
"""
DROP = "DROP TRIGGER gaps_monthproof_append_only ON gaps_monthproof;"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_append_only"), ("gaps", "0001_initial")]

    operations = [migrations.RunSQL(APPEND_ONLY, DROP)]
