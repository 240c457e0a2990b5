"""Runs with everything that a worker would have told of them, made at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import transaction

from playground.protocol import Column, Event, Finished, LayerInfo, Started, Stream
from playground.recipe import Recipe
from tests.webapp.conftest import small_network
from webapp.experiments.models import Experiment
from webapp.runs.models import Run, RunEvent
from webapp.telemetry.chunks import Table, append

STEPS = [
    Column(quantity="loss"),
    Column(quantity="accuracy"),
    Column(quantity="gradient_rms", layer="c1"),
    Column(quantity="gradient_rms", layer="head"),
]
LAYERS = [
    Column(quantity="update_ratio", layer="c1"),
    Column(quantity="update_ratio", layer="head"),
    Column(quantity="dead", layer="r1"),
]
VALIDATION = [Column(quantity="loss"), Column(quantity="accuracy"), Column(quantity="sample")]
EPOCH = 100


def layer(id: str, block: str, units: int = 0, parameters: int = 0) -> LayerInfo:
    return LayerInfo(id=id, node=id, block=block, label=id.upper(), shape=[8], units=units, parameters=parameters)


STREAMS = [
    Stream(name="steps", columns=STEPS),
    Stream(name="layers", columns=LAYERS),
    Stream(name="validation", columns=VALIDATION),
]
LAYER_INFOS = [
    layer("c1", "conv2d", parameters=80),
    layer("b1", "batch_norm", parameters=16),
    layer("r1", "relu", units=8),
    layer("head", "dense", parameters=650),
]


def told_run(
    experiment: Experiment,
    number: int = 1,
    steps: int = 400,
    test: float | None = 0.9,
    network: dict[str, Any] | None = None,
    state: str = "finished",
    shift: float = 0.0,
    **recipe: Any,
) -> Run:
    """steps rows of loss 1/(step+1) + shift and accuracy step/steps, a held-out row an epoch, seconds 0.05 a step."""
    started = Started(
        attempt=1, first_step=0, steps_per_epoch=EPOCH, total_steps=steps, epochs=max(1, steps // EPOCH), batch_size=64,
        device="cpu", threads=1, torch="2.13.0", dead_window=100,
        streams=STREAMS,
        layers=LAYER_INFOS,
        probes=[0],
    )  # fmt: skip
    ended = state == "finished"
    finished = Finished(step=steps, reason="completed", seconds=0.05 * steps, test_accuracy=test, test_loss=0.5)
    run = Run.objects.create(
        experiment=experiment, number=number, name=experiment.name, network=network or small_network(),
        recipe=Recipe(**{"dataset": "digits", **recipe}).model_dump(mode="json"), parameters=650, macs=640, state=state,
        attempt=1, lease=1, cursor=1, step=steps, total_steps=steps, started=started.model_dump(mode="json"),
        attempts=[{"attempt": 1, "first_step": 0}], test_accuracy=test if ended else None,
        best_validation_accuracy=0.8,
        finished=finished.model_dump(mode="json") if ended else None,
    )  # fmt: skip
    axis = np.arange(steps, dtype=np.uint32)
    loss = 1 / (axis + 1.0) + shift
    values = np.stack([loss, axis / steps, np.full(steps, 1e-4), np.full(steps, 1e-2)]).astype(np.float32)
    some = axis[::10]
    nan = np.full(some.size, np.nan)
    inside = np.stack([np.full(some.size, 1e-3), nan, np.full(some.size, 2.0)]).astype(np.float32)
    ends = np.arange(EPOCH, steps + 1, EPOCH, dtype=np.uint32)
    held = np.stack([1 / (ends / EPOCH), 0.5 + ends / steps / 4, np.zeros(ends.size)]).astype(np.float32)
    with transaction.atomic():
        for name, rows, table in (("steps", axis, values), ("layers", some, inside), ("validation", ends, held)):
            if rows.size:
                append(run.pk, 1, name, Table(rows, table))
    RunEvent.objects.bulk_create(
        RunEvent(
            run=run, attempt=1, step=int(end), kind="event",
            data=Event(step=int(end), name="epoch", message="", time=1000 + 0.05 * float(end)).model_dump(mode="json"),
        )
        for end in ends
    )  # fmt: skip
    return run
