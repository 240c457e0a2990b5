"""What only a GPU can show. On a machine that has one: pytest tests/worker/test_cuda.py

Everything else of the GPU's way runs on the processor: test_graphs.py, test_feed.py, test_device_rows.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from playground.protocol import Event, Finished, Rows, Units
from playground.recipe import Recipe
from tests.worker import test_graphs
from tests.worker.runs import CONVNET, STEADY, Layer, Listener, job
from tests.worker.test_train import job_with_heads
from worker import recorder
from worker.data import batches, load
from worker.failure import Failure
from worker.feed import Resident, Streamed
from worker.leaving import Leaving
from worker.prepare import prepare
from worker.recording import CudaGraph
from worker.train import train

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that torch can use")

RATE = 0.0625


@pytest.fixture
def plays(monkeypatch: pytest.MonkeyPatch) -> list[CudaGraph[object]]:
    """Each play of a recording, by the recording."""
    played: list[CudaGraph[object]] = []
    plain: Callable[[CudaGraph[object]], object] = CudaGraph.play

    def play(self: CudaGraph[object]) -> object:
        played.append(self)
        return plain(self)

    monkeypatch.setattr(CudaGraph, "play", play)
    return played


def on_gpu(*layers: Layer, **recipe: Any) -> Listener:
    told = Listener()
    train(job(*layers, device="cuda", **recipe), emit=told)
    return told


def warnings(told: Listener) -> list[str]:
    return [event.message for event in told.of(Event) if event.name == "warning"]


@pytest.mark.parametrize("precision", ["float32", "tf32", "bfloat16"])
@pytest.mark.parametrize("optimiser", ["sgd", "rmsprop", "adam", "adamw"])
def test_recorded_steps_learn_what_launched_ones_learn(
    optimiser: str, precision: str, plays: list[CudaGraph[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dropout among them: the generator's place goes on from play to play."""
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)
    recipe = {"epochs": 2, "learning_rate": RATE / 16, "optimiser": optimiser, "precision": precision}
    recorded = on_gpu(*STEADY, **recipe)
    assert warnings(recorded) == []
    assert len(set(plays)) == 2 and len(plays) == 2 * 20 - 3
    monkeypatch.setenv("PLAYGROUND_GRAPHS", "off")
    launched = on_gpu(*STEADY, **recipe)
    assert len(plays) == 2 * 20 - 3
    one, other = (told.series("steps", "loss")[1] for told in (recorded, launched))
    np.testing.assert_allclose(one, other, rtol=1e-2 if precision == "bfloat16" else 1e-3)
    assert np.isfinite(one).all() and one[-5:].mean() < one[:5].mean()


def test_a_gpu_learns_what_the_processor_learns() -> None:
    """Without dropout, whose random numbers are others there."""
    told = [Listener(), Listener()]
    for listener, device in zip(told, ("cpu", "cuda"), strict=True):
        train(job(*CONVNET, epochs=2, learning_rate=RATE, device=device, augment="shift"), emit=listener)
    for quantity in ("loss", "accuracy", "learning_rate"):
        one, other = (listener.series("steps", quantity) for listener in told)
        assert one[0].tolist() == other[0].tolist()
        np.testing.assert_allclose(one[1], other[1], rtol=5e-2, atol=5e-2)


def test_every_row_arrives_once_and_in_order() -> None:
    told = on_gpu(*CONVNET, epochs=60)
    steps, _ = told.series("steps", "loss")
    assert steps.tolist() == list(range(60 * 21))
    assert len([rows for rows in told.of(Rows) if rows.stream == "steps"]) >= 60
    assert told.of(Finished)[0].test_accuracy is not None


def test_figures_of_a_played_step_are_those_of_a_launched_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "LAYERS_HERTZ", 1e9)
    monkeypatch.setattr(recorder, "LAYERS_SHARE", 1e9)
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)
    recipe = {"epochs": 2, "learning_rate": RATE, "dead_window": 5, "initialisation": "small_normal"}
    played = on_gpu(*CONVNET, **recipe)
    monkeypatch.setenv("PLAYGROUND_GRAPHS", "off")
    launched = on_gpu(*CONVNET, **recipe)
    for quantity, layer in (
        ("weight_l2", "1_conv2d"), ("gradient_l2", "5_dense"), ("gradient_mean", "7_dense"),
        ("update_ratio", "1_conv2d"), ("zero_fraction", "2_relu"), ("activation_mean", "6_relu"),
    ):  # fmt: skip
        one, other = (told.series("layers", quantity, layer) for told in (played, launched))
        assert one[0].tolist() == other[0].tolist(), quantity
        np.testing.assert_allclose(one[1], other[1], rtol=1e-2, atol=1e-6, err_msg=quantity)
    assert played.of(Units)


def test_auxiliary_heads_are_recorded_too(plays: list[CudaGraph[object]]) -> None:
    told = Listener()
    wanted = job_with_heads(epochs=2)
    train(wanted.model_copy(update={"recipe": wanted.recipe | {"device": "cuda"}}), emit=told)
    assert warnings(told) == [] and plays


def test_watching_changes_no_bit_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", False)
    curves = []
    for share in (1e9, 1e-9):  # of the layers' table: at every step and hardly ever
        monkeypatch.setattr(recorder, "LAYERS_SHARE", share)
        curves.append(on_gpu(*STEADY, epochs=2).series("steps", "loss")[1])
    np.testing.assert_allclose(curves[0], curves[1], rtol=1e-4)


def test_a_step_that_breaks_is_named_on_a_gpu() -> None:
    deep: tuple[Layer, ...] = (("flatten", {}), *[("dense", {"units": 30})] * 12, ("dense", {"units": 10}))
    failures = []
    for device in ("cpu", "cuda"):
        with pytest.raises(Failure) as caught:
            train(job(*deep, learning_rate=64.0, epochs=3, device=device), emit=len)
        failures.append(caught.value)
    assert (failures[0].code, failures[0].message) == (failures[1].code, failures[1].message)


def test_a_network_that_waits_for_the_device_falls_back_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from worker import build

    def waits(x: torch.Tensor, c: float) -> torch.Tensor:
        return c * x + 0 * float(x.detach().sum())

    monkeypatch.setitem(build.FUNCTIONS, "scale", waits)
    told = on_gpu(("linear_activation", {"c": 2.0}), *CONVNET, epochs=2)
    assert len(warnings(told)) == 2
    assert all("cannot be recorded as a CUDA graph" in message for message in warnings(told))
    assert told.of(Finished)[0].test_accuracy is not None


def test_a_run_goes_on_from_its_checkpoint_on_a_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)
    monkeypatch.setattr(test_graphs.checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(test_graphs.checkpoint, "SHARE", 1e9)

    class Killed(BaseException):
        pass

    def die(step: int, total: int) -> None:
        if step == 30:
            raise Killed

    whole, again = Listener(), Listener()
    train(job(*STEADY, epochs=3, device="cuda"), emit=whole)
    with pytest.raises(Killed):
        train(job(*STEADY, epochs=3, device="cuda"), emit=len, checkpoints=tmp_path, on_step=die)
    train(job(*STEADY, epochs=3, device="cuda", attempt=2), emit=again, checkpoints=tmp_path)
    steps, loss = again.series("steps", "loss")
    np.testing.assert_allclose(loss, whole.series("steps", "loss")[1][steps[0] :], rtol=1e-3)


@pytest.mark.parametrize("kind", [Resident, Streamed])
def test_batches_on_a_gpu_are_those_of_the_processor(kind: type[Resident] | type[Streamed]) -> None:
    device = torch.device("cuda")
    recipe = Recipe(dataset="digits", batch_size=200, augment="shift_flip")
    data = load("digits").to(device, room=None if kind is Resident else 0)
    assert data.train.images.is_cuda == (kind is Resident)
    feed = kind(data, recipe)
    plain = batches(load("digits"), seed=1, step=0, batch_size=200, augment="shift_flip")
    for step in range(20):
        images, labels = feed.batch(feed.ready(step))
        expected, truth = next(plain)
        torch.testing.assert_close(images.cpu(), expected)
        assert torch.equal(labels.cpu(), truth)


def test_a_copy_leaves_as_it_was_when_it_was_asked_for() -> None:
    tensor = torch.zeros(1 << 20, device="cuda")
    copies = []
    for value in range(5):
        tensor.fill_(value)
        copies.append(Leaving(tensor))
    tensor.fill_(-1)
    assert [set(copy.numbers().tolist()) for copy in copies] == [{float(value)} for value in range(5)]
    assert all(copy.there for copy in copies)


def test_tf32_is_taken_only_where_it_is_asked_for() -> None:
    prepare(job(device="cuda", precision="tf32"))
    assert torch.backends.cuda.matmul.fp32_precision == "tf32"  # type: ignore[attr-defined]
    prepare(job(device="cuda"))
    assert torch.backends.cuda.matmul.fp32_precision == "ieee"  # type: ignore[attr-defined]
