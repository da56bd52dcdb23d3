"""First letters of the names of enterprises that were there before."""

from django.db import migrations


def fill(apps, _schema_editor):
    from jiulong.registers.searching import initials  # noqa: PLC0415 - migrations load early

    rows = list(apps.get_model("registers", "Enterprise").objects.filter(initials=""))
    for row in rows:
        row.initials = initials(row.name)[:120]
    apps.get_model("registers", "Enterprise").objects.bulk_update(
        rows, ["initials"], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [("registers", "0003_import_views_serials")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
