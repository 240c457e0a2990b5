"""Histograms against numpy.histogram on the same values."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from playground.protocol import Finished, Histogram
from tests.worker.runs import CONVNET, Listener, job
from tests.worker.test_probes import BUSY, Watched
from worker.probes import histograms
from worker.probes.histograms import MOST_BINS, histogram
from worker.train import train


def agrees(header: Histogram, payload: bytes, values: np.ndarray) -> None:
    """numpy counts the same in the bins that the record names, and nothing is lost."""
    counts = np.frombuffer(payload, np.uint32)
    assert len(counts) == header.bins <= MOST_BINS
    assert math.log2(header.width).is_integer()
    edges = (header.first + np.arange(header.bins + 1)) * header.width
    finite = values[np.isfinite(values)].astype(np.float64)
    inside = finite[(finite >= edges[0]) & (finite < edges[-1])]
    assert counts.tolist() == np.histogram(inside, edges)[0].tolist()
    assert header.below == (finite < edges[0]).sum()
    assert header.above == (finite >= edges[-1]).sum()
    assert header.zeros == (finite == 0).sum()
    assert header.not_finite == (~np.isfinite(values)).sum()
    assert header.count == values.size == counts.sum() + header.below + header.above + header.not_finite


floats = st.one_of(
    st.floats(width=32, allow_nan=True, allow_infinity=True),
    st.floats(-2, 2, width=32),
    st.sampled_from([0.0, 1e-30, -1e-30, 1.0, 65504.0, 3e38, -3e38]),
)


@settings(max_examples=300, deadline=None)
@given(arrays.arrays(np.float32, st.integers(1, 60), elements=floats))
def test_counts_are_those_of_numpy_for_any_values(values: np.ndarray) -> None:
    agrees(*histogram("x", "weights", 0, torch.from_numpy(values.copy())), values)


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 700.0])
@pytest.mark.parametrize("shift", [0.0, 5.0])
def test_bins_show_the_shape_of_a_bell(scale: float, shift: float) -> None:
    values = (scale * (shift + np.random.default_rng(3).standard_normal((8, 4, 20, 20)))).astype(np.float32)
    header, payload = histogram("x", "weights", 0, torch.from_numpy(values))
    agrees(header, payload, values)
    assert header.bins > MOST_BINS // 3
    assert header.below + header.above < 0.001 * header.count
    assert (header.mean, header.deviation) == pytest.approx((values.mean(), values.std()), rel=0.01, abs=0.01 * scale)


def test_bins_of_one_moment_are_made_of_whole_bins_of_a_finer_one() -> None:
    values = np.random.default_rng(5).standard_normal(3000).astype(np.float32)
    fine, fine_counts = histogram("x", "weights", 0, torch.from_numpy(values / 8))
    coarse, coarse_counts = histogram("x", "weights", 0, torch.from_numpy(values))
    assert coarse.width == 8 * fine.width
    assert coarse.first == fine.first
    assert coarse_counts == fine_counts


def test_a_layer_that_is_dead_has_one_bin() -> None:
    header, payload = histogram("x", "activations", 0, torch.zeros(2, 3, 4, 4))
    assert (header.bins, header.zeros, np.frombuffer(payload, np.uint32).tolist()) == (1, 96, [96])


def test_records_count_what_the_layers_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histograms, "TURN_SECONDS", math.inf)  # a busy machine shows fewer in a turn
    watched = Watched(*BUSY, batch_size=48)
    with watched.recorder:
        watched.go()
        before = len(watched.told.of(Histogram))
        _, _, outputs = watched.go()
        weights = {step.id: weight for step, weight in watched.run.network.weighted()}
        told = watched.told.with_payload(Histogram)[before:]
    assert {(header.layer, header.of) for header, _ in told} == {
        *((layer, of) for layer in weights for of in ("weights", "gradients")),
        *((layer, "activations") for layer in ("2_relu", "4_tanh", "7_sigmoid", "9_relu")),
    }
    for header, payload in told:
        if header.of == "activations":
            output = outputs[watched.run.network.index[header.layer]]
            assert output is not None
            agrees(header, payload, output[:32].numpy())
        else:
            weight = weights[header.layer]
            values = weight.detach() if header.of == "weights" else weight.grad
            assert values is not None
            agrees(header, payload, values.numpy())
        assert header.step == (2 if header.of == "weights" else 1)


def test_every_layer_has_one_of_the_first_step_and_one_of_the_end() -> None:
    told = Listener()
    train(job(*CONVNET, epochs=2), emit=told)
    last = told.of(Finished)[0].step
    found = {(header.layer, header.of, header.step) for header in told.of(Histogram)}
    for layer, of, offset in (("2_relu", "activations", 0), ("1_conv2d", "weights", 1), ("7_dense", "gradients", 0)):
        assert {(layer, of, offset), (layer, of, last - 1 + offset)} <= found


def test_layers_take_turns_where_they_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histograms, "TURN_SECONDS", 0.0)
    watched = Watched(*BUSY)
    with watched.recorder:
        watched.go()
        everything = len(watched.told.of(Histogram))
        turns = []
        for _ in range(everything):
            before = len(watched.told.of(Histogram))
            watched.go()
            turns.append([(header.layer, header.of) for header in watched.told.of(Histogram)[before:]])
    assert max(map(len, turns)) == 1
    assert len({turn[0] for turn in turns if turn}) == everything
