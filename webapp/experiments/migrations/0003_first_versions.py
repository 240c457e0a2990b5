"""Every experiment has a version; those from before there were versions got theirs when somebody first looked."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from webapp.experiments.versions import cost_of


def first_versions(apps: Any, schema_editor: Any) -> None:
    versions = apps.get_model("experiments", "Version").objects
    for row in apps.get_model("experiments", "Experiment").objects.filter(versions=None).iterator(200):
        parameters, macs = cost_of(row.network)
        versions.create(
            experiment=row,
            number=1,
            network=row.network,
            recipe=row.recipe,
            editor=row.owner,
            what="First save",
            parameters=parameters,
            macs=macs,
            created=row.created,
            saved=row.created,
        )


class Migration(migrations.Migration):
    dependencies = [("experiments", "0002_version_and_fork")]

    operations = [migrations.RunPython(first_versions, migrations.RunPython.noop)]
