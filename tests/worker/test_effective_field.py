"""The effective receptive field against torch, computed the long way, and that looking leaves no trace."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from playground.analysis import analyse
from playground.network import read_network
from playground.protocol import Command, EffectiveField, Finished
from playground.receptive_field import Field, Reach
from tests.worker.runs import STEADY, Layer, Listener, Script, job, network
from worker import recorder
from worker.prepare import Prepared, prepare
from worker.probes import PROBES, Moment, Scene, effective_field
from worker.probes.effective_field import EffectiveFieldProbe, patch_holding, patch_sums
from worker.train import train

HEAD: tuple[Layer, ...] = (("flatten", {}), ("dense", {"units": 10}))
NOW = Moment(4, 0.1, torch.tensor(0.0), torch.zeros(1, 10), torch.zeros(1, dtype=torch.int64))


class Look:
    """One look at every layer of a network that has trained for nothing yet."""

    def __init__(self, *layers: Layer, **recipe: Any) -> None:
        self.layers = layers
        self.run: Prepared = prepare(job(*layers, *HEAD, **recipe))
        self.scene = Scene(self.run.network, self.run.recipe, self.run.data, self.run.device)
        self.scene.over = True

    def fields(self) -> dict[str, tuple[EffectiveField, NDArray[np.float64]]]:
        """Headers and influences [height, width] by layer."""
        told = Listener()
        told(EffectiveFieldProbe(self.scene).frames(NOW))
        found = {}
        for field, payload in told.with_payload(EffectiveField):
            size = field.height * field.width
            values = np.frombuffer(payload, np.uint8, size).reshape(field.height, field.width)
            found[field.layer] = field, values * field.peak / 255
        return found

    def by_torch(self, layer: str) -> NDArray[np.float64]:
        """The same by a backward pass through one image alone."""
        network = self.run.network
        network.eval()
        image = self.scene.probe_image().clone().requires_grad_()
        _, outputs = network.run(image, range(len(network.steps)))
        output = outputs[network.index[layer]]
        assert output is not None
        output[0, :, output.shape[2] // 2, output.shape[3] // 2].sum().backward()  # type: ignore[no-untyped-call]
        network.zero_grad()
        network.train()
        assert image.grad is not None
        return image.grad[0].abs().sum(0).double().numpy()


@st.composite
def windows(draw: st.DrawFn) -> Layer:
    kernel = [draw(st.integers(1, 3)), draw(st.integers(1, 3))]
    kind = draw(st.sampled_from(["conv2d", "conv2d", "avg_pool", "max_pool", "tanh", "batch_norm", "relu"]))
    if kind == "conv2d":
        padding = [draw(st.integers(0, 1)), draw(st.integers(0, 1))]
        stride, dilation = draw(st.integers(1, 2)), draw(st.integers(1, 2))
        return kind, {"filters": 3, "kernel_size": kernel, "padding": padding, "stride": stride, "dilation": dilation}
    if kind.endswith("pool"):
        return kind, {"kernel_size": kernel, "stride": draw(st.integers(1, 2))}
    return kind, {}


@settings(max_examples=40, deadline=None)
@given(st.lists(windows(), min_size=1, max_size=5))
def test_it_is_the_gradient_that_torch_gives_and_zero_outside_the_theoretical_field(layers: list[Layer]) -> None:
    analysis = analyse(read_network(network(*layers, *HEAD)))
    assume(analysis.trainable)
    look = Look(*layers)
    fields = look.fields()
    assert list(fields) and set(fields) == {id for id, node in analysis.nodes.items() if _pictures(id, node)}
    for layer, (field, influence) in fields.items():
        expected = look.by_torch(layer)
        assert field.peak == pytest.approx(expected.max(), rel=1e-4, abs=1e-12)
        assert np.abs(influence - expected).max() <= field.peak / 500
        theory = analysis.nodes[layer].receptive_field
        shape = analysis.nodes[layer].shape
        assert theory and shape
        assert field.position == (shape[1] // 2, shape[2] // 2)
        outside = np.ones_like(influence, dtype=bool)
        (top, bottom), (left, right) = (
            (place * stride + offset - (size - 1) / 2, place * stride + offset + (size - 1) / 2)
            for place, size, stride, offset in zip(
                field.position, theory.size, theory.stride, theory.offset, strict=True
            )
        )
        outside[max(0, int(top)) : max(0, int(bottom) + 1), max(0, int(left)) : max(0, int(right) + 1)] = False
        assert not influence[outside].any()
        if expected.any():
            assert field.inside == pytest.approx(1.0)
            for share, (rows, columns) in ((0.5, field.half), (0.9, field.most)):
                near = _patch(expected, (top + bottom) / 2, (left + right) / 2, rows, columns)
                assert near >= share * expected.sum() * (1 - 1e-9)
                assert rows <= theory.size[0] and columns <= theory.size[1]
        else:
            assert (field.peak, field.inside, field.half, field.most) == (0.0, 0.0, (0, 0), (0, 0))


def _pictures(id: str, node: Any) -> bool:
    return node.block not in {"input", "output"} and len(node.shape) == 3


def _patch(values: NDArray[np.float64], row: float, column: float, rows: int, columns: int) -> float:
    """Sum over a patch of this size around a middle, by looking at every pixel."""
    total = 0.0
    for (y, x), value in np.ndenumerate(values):
        if abs(y - row) <= (rows - 1) / 2 and abs(x - column) <= (columns - 1) / 2:
            total += float(value)
    return total


def test_a_chain_of_smoothing_filters_gives_the_exact_binomial_profile() -> None:
    smoothing: Layer = ("conv2d", {"filters": 1, "kernel_size": 3, "padding": 1, "bias": False})
    look = Look(smoothing, smoothing, smoothing)
    taps = torch.tensor([1.0, 2.0, 1.0])
    for _, weight in look.run.network.weighted()[:3]:
        weight.data.copy_((taps[:, None] * taps[None, :]).expand_as(weight))
    field, influence = look.fields()["3_conv2d"]
    row = [comb(6, k) for k in range(7)]
    exact = np.zeros((8, 8))
    exact[1:, 1:] = np.outer(row, row)
    assert field.peak == comb(6, 3) ** 2
    assert np.abs(influence - exact).max() <= field.peak / 500
    # Of the profile's 64 the middle holds 20, the middle three 50, the middle five 62.
    assert (50 / 64) ** 2 > 0.5 > (20 / 64) ** 2 and (62 / 64) ** 2 > 0.9 > (50 / 64) ** 2
    assert (field.half, field.most, field.inside) == ((3, 3), (5, 5), 1.0)


def test_an_average_over_the_whole_image_holds_half_in_the_square_of_half_its_area() -> None:
    field, influence = Look(("global_avg_pool", {})).fields()["1_global_avg_pool"]
    assert np.allclose(influence, 1 / 64, rtol=0.01)
    assert (field.half, field.most) == ((6, 6), (8, 8))  # 36 and 64 of 64 pixels


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 6), st.integers(0, 6), st.integers(0, 2**32 - 1))
def test_patches_are_what_a_search_finds(height: int, width: int, row: int, column: int, seed: int) -> None:
    seen = np.random.default_rng(seed).random((7, 7))
    field = Field(Reach(-(height // 2), height - 1 - height // 2, 1), Reach(-(width // 2), width - 1 - width // 2, 1))
    middle = [place + (reach.first + reach.last) / 2 for place, reach in zip((row, column), field, strict=True)]
    sizes = [(height - 2 * cut_rows, width - 2 * cut_columns) for cut_rows, cut_columns in _cuts(height, width)]
    expected = [_patch(seen, *middle, rows, columns) for rows, columns in sizes]
    sums = patch_sums(seen, field, row, column)
    assert sums.tolist() == pytest.approx(expected)
    assert patch_holding(0.5, sums, field) == next(
        size for size, total in zip(sizes, sums, strict=True) if total >= sums[-1] / 2
    )


def _cuts(height: int, width: int) -> list[tuple[int, int]]:
    """How much is cut from each side, from the smallest patch to the whole field."""
    most = max(height - 1, width - 1) // 2
    return [(max(0, (height - 1) // 2 - ring), max(0, (width - 1) // 2 - ring)) for ring in range(most + 1)]


def test_looking_touches_no_weight_no_buffer_no_gradient_and_no_random_number() -> None:
    look = Look(*STEADY[:3], ("dropout", {"p": 0.5}))
    net = look.run.network
    net(look.scene.probe_image().repeat(4, 1, 1, 1)).sum().backward()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    gradients = [parameter.grad for parameter in net.parameters()]
    copies = [None if gradient is None else gradient.clone() for gradient in gradients]
    random = torch.get_rng_state()
    assert look.fields()
    look.scene.over = False
    look.scene.watched = ["1_conv2d"]
    assert look.fields()
    assert torch.equal(random, torch.get_rng_state())
    for name, value in net.state_dict().items():
        assert torch.equal(value, before[name]), name
    for parameter, gradient, copy in zip(net.parameters(), gradients, copies, strict=True):
        assert parameter.requires_grad and parameter.grad is gradient
        assert copy is None or torch.equal(parameter.grad, copy)
    assert net.training


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_training_is_the_same_to_the_last_bit_without_it(optimiser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def curve(probes: list[type[Any]]) -> bytes:
        monkeypatch.setattr(recorder, "all_probes", lambda scene: [kind(scene) for kind in probes])
        told = Listener()
        train(job(*STEADY, epochs=2, optimiser=optimiser), emit=told)
        assert bool(told.of(EffectiveField)) == (EffectiveFieldProbe in probes)
        return told.series("steps", "loss")[1].tobytes()

    monkeypatch.setattr(EffectiveFieldProbe, "hertz", 1e9)
    monkeypatch.setattr(EffectiveFieldProbe, "share", 1.0)
    assert curve(PROBES) == curve([kind for kind in PROBES if kind is not EffectiveFieldProbe])


def test_a_run_that_ended_has_shown_every_layer_with_the_final_weights() -> None:
    told = Listener()
    train(job(("residual_basic", {"filters": 4}), ("max_pool", {}), *HEAD), emit=told)
    steps = prepare(job(("residual_basic", {"filters": 4}), ("max_pool", {}), *HEAD)).network.steps
    pictures = {step.id for step in steps if len(step.shape) == 3 and step.block != "input"}
    end = told.of(Finished)[0].step
    assert {field.layer for field in told.of(EffectiveField) if field.step == end} == pictures


def test_the_look_at_the_end_keeps_to_its_limits_and_begins_with_what_is_watched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = Look(("conv2d", {}), ("relu", {}), ("conv2d", {}), ("relu", {}))
    look.scene.watched = ["3_conv2d"]
    monkeypatch.setattr(effective_field, "END_LAYERS", 2)
    assert list(look.fields()) == ["3_conv2d", "1_conv2d"]
    monkeypatch.setattr(effective_field, "END_SECONDS", 0.0)
    assert list(look.fields()) == []


def test_watched_layers_take_turns_where_one_turn_has_no_time_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    look = Look(("conv2d", {}), ("relu", {}), ("conv2d", {}), ("relu", {}))
    look.scene.over = False
    look.scene.watched = ["1_conv2d", "3_conv2d", "6_dense"]
    monkeypatch.setattr(effective_field, "TURN_SECONDS", 1e-9)
    probe = EffectiveFieldProbe(look.scene)

    def turn() -> list[str]:
        told = Listener()
        told(probe.frames(NOW))
        return [field.layer for field in told.of(EffectiveField)]

    assert [turn() for _ in range(3)] == [["1_conv2d"], ["3_conv2d"], ["1_conv2d"]]
    monkeypatch.setattr(effective_field, "TURN_SECONDS", 1e9)
    assert [turn() for _ in range(2)] == [["3_conv2d"], ["1_conv2d", "3_conv2d"]]
    look.scene.watched = []
    assert turn() == []


def test_another_layer_or_probe_image_is_shown_at_once_while_the_run_is_paused() -> None:
    waiting = [[Command(kind="watch", layers=["3_relu"])], [Command(kind="probe", value=37)], [Command(kind="stop")]]
    told = Listener()
    train(job(*STEADY), emit=told, control=Script({4: [Command(kind="pause")]}, waiting))
    paused = [(field.layer, field.probe) for field in told.of(EffectiveField) if field.step == 3]
    assert ("3_relu", 0) in paused and ("3_relu", 37) in paused
