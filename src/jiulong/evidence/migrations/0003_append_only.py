import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# UPDATE and DELETE are refused. TRUNCATE is left: whoever may truncate may drop the trigger too,
# and Django's tests empty their tables with it. A missing row breaks the chain of seals.
APPEND_ONLY = """
CREATE FUNCTION evidence_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER evidence_event_append_only BEFORE UPDATE OR DELETE ON evidence_event
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only();
CREATE TRIGGER evidence_seal_append_only BEFORE UPDATE OR DELETE ON evidence_seal
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only();
CREATE TRIGGER evidence_sealcontents_append_only BEFORE UPDATE OR DELETE ON evidence_sealcontents
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only();
-- Hashes do not compress; reading the ids must not read them too.
ALTER TABLE evidence_sealcontents ALTER COLUMN hashes SET STORAGE EXTERNAL;
"""

DROP = """
DROP TRIGGER evidence_sealcontents_append_only ON evidence_sealcontents;
DROP TRIGGER evidence_seal_append_only ON evidence_seal;
DROP TRIGGER evidence_event_append_only ON evidence_event;
DROP FUNCTION evidence_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_initial")]
    operations = [
        migrations.CreateModel(
            name="SealContents",
            fields=[
                (
                    "seal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="contents",
                        serialize=False,
                        to="evidence.seal",
                    ),
                ),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text="the batches, ascending",
                        size=None,
                    ),
                ),
                (
                    "hashes",
                    models.BinaryField(help_text="32 bytes a batch: hash of its statement"),
                ),
            ],
        ),
        migrations.RunSQL(APPEND_ONLY, DROP),
    ]
