"""Out as ONNX and in again: the same document; as another program's file, the same graph, numbers and output."""

from __future__ import annotations

import json

import numpy as np
import onnx
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from onnx import helper

from playground.analysis import analyse
from playground.fixes import document
from playground.network import Network, read_network
from playground.plan import PlanStep, plan
from playground.sameness import signature
from playground.tensors import module_names
from playground.zoo import ZOO
from tests.playground.random_networks import networks
from tests.webapp.exchange.running import outputs_of, run, trained, weights_of, without_metadata
from webapp.exchange.onnx_in import WEIGHTS, read_onnx
from webapp.exchange.onnx_out import DOCUMENT, onnx_model
from worker.build import TorchNetwork, build

torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
NAMES = [name for name in ZOO if name != "empty"]


def layers(network: Network) -> list[PlanStep]:
    """Primitives with weights, in the order of the plan."""
    return [step for step in plan(network).steps if step.parameters]


def with_weights_of(built: TorchNetwork, network: Network) -> TorchNetwork:
    """The network read from a file with the weights of the one that was written; "r1/conv1" came in as "r1.conv1"."""
    modules = dict(zip((step.id.replace("/", ".") for step in built.steps), module_names(built.plan), strict=True))
    planned = plan(network)
    other = build(planned).eval()
    tensors = built.state_dict()
    weights = {}
    for step, module in zip(planned.steps, module_names(planned), strict=True):
        for name in other.state_dict():
            if name.rpartition(".")[0] == module:
                weights[name] = tensors[f"{modules[step.id]}.{name.rpartition('.')[2]}"]
    other.load_state_dict(weights)
    return other


def same_numbers(first: Network, second: Network) -> None:
    one, two = analyse(first).totals, analyse(second).totals
    assert (one.parameters, one.macs, one.depth) == (two.parameters, two.macs, two.depth)
    assert plan(first).steps[-1].shape == plan(second).steps[-1].shape


@pytest.mark.parametrize("name", NAMES)
def test_the_zoo_comes_back_as_it_was(name: str) -> None:
    network = ZOO[name].network
    found = read_onnx(onnx_model(network))
    assert found.network == network
    assert found.remarks == []


HEADS = "googlenet-auxiliary"
"""Its heads are for training; a graph for inference has none."""


@pytest.mark.parametrize("name", [name for name in NAMES if name != HEADS])
def test_the_zoo_is_read_without_its_document(name: str) -> None:
    network = ZOO[name].network
    found = read_onnx(without_metadata(onnx_model(network)))
    assert signature(plan(found.network)) == signature(plan(network))
    same_numbers(network, found.network)
    assert found.network.name == network.name


def test_a_graph_without_its_document_has_no_auxiliary_heads() -> None:
    found = read_onnx(without_metadata(onnx_model(ZOO[HEADS].network)))
    assert signature(plan(found.network)) == signature(plan(ZOO["googlenet"].network))
    same_numbers(found.network, ZOO["googlenet"].network)


def placed(network: Network) -> Network:
    """The document with positions, as the page saves it."""
    data = document(network)
    for index, node in enumerate(data["nodes"]):
        node["position"] = {"x": index * 10.5, "y": -1.0}
    return read_network(data)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(networks())
def test_random_networks_come_back_as_they_were(network: Network) -> None:
    network = placed(network)
    built = trained(network)
    assert read_onnx(onnx_model(network)).network == network
    again = read_onnx(onnx_model(network, weights_of(built)))
    assert again.network == network
    assert again.remarks == ([WEIGHTS] if layers(network) else [])


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(networks())
def test_random_networks_are_read_without_their_document(network: Network) -> None:
    """Same graph, same numbers; and written out again, the same output on the same weights."""
    model = without_metadata(onnx_model(network))
    found = read_onnx(model).network
    assert signature(plan(found)) == signature(plan(network))
    same_numbers(network, found)

    built = trained(network)
    other = with_weights_of(built, found)
    images = torch.rand(2, *built.steps[0].shape)
    wanted = outputs_of(built, images)
    np.testing.assert_allclose(outputs_of(other, images), wanted, rtol=1e-5, atol=1e-5)
    scores = run(onnx_model(found, weights_of(other)), images)
    np.testing.assert_allclose(scores, wanted, rtol=1e-5, atol=1e-5)


def test_a_file_changed_by_another_program_is_read_by_its_operators() -> None:
    model = onnx.ModelProto.FromString(onnx_model(ZOO["lenet-5"].network))
    next(node for node in model.graph.node if node.op_type == "Relu").op_type = "Tanh"
    found = read_onnx(model.SerializeToString())
    assert [node.block for node in found.network.nodes].count("tanh") == 1
    assert found.remarks == [
        "The file also holds a document of the playground, but its operators have been changed since;"
        " the operators were read."
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nodes": 3}', json.dumps(document(ZOO["mlp"].network))])
def test_a_document_that_is_not_the_file_s_is_not_believed(text: str) -> None:
    model = onnx.ModelProto.FromString(onnx_model(ZOO["lenet-5"].network))
    helper.set_model_props(model, {DOCUMENT: text})
    found = read_onnx(model.SerializeToString())
    same_numbers(found.network, ZOO["lenet-5"].network)
    assert "have been changed since" in found.remarks[0]
