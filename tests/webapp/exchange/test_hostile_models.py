"""Broken and hostile model files at the API: no 500, no hang, nothing large allocated, nothing read from disk."""

from __future__ import annotations

import random
import resource
import time
from collections import Counter

import numpy as np
import onnx
import pytest
from django.test import Client
from onnx import TensorProto, helper, numpy_helper

from playground.zoo import ZOO
from webapp.exchange.onnx_out import onnx_model
from webapp.exchange.wire import MAX_FIELDS, _Budget, _model
from webapp.limits import MAX_MODEL_BYTES

ROUNDS = 1500
SECONDS = 1.5
MEGABYTES = 150
BYTES = "application/octet-stream"


def post(client: Client, body: bytes) -> tuple[int, dict[str, object]]:
    begin = time.process_time()
    response = client.post("/api/import", body, content_type=BYTES)
    assert response.status_code in {200, 413, 422}, (response.status_code, body[:200])
    assert time.process_time() - begin < SECONDS, body[:200]
    answer = response.json()
    if response.status_code != 200:
        assert answer["error"]["message"] and "Traceback" not in answer["error"]["message"]
        assert len(answer["error"]["message"]) < 4000
    return response.status_code, answer


def most_memory() -> float:
    """The most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def with_weights(name: str) -> bytes:
    graph = onnx.ModelProto.FromString(onnx_model(ZOO[name].network)).graph
    chance = np.random.default_rng(1)
    weights = {
        each.name: chance.random([dim.dim_value for dim in each.type.tensor_type.shape.dim], np.float32)
        for each in graph.input[1:]
    }
    return onnx_model(ZOO[name].network, weights)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, cut out, doubled, or the end cut off."""
    found = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 30])):
        place = chance.randrange(len(found))
        kind = chance.random()
        if kind < 0.6:
            found[place] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
        elif kind < 0.75:
            del found[place : place + chance.choice([1, 2, 100])]
        elif kind < 0.9:
            found[place:place] = found[place : place + chance.choice([1, 10, 1000])]
        else:
            del found[place:]
        if len(found) < 2:
            break
    return bytes(found or b"\0")


@pytest.mark.slow
@pytest.mark.django_db
def test_mutated_files(client: Client) -> None:
    chance = random.Random(1986)
    originals = [onnx_model(ZOO[name].network) for name in ("lenet-5", "resnet-8", "small-inception", "mlp")]
    originals += [with_weights("lenet-5")]
    bare = []
    for data in originals:  # no document inside: the operators alone must bear it
        model = onnx.ModelProto.FromString(data)
        del model.metadata_props[:]
        bare.append(model.SerializeToString())
    statuses: Counter[int] = Counter()
    post(client, bare[0])
    before = most_memory()
    for _ in range(ROUNDS):
        statuses[post(client, mutated(chance.choice(originals + bare), chance))[0]] += 1
    assert {200, 422} <= set(statuses), statuses
    assert most_memory() - before < MEGABYTES


def field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def model_of(graph: bytes) -> bytes:
    return b"\x08\x09" + field(7, graph) + field(8, b"\x10\x12")


def graph_with(*nodes: onnx.NodeProto, tensors: tuple[TensorProto, ...] = ()) -> bytes:
    image = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 8, 8])
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph(list(nodes), "g", [image], [output], list(tensors))
    return bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)]).SerializeToString())


def huge_tensor() -> TensorProto:
    """Claims 2^60 values and has none."""
    return TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2**30, 2**30])


def a_shape_of(*sides: int) -> TensorProto:
    return numpy_helper.from_array(np.array(sides, np.int64), "s")


def nested(depth: int) -> bytes:
    """Subgraphs in subgraphs."""
    inner = b""
    for _ in range(depth):
        inner = field(1, field(5, field(6, inner)))
    return model_of(inner)


HURTFUL = {
    "a million empty operators": model_of(b"\x0a\x00" * 1_000_000 + field(12, field(1, b"y"))),
    "a million empty attributes": model_of(field(1, b"\x2a\x00" * 1_000_000)),
    "a million dimensions": model_of(field(11, field(2, field(1, field(2, b"\x0a\x00" * 1_000_000))))),
    "a million opsets": b"\x42\x00" * 1_000_000,
    "a length of exabytes": b"\x3a" + varint(2**60) + b"abc",
    "a length of 11 bytes": b"\x3a" + b"\xff" * 11,
    "two graphs": model_of(b"") + onnx_model(ZOO["lenet-5"].network),
    "subgraphs in subgraphs": nested(5_000),
    "groups in groups": b"\x0b" * 100_000,
    "a tensor that is not there": graph_with(helper.make_node("Conv", ["x", "w"], ["y"]), tensors=(huge_tensor(),)),
    "a constant of exabytes": graph_with(
        helper.make_node("ConstantOfShape", ["s"], ["c"]), helper.make_node("Add", ["x", "c"], ["y"]),
        tensors=(a_shape_of(2**31, 2**31),),
    ),
    "a reshape to exabytes": graph_with(
        helper.make_node("Reshape", ["x", "s"], ["y"]), tensors=(a_shape_of(1, 2**62),)
    ),
    "doubled and doubled": graph_with(
        helper.make_node("Relu", ["x"], ["v0"]),
        *(helper.make_node("Concat", [f"v{n}", f"v{n}"], [f"v{n + 1}"], axis=1) for n in range(500)),
        helper.make_node("Relu", ["v500"], ["y"]),
    ),
    "shapes doubled and doubled": graph_with(
        helper.make_node("Shape", ["x"], ["v0"]),
        *(helper.make_node("Concat", [f"v{n}", f"v{n}"], [f"v{n + 1}"], axis=0) for n in range(500)),
        helper.make_node("Reshape", ["x", "v500"], ["y"]),
    ),
    "ten thousand activations": graph_with(
        *(helper.make_node("Relu", [f"v{n}" if n else "x"], [f"v{n + 1}"]) for n in range(10_000)),
        helper.make_node("Relu", ["v10000"], ["y"]),
    ),
    "everything joined": graph_with(
        *(helper.make_node("Relu", ["x"], [f"v{n}"]) for n in range(900)),
        *(helper.make_node("Sum", [f"v{n}" for n in range(900)], [f"s{n}"]) for n in range(50)),
        helper.make_node("Sum", [f"s{n}" for n in range(50)], ["y"]),
    ),
    "names of a megabyte": graph_with(helper.make_node("Nothing", ["x"], ["y"], name="n" * 10**6)),
    "a window of nothing": graph_with(
        helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[0, 0], strides=[0, 0], auto_pad="SAME_UPPER")
    ),
    "numbers that are none": graph_with(helper.make_node("LeakyRelu", ["x"], ["y"], alpha=float("nan"))),
    "strides beyond all": graph_with(
        helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[2**62, 1], strides=[2**62, -(2**62)])
    ),
    "every attribute a text": graph_with(
        helper.make_node("Gemm", ["x", "w"], ["y"], alpha="a", transB="b", transA="c"),
        tensors=(numpy_helper.from_array(np.ones((2, 2), np.float32), "w"),),
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", HURTFUL)
def test_files_made_to_hurt(client: Client, name: str) -> None:
    before = most_memory()
    post(client, HURTFUL[name])
    assert most_memory() - before < MEGABYTES


def test_the_budget_is_enough_for_the_largest_networks() -> None:
    budget = _Budget()
    _model(budget, memoryview(onnx_model(ZOO["resnet-152"].network)))
    assert budget.fields < MAX_FIELDS / 3


@pytest.mark.django_db
def test_weights_take_no_part(client: Client) -> None:
    """A file of 28 MB, nearly all of it weights, is read at once."""
    data = with_weights("resnet-20")
    padding = numpy_helper.from_array(np.zeros(7_000_000, np.float32), "unused")
    model = onnx.ModelProto.FromString(data)
    model.graph.initializer.append(padding)
    status, answer = post(client, model.SerializeToString())
    assert status == 200 and len(answer["network"]["nodes"]) == len(ZOO["resnet-20"].network.nodes)  # type: ignore[index, arg-type, call-overload]


@pytest.mark.django_db
def test_a_file_beyond_the_limit_says_how_to_export_a_smaller_one(client: Client) -> None:
    status, answer = post(client, bytes(MAX_MODEL_BYTES + 1))
    assert status == 413
    assert "export it without weights" in str(answer)
