"""A run as a worker leaves it: really trained, its records taken in, its weights kept by the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playground.protocol import DatasetCard, Job
from tests.webapp.kept_weights import keep_weights
from tests.webapp.runs.queue import make_worker
from webapp.experiments.models import Experiment
from webapp.runs.models import DatasetCardRow, Run
from webapp.telemetry.ingest import store
from worker.data import load
from worker.remembered import NetworkFolder
from worker.train import train
from worker.wishes import Control


def trained_run(
    folder: Path, network: dict[str, Any], recipe: dict[str, Any], control: Control | None = None, **changes: Any
) -> Run:
    """Train here, and give the site all that the worker would have told. `folder` is for the worker's files."""
    recipe = {"dataset": "digits", "epochs": 1, "device": "cpu"} | recipe
    name = network.get("name") or "Untitled"
    experiment = Experiment.objects.create(owner="ada", name=name, network=network, recipe=recipe)
    fields = {"state": "leased", "lease": 1, "attempt": 1, "number": 1, "name": name, "worker": make_worker()}
    run = Run.objects.create(experiment=experiment, network=network, recipe=recipe, **fields | changes)
    card(recipe["dataset"])
    records: list[bytes] = []
    job = Job(run=run.pk, attempt=1, network=network, recipe=recipe)
    train(job, emit=records.extend, kept=folder, control=control)
    store(run.pk, 1, 1, records)
    run.refresh_from_db()
    keep_weights(run, NetworkFolder(folder).file(run.pk).read_bytes())
    return run


def card(dataset: str) -> None:
    """What a worker tells of a data set."""
    data = load(dataset)
    told = DatasetCard(
        name=dataset,
        columns=1,
        tile_height=1,
        tile_width=1,
        positions=[],
        train_counts=[],
        validation_counts=[],
        test_counts=[],
        mean=data.mean.tolist(),
        std=data.std.tolist(),
        bytes=0,
    )
    DatasetCardRow.objects.update_or_create(name=dataset, defaults={"card": told.model_dump(mode="json"), "png": b""})
