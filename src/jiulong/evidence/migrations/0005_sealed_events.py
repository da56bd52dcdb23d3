import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER evidence_sealevents_append_only BEFORE UPDATE OR DELETE ON evidence_sealevents
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only();
-- Hashes do not compress; reading the ids must not read them too.
ALTER TABLE evidence_sealevents ALTER COLUMN hashes SET STORAGE EXTERNAL;
"""

DROP = "DROP TRIGGER evidence_sealevents_append_only ON evidence_sealevents;"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_files")]
    operations = [
        migrations.AddField(
            model_name="seal", name="first_event", field=models.BigIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="seal", name="last_event", field=models.BigIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="seal", name="events", field=models.PositiveIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="seal",
            name="events_root",
            field=models.BinaryField(help_text="SHA-256 Merkle root over the events", null=True),
        ),
        migrations.CreateModel(
            name="SealEvents",
            fields=[
                (
                    "seal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="event_contents",
                        serialize=False,
                        to="evidence.seal",
                    ),
                ),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text="the events, ascending",
                        size=None,
                    ),
                ),
                (
                    "hashes",
                    models.BinaryField(help_text="32 bytes an event: hash of its line"),
                ),
            ],
        ),
        migrations.RunSQL(APPEND_ONLY, DROP),
    ]
