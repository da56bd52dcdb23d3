"""What was filed, reported and measured stays; a filing is reviewed once."""

from django.db import migrations

KEPT = """
CREATE TRIGGER plant_parameterfiling_kept BEFORE UPDATE OR DELETE ON plant_parameterfiling
    FOR EACH ROW EXECUTE FUNCTION evidence_fills_once('state');
CREATE TRIGGER plant_parameterfiling_reviewed BEFORE UPDATE ON plant_parameterfiling
    FOR EACH ROW WHEN (
        OLD.reviewed_at IS NOT NULL OR (NEW.state <> OLD.state AND NEW.reviewed_at IS NULL)
    ) EXECUTE FUNCTION evidence_is_append_only();
CREATE TRIGGER plant_reportedparameter_kept BEFORE UPDATE OR DELETE ON plant_reportedparameter
    FOR EACH ROW EXECUTE FUNCTION evidence_fills_once('seen_at', 'current');
CREATE TRIGGER plant_sectionmeasurement_append_only
    BEFORE UPDATE OR DELETE ON plant_sectionmeasurement
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only();
"""
DROP = """
DROP TRIGGER plant_sectionmeasurement_append_only ON plant_sectionmeasurement;
DROP TRIGGER plant_reportedparameter_kept ON plant_reportedparameter;
DROP TRIGGER plant_parameterfiling_reviewed ON plant_parameterfiling;
DROP TRIGGER plant_parameterfiling_kept ON plant_parameterfiling;
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_fills_once"), ("plant", "0001_initial")]

    operations = [migrations.RunSQL(KEPT, DROP)]
