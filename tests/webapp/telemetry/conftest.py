"""Records as a worker makes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pytest

from playground.protocol import (
    Column,
    EffectiveField,
    Event,
    Finished,
    Histogram,
    LayerInfo,
    Maps,
    Mistake,
    Mistakes,
    Rows,
    Started,
    Stream,
    encode,
)  # fmt: skip
from tests.webapp.conftest import small_network
from webapp.experiments.models import Experiment
from webapp.runs.models import Run

STEPS = [Column(quantity="loss"), Column(quantity="accuracy")]


@pytest.fixture
def run(db: Any) -> Run:
    return leased_run()


def leased_run(**values: Any) -> Run:
    """A run that a worker holds under lease 1."""
    experiment = Experiment.objects.create(owner="ada", name="Small", network=small_network(), recipe={})
    values = {"state": "leased", "lease": 1, "attempt": 1, "number": 1, "name": "Small"} | values
    return Run.objects.create(experiment=experiment, network=small_network(), recipe={}, **values)


def started_record(attempt: int = 1, first_step: int = 0, layers: int = 0) -> bytes:
    streams = [Stream(name="steps", columns=STEPS)]
    if layers:
        columns = [Column(quantity="gradient_rms", layer=f"c{layer}") for layer in range(layers)]
        streams.append(Stream(name="layers", columns=columns))
    return encode(
        Started(
            attempt=attempt,
            first_step=first_step,
            steps_per_epoch=100,
            total_steps=1000,
            epochs=10,
            batch_size=64,
            device="cpu",
            threads=1,
            torch="2.13.0",
            dead_window=100,
            streams=streams,
            layers=[
                LayerInfo(id="head", node="head", block="dense", label="Dense", shape=[10], units=0, parameters=650)
            ],
            probes=[0],
        )
    )


def rows_record(
    steps: Sequence[int], values: np.ndarray | None = None, stream: str = "steps", attempt: int = 1
) -> bytes:
    """values: [columns][rows]; by default the loss is 1 / (step + 1) and the accuracy step / 1000."""
    steps = np.asarray(steps, dtype="<u4")
    if values is None:
        values = np.stack([1 / (steps + 1.0), steps / 1000])
    header = Rows(stream=stream, columns=len(values), count=len(steps), attempt=attempt)
    return encode(header, steps.tobytes() + np.ascontiguousarray(values, dtype="<f4").tobytes())


def maps_record(step: int, layer: str = "c1", size: int = 64) -> bytes:
    header = Maps(
        layer=layer, step=step, probe=0, channels=1, total_channels=1, height=1, width=size, low=0.0, high=1.0
    )
    return encode(header, bytes([step % 256]) * size)


def effective_field_record(step: int, layer: str = "c1", side: int = 8) -> bytes:
    header = EffectiveField(
        layer=layer, step=step, probe=0, height=side, width=side, peak=2.0,
        position=(4, 4), inside=1.0, half=(3, 3), most=(5, 5),
    )  # fmt: skip
    return encode(header, bytes([step % 256]) * side * side)


def histogram_record(step: int, layer: str = "c1", of: Literal["activations", "weights"] = "weights") -> bytes:
    header = Histogram(
        layer=layer, of=of, step=step, width=0.25, first=-1, bins=2, below=0, above=1, zeros=0, not_finite=0, count=8,
        mean=0.0, deviation=0.25,
    )  # fmt: skip
    return encode(header, np.array([3, 4], np.uint32).tobytes())


def event_record(step: int, name: str = "epoch") -> bytes:
    return encode(Event(step=step, name=name, message=f"{name} at {step}"))


def finished_record(step: int, reason: str = "completed") -> bytes:
    return encode(Finished(step=step, reason=reason, seconds=1.0, test_accuracy=0.9, validation_accuracy=0.8))


def mistakes_record(
    step: int, split: Literal["train", "validation", "test"] = "validation", count: int = 2, side: int = 8
) -> bytes:
    one = Mistake(position=3, truth=7, said=1, truth_probability=0.02, said_probability=0.93, loss=3.9)
    header = Mistakes(
        step=step,
        split=split,
        wrong=count,
        worst=count,
        channels=1,
        height=side,
        width=side,
        original=(side, side),
        mistakes=[one] * count,
    )
    return encode(header, bytes(range(256)) * (count * side * side // 256 + 1))
