import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0004_claims")]
    operations = [
        migrations.AddField(
            model_name="logger",
            name="former_keys",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=32),
                blank=True,
                default=list,
                help_text="keys it had before, newest first: the journal has frames that need them",
                size=None,
            ),
        ),
    ]
