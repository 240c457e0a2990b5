"""onnx_model(network, weights): the network as an ONNX model, which other programs run and onnx_in reads back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from playground.blocks.base import Shape
from playground.fixes import document
from playground.network import Network
from playground.operators import OPSET, Constant, Operator, Weight, names_of_inputs
from playground.plan import Plan, PlanStep, plan
from playground.settings import make_block
from playground.tensors import module_names
from webapp.exchange.refusal import Unsupported

IR_VERSION = 9
"""Of the file; the one that came with opset 20."""
DOCUMENT = "playground.document"
"""Key of the document in the file's metadata."""
PRODUCER = "CNN playground"
BATCH = "batch"
Weights = Mapping[str, NDArray[np.float32]]


class WeightError(ValueError):
    """Weights that are not those of this network."""


def onnx_model(network: Network, weights: Weights | None = None) -> bytes:
    """The file. `weights`: tensors by the worker's names ("c1.weight"), as a file of weights has them.

    Without them they are inputs behind the image, so that whoever runs the model gives them. The document itself is in
    the metadata. Raises NotTrainable, Unsupported for a block that ONNX lacks, and WeightError where a tensor is
    missing or has another shape.
    """
    planned = plan(network)
    modules, needed = module_names(planned), _needed(planned)
    writer = _Writer(weights, planned, modules)
    for step, module in zip(planned.steps, modules, strict=True):
        if step.layer is not None and step.id in needed:
            writer.add(step, module)
    begin, end = planned.steps[0], planned.steps[-1]
    first, last = writer.values[begin.id], writer.values[end.id]
    graph = helper.make_graph(
        writer.nodes,
        network.name or "Untitled",
        [_value(first, begin.shape), *writer.inputs],
        [_value(last, end.shape)],
        writer.tensors,
    )
    graph.node.append(helper.make_node("Identity", [writer.values[end.inputs[0]]], [last], name=last))
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name=PRODUCER,
    )
    helper.set_model_props(model, {DOCUMENT: json.dumps(document(network), ensure_ascii=False)})
    return _bytes(model)


def _bytes(model: ModelProto) -> bytes:
    try:
        return bytes(model.SerializeToString(deterministic=True))
    except ValueError as error:  # protobuf's limit of 2 GB
        raise WeightError(
            "The weights are larger than the 2 GB that an ONNX file holds. Export without them."
        ) from error


def _needed(planned: Plan) -> set[str]:
    """Steps that lead to the output; heads that only training needs do not."""
    needed = {planned.steps[-1].id}
    for step in reversed(planned.steps):
        if step.id in needed:
            needed.update(step.inputs)
    return needed


def _value(name: str, shape: Shape) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [BATCH, *shape])


class _Writer:
    """Operators and tensors of the file, as they are added."""

    def __init__(self, weights: Weights | None, planned: Plan, modules: list[str]) -> None:
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.tensors: list[TensorProto] = []
        self.inputs: list[Any] = []
        self.values = {
            step.id: f"{step.id}/" if step.id.rpartition(".")[0] in modules else step.id for step in planned.steps
        }
        """The value that each step makes has its name, unless a weight might be called so."""

    def add(self, step: PlanStep, module: str) -> None:
        """The operators of one step."""
        block = make_block(step.block, step.params)
        operators = block.onnx(*step.input_shapes)
        if operators is None:
            raise Unsupported(f"{step.label} has no form in ONNX. Take it out, or export the network as PyTorch code.")
        sources = [self.values[name] for name in step.inputs]
        names = dict(zip(names_of_inputs(len(sources)), sources, strict=True))
        for place, operator in enumerate(operators):
            last = place == len(operators) - 1
            output = self.values[step.id] if last else f"{step.id}/{operator.output}"
            inputs = [
                names[given] if isinstance(given, str) else self._tensor(given, output, module, index)
                for index, given in enumerate(operator.inputs)
            ]
            self.nodes.append(_node(operator, inputs, output))
            names[operator.output] = output

    def _tensor(self, given: Weight | Constant, node: str, module: str, index: int) -> str:
        if isinstance(given, Weight):
            return self._weight(given, module)
        kind = np.int64 if given.type == "int64" else np.float32
        values = np.array(given.values[0] if given.scalar else given.values, kind)
        name = f"{node}:{index}"
        self.tensors.append(numpy_helper.from_array(values, name))
        return name

    def _weight(self, weight: Weight, module: str) -> str:
        name = f"{module}.{weight.name}"
        if self.weights is None:
            self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, weight.shape))
            return name
        if name not in self.weights:
            raise WeightError(
                f"The weights have no tensor '{name}'. Give the weights that were trained with this network."
            )
        values = np.ascontiguousarray(self.weights[name], np.float32)
        if values.shape != weight.shape:
            raise WeightError(
                f"'{name}' has the shape {_sides(values.shape)}; this network wants {_sides(weight.shape)}."
                " Give the weights that were trained with this network."
            )
        self.tensors.append(numpy_helper.from_array(values, name))
        return name


def _node(operator: Operator, inputs: list[str], output: str) -> NodeProto:
    return helper.make_node(operator.op, inputs, [output], name=output, **dict(operator.attributes))


def _sides(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "one number"
