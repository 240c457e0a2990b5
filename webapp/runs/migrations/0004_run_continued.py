"""Runs may be gone on with after their end; a place in the queue is then no longer the age of the run."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def queued_when_made(apps, schema_editor):
    apps.get_model("runs", "Run").objects.update(queued=models.F("created"))


class Migration(migrations.Migration):

    dependencies = [
        ("runs", "0003_run_cost"),
    ]

    operations = [
        migrations.AddField("run", "continued", models.JSONField(blank=True, default=list)),
        migrations.AddField("run", "queued", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AddField(
            "run",
            "keeper",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="kept_runs",
                to="runs.worker",
            ),
        ),
        migrations.RunPython(queued_when_made, migrations.RunPython.noop),
        migrations.RemoveIndex("run", "run_queue"),
        migrations.AddIndex("run", models.Index(fields=["state", "queued"], name="run_queue")),
    ]
