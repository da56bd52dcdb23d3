import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "0006_kept_logs")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="hints_closed",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60),
                blank=True,
                default=list,
                help_text="pages whose one-line hint is closed for good",
                size=None,
            ),
        ),
    ]
