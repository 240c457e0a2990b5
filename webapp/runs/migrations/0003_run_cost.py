"""Each run keeps what its frozen network costs; those that are there already are counted once, here."""

import json

from django.db import migrations, models

from playground.analysis import analyse
from playground.network import DocumentError, read_network


def count(apps, schema_editor):
    """The runs of an experiment mostly share their network: each document is analysed once."""
    runs = apps.get_model("runs", "Run").objects
    known = {}
    for pk, document in runs.order_by("experiment").values_list("pk", "network").iterator(chunk_size=200):
        text = json.dumps(document, sort_keys=True)
        if text not in known:
            known = {text: _cost(document)}
        parameters, macs = known[text]
        runs.filter(pk=pk).update(parameters=parameters, macs=macs)


def _cost(document):
    try:
        totals = analyse(read_network(document)).totals
    except DocumentError:
        return None, None
    return totals.parameters, totals.macs


class Migration(migrations.Migration):

    dependencies = [
        ("runs", "0002_run_order"),
    ]

    operations = [
        migrations.AddField("run", "parameters", models.PositiveBigIntegerField(blank=True, null=True)),
        migrations.AddField("run", "macs", models.PositiveBigIntegerField(blank=True, null=True)),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
