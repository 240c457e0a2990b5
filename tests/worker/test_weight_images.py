"""Filters and weights as images, against the tensors themselves."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.protocol import WeightImages
from tests.worker.runs import CONVNET, Listener, job
from worker.prepare import Prepared, prepare
from worker.probes import Moment, Scene
from worker.probes.weight_images import MOST_BYTES, WeightImageProbe, as_images

MOMENT = Moment(4, 0.1, torch.zeros(()), torch.zeros(1, 10), torch.zeros(1))


def told_of(run: Prepared, watched: list[str], over: bool = False) -> dict[str, tuple[WeightImages, bytes]]:
    scene = Scene(run.network, run.recipe, run.data, run.device)
    probe = WeightImageProbe(scene)
    scene.watched, scene.over = watched, over
    told = Listener()
    told(probe.frames(MOMENT))
    return {record.layer: (record, payload) for record, payload in told.with_payload(WeightImages)}


def values_of(record: WeightImages, payload: bytes) -> np.ndarray:
    shape = (record.units, record.channels, record.height, record.width)
    bytes_of_it = np.frombuffer(payload, np.uint8, int(np.prod(shape))).reshape(shape)
    return record.low + bytes_of_it * (record.high - record.low) / 255


def test_filters_units_and_matrices_are_the_tensors_to_half_a_byte() -> None:
    run = prepare(job(*CONVNET))
    weights = {step.id: weight.detach().numpy() for step, weight in run.network.weighted()}
    told = told_of(run, [], over=True)
    assert told.keys() == weights.keys()
    wanted = {
        "1_conv2d": ("filters", (6, 1, 3, 3)),
        "5_dense": ("units", (20, 6, 4, 4)),
        "7_dense": ("matrix", (1, 1, 10, 20)),
    }
    for layer, (form, shape) in wanted.items():
        record, payload = told[layer]
        found = values_of(record, payload)
        assert (record.form, found.shape, record.step) == (form, shape, 5)
        exact = weights[layer].reshape(shape)
        assert np.abs(found - exact).max() <= (record.high - record.low) / 510 + 1e-6
        assert (record.low, record.high) == (float(exact.min()), float(exact.max()))


def test_a_watched_activation_shows_the_weights_that_feed_it() -> None:
    assert list(told_of(prepare(job(*CONVNET)), ["2_relu", "3_max_pool", "1_conv2d"])) == ["1_conv2d"]


def test_filters_that_read_a_colour_image_say_so() -> None:
    layers = (
        ("conv2d", {"filters": 4, "kernel_size": 5}),
        ("conv2d", {"filters": 3, "kernel_size": 3}),
        ("flatten", {}),
        ("dense", {"units": 10}),
    )
    run = prepare(job(*layers, dataset="shapes"))
    told = told_of(run, [], over=True)
    assert [told[layer][0].colour for layer in ("1_conv2d", "2_conv2d", "4_dense")] == [True, False, False]


@settings(max_examples=60, deadline=None)
@given(
    units=st.integers(1, 5000),
    channels=st.integers(1, 600),
    side=st.integers(1, 11),
    kind=st.sampled_from(["filters", "units", "matrix"]),
)
def test_no_layer_is_too_large_to_be_shown(units: int, channels: int, side: int, kind: str) -> None:
    weight = torch.zeros(1).expand(units, channels, side, side)  # takes no memory
    if kind == "filters":
        shown = as_images(weight, None)
    elif units * channels * side * side > 2_000_000:
        return
    else:
        shown = as_images(weight.reshape(units, -1), (channels, side, side) if kind == "units" else None)
    assert shown.form == kind
    assert 0 < shown.images.numel() <= MOST_BYTES
    if kind == "matrix":
        assert shown.total == (1, 1, units, channels * side * side)
    else:
        assert shown.total == (units, channels, side, side)
