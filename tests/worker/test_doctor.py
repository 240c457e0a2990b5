"""The doctor at a real run: alerts among its records, once, also where another process goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from playground.protocol import Alert, Command, Failed, Finished, Rows
from tests.worker.runs import CONVNET, Layer, Listener, Script, job
from worker.failure import Failure
from worker.train import train

SIGMOIDS: tuple[Layer, ...] = (
    ("flatten", {}),
    *(layer for _ in range(8) for layer in (("dense", {"units": 16}), ("sigmoid", {}))),
    ("dense", {"units": 10}),
)
STACK = {"initialisation": "glorot_uniform", "epochs": 6}


def test_a_stack_of_sigmoids_is_told_while_it_trains() -> None:
    told = Listener()
    train(job(*SIGMOIDS, **STACK), emit=told)
    (alert,) = [alert for alert in told.of(Alert) if alert.rule == "doctor.vanishing"]
    assert (alert.since, alert.layer, alert.step) == (0, "2_dense", 49)
    assert alert.remedies[0].id == "relu"
    kinds = [type(message) for message, _ in told.told]
    assert kinds.index(Alert) < kinds.index(Finished)
    rows_before = [m for m, _ in told.told[: kinds.index(Alert)] if isinstance(m, Rows) and m.stream == "steps"]
    assert sum(rows.count for rows in rows_before) >= 50  # an alert never comes before the rows that show it
    first, last = (told.series("steps", "gradient_rms", f"{n}_dense")[1] for n in (2, 18))
    assert np.all(first[:50] < 1e-3 * last[:50])


def test_a_run_that_goes_on_in_another_process_tells_of_nothing_twice(tmp_path: Path) -> None:
    """Stopped after 60 steps, with the alert told, and in the middle of a block of ten at that."""
    first, second = Listener(), Listener()
    train(job(*SIGMOIDS, **STACK), emit=first, checkpoints=tmp_path, control=Script({66: [Command(kind="stop")]}))
    train(job(*SIGMOIDS, attempt=2, **STACK), emit=second, checkpoints=tmp_path)
    assert [alert.rule for alert in first.of(Alert)] == ["doctor.vanishing"]
    assert second.of(Alert) == []


def test_a_block_that_a_break_parted_is_seen_whole(tmp_path: Path) -> None:
    """Stopped at step 45: the fifty steps are full only in the next process."""
    first, second = Listener(), Listener()
    train(job(*SIGMOIDS, **STACK), emit=first, checkpoints=tmp_path, control=Script({46: [Command(kind="stop")]}))
    train(job(*SIGMOIDS, attempt=2, **STACK), emit=second, checkpoints=tmp_path)
    assert first.of(Alert) == []
    (alert,) = second.of(Alert)
    assert (alert.since, alert.step) == (0, 49)


def test_a_run_that_ends_in_no_number_tells_why_before_it_fails() -> None:
    told = Listener()
    linear = (("flatten", {}), ("dense", {"units": 64}), ("dense", {"units": 64}), ("dense", {"units": 10}))
    with pytest.raises(Failure) as broken:
        train(job(*linear, learning_rate=5.0), emit=told)
    alert = told.of(Alert)[-1]
    assert (alert.rule, alert.level) == ("doctor.not_a_number", "error")
    assert broken.value.message in alert.evidence and alert.layer == broken.value.layer
    assert alert.remedies[0].twin == "rate 0.05"
    assert told.of(Failed) == []  # the job says that last


def test_a_healthy_run_is_left_alone_and_its_input_is_measured() -> None:
    told = Listener()
    train(job(*CONVNET, epochs=6), emit=told)
    assert told.of(Alert) == []
    _, means = told.series("layers", "activation_mean", "input")
    _, spreads = told.series("layers", "activation_std", "input")
    assert np.all(np.abs(means) < 0.2) and np.all(np.abs(spreads - 1) < 0.2)
