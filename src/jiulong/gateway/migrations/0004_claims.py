from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0003_journal")]
    operations = [
        migrations.AddField(
            model_name="commandstep",
            name="token",
            field=models.UUIDField(
                help_text="who wrote it: a write repeated in doubt finds itself",
                null=True,
                unique=True,
            ),
        ),
        migrations.AddField(
            model_name="logger",
            name="password_since",
            field=models.DateTimeField(
                blank=True,
                help_text="orders of a new password given before this no longer count",
                null=True,
            ),
        ),
    ]
