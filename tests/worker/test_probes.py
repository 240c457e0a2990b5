"""Every figure of the probes against torch, computed the long way."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from playground.protocol import Maps, Prediction, Units
from tests.worker.runs import CONVNET, Layer, Listener, job
from worker.data import batches, probe_positions
from worker.optimise import Update
from worker.prepare import Prepared, prepare
from worker.probes import Moment, Scene
from worker.probes.feature_maps import first_layer
from worker.recorder import Recorder
from worker.train import train

BUSY: tuple[Layer, ...] = (
    ("conv2d", {"filters": 8, "kernel_size": 3}),
    ("relu", {}),
    ("conv2d", {"filters": 6, "kernel_size": 3}),
    ("tanh", {}),
    ("flatten", {}),
    ("dense", {"units": 30}),
    ("sigmoid", {"L": 2.0}),
    ("dense", {"units": 12}),
    ("relu", {}),
    ("dense", {"units": 10}),
)


class Watched:
    """A run in which every step gets a row of "layers", step by step by hand."""

    def __init__(self, *layers: Layer, **recipe: object) -> None:
        self.run: Prepared = prepare(job(*layers, **recipe))
        self.told = Listener()
        scene = Scene(self.run.network, self.run.recipe, self.run.data, self.run.device)
        self.recorder = Recorder(scene, self.told, attempt=1)
        self.recorder.add(_started(self.recorder))
        self.update = Update(self.run.optimiser)
        self.batch = batches(self.run.data, seed=1, step=0, batch_size=self.run.recipe.batch_size)
        self.step = 0

    def go(self) -> tuple[torch.Tensor, torch.Tensor, list[torch.Tensor | None]]:
        """One step; gives its images, labels and every layer's output."""
        images, labels = next(self.batch)
        network = self.run.network
        with torch.no_grad():
            _, outputs = network.run(images, range(len(network.steps)))
        self.recorder.hurry()
        scores = network(images)
        self.recorder.after_forward(self.step)
        loss = functional.cross_entropy(scores, labels)
        self.update.forget_gradients()
        loss.backward()
        moment = Moment(self.step, self.run.recipe.learning_rate, loss.detach(), scores.detach(), labels)
        self.recorder.before_update(moment)
        self.update.step(moment.rate)
        self.recorder.after_update(moment)
        self.recorder.draw()
        self.recorder.send()
        self.step += 1
        return images, labels, outputs

    def figure(self, stream: str, quantity: str, layer: str | None = None) -> float:
        """The latest value of a column."""
        return float(self.told.series(stream, quantity, layer)[1][-1])


def _started(recorder: Recorder):  # type: ignore[no-untyped-def]
    from playground.protocol import Started

    return Started(
        attempt=1, first_step=0, steps_per_epoch=1, total_steps=1, epochs=1, batch_size=1, device="cpu", threads=1,
        torch="", dead_window=1, streams=recorder.streams(), layers=[], probes=[],
    )  # fmt: skip


@pytest.mark.parametrize("optimiser", ["sgd", "adam", "rmsprop"])
def test_figures_of_a_step_are_what_torch_says(optimiser: str) -> None:
    watched = Watched(*BUSY, optimiser=optimiser, momentum=0.9, nesterov=True, weight_decay=0.01, learning_rate=0.01)
    with watched.recorder:
        for _ in range(3):
            before = [weight.detach().clone() for _, weight in watched.run.network.weighted()]
            _, labels, outputs = watched.go()
            scores = outputs[-2]
            assert scores is not None
            assert watched.figure("steps", "loss") == pytest.approx(float(functional.cross_entropy(scores, labels)))
            right = float((scores.argmax(1) == labels).float().mean())
            assert watched.figure("steps", "accuracy") == pytest.approx(right)
            for (step, weight), old in zip(watched.run.network.weighted(), before, strict=True):
                gradient = weight.grad
                assert gradient is not None
                rms = float(gradient.square().mean().sqrt())
                assert watched.figure("steps", "gradient_rms", step.id) == pytest.approx(rms, rel=1e-4)
                assert watched.figure("layers", "gradient_l2", step.id) == pytest.approx(
                    float(gradient.norm()), rel=1e-4
                )
                assert watched.figure("layers", "weight_l2", step.id) == pytest.approx(float(old.norm()), rel=1e-4)
                ratio = float((weight.detach() - old).norm() / old.norm())
                assert watched.figure("layers", "update_ratio", step.id) == pytest.approx(ratio, rel=1e-3)


def test_figures_of_activations_are_what_torch_says() -> None:
    watched = Watched(*BUSY, batch_size=32)
    with watched.recorder:
        for _ in range(3):
            _, _, outputs = watched.go()
        network = watched.run.network
        for layer, quantity, expected in (
            ("2_relu", "zero_fraction", lambda x: (x == 0).float().mean()),
            ("4_tanh", "saturated", lambda x: (x.abs() > 0.99).float().mean()),
            ("7_sigmoid", "saturated", lambda x: (x > 1.98).float().mean()),
            ("9_relu", "activation_mean", lambda x: x.mean()),
            ("4_tanh", "activation_std", lambda x: x.std(correction=0)),
        ):
            output = outputs[network.index[layer]]
            assert output is not None
            assert watched.figure("layers", quantity, layer) == pytest.approx(float(expected(output)), rel=1e-4)


def test_dead_counts_equal_a_search_through_every_image_of_the_window() -> None:
    window = 5
    watched = Watched(*CONVNET, dead_window=window, learning_rate=0.3, batch_size=16)
    network = watched.run.network
    relus = [step for step in network.steps if step.block == "relu"]
    with watched.recorder:
        for _ in range(8):
            alive = {step.id: torch.zeros(step.shape[0], dtype=torch.bool) for step in relus}
            for _ in range(window):
                _, _, outputs = watched.go()
                for step in relus:
                    output = outputs[network.index[step.id]]
                    assert output is not None
                    alive[step.id] |= (output > 0).any((0, 2, 3) if output.dim() == 4 else 0)
            for step in relus:
                assert watched.figure("layers", "dead", step.id) == int((~alive[step.id]).sum())
                masks = [(m, p) for m, p in watched.told.with_payload(Units) if m.layer == step.id]
                mask = np.frombuffer(masks[-1][1], np.uint8, step.shape[0])
                assert mask.tolist() == (~alive[step.id]).int().tolist()
    assert sum(int((~units).sum()) for units in alive.values()) > 0, "nothing died: the test says nothing"


def test_dead_counts_are_not_a_number_before_the_first_window_is_whole() -> None:
    watched = Watched(*CONVNET, dead_window=3)
    with watched.recorder:
        watched.go()
        assert math.isnan(watched.figure("layers", "dead", "2_relu"))


def test_maps_and_prediction_are_of_the_probe_image_with_the_weights_of_the_moment() -> None:
    watched = Watched(*CONVNET)
    with watched.recorder:
        watched.go()
    run = watched.run
    position = probe_positions(run.data)[0]
    image = run.data.normalise(run.data.test.images[position : position + 1])
    run.network.eval()
    with torch.no_grad():
        scores, outputs = run.network.run(image, range(len(run.network.steps)))
    maps, payload = watched.told.with_payload(Maps)[-1]
    assert (maps.layer, maps.channels, maps.total_channels, maps.height, maps.width) == ("2_relu", 6, 6, 8, 8)
    sent = np.frombuffer(payload, np.uint8, 6 * 64).reshape(6, 8, 8)
    expected = outputs[run.network.index["2_relu"]]
    assert expected is not None
    values = maps.low + sent.astype(np.float32) * (maps.high - maps.low) / 255
    assert np.abs(values - expected[0].numpy()).max() <= (maps.high - maps.low) / 500
    prediction = watched.told.of(Prediction)[-1]
    assert prediction.truth == int(run.data.test.labels[position]) == 0
    assert prediction.probabilities == pytest.approx(scores[0].softmax(0).tolist(), rel=1e-4)


def test_looking_changes_no_weight_and_no_random_number() -> None:
    watched = Watched(("conv2d", {"filters": 4}), ("batch_norm", {}), ("relu", {}), *CONVNET[3:])
    with watched.recorder:
        watched.go()
        before = {name: value.clone() for name, value in watched.run.network.state_dict().items()}
        random = torch.get_rng_state()
        for probe in watched.recorder.probes:
            probe.frames(Moment(1, 0.1, torch.tensor(0.0), torch.zeros(1, 10), torch.zeros(1, dtype=torch.int64)))
    assert torch.equal(random, torch.get_rng_state())
    for name, value in watched.run.network.state_dict().items():
        assert torch.equal(value, before[name]), name
    assert watched.run.network.training


def test_the_first_relu_is_shown_until_somebody_chooses() -> None:
    def shown(*layers: Layer) -> list[str]:
        run = prepare(job(*layers))
        return first_layer(Scene(run.network, run.recipe, run.data, run.device))

    head = (("flatten", {}), ("dense", {"units": 10}))
    assert shown(("conv2d", {}), ("batch_norm", {}), ("relu", {}), *head) == ["3_relu"]
    assert shown(("conv2d", {}), ("tanh", {}), *head) == ["1_conv2d"]
    assert shown(*head) == ["2_dense"]


def test_a_network_without_activations_trains_too() -> None:
    told = Listener()
    train(job(("flatten", {}), ("dense", {"units": 10})), emit=told)
    assert told.series("steps", "gradient_rms", "2_dense")[1].min() > 0


def test_the_mean_gradient_is_what_torch_says() -> None:
    watched = Watched(*BUSY)
    with watched.recorder:
        watched.go()
        for step, weight in watched.run.network.weighted():
            assert weight.grad is not None
            mean = float(weight.grad.abs().mean())
            assert watched.figure("layers", "gradient_mean", step.id) == pytest.approx(mean, rel=1e-4)


@pytest.mark.parametrize("block", ["relu", "leaky_relu", "swish", "step"])
def test_the_zero_fraction_is_the_share_of_inputs_not_above_zero(block: str) -> None:
    watched = Watched(("conv2d", {"filters": 4}), (block, {}), ("flatten", {}), ("dense", {"units": 10}))
    with watched.recorder:
        _, _, outputs = watched.go()
    before = outputs[watched.run.network.index["1_conv2d"]]
    assert before is not None
    expected = float((before <= 0).float().mean())
    assert watched.figure("layers", "zero_fraction", f"2_{block}") == pytest.approx(expected, abs=1e-6)
