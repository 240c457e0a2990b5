"""Every block against torch: what the catalogue says about shape, parameters and work is what torch does."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from playground.analysis import analyse
from playground.blocks import Block
from playground.network import read_network
from playground.plan import plan
from playground.settings import make_block
from playground.shapes import Shape, ShapeError
from tests.networks import KINDS, PRIMITIVES, around, cases, params
from worker.build import build

torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")


class CountedWork:
    """Multiply-adds as torch does them, for one image: each weight once for each position of the output."""

    def __init__(self, network: nn.Module) -> None:
        self.macs = 0
        for module in network.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                module.register_forward_hook(self._count)

    def _count(self, module: nn.Module, _: Any, output: torch.Tensor) -> None:
        assert isinstance(module.weight, torch.Tensor)
        positions = output[0, 0].numel() if isinstance(module, nn.Conv2d) else 1
        self.macs += module.weight.numel() * positions


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_torch_agrees_with_the_block(kind: str, data: st.DataObject) -> None:
    given_params, shapes = data.draw(cases(kind))
    network = read_network(around(kind, given_params, shapes))
    analysis = analyse(network)
    assert analysis.trainable, analysis.notices
    planned = plan(network)
    torch.manual_seed(0)
    built = build(planned).train()
    work = CountedWork(built)
    size = analysis.nodes["input"].shape
    assert size
    images = torch.rand(2, *size, requires_grad=True)
    _, outputs = built.run(images, range(len(planned.steps)))
    for step, output in zip(planned.steps, outputs, strict=True):
        assert output is not None
        assert tuple(output.shape) == (2, *step.shape), step.id
        assert torch.isfinite(output).all(), step.id
    assert sum(parameter.numel() for parameter in built.parameters()) == analysis.totals.parameters
    assert work.macs == analysis.totals.macs
    last = outputs[-1]
    assert last is not None
    last.sum().backward()
    gradients = [images.grad, *(parameter.grad for parameter in built.parameters())]
    assert all(torch.isfinite(gradient).all() for gradient in gradients if gradient is not None)


@pytest.mark.parametrize("kind", PRIMITIVES)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_cost_of_each_step_is_the_block_s_own(kind: str, data: st.DataObject) -> None:
    given_params, shapes = data.draw(cases(kind))
    block: Block = make_block(kind, given_params)
    analysis = analyse(read_network(around(kind, given_params, shapes)))
    node = analysis.nodes["block"]
    assert node.shape == list(block.shape(*shapes))
    assert (node.parameters, node.macs) == (block.parameters(*shapes), block.macs(*shapes))
    assert node.activation_bytes == 4 * torch.zeros(node.shape).numel()


@pytest.mark.parametrize("kind", ["conv2d", "depthwise_conv2d", "max_pool", "avg_pool"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_windows_are_refused_where_torch_refuses_them(kind: str, data: st.DataObject) -> None:
    """Padding "same" apart, whose meaning at strides above 1 is the playground's own."""
    chosen = {key: value for key, value in data.draw(params(kind)).items() if value != "same"}
    block = make_block(kind, chosen)
    image = (data.draw(st.integers(1, 6)), data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9)))
    try:
        ours: Shape | None = block.shape(image)
    except ShapeError:
        ours = None
    names = {"filters": "out_channels", "count_include_pad": "count_include_pad"}
    full = {names.get(key, key): _tupled(value) for key, value in block.model_dump().items()}
    if kind == "conv2d":
        full["in_channels"] = image[0]
    if kind == "depthwise_conv2d":
        full |= {"in_channels": image[0], "out_channels": image[0], "groups": image[0]}
    module = {"max_pool": nn.MaxPool2d, "avg_pool": nn.AvgPool2d}.get(kind, nn.Conv2d)
    try:
        theirs: Shape | None = tuple(module(**full)(torch.zeros(1, *image)).shape[1:])
    except (RuntimeError, ValueError):
        theirs = None
    assert ours == theirs


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
