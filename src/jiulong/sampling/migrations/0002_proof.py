"""One sample of a rule and an alarm; what was written of samples stays."""

import django.db.models.deletion
from django.db import migrations, models

# Where a sample stands goes on; through whose hands it went, and what was found, does not change.
KEPT = """
CREATE TRIGGER sampling_sample_kept BEFORE UPDATE OR DELETE ON sampling_sample
    FOR EACH ROW EXECUTE FUNCTION evidence_fills_once('state', 'why', 'told_due_at', 'duplicate');
CREATE TRIGGER sampling_sample_received BEFORE UPDATE ON sampling_sample
    FOR EACH ROW WHEN (OLD.received_at IS NOT NULL AND NEW.duplicate <> OLD.duplicate)
    EXECUTE FUNCTION evidence_is_append_only();
CREATE TRIGGER sampling_result_append_only BEFORE UPDATE OR DELETE ON sampling_result
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only();
CREATE TRIGGER sampling_draw_kept BEFORE UPDATE OR DELETE ON sampling_draw
    FOR EACH ROW EXECUTE FUNCTION evidence_fills_once();
"""
DROP = """
DROP TRIGGER sampling_draw_kept ON sampling_draw;
DROP TRIGGER sampling_result_append_only ON sampling_result;
DROP TRIGGER sampling_sample_received ON sampling_sample;
DROP TRIGGER sampling_sample_kept ON sampling_sample;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0006_fills_once"),
        ("monitoring", "0006_judgement"),
        ("sampling", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="sample",
            name="alarm",
            field=models.ForeignKey(
                help_text="of the finding, when the sample was ordered",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="samples",
                to="monitoring.alarm",
            ),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.UniqueConstraint(
                fields=("rule", "alarm"), name="one_sample_an_alarm"
            ),
        ),
        migrations.RunSQL(KEPT, DROP),
    ]
