"""The name by which runs are found that were trained on a data set."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models.fields.json import KT


def named(apps: Any, schema_editor: Any) -> None:
    frozen = apps.get_model("datasets", "FrozenDataset").objects
    for name in set(frozen.annotate(told=KT("record__name")).values_list("told", flat=True)):
        frozen.filter(record__name=name).update(name=name)


class Migration(migrations.Migration):
    dependencies = [("datasets", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="frozendataset",
            name="name",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(named, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="frozendataset", name="name", field=models.CharField(db_index=True, max_length=64)
        ),
    ]
