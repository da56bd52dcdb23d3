from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("packs", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="appliedpack",
            name="source",
            field=models.TextField(
                blank=True,
                default="",
                help_text="its folder, where that was not in the box",
            ),
            preserve_default=False,
        ),
    ]
