"""Digests of settled days, for good."""

from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER validity_settling_append_only BEFORE UPDATE OR DELETE ON validity_settling
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only();
"""
DROP = "DROP TRIGGER validity_settling_append_only ON validity_settling;"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_append_only"), ("validity", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Settling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(db_index=True)),
                (
                    "digests",
                    models.JSONField(
                        help_text="{point: SHA-256 of its day's rows}; `settling.FOUND`"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={"ordering": ["-on", "-id"]},
        ),
        migrations.RunSQL(APPEND_ONLY, DROP),
    ]
