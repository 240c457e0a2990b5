"""ONNX files of other programs: what they mean here, and in which words they are refused."""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional

import worker.torchvision_ops  # noqa: F401 (before torchvision)
from playground import fixes
from playground.analysis import analyse
from playground.network import Network, read_network
from tests.webapp.exchange.running import run
from webapp.exchange.onnx_in import WEIGHTS, read_onnx
from webapp.exchange.onnx_out import onnx_model
from webapp.exchange.refusal import Unsupported


def exported(module: nn.Module, *sides: int, **more: Any) -> bytes:
    """By torch's own exporter, with a batch that may vary."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that this exporter is old: the new one needs another package
        images = torch.zeros(1, *sides)
        names = {"input_names": ["images"], "dynamic_axes": {"images": {0: "batch"}}}
        torch.onnx.export(module.eval(), images, buffer, dynamo=False, **{**names, **more})
    return buffer.getvalue()


def counted(network: Network) -> tuple[int, int]:
    analysis = analyse(network)
    assert analysis.trainable, analysis.notices
    return analysis.totals.parameters, analysis.totals.macs


PUBLISHED = {"alexnet": 61_100_840, "squeezenet1_1": 1_235_496, "densenet121": 7_978_856}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PUBLISHED, "resnet18", "googlenet", "mnasnet0_5"])
def test_torchvision_s_networks_are_read(name: str) -> None:
    """torch folds batch norm into a convolution before it, which then has a bias in place of two numbers a channel."""
    from torchvision import models

    more = {"init_weights": False, "aux_logits": False} if name == "googlenet" else {}
    module = getattr(models, name)(weights=None, **more)
    found = read_onnx(exported(module, 3, 224, 224), f"{name}.onnx")
    assert found.remarks == [WEIGHTS]
    assert found.network.name == name
    parameters, _ = counted(found.network)
    convolutions = [each for each in module.modules() if isinstance(each, nn.Conv2d)]
    norms = [each for each in module.modules() if isinstance(each, nn.BatchNorm2d)]
    kept = [node for node in found.network.nodes if node.block == "batch_norm"]
    whole = sum(each.numel() for each in module.parameters())
    if not kept and norms:
        folded = sum(each.num_features for each in norms)
        assert parameters == whole - folded
        assert len([node for node in found.network.nodes if "conv2d" in node.block]) == len(convolutions)
    elif name in PUBLISHED and name != "densenet121":
        assert parameters == whole == PUBLISHED[name]


def test_training_mode_keeps_batch_norm_and_dropout() -> None:
    module = nn.Sequential(
        nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4, eps=1e-3, momentum=0.2), nn.ReLU(), nn.Dropout(0.3),
        nn.Flatten(), nn.Linear(64, 3),
    )  # fmt: skip
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, torch.zeros(2, 1, 6, 6), buffer, dynamo=False, training=torch.onnx.TrainingMode.TRAINING,
            do_constant_folding=False,
        )  # fmt: skip
    nodes = {node.block: node.params for node in read_onnx(buffer.getvalue()).network.nodes}
    assert nodes["batch_norm"] == {"eps": 1e-3, "momentum": 0.2}
    assert nodes["dropout"] == {"p": 0.3}


class Mixed(nn.Module):
    """Ways of writing that tutorials use."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1, groups=4)
        self.fc = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.max_pool2d(functional.silu(self.conv1(x)), 2)
        y = torch.cat([x, self.conv2(x) + x], 1)
        y = functional.leaky_relu(y, 0.1) * 0.5
        y = y.mean((2, 3))
        return functional.log_softmax(self.fc(y.view(y.size(0), -1)), 1)


def test_ways_of_writing() -> None:
    found = read_onnx(exported(Mixed(), 1, 8, 8))
    assert [(node.block, node.params) for node in found.network.nodes] == [
        ("input", {"channels": 1, "height": 8, "width": 8}),
        ("conv2d", {"filters": 4, "padding": 1}),
        ("swish", {}),
        ("max_pool", {}),
        ("depthwise_conv2d", {"padding": 1}),
        ("add", {}),
        ("concat", {}),
        ("leaky_relu", {"slope": 0.1}),
        ("linear_activation", {"c": 0.5}),
        ("global_avg_pool", {}),
        ("flatten", {}),
        ("dense", {"units": 5}),
        ("output", {}),
    ]
    assert found.network.nodes[1].id == "conv1"
    assert found.network.name == "Imported"
    assert found.remarks == ["Its last operator, LogSoftmax, was left out: the loss here takes it along.", WEIGHTS]


def value(name: str, *sides: Any, kind: int = TensorProto.FLOAT) -> Any:
    return helper.make_tensor_value_info(name, kind, list(sides))


def tensor(name: str, array: Any) -> TensorProto:
    return numpy_helper.from_array(np.asarray(array), name)


def ones(name: str, *sides: int) -> TensorProto:
    return tensor(name, np.ones(sides, np.float32))


def model(nodes: list[Any], *tensors: TensorProto, sides: tuple[Any, ...] = ("n", 2, 8, 8), **more: Any) -> bytes:
    """Operators from x to y, with the tensors that they name."""
    inputs = more.pop("inputs", [value("x", *sides)])
    outputs = more.pop("outputs", [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    opset = more.pop("opset", 18)
    graph = helper.make_graph(nodes, more.pop("name", "g"), inputs, outputs, list(tensors))
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9, **more)
    return bytes(made.SerializeToString())


def op(kind: str, *inputs: str, out: str = "y", name: str = "", **attributes: Any) -> Any:
    return helper.make_node(kind, list(inputs), [out], name=name, **attributes)


def blocks(data: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Kinds and settings between input and output."""
    return [(node.block, node.params) for node in read_onnx(data).network.nodes[1:-1]]


CONV = ones("w", 3, 2, 3, 3)
READ: dict[str, tuple[bytes, list[tuple[str, dict[str, Any]]]]] = {
    "automatic padding": (
        model([op("Conv", "x", "w", auto_pad="SAME_UPPER")], CONV),
        [("conv2d", {"filters": 3, "padding": 1, "bias": False})],
    ),
    "no padding": (
        model([op("Conv", "x", "w", auto_pad="VALID", pads=[0, 0, 0, 0])], CONV),
        [("conv2d", {"filters": 3, "bias": False})],
    ),
    "a pad before a convolution": (
        model([op("Pad", "x", "p", out="a"), op("Conv", "a", "w")], CONV, tensor("p", [0, 0, 2, 1, 0, 0, 2, 1])),
        [("conv2d", {"filters": 3, "padding": [2, 1], "bias": False})],
    ),
    "a pad along named axes": (
        model(
            [op("Pad", "x", "p", "", "axes", out="a"), op("Conv", "a", "w")], CONV, tensor("p", [1, 1, 1, 1]),
            tensor("axes", [2, -1]),
        ),
        [("conv2d", {"filters": 3, "padding": 1, "bias": False})],
    ),
    "a bias added": (
        model([op("Conv", "x", "w", out="a"), op("Add", "a", "b")], CONV, ones("b", 1, 3, 1, 1)),
        [("conv2d", {"filters": 3})],
    ),
    "a product and a bias": (
        model([op("Flatten", "x", out="a"), op("MatMul", "a", "w", out="b"), op("Add", "v", "b")],
              ones("w", 128, 5), ones("v", 5)),
        [("flatten", {}), ("dense", {"units": 5})],
    ),
    "a product alone, its weights turned": (
        model([op("Flatten", "x", out="a"), op("Transpose", "w", out="t", perm=[1, 0]), op("MatMul", "a", "t")],
              ones("w", 5, 128)),
        [("flatten", {}), ("dense", {"units": 5, "bias": False})],
    ),
    "reshape by the batch's own size": (
        model(
            [op("Shape", "x", out="s"), op("Gather", "s", "zero", out="n", axis=0),
             op("Unsqueeze", "n", "axis", out="u"), op("Concat", "u", "rest", out="t", axis=0),
             op("Reshape", "x", "t")],
            tensor("zero", np.int64(0)), tensor("axis", [0]), tensor("rest", [-1]),
        ),
        [("flatten", {})],
    ),
    "reshape that copies the batch": (
        model([op("Reshape", "x", "t")], tensor("t", [0, -1])), [("flatten", {})],
    ),
    "reshape to known units": (
        model([op("Constant", out="t", value_ints=[-1, 128]), op("Reshape", "x", "t")]), [("flatten", {})],
    ),
    "nothing at all": (
        model([op("Identity", "x", out="a"), op("Cast", "a", out="b", to=1), op("Reshape", "b", "t")],
              tensor("t", [0, 2, 8, 8])),
        [],
    ),
    "a mean over the pixels": (
        model([op("ReduceMean", "x", "axes", keepdims=0)], tensor("axes", [-2, -1])),
        [("global_avg_pool", {}), ("flatten", {})],
    ),
    "a mean in an old file": (
        model([op("ReduceMean", "x", axes=[2, 3], keepdims=1)], opset=13), [("global_avg_pool", {})],
    ),
    "squeezed": (
        model([op("GlobalAveragePool", "x", out="a"), op("Squeeze", "a", "axes")], tensor("axes", [2, 3])),
        [("global_avg_pool", {}), ("flatten", {})],
    ),
    "padding behind the image is rounding up": (
        model([op("MaxPool", "x", kernel_shape=[2, 2], strides=[2, 2], pads=[0, 0, 1, 1])], sides=("n", 2, 7, 7)),
        [("max_pool", {"ceil_mode": True})],
    ),
    "a mean of padded pixels": (
        model([op("Pad", "x", "p", out="a"), op("AveragePool", "a", kernel_shape=[3, 3])],
              tensor("p", [0, 0, 1, 1, 0, 0, 1, 1])),
        [("avg_pool", {"kernel_size": 3, "stride": 1, "padding": 1})],
    ),
    "dropout in an old file": (model([op("Dropout", "x", ratio=0.25)], opset=7), [("dropout", {"p": 0.25})]),
    "a sum of three": (
        model([op("Relu", "x", out="a"), op("Tanh", "x", out="b"), op("Sum", "x", "a", "b")]),
        [("relu", {}), ("tanh", {}), ("add", {})],
    ),
    "a sigmoid that is not only a gate": (
        model([op("Sigmoid", "x", out="a"), op("Mul", "a", "x", out="b"), op("Add", "b", "a")]),
        [("sigmoid", {}), ("swish", {}), ("add", {})],
    ),
    "divided": (model([op("Div", "x", "c")], tensor("c", np.float32(4))), [("linear_activation", {"c": 0.25})]),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_operators_are_read_as_blocks(name: str) -> None:
    data, wanted = READ[name]
    assert blocks(data) == wanted


@pytest.mark.parametrize(
    "name", [name for name in READ if not {"dense", "conv2d"} & {kind for kind, _ in READ[name][1]}]
)
def test_blocks_read_from_operators_give_what_they_give(name: str) -> None:
    """Those without weights, whose output needs nothing else."""
    data, wanted = READ[name]
    if not wanted:
        return
    found = read_onnx(data)
    images = torch.rand(2, 2, 8, 8) if "rounding" not in name else torch.rand(2, 2, 7, 7)
    given, ours = run(data, images, checked=False), run(onnx_model(as_scores(found.network)), images)
    np.testing.assert_allclose(ours.reshape(-1), given.reshape(-1), rtol=1e-5, atol=1e-5)


def as_scores(network: Network) -> Network:
    """With a flatten before the output, which takes a vector."""
    if analyse(network).trainable:
        return network
    return read_network(fixes.insert_before(fixes.document(network), "output", "flatten", {}))


REFUSED = {
    "an operator that no block is": (
        model([op("Resize", "x", "", "s", out="a", name="up1"), op("Hardmax", "a", name="last")], ones("s", 4)),
        "Resize (up1) has no block here. Hardmax (last) has no block here."
        " Replace or remove what is named and export the file again.",
    ),
    "another domain": (
        model([helper.make_node("Gelu", ["x"], ["y"], domain="com.microsoft")]),
        "com.microsoft.Gelu (y) has no block here.",
    ),
    "uneven padding": (
        model([op("Conv", "x", "w", name="c", pads=[0, 0, 1, 1], strides=[2, 2])], CONV),
        "Conv (c) pads unevenly (0, 0 before and 1, 1 after).",
    ),
    "one direction": (
        model([op("Conv", "x", "w", name="c")], ones("w", 3, 2, 3), sides=("n", 2, 8)),
        "The input 'x' has 3 dimensions; images have four",
    ),
    "a size that varies": (
        model([op("Relu", "x")], sides=("n", 3, "h", "w")),
        "Channels, height and width of the image must be numbers; only the batch may vary.",
    ),
    "two inputs": (
        model([op("Add", "x", "z")], inputs=[value("x", "n", 2, 8, 8), value("z", "n", 2, 8, 8)]),
        "The file has 2 inputs; a network here has one, the image.",
    ),
    "no image": (model([op("Relu", "w")], ones("w", 3), inputs=[]), "The file has no input."),
    "a constant output": (
        model([op("Identity", "w")], ones("w", 3)), "The output of the file does not depend on its image.",
    ),
    "an old opset": (model([op("Relu", "x")], opset=6), "The file uses version 6 of ONNX's operators; versions 7 to"),
    "a circle": (
        model([op("Add", "x", "b", out="a", name="one"), op("Relu", "a", out="b", name="one"), op("Relu", "b")]),
        "The operators of the file run in a circle, through one.",
    ),
    "a value made twice": (
        model([op("Relu", "x"), op("Tanh", "x")]), "Two operators of the file make the same value 'y'.",
    ),
    "nothing makes it": (model([op("Relu", "ghost", name="r")]), "Relu (r) reads 'ghost', which nothing makes."),
    "a window that does not fit": (
        model([op("Conv", "x", "w", name="c")], ones("w", 3, 2, 9, 9)),
        "Conv (c): A 9×9 filter does not fit in a 8×8 image.",
    ),
    "too many filters": (
        model([op("Conv", "x", "w", name="c")], ones("w", 9000, 2, 1, 1)),
        "Conv (c): Channels out of Conv is 9000. Use a whole number from 1 to 8192.",
    ),
    "a subgraph": (
        model([op("If", "c", name="branch", then_branch=helper.make_graph([op("Relu", "x")], "t", [], [value("y", 1)]),
                  else_branch=helper.make_graph([op("Tanh", "x")], "e", [], [value("y", 1)]))], tensor("c", True)),
        "If (branch) has no block here.",
    ),
    "softmax along rows": (model([op("Softmax", "x", name="s", axis=-1)]), "goes along another axis than the channels"),
    "a reshape that mixes images": (
        model([op("Reshape", "x", "t", name="r")], tensor("t", [-1, 2, 64])),
        "Reshape (r) gives neither one vector for each image nor the image as it was.",
    ),
    "attributes of another kind": (
        model([op("MaxPool", "x", name="p", kernel_shape=2.5)]), "has attributes that no such operator has",
    ),
    "letters for pixels": (
        model([op("Relu", "x")], inputs=[value("x", "n", 3, 8, 8, kind=TensorProto.STRING)]),
        "The input 'x' has no shape",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_named(name: str) -> None:
    data, words = REFUSED[name]
    with pytest.raises(Unsupported) as caught:
        read_onnx(data)
    assert words in str(caught.value)


def test_many_operators_of_a_kind_are_named_together() -> None:
    nodes = [op("Relu", "x", out="v0")]
    nodes += [op("Elu", f"v{n}", out=f"v{n + 1}", name=f"e{n}") for n in range(6)]
    with pytest.raises(Unsupported, match=r"^Elu \(e0, e1, e2, e3 and 2 more\) has no block here\."):
        read_onnx(model([*nodes, op("Identity", "v6")]))


def test_only_what_leads_to_the_output_counts() -> None:
    data = model([op("Resize", "x", out="z"), op("Relu", "x")], outputs=[value("y", None), value("z", None)])
    found = read_onnx(data)
    assert [node.block for node in found.network.nodes] == ["input", "relu", "output"]
    assert found.remarks[0] == "Only the first output was read; 'z' was left out."


def test_images_with_their_channels_last_are_turned() -> None:
    data = model([op("Transpose", "x", out="a", perm=[0, 3, 1, 2]), op("Conv", "a", "w")], CONV, sides=(1, 6, 7, 2))
    found = read_onnx(data)
    assert found.network.nodes[0].params == {"channels": 2, "height": 6, "width": 7}
    assert "channels last" in found.remarks[0]


def test_vectors_are_small_images() -> None:
    found = read_onnx(model([op("Gemm", "x", "w")], ones("w", 784, 10), sides=("n", 784)))
    assert [node.block for node in found.network.nodes] == ["input", "flatten", "dense", "output"]
    assert found.network.nodes[0].params == {"channels": 1, "height": 1, "width": 784}


def test_shared_weights_are_told() -> None:
    weights = ones("w", 2, 2, 1, 1)
    found = read_onnx(model([op("Conv", "x", "w", out="a"), op("Conv", "a", "w")], weights))
    assert "Some layers of the file share their weights; here each has its own." in found.remarks


def test_weights_outside_the_file_are_not_looked_for() -> None:
    weights = CONV
    outside = onnx.TensorProto(name="w", data_type=1, dims=[3, 2, 3, 3], data_location=TensorProto.EXTERNAL)
    for key, text in (("location", "/etc/passwd"), ("offset", "0"), ("length", "216")):
        outside.external_data.add(key=key, value=text)
    assert blocks(model([op("Conv", "x", "w")], outside)) == blocks(model([op("Conv", "x", "w")], weights))
    shape = onnx.TensorProto(name="t", data_type=7, dims=[2], data_location=TensorProto.EXTERNAL)
    shape.external_data.add(key="location", value="/etc/passwd")
    with pytest.raises(Unsupported, match="reshapes to something that is not fixed"):
        read_onnx(model([op("Reshape", "x", "t")], shape))


@pytest.mark.parametrize("data", [b"", b"\x00", b"PK\x03\x04", b'{"nodes": []}', b"\x08\x09", bytes(1000)])
def test_what_is_no_onnx_file(data: bytes) -> None:
    with pytest.raises(Unsupported, match=r"not an ONNX file|holds no network"):
        read_onnx(data)
