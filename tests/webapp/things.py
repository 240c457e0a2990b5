"""One of everything that somebody can have on the site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.test import Client
from safetensors.numpy import save

from playground.datasets import DATASETS
from playground.protocol import DatasetCard
from tests.webapp.compare.told_runs import told_run
from tests.webapp.conftest import saved, small_network
from tests.webapp.kept_weights import keep_weights
from webapp.datasets.models import OwnDataset
from webapp.experiments.models import Experiment
from webapp.identifiers import new_id
from webapp.runs.models import DatasetCardRow, Run

JSON = "application/json"


@dataclass
class Things:
    """Their ids, under the names by which addresses ask for them."""

    experiment: str
    run: str
    """Waits in the queue, and carries the tag."""
    ended: str
    """Finished, with rows, and the site has its weights."""
    batch: str
    id: str
    """An own data set that is being uploaded."""
    own: str
    """The name of one that is ready; nothing is trained on it."""
    number: int = 1
    """Of a version."""


def folders_apart(settings: Any, folder: Path) -> None:
    """What the site keeps beside its database goes into this folder."""
    settings.VAR, settings.ARTIFACTS = folder, folder / "artifacts"


def things_of(client: Client, name: str) -> Things:
    """Made over the API as far as that goes; everything that has a name bears this one."""
    experiment = saved(client, name=name)["id"]
    run = _made(client, f"/api/experiments/{experiment}/runs", {})["id"]
    assert client.patch(f"/api/runs/{run}", {"tags": [name]}, content_type=JSON).status_code == 200
    batch = _made(client, f"/api/experiments/{experiment}/sweep", {"seeds": 2})["batch"]["id"]
    upload = _made(client, "/api/own-data", {"title": name, "file": "pets.zip", "bytes": 10})["id"]
    row = Experiment.objects.get(pk=experiment)
    own = _ready_dataset(row.owner, name)
    return Things(experiment, run, ended_run(row).pk, batch, upload, own)


def _made(client: Client, path: str, body: dict[str, Any]) -> Any:
    response = client.post(path, body, content_type=JSON)
    assert response.status_code == 201, response.content
    return response.json()


def ended_run(experiment: Experiment) -> Run:
    """Finished, with rows, and the site has its weights."""
    run = told_run(experiment, number=99, steps=100, network=small_network(name=experiment.name))
    DatasetCardRow.objects.get_or_create(name="digits", defaults={"card": _card("digits"), "png": b""})
    keep_weights(run, save({"head.weight": np.ones((10, 64), np.float32), "head.bias": np.ones(10, np.float32)}))
    return run


def _ready_dataset(owner: str, title: str) -> str:
    id = new_id()
    name = f"own-{id}"
    record = DATASETS["digits"].model_copy(update={"name": name, "title": title, "origin": "uploaded"})
    OwnDataset.objects.create(
        id=id, name=name, owner=owner, title=title, file="pets.zip", state="ready", bytes=10, received=10,
        record=record.model_dump(mode="json"), card=_card(name), png=b"", digest="0" * 64, stored_bytes=10,
    )  # fmt: skip
    return name


def _card(name: str) -> dict[str, Any]:
    card = DatasetCard(
        name=name, columns=1, tile_height=8, tile_width=8, positions=[0], train_counts=[9] * 10,
        validation_counts=[1] * 10, test_counts=[1] * 10, mean=[0.3], std=[0.4], bytes=0,
    )  # fmt: skip
    return card.model_dump(mode="json")
