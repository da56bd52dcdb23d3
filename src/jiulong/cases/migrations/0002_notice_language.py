from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases")]
    operations = [
        migrations.AddField(
            model_name="noticechoice",
            name="language",
            field=models.CharField(default="zh-hans", help_text="of what is sent", max_length=10),
        ),
    ]
