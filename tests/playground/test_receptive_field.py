"""The field that is stated is the one that torch's gradients show."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from playground import fixes
from playground.analysis import analyse
from playground.network import read_network
from playground.plan import plan
from playground.zoo import ZOO
from tests.playground.drawing import chain, image, wired
from worker.build import build

torch.set_num_threads(1)
SIDE = 41


@st.composite
def windows(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    kernel = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    stride = draw(st.integers(1, 2))
    if draw(st.booleans()):
        padding = (draw(st.integers(0, kernel[0] // 2)), draw(st.integers(0, kernel[1] // 2)))
        return "avg_pool", {"kernel_size": list(kernel), "stride": stride, "padding": list(padding)}
    padding = (draw(st.integers(0, 2)), draw(st.integers(0, 2)))
    dilation = draw(st.integers(1, 2))
    settings_ = {"filters": 1, "kernel_size": list(kernel), "stride": stride, "padding": list(padding)}
    return "conv2d", {**settings_, "dilation": dilation, "bias": False}


def positive(module: nn.Module) -> nn.Module:
    """All weights one, so that no gradient cancels."""
    for parameter in module.parameters():
        nn.init.ones_(parameter)
    return module


@settings(max_examples=60, deadline=None)
@given(st.lists(windows(), min_size=1, max_size=4), st.integers(0, 3), st.integers(0, 3))
def test_size_stride_and_offset_are_those_of_the_gradient(
    layers: list[tuple[str, dict[str, Any]]], down: int, across: int
) -> None:
    blocks = {f"b{index}": layer for index, layer in enumerate(layers)}
    network = chain(i=image(1, SIDE), **blocks, f="flatten", o="output")
    last = f"b{len(layers) - 1}"
    analysis = analyse(network)
    assume(analysis.trainable)  # four windows with strides may leave nothing of 41 pixels
    node = analysis.nodes[last]
    assert node.shape and node.receptive_field
    rows, columns = node.shape[1:]
    row, column = min(rows // 2 + down, rows - 1), min(columns // 2 + across, columns - 1)
    expected = []
    for axis, place in enumerate((row, column)):
        size, stride, offset = (part[axis] for part in (node.receptive_field.size, node.receptive_field.stride,
                                                         node.receptive_field.offset))  # fmt: skip
        centre = offset + place * stride
        expected.append((centre - (size - 1) / 2, centre + (size - 1) / 2))
    assume(all(low >= 0 and high < SIDE for low, high in expected))
    planned = plan(network)
    built = positive(build(planned))
    images = torch.ones(1, 1, SIDE, SIDE, requires_grad=True)
    _, outputs = built.run(images, range(len(planned.steps)))  # type: ignore[operator]
    outputs[-3][0, 0, row, column].backward()
    assert images.grad is not None
    seen = images.grad[0, 0].nonzero()
    assert [(float(seen[:, axis].min()), float(seen[:, axis].max())) for axis in (0, 1)] == expected


def test_branches_see_what_the_widest_of_them_sees() -> None:
    network = wired(
        "i>a i>b b>c a>s c>s s>f f>o",
        i=image(1, 20),
        a=("conv2d", {"filters": 2, "kernel_size": 1}),
        b=("conv2d", {"filters": 2, "padding": "same"}),
        c=("conv2d", {"filters": 2, "kernel_size": 5, "padding": "same"}),
        s="add",
        f="flatten",
        o="output",
    )
    fields = {name: node.receptive_field for name, node in analyse(network).nodes.items()}
    assert fields["s"] == fields["c"]
    assert fields["c"] is not None
    assert fields["c"].size == (7, 7)
    assert fields["c"].offset == (0, 0)


def test_dense_layers_see_everything() -> None:
    network = chain(i=image(1, 28), f="flatten", d="dense", o="output")
    field = analyse(network).nodes["d"].receptive_field
    assert field is not None
    assert field.size == (28, 28)


@pytest.mark.parametrize(("stride_in", "size"), [("1x1", 483), ("3x3", 427)])
def test_resnet_50_sees_what_the_literature_says(stride_in: str, size: int) -> None:
    """Araujo et al. 2019, table 1, has 483 for the paper's network, whose first 1×1 strides."""
    document = fixes.document(ZOO["resnet-50"].network)
    for node in document["nodes"]:
        if node["block"] == "residual_bottleneck":
            node["params"]["stride_in"] = stride_in
    field = analyse(read_network(document)).nodes["stage4_3"].receptive_field
    assert field is not None
    assert (field.size, field.stride) == ((size, size), (32, 32))


@pytest.mark.parametrize(("name", "node", "size", "stride"), [("vgg-16", "max_pool5", 212, 32)])
def test_plain_networks_see_what_the_literature_says(name: str, node: str, size: int, stride: int) -> None:
    field = analyse(ZOO[name].network).nodes[node].receptive_field
    assert field is not None
    assert (field.size, field.stride) == ((size, size), (stride, stride))
