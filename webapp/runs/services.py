"""Everything that changes runs on the site's own account; what workers tell goes through telemetry.ingest."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import Max

from playground.analysis import Totals, analyse
from playground.datasets import DATASETS, Dataset
from playground.network import Network
from playground.protocol import DatasetCard
from webapp.experiments.models import Experiment
from webapp.experiments.services import network_read, recipe_read
from webapp.problems import Refusal
from webapp.quotas import check_runs
from webapp.runs import leases
from webapp.runs.models import HELD, DatasetCardRow, Run, RunState
from webapp.telemetry.hub import hub

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def run_enqueue(*, experiment: Experiment) -> Run:
    """Freeze the experiment's network and recipe and queue a run; refuses (422) what cannot train."""
    network = network_read(experiment.network)
    recipe = recipe_read(experiment.recipe)
    totals = check_trainable(network, DATASETS[recipe.dataset])
    with transaction.atomic():
        check_runs(experiment.owner)
        last = experiment.runs.aggregate(last=Max("number"))["last"] or 0
        run = Run.objects.create(
            experiment=experiment,
            number=last + 1,
            name=experiment.name,
            network=experiment.network,
            recipe=recipe.model_dump(mode="json"),
            parameters=totals.parameters,
            macs=totals.macs,
        )
        leases.queue_changed()
    return run


def check_trainable(network: Network, dataset: Dataset) -> Totals:
    """What it costs. Raises Refusal with the first thing that stands in the way of training."""
    analysis = analyse(network, classes=len(dataset.classes), images=dataset.shape)
    for notice in analysis.notices:
        if notice.level == "error":
            where = f"nodes.{notice.node}" if notice.node else ""
            raise Refusal(422, "not_trainable", f"{notice.message} {notice.hint}".strip(), where)
    return analysis.totals


def run_rename(*, run: Run, name: str) -> Run:
    run.name = name
    run.save(update_fields=["name"])
    hub.announce(run.pk)
    return run


def run_delete(*, run: Run) -> None:
    """Remove a run with all it told; refuses while a worker holds it."""
    with transaction.atomic():
        current = Run.objects.select_for_update().get(pk=run.pk)
        if current.state in (*HELD, RunState.LOST):
            raise Refusal(409, "live_run", f"Run {current.number} is training. Stop it first.")
        current.delete()
        transaction.on_commit(partial(hub.announce, run.pk))


def dataset_card_store(card: DatasetCard, png: bytes) -> None:
    """Keep what a worker reports about a data set; the last report counts."""
    if card.name not in DATASETS or not png.startswith(PNG_SIGNATURE):
        return
    DatasetCardRow.objects.update_or_create(
        name=card.name, defaults={"card": card.model_dump(mode="json"), "png": bytes(png[: card.bytes])}
    )
