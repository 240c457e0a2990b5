"""Everything that changes runs on the site's own account; what workers tell goes through telemetry.ingest."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max

from playground.analysis import Totals, analyse
from playground.datasets import DATASETS, Dataset
from playground.network import Network
from playground.protocol import DatasetCard
from playground.recipe import Recipe
from webapp.accounts.models import WorkedSpan
from webapp.datasets.services import dataset_freeze, own_trained
from webapp.experiments.models import Experiment
from webapp.experiments.services import (
    check_version,
    dataset_read,
    experiment_create,
    experiment_update,
    network_read,
    recipe_read,
)
from webapp.experiments.versions import version_current
from webapp.identifiers import new_id
from webapp.problems import Refusal
from webapp.quotas import check_runs
from webapp.runs import connections, leases
from webapp.runs.models import HELD, Batch, DatasetCardRow, Run, RunState
from webapp.telemetry.hub import hub

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def run_enqueue(*, experiment: Experiment, batch: Batch | None = None, id: str = "") -> Run:
    """Freeze network and recipe as they are saved now and queue a run; refuses (422) what cannot train.

    The experiment is read again and held: a save or another start in between would give a run whose network is not its
    version's, or two runs with one number.
    """
    with transaction.atomic():
        current = Experiment.objects.select_for_update().filter(pk=experiment.pk).first()
        if current is None:
            raise Refusal(404, "not_found", "There is no such experiment any more. It has been deleted.")
        network = network_read(current.network)
        recipe = recipe_read(current.recipe)
        totals = check_trainable(network, dataset_read(recipe.dataset))
        check_runs(current.owner)
        return run_queue(
            id=id or new_id(),
            experiment=current,
            name=current.name,
            version=version_current(current),
            batch=batch,
            network=current.network,
            recipe=recipe.model_dump(mode="json"),
            parameters=totals.parameters,
            macs=totals.macs,
        )


def run_begin(*, id: str, owner: str, experiment: Experiment | None, version: int | None = None, **given: Any) -> Run:
    """Save what is given, as a new experiment where there is none, and queue a run of it under an id that its owner
    chose; all of it or nothing. Where the owner has begun that run already, as after a lost answer, it is the answer.

    `given`: what `experiment_create` or `experiment_update` takes; `version`: the save that it builds on, or that is
    meant. Raises Refusal as they and `run_enqueue` do, and (409) where somebody else's run has that id, or one had it
    and was deleted: workers may still have something of it.
    """
    with transaction.atomic():
        known = Run.objects.select_related("experiment").filter(pk=id).first()
        if known is not None and known.experiment.owner == owner:
            return known
        if known is not None or WorkedSpan.objects.filter(run=id).exists():
            raise Refusal(409, "id_taken", "There is or was a run of this id. Choose another at random.", "run")
        if experiment is None:
            experiment = experiment_create(owner=owner, storage=False, **given)
        elif given:
            assert version is not None
            experiment = experiment_update(experiment=experiment, version=version, editor=owner, **given)
        run = run_enqueue(experiment=experiment, id=id)
        if version is not None and not given:
            check_version(run.experiment, version)
        return run


def run_queue(*, experiment: Experiment, **frozen: Any) -> Run:
    """Queue a run of what is frozen; within the transaction in which the caller has asked whether there is room."""
    own = own_trained(name=frozen["recipe"]["dataset"], owner=experiment.owner)
    last = experiment.runs.aggregate(last=Max("number"))["last"] or 0
    run = Run.objects.create(experiment=experiment, number=last + 1, **frozen)
    if own is not None:
        dataset_freeze(run=run, dataset=own)
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


def check_trainable_recipe(network: Network, recipe: Recipe) -> Totals:
    """As `check_trainable`, on the recipe's data set."""
    return check_trainable(network, dataset_read(recipe.dataset))


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
        leases.queue_moved()
        transaction.on_commit(connections.wake)  # whoever keeps something of it lets go


def dataset_card_store(card: DatasetCard, png: bytes) -> None:
    """Keep what a worker reports about a data set; the last report counts."""
    if card.name not in DATASETS or not png.startswith(PNG_SIGNATURE):
        return
    DatasetCardRow.objects.update_or_create(
        name=card.name, defaults={"card": card.model_dump(mode="json"), "png": bytes(png[: card.bytes])}
    )
