"""The field that is stated is the one that torch's gradients show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from playground import fixes
from playground.analysis import ReceptiveField, analyse
from playground.blocks.base import Layer
from playground.network import Network, read_network
from playground.plan import plan
from playground.receptive_field import Reach, joined
from playground.zoo import ZOO
from tests.networks import documents
from tests.playground.drawing import chain, image, wired
from worker.build import FUNCTIONS

torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
RANDOM = settings(deadline=None, suppress_health_check=list(HealthCheck))
Place = tuple[int, int]
Span = tuple[float, float]


def additive(layer: Layer | None) -> Callable[..., Tensor]:
    """The layer as sums with positive weights, so that no influence cancels and none is hidden behind a maximum."""
    if layer is None or layer.function in {"identity", "step", "scale", "logistic"}:
        return nn.Identity()
    if layer.function is not None:
        return partial(FUNCTIONS[layer.function], **layer.arguments)
    if layer.module == "MaxPool2d":
        return nn.AvgPool2d(**layer.arguments)
    if layer.module in {"AvgPool2d", "AdaptiveAvgPool2d", "Flatten"}:
        return cast(nn.Module, getattr(nn, layer.module)(**layer.arguments))
    if layer.module not in {"Conv2d", "Linear"}:
        return nn.Identity()
    module: nn.Module = getattr(nn, layer.module)(**layer.arguments).double()
    for parameter in module.parameters():
        nn.init.ones_(parameter)
    return module


class Eye:
    """Runs a network as sums, and tells which pixels reach an output."""

    def __init__(self, network: Network) -> None:
        analysis = analyse(network, open=[node.id for node in network.nodes])
        self.steps = {step.id: step for step in plan(network).steps}
        self.stated: dict[str, ReceptiveField] = {}
        for name, node in analysis.nodes.items():
            parts = {inner.id: inner.receptive_field for inner in node.inside or []} or {name: node.receptive_field}
            self.stated |= {part: field for part, field in parts.items() if field}
        first, *others = self.steps.values()
        self.image = torch.ones(1, *first.shape, dtype=torch.float64, requires_grad=True)
        self.values = {first.id: self.image}
        for step in others:
            self.values[step.id] = additive(step.layer)(*[self.values[source] for source in step.inputs])

    def seen(self, step: str, place: Place) -> list[Span]:
        """First and last row, first and last column of the pixels that reach the values at a place; none for none."""
        value = self.values[step]
        chosen = value[0, :, place[0], place[1]] if value.dim() == 4 else value[0]
        (gradient,) = torch.autograd.grad(chosen.sum(), self.image, retain_graph=True)
        pixels = gradient[0].sum(0).nonzero()
        return [(float(pixels[:, axis].min()), float(pixels[:, axis].max())) for axis in (0, 1) if len(pixels)]

    def told(self, step: str, place: Place) -> list[Span]:
        """The same as the analysis has it."""
        field = self.stated[step]
        spans = []
        for axis in (0, 1):
            centre = field.offset[axis] + place[axis] * field.stride[axis]
            spans.append((centre - (field.size[axis] - 1) / 2, centre + (field.size[axis] - 1) / 2))
        return spans

    def sides(self, step: str) -> Place:
        """Places of a step's output, down and across."""
        shape = self.steps[step].shape
        return (shape[1], shape[2]) if len(shape) == 3 else (1, 1)

    def within(self, spans: list[Span]) -> bool:
        """Nothing of it lies outside the image."""
        return all(low >= 0 and high < side for (low, high), side in zip(spans, self.image.shape[2:], strict=True))

    def even(self, step: str) -> bool:
        """No branches of unequal strides meet on the way, but where there is one place only."""
        sources = self.steps[step].inputs
        strides = {self.stated[source].stride for source in sources}
        return (len(strides) < 2 or self.sides(step) == (1, 1)) and all(map(self.even, sources))


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(RANDOM, max_examples=200)
@given(documents(blocks=5, side=32), st.data())
def test_nothing_reaches_an_output_from_outside_its_field_and_its_border_does(
    document: dict[str, Any], data: st.DataObject
) -> None:
    eye = Eye(read_network(document))
    for step in data.draw(st.lists(st.sampled_from(list(eye.steps)), min_size=1, max_size=6, unique=True)):
        rows, columns = eye.sides(step)
        for place in {(rows // 2, columns // 2), (data.draw(st.integers(0, rows - 1)), columns - 1), (0, 0)}:
            seen, told = eye.seen(step, place), eye.told(step, place)
            for reached, stated in zip(seen, told, strict=bool(seen)):
                assert stated[0] <= reached[0] and reached[1] <= stated[1], (step, place)
            if eye.within(told) and eye.even(step):
                assert seen == told, (step, place)


def test_branches_of_unequal_strides_are_covered_at_every_place_and_no_more_than_that() -> None:
    network = wired(
        "i>a i>b a>s b>s s>f f>o",
        i=image(1, 21),
        a=("conv2d", {"filters": 1, "kernel_size": 3, "stride": 2}),
        b=("conv2d", {"filters": 1, "kernel_size": 12}),
        s="add",
        f="flatten",
        o="output",
    )
    eye = Eye(network)
    assert eye.stated["s"].stride == (2, 2)
    spans = [(eye.seen("s", (row, 0))[0], eye.told("s", (row, 0))[0]) for row in range(eye.sides("s")[0])]
    assert min(seen[0] - told[0] for seen, told in spans) == 0
    assert min(told[1] - seen[1] for seen, told in spans) == 0
    assert analyse(network).nodes["s"].formulas["receptive_field"] == (
        "max(2, 11) − min(−9, 0) + 1 = 21, to cover branches that move by 1, 2 pixels"
    )


@st.composite
def reaches(draw: st.DrawFn) -> Reach:
    first = draw(st.integers(-9, 9))
    return Reach(first, first + draw(st.integers(0, 12)), draw(st.integers(1, 5)))


@given(st.lists(reaches(), min_size=1, max_size=4), st.integers(1, 9))
def test_a_join_is_the_smallest_window_that_covers_all_its_branches(branches: list[Reach], count: int) -> None:
    found = joined(branches, count)
    low = [min(each.first + place * (each.stride - found.stride) for each in branches) for place in range(count)]
    high = [max(each.last + place * (each.stride - found.stride) for each in branches) for place in range(count)]
    assert (found.first, found.last) == (min(low), max(high))
    assert found.stride == max(each.stride for each in branches)


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
