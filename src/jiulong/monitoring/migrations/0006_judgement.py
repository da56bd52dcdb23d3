import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: What was entered so far came from permits; `limit` becomes what is settled from them.
PERMITS = """
INSERT INTO monitoring_permitlimit
    (point_id, factor_id, statistic, minimum, maximum, valid_from, valid_to, source)
SELECT point_id, factor_id, statistic, minimum, maximum, valid_from, valid_to, source
FROM monitoring_limit;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0005_operators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Standard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(help_text="e.g. GB18918-2002/1A", max_length=60, unique=True),
                ),
                ("number", models.CharField(help_text="e.g. GB 18918-2002", max_length=40)),
                ("grade", models.CharField(blank=True, max_length=40)),
                ("title", models.JSONField(default=dict, help_text="{zh, en}")),
                ("grade_title", models.JSONField(default=dict, help_text="{zh, en}")),
                ("spec", models.JSONField(default=dict, help_text="the pack's item")),
                ("pack", models.CharField(blank=True, max_length=40)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.AddField(
            model_name="finding",
            name="withdrawn_at",
            field=models.DateTimeField(help_text="it does not stand any more", null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="withdrawn_cause",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="limit",
            name="note",
            field=models.CharField(
                blank=True, help_text="why: permit_laxer, warns_of_day, or nothing", max_length=20
            ),
        ),
        migrations.AddField(
            model_name="limit",
            name="origin",
            field=models.CharField(
                choices=[("permit", "Permit"), ("standard", "Standard")],
                default="permit",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="limit",
            name="reference",
            field=models.CharField(
                blank=True, help_text="the row it stands on: permit/17, standard/203", max_length=80
            ),
        ),
        migrations.AddField(
            model_name="limit",
            name="supersedes",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="what also speaks of it: [{origin, source, minimum, maximum}]",
            ),
        ),
        migrations.AlterField(
            model_name="limit",
            name="maximum",
            field=models.DecimalField(blank=True, decimal_places=9, max_digits=18, null=True),
        ),
        migrations.AlterField(
            model_name="limit",
            name="minimum",
            field=models.DecimalField(blank=True, decimal_places=9, max_digits=18, null=True),
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "family",
                    models.CharField(
                        choices=[
                            ("limit", "Over the limit"),
                            ("line", "Line"),
                            ("data", "Doubtful data"),
                            ("device", "Instruments"),
                            ("mark", "Marks"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="gravest class of the catalogue: EXH, OFF …", max_length=8
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("information", "Information"),
                            ("warning", "Warning"),
                            ("serious", "Serious"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "rules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        help_text="of its findings, sorted",
                        size=None,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("quiet", "Quiet"),
                            ("closed", "Closed"),
                            ("merged", "Merged"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField(db_index=True)),
                (
                    "last_at",
                    models.DateTimeField(
                        help_text="latest time at which a finding was seen to hold"
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(help_text="since when no finding holds", null=True),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "raised_at",
                    models.DateTimeField(help_text="when the first of its findings was found"),
                ),
                ("respond_by", models.DateTimeField(null=True)),
                ("close_by", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="monitoring.alarm",
                    ),
                ),
                (
                    "outfall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="monitoring.outfall",
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="finding",
            name="alarm",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="monitoring.alarm",
            ),
        ),
        migrations.CreateModel(
            name="AlarmRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("thresholds", models.JSONField(default=dict, help_text="name → number, as text")),
                ("respond", models.CharField(blank=True, max_length=40)),
                ("close", models.CharField(blank=True, max_length=40)),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("information", "Information"),
                            ("warning", "Warning"),
                            ("serious", "Serious"),
                        ],
                        max_length=12,
                    ),
                ),
                ("source", models.CharField(max_length=200)),
                ("pack", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "ordering": ["rule", "valid_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "valid_from"), name="one_rule_a_start")
                ],
            },
        ),
        migrations.CreateModel(
            name="PermitLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statistic",
                    models.CharField(
                        choices=[
                            ("instant", "Instantaneous value"),
                            ("hour", "Hourly mean"),
                            ("day", "Daily mean"),
                            ("month", "Monthly mean"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "minimum",
                    models.DecimalField(blank=True, decimal_places=9, max_digits=18, null=True),
                ),
                (
                    "maximum",
                    models.DecimalField(blank=True, decimal_places=9, max_digits=18, null=True),
                ),
                ("valid_from", models.DateField()),
                (
                    "valid_to",
                    models.DateField(blank=True, help_text="last day it holds", null=True),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="permit number, or standard and clause", max_length=200
                    ),
                ),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="monitoring.factor"
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="permit_limits",
                        to="monitoring.point",
                    ),
                ),
            ],
            options={
                "ordering": ["point", "factor", "statistic", "valid_from"],
            },
        ),
        migrations.CreateModel(
            name="PermittedLoad",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("tonnes", models.DecimalField(decimal_places=6, max_digits=14)),
                ("source", models.CharField(max_length=200)),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="monitoring.factor"
                    ),
                ),
                (
                    "outfall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="permitted_loads",
                        to="monitoring.outfall",
                    ),
                ),
            ],
            options={
                "ordering": ["outfall", "factor", "year"],
            },
        ),
        migrations.CreateModel(
            name="StandardAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[("outfall", "Main outfall"), ("workshop", "Workshop outlet")],
                        default="outfall",
                        help_text="toxic metals of class 1 are limited at the workshop outlet",
                        max_length=10,
                    ),
                ),
                ("valid_from", models.DateField()),
                (
                    "valid_to",
                    models.DateField(blank=True, help_text="last day it holds", null=True),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standards",
                        to="monitoring.point",
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="monitoring.standard",
                    ),
                ),
            ],
            options={
                "ordering": ["point", "valid_from"],
            },
        ),
        migrations.CreateModel(
            name="StandardLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statistic",
                    models.CharField(
                        choices=[
                            ("instant", "Instantaneous value"),
                            ("hour", "Hourly mean"),
                            ("day", "Daily mean"),
                            ("month", "Monthly mean"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("outfall", "Main outfall"),
                            ("workshop", "Workshop outlet"),
                            ("any", "Any outlet"),
                        ],
                        default="any",
                        max_length=10,
                    ),
                ),
                ("minimum", models.DecimalField(decimal_places=9, max_digits=18, null=True)),
                ("maximum", models.DecimalField(decimal_places=9, max_digits=18, null=True)),
                (
                    "written",
                    models.CharField(
                        help_text="number and unit as the standard has them", max_length=40
                    ),
                ),
                ("valid_from", models.DateField()),
                (
                    "valid_to",
                    models.DateField(blank=True, help_text="last day it holds", null=True),
                ),
                ("clause", models.CharField(max_length=120)),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("read", "Read in the standard"),
                            ("high", "Well known"),
                            ("medium", "To be checked"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="monitoring.factor"
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="limits",
                        to="monitoring.standard",
                    ),
                ),
            ],
            options={
                "ordering": ["standard", "factor", "statistic", "valid_from"],
            },
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                fields=["outfall", "family", "-started_at"], name="alarm_of_outfall"
            ),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                condition=models.Q(("state", "quiet")),
                fields=["family", "ended_at"],
                name="alarm_quiet",
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("outfall", "family"),
                name="one_open_alarm",
            ),
        ),
        migrations.AddConstraint(
            model_name="permitlimit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum__isnull", False), ("maximum__isnull", False), _connector="OR"
                ),
                name="permit_limit_bounds_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="permittedload",
            constraint=models.UniqueConstraint(
                fields=("outfall", "factor", "year"), name="one_load_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="permittedload",
            constraint=models.CheckConstraint(
                condition=models.Q(("tonnes__gt", 0)), name="load_above_nothing"
            ),
        ),
        migrations.AddConstraint(
            model_name="standardassignment",
            constraint=models.UniqueConstraint(
                fields=("point", "standard", "valid_from"), name="one_assignment_a_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="standardlimit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum__isnull", False), ("maximum__isnull", False), _connector="OR"
                ),
                name="standard_limit_bounds_something",
            ),
        ),
        migrations.RunSQL(PERMITS, migrations.RunSQL.noop),
    ]
