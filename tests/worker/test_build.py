"""The torch network does what the plan says."""

from __future__ import annotations

import pytest
import torch

from playground.codegen.names import MODULE_ATTRIBUTES
from playground.network import read_network
from playground.plan import plan
from playground.tensors import OWN, module_names
from playground.zoo import ZOO
from tests.worker.runs import CONVNET, Layer, network
from worker.build import FUNCTIONS, TorchNetwork, build


def built(*layers: Layer) -> TorchNetwork:
    return build(plan(read_network(network(*layers)), classes=10))


@pytest.mark.parametrize("name", [each.name for each in ZOO.values() if each.totals.parameters < 2_000_000])
def test_zoo_networks_have_the_parameters_and_scores_of_their_plan(name: str) -> None:
    layout = plan(ZOO[name].network) if ZOO[name].network.edges else None
    if layout is None:
        pytest.skip("an empty canvas")
    torch_network = build(layout)
    assert sum(p.numel() for p in torch_network.parameters()) == sum(step.parameters for step in layout.steps)
    scores = torch_network(torch.zeros(2, *layout.steps[0].shape))
    assert scores.shape == (2, *layout.steps[-1].shape)


def test_kept_outputs_stay_and_the_others_are_let_go() -> None:
    net = built(*CONVNET)
    relu = net.index["2_relu"]
    net.kept = frozenset({relu})
    net(torch.zeros(2, 1, 8, 8))
    kept = [position for position, output in enumerate(net.outputs) if output is not None]
    assert kept == [relu]
    net.release()
    assert net.outputs == []


def test_names_of_modules_are_readable_unique_and_free() -> None:
    document = network(*CONVNET)
    renamed = {"1_conv2d": "forward", "2_relu": "a.b", "3_max_pool": "a-b", "4_flatten": "1"}
    for node in document["nodes"]:
        node["id"] = renamed.get(node["id"], node["id"])
    for edge in document["edges"]:
        edge.update({end: renamed.get(edge[end], edge[end]) for end in ("source", "target")})
    layout = plan(read_network(document), classes=10)
    names = module_names(layout)
    assert len(set(names)) == len(names)
    assert names[1:5] == ["forward_2", "a_b", "a_b_2", "layer_1"]
    assert build(layout)(torch.zeros(2, 1, 8, 8)).shape == (2, 10)


def test_every_attribute_of_the_network_is_avoided() -> None:
    public = {name for name in dir(TorchNetwork) if not name.startswith("_")}
    assert public <= OWN | MODULE_ATTRIBUTES


def test_functions_that_torch_nn_lacks() -> None:
    x = torch.tensor([[-1.0, 0.0, 2.0]], requires_grad=True)
    step = FUNCTIONS["step"](x)
    assert step.tolist() == [[0, 0, 1]]
    step.sum().backward()
    assert x.grad is not None and x.grad.tolist() == [[0, 0, 0]]
    assert FUNCTIONS["scale"](x, c=3.0).tolist() == [[-3, 0, 6]]
    assert FUNCTIONS["logistic"](x, k=2.0, x0=0.0, L=4.0).tolist()[0] == pytest.approx([0.4768, 2.0, 3.9281], abs=1e-4)
    image = torch.ones(1, 2, 4, 4)
    padded = FUNCTIONS["pad_shortcut"](image, channels=5, stride=2)
    assert padded.shape == (1, 5, 2, 2)
    assert padded.sum((0, 2, 3)).tolist() == [4, 4, 0, 0, 0]


def with_heads(dropout: float = 0.0) -> TorchNetwork:
    """Two heads: one behind the first dense layer, one that reads the same scores through softmax as the output."""
    document = network(("flatten", {}), ("dense", {"units": 20}), ("relu", {}), ("dense", {"units": 10}))
    head = [
        ("drop", "dropout", {"p": dropout}), ("side", "dense", {"units": 10}),
        ("early", "auxiliary_output", {"weight": 0.5}), ("soft", "softmax", {}),
        ("late", "auxiliary_output", {"weight": 0.25}),
    ]  # fmt: skip
    wires = [("3_relu", "drop"), ("drop", "side"), ("side", "early"), ("4_dense", "soft"), ("soft", "late")]
    document["nodes"] += [{"id": id, "block": block, "params": params} for id, block, params in head]
    document["edges"] += [{"source": source, "target": target} for source, target in wires]
    torch.manual_seed(3)
    return build(plan(read_network(document), classes=10))


def test_auxiliary_heads_speak_while_training_alone() -> None:
    net, images = with_heads(), torch.rand(4, 1, 8, 8)
    scores = net.train()(images)
    assert sorted(head.weight for head in net.auxiliary) == [0.25, 0.5]
    by_weight = {head.weight: head.scores for head in net.auxiliary}
    relu = net.module_of(net.steps[net.index["3_relu"]])
    first = net.module_of(net.steps[net.index["2_dense"]])
    side = net.module_of(net.steps[net.index["side"]])
    assert relu and first and side
    torch.testing.assert_close(by_weight[0.5], side(relu(first(images.flatten(1)))))
    torch.testing.assert_close(by_weight[0.25], scores)
    calls: list[str] = []
    side.register_forward_hook(lambda *_: calls.append("side"))
    net.eval()
    torch.testing.assert_close(net(images), scores)
    assert calls == []


def test_an_auxiliary_layer_that_is_watched_runs_in_evaluation_too() -> None:
    net, images = with_heads().eval(), torch.rand(2, 1, 8, 8)
    at = net.index["side"]
    scores, outputs = net.run(images, [at])
    assert outputs[at] is not None
    assert [position for position, output in enumerate(outputs) if output is not None] == [at]
    assert net.auxiliary == []
    torch.testing.assert_close(scores, net(images))


def test_what_a_head_said_survives_a_look_in_between() -> None:
    net, images = with_heads().train(), torch.rand(2, 1, 8, 8)
    net(images)
    said = list(net.auxiliary)
    net.eval()
    net.run(images, ())
    assert net.train().auxiliary == said


def test_two_auxiliary_outputs_of_the_same_scores_add_their_weights() -> None:
    document = network(("flatten", {}), ("dense", {"units": 10}))
    document["nodes"] += [{"id": id, "block": "auxiliary_output", "params": {"weight": 0.5}} for id in ("a", "b")]
    document["edges"] += [{"source": "2_dense", "target": id} for id in ("a", "b")]
    net = build(plan(read_network(document), classes=10)).train()
    net(torch.rand(2, 1, 8, 8))
    assert [head.weight for head in net.auxiliary] == [1.0]
