"""ONNX models against torch: the same weights give the same output, for every block of the catalogue."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from playground.blocks import CATALOGUE, Block
from playground.expansion import check_inputs
from playground.fixes import document
from playground.network import Network, read_network
from playground.plan import NotTrainable
from playground.settings import make_block
from playground.shapes import Shape, ShapeError
from playground.zoo import ZOO
from tests.playground.drawing import chain, image, wired
from tests.playground.random_networks import networks, params
from tests.webapp.exchange.running import outputs_of, run, trained, weights_of
from webapp.exchange.onnx_out import DOCUMENT, WeightError, onnx_model
from webapp.exchange.refusal import Unsupported

torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
KINDS = [kind for kind, block in CATALOGUE.items() if block.family != "data" and block.has_output]
PRIMITIVES = [kind for kind in KINDS if not CATALOGUE[kind].composite]
DENSE = ("dense", {"units": 4})


def around(kind: str, settings_: dict[str, Any], shapes: tuple[Shape, ...]) -> Network:
    """A network with the block in it; each input is made by a 1×1 convolution or a dense layer."""
    pixels = len(shapes[0]) == 3
    height, width = shapes[0][1:] if pixels else (2, 3)
    nodes = [{"id": "i", "block": "input", "params": {"channels": 2, "height": height, "width": width}}]
    edges = []
    for index, shape in enumerate(shapes):
        source = "i"
        if not pixels:
            nodes.append({"id": f"f{index}", "block": "flatten"})
            edges.append(("i", f"f{index}"))
            source = f"f{index}"
        made = {"filters": shape[0], "kernel_size": 1} if pixels else {"units": shape[0]}
        nodes.append({"id": f"in{index}", "block": "conv2d" if pixels else "dense", "params": made})
        edges += [(source, f"in{index}"), (f"in{index}", "b")]
    nodes += [{"id": "b", "block": kind, "params": settings_}, {"id": "f", "block": "flatten"}]
    nodes.append({"id": "o", "block": "output"})
    edges += [("b", "f"), ("f", "o")]
    return read_network({"nodes": nodes, "edges": [{"source": a, "target": b} for a, b in edges]})


@st.composite
def cases(draw: st.DrawFn, kind: str) -> Network:
    """The block with random settings over random inputs that it takes."""
    block, chosen = CATALOGUE[kind], draw(params(kind))
    pixels = block.takes == "image" or (block.takes == "any" and draw(st.booleans()))
    sides = (draw(st.integers(1, 14)), draw(st.integers(1, 14))) if pixels else ()
    count = draw(st.integers(2, 4)) if block.max_inputs is None else 1
    first = draw(st.integers(1, 6))
    widths = [draw(st.integers(1, 6)) if kind == "concat" else first for _ in range(count)]
    shapes = tuple((width, *sides) for width in widths)
    for _ in range(4):
        try:
            made = make_block(kind, chosen)
            check_inputs(made, shapes)
            made.shape(*shapes)
            return around(kind, chosen, shapes)
        except ShapeError as error:
            assume("set" in error.fix)
            chosen = {**chosen, **error.fix["set"]}
    raise AssertionError(f"The fixes of {kind} with {chosen} lead nowhere.")


def compare(network: Network, batch: int = 2) -> None:
    built = trained(network)
    images = torch.rand(batch, *built.steps[0].shape) - 0.3
    wanted = outputs_of(built, images)
    scale = max(1.0, float(np.abs(wanted).max()))
    found = run(onnx_model(network, weights_of(built)), images)
    np.testing.assert_allclose(found / scale, wanted / scale, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_block_gives_what_torch_gives(kind: str, data: st.DataObject) -> None:
    compare(data.draw(cases(kind)))


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(networks())
def test_random_networks_give_what_torch_gives(network: Network) -> None:
    compare(network)


@pytest.mark.parametrize(
    "name", ["lenet-1990", "lenet-5", "small-inception", "resnet-8", "resnet-20", "alexnet", "googlenet", "resnet-50"]
)
def test_networks_of_the_zoo_give_what_torch_gives(name: str) -> None:
    compare(ZOO[name].network, batch=1)


ODD = {
    "even same padding": ("conv2d", {"filters": 3, "kernel_size": [2, 4], "padding": "same"}),
    "even norm": ("local_response_norm", {"size": 4, "alpha": 0.9, "beta": 0.6, "k": 0.5}),
    "rounding up": ("avg_pool", {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    "rounding up without the border": (
        "avg_pool",
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False},
    ),
    "one way up, the other dropped": (
        "avg_pool",
        {"kernel_size": [2, 3], "stride": [5, 2], "padding": 1, "ceil_mode": True},
    ),
    "logistic": ("sigmoid", {"k": -2.0, "x0": 0.5, "L": 3.0}),
    "groups": ("conv2d", {"filters": 4, "groups": 2, "dilation": 2, "padding": 1}),
    "shortcut": ("pad_shortcut", {"channels": 7, "stride": 2}),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("sides", [(6, 8), (7, 8)])
def test_odd_blocks(name: str, sides: tuple[int, int]) -> None:
    kind, chosen = ODD[name]
    compare(around(kind, chosen, ((4, *sides),)))


def test_without_weights_they_are_inputs_behind_the_image() -> None:
    network = ZOO["lenet-5"].network
    model = onnx_model(network)
    names = [each.name for each in onnx.ModelProto.FromString(model).graph.input]
    assert names[:3] == ["input", "c1.weight", "c1.bias"] and len(model) < 10_000
    built = trained(network)
    images = torch.rand(3, 1, 28, 28)
    found = run(model, images, **{name: array for name, array in weights_of(built).items() if name in names})
    np.testing.assert_allclose(found, outputs_of(built, images), rtol=1e-5, atol=1e-5)


def test_steps_inside_composite_blocks_are_named_after_them() -> None:
    graph = onnx.ModelProto.FromString(onnx_model(ZOO["resnet-8"].network)).graph
    names = [each.name for each in graph.node]
    assert names[3:6] == ["stage1_1/conv1", "stage1_1/conv1_norm", "stage1_1/conv1_relu"]
    assert names[-1] == "output"
    assert "stage1_1_conv1.weight" in [each.name for each in graph.input]


def test_the_document_travels_with_the_file() -> None:
    network = ZOO["small-inception"].network
    model = onnx.ModelProto.FromString(onnx_model(network))
    kept = {each.key: each.value for each in model.metadata_props}
    assert json.loads(kept[DOCUMENT]) == document(network)


def test_a_block_may_be_called_like_another_s_weight() -> None:
    network = wired(
        "i>f f>d d>d.weight d.weight>o", i=image(1, 2), f="flatten", d=DENSE, **{"d.weight": "relu"}, o="output"
    )
    compare(network)


def test_weights_of_another_network_are_refused() -> None:
    network = ZOO["lenet-5"].network
    weights = weights_of(trained(network))
    with pytest.raises(WeightError, match=r"'c1\.weight' has the shape 6×5; this network wants 6×1×5×5"):
        onnx_model(network, {**weights, "c1.weight": np.zeros((6, 5), np.float32)})
    weights.pop("f6.bias")
    with pytest.raises(WeightError, match=r"have no tensor 'f6\.bias'"):
        onnx_model(network, weights)


def test_a_block_that_onnx_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CATALOGUE["tanh"], "onnx", Block.onnx)
    network = chain(i=image(1, 2), f="flatten", t="tanh", d=DENSE, o="output")
    with pytest.raises(Unsupported, match=r"Tanh has no form in ONNX\. Take it out, or export the network as PyTorch"):
        onnx_model(network)


def test_every_block_has_a_form_in_onnx_and_is_read_from_it() -> None:
    """So that a new block does not forget either."""
    for kind in PRIMITIVES:
        assert CATALOGUE[kind].onnx is not Block.onnx, kind
        assert CATALOGUE[kind].reads, kind


def test_a_network_that_cannot_train_has_no_model() -> None:
    with pytest.raises(NotTrainable, match="no output block"):
        onnx_model(chain(i=image(1, 8), f="flatten"))


def test_the_same_network_gives_the_same_bytes() -> None:
    network = ZOO["resnet-8"].network
    assert onnx_model(network) == onnx_model(network)
