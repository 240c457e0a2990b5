"""Every number of the analysis against torch, on random whole networks: shapes, parameters, work, memory."""

from __future__ import annotations

import weakref
from collections import Counter, defaultdict
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from playground.analysis import Analysis, InnerNode, NodeAnalysis, analyse
from playground.network import read_network
from playground.plan import Plan, plan
from playground.recipe import Recipe
from tests.networks import documents
from worker.build import FUNCTIONS, TorchNetwork, build
from worker.optimise import make_optimiser

torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
RANDOM = settings(deadline=None, suppress_health_check=list(HealthCheck))


def analysed(document: dict[str, Any], recipe: Recipe | None = None) -> tuple[Analysis, Plan, TorchNetwork]:
    """The analysis with every composite block opened, the plan, and the torch network in evaluation mode."""
    network = read_network(document)
    analysis = analyse(network, open=[node.id for node in network.nodes], recipe=recipe)
    assert analysis.trainable, analysis.notices
    planned = plan(network)
    return analysis, planned, build(planned).eval()


def image(planned: Plan, batch: int = 1) -> Tensor:
    return torch.rand(batch, *planned.steps[0].shape)


def told(analysis: Analysis) -> dict[str, InnerNode | NodeAnalysis]:
    """What the analysis says of each step of the plan."""
    found: dict[str, InnerNode | NodeAnalysis] = {}
    for name, node in analysis.nodes.items():
        found |= {inner.id: inner for inner in node.inside} if node.inside else {name: node}
    return found


def saved_bytes(module: nn.Module | None) -> int:
    """Of the weights file, without batch norm's count of batches."""
    if module is None:
        return 0
    state = module.state_dict().items()
    return sum(each.numel() * each.element_size() for name, each in state if not name.endswith("num_batches_tracked"))


class Counted:
    """What torch did for one image: multiply-adds of each module, by hooks."""

    def __init__(self, network: TorchNetwork) -> None:
        self.macs: Counter[nn.Module] = Counter()
        for module in network.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                module.register_forward_hook(self._count)

    def _count(self, module: nn.Module, _: Any, output: Tensor) -> None:
        assert isinstance(module.weight, Tensor)
        self.macs[module] += module.weight.numel() * (output[0, 0].numel() if output.dim() == 4 else 1)


def peak_bytes(planned: Plan, network: TorchNetwork, images: Tensor) -> int:
    """The most bytes of outputs alive at once, counted as tensors come and go: each output is one of its own."""
    alive = peak = 0

    def watched(output: Tensor) -> Tensor:
        nonlocal alive, peak
        own = output.clone()
        size = own.numel() * own.element_size()
        weakref.finalize(own, left, size)
        alive += size
        peak = max(peak, alive)
        return own

    def left(size: int) -> None:
        nonlocal alive
        alive -= size

    unread = Counter(source for step in planned.steps for source in step.inputs)
    values = {planned.steps[0].id: watched(images)}
    for step in planned.steps[1:]:
        layer = step.layer
        call: Any = network.module_of(step)
        if call is None:
            call = FUNCTIONS[layer.function if layer and layer.function else "identity"]
        arguments = layer.arguments if layer and layer.function else {}
        values[step.id] = watched(call(*[values[source] for source in step.inputs], **arguments))
        for source in step.inputs:
            unread[source] -= 1
            if unread[source] == 0:
                del values[source]
    values.clear()
    assert alive == 0
    return peak


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(RANDOM, max_examples=500)
@given(documents())
def test_torch_counts_what_the_analysis_says(document: dict[str, Any]) -> None:
    analysis, planned, network = analysed(document)
    steps, totals = told(analysis), analysis.totals
    counted = Counted(network)
    with torch.no_grad(), FlopCounterMode(display=False) as flops:
        _, outputs = network.run(image(planned), range(len(planned.steps)))
    assert flops.get_total_flops() == 2 * totals.macs
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    assert set(steps) == {step.id for step in planned.steps}
    for step, output in zip(planned.steps, outputs, strict=True):
        assert output is not None
        module, said = network.module_of(step), steps[step.id]
        seen = {
            "parameters": sum(each.numel() for each in module.parameters()) if module else 0,
            "macs": counted.macs[module] if module else 0,
            "activation_bytes": output.numel() * output.element_size(),
            "weight_bytes": saved_bytes(module),
        }
        assert {name: getattr(said, name) for name in seen} == seen, step.id
        assert said.shape == list(output.shape[1:]) == list(step.shape), step.id
        sums[step.owner].update(seen)
        sums[""].update(seen)
    for name, node in analysis.nodes.items():
        assert {quantity: getattr(node, quantity) for quantity in sums[name]} == sums[name], name
    assert {quantity: getattr(totals, quantity) for quantity in sums[""]} == sums[""]
    assert totals.weight_bytes == saved_bytes(network)
    with torch.no_grad():
        assert totals.inference_bytes == peak_bytes(planned, network, image(planned))
    _check_stages(document, analysis, sums)


def _check_stages(document: dict[str, Any], analysis: Analysis, sums: dict[str, Counter[str]]) -> None:
    members = defaultdict(list)
    stage_of = {node["id"]: node.get("stage") for node in document["nodes"]}
    for name in analysis.order:
        if stage_of[name]:
            members[stage_of[name]].append(name)
    assert [(stage.name, stage.nodes) for stage in analysis.stages] == list(members.items())
    for stage in analysis.stages:
        total: Counter[str] = Counter()
        for name in stage.nodes:
            total.update(sums[name])
        assert {quantity: getattr(stage, quantity) for quantity in total} == total


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    kind = draw(st.sampled_from(["sgd", "rmsprop", "adam", "adamw"]))
    momentum = draw(st.sampled_from([0.0, 0.9]))
    return Recipe(optimiser=kind, momentum=momentum, batch_size=draw(st.integers(2, 5)), weight_decay=0.1)


@settings(RANDOM, max_examples=60)
@given(documents(blocks=3, side=8, classes=3), recipes())
def test_a_training_step_keeps_what_the_analysis_says(document: dict[str, Any], recipe: Recipe) -> None:
    analysis, planned, network = analysed(document, recipe)
    network.eval()  # batch norm refuses to train on one value for each channel; what is kept is the same
    optimiser = make_optimiser(network.parameters(), recipe)
    scores, outputs = network.run(image(planned, recipe.batch_size), range(len(planned.steps)))
    functional.cross_entropy(scores, torch.zeros(len(scores), dtype=torch.long)).backward()
    for parameter in network.parameters():
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)  # behind a step activation, which stops the gradient
    optimiser.step()
    kept = [each for state in optimiser.state.values() for each in state.values() if isinstance(each, Tensor)]
    tensors = [*outputs, *(each.grad for each in network.parameters()), *(each for each in kept if each.dim())]
    seen = saved_bytes(network) + sum(each.numel() * each.element_size() for each in tensors if each is not None)
    assert analysis.totals.training_bytes == seen
