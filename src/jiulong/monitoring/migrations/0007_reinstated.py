"""Findings that stand again are numbered in their order, for whoever opens cases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0006_judgement")]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="reinstated",
            field=models.BigIntegerField(
                editable=False,
                help_text="counts findings that stand again after they were withdrawn, in their order",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("reinstated__isnull", False)),
                fields=["reinstated"],
                name="finding_reinstated",
            ),
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE monitoring_reinstated", "DROP SEQUENCE monitoring_reinstated"
        ),
    ]
