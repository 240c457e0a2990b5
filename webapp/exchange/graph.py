"""The graph of an ONNX file: operators in order, constants, and what is computed from constants alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from onnx import AttributeProto, GraphProto, NodeProto, TensorProto

from playground.operators import Stored
from webapp.exchange.refusal import Unsupported

MAX_VALUES = 4096
"""Values of a constant that is read; larger ones are weights, of which the dimensions are enough."""
MAX_OPERATORS = 4_096
OLDEST_OPSET = 7
_RAW = {
    TensorProto.FLOAT: ("<f4", "float_data"),
    TensorProto.DOUBLE: ("<f8", "double_data"),
    TensorProto.INT64: ("<i8", "int64_data"),
    TensorProto.INT32: ("<i4", "int32_data"),
    TensorProto.BOOL: ("|b1", "int32_data"),
}
"""Types that are read: how raw bytes hold them, and which field holds them otherwise."""


class Operation(NamedTuple):
    """One operator of the file."""

    op: str
    name: str
    inputs: tuple[str, ...]
    """Names of values; "" for one that is left out."""
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    @property
    def short_name(self) -> str:
        """For a sentence: its own name, else that of what it makes."""
        return shortened(self.name or self.outputs[0])


class Graph:
    """Operators that lead to the output, each after what it reads."""

    def __init__(self, graph: GraphProto) -> None:
        if len(graph.node) > MAX_OPERATORS:
            raise Unsupported(f"The file has {len(graph.node):,} operators; at most {MAX_OPERATORS:,} can be read.")
        self.constants: dict[str, Stored] = {each.name: stored(each) for each in graph.initializer}
        operations = [_operation(node) for node in graph.node]
        self.makers: dict[str, Operation] = {}
        for each in operations:
            for output in each.outputs:
                if output in self.makers:
                    raise Unsupported(f"Two operators of the file make the same value '{shortened(output)}'.")
                if output:
                    self.makers[output] = each
        self.images: set[str] = set()
        """Values that depend on the image; filled as they are read."""
        self.outputs = [each.name for each in graph.output]
        self.order = self._sorted(self.outputs[0]) if self.outputs else []

    def maker(self, value: str) -> Operation | None:
        """The operator whose first output the value is."""
        found = self.makers.get(value)
        return found if found and found.outputs[0] == value else None

    def is_image(self, value: str) -> bool:
        """Whether it depends on the image."""
        return value in self.images

    def is_constant(self, value: str) -> bool:
        """Whether it is known."""
        return value in self.constants

    def _sorted(self, output: str) -> list[Operation]:
        """The operators that the output needs, each after what it reads, else in the order of the file."""
        needed: dict[str, Operation] = {}
        waiting = [output]
        while waiting:
            found = self.makers.get(waiting.pop())
            if found and found.outputs[0] not in needed:
                needed[found.outputs[0]] = found
                waiting.extend(found.inputs)
        places = {key: place for place, key in enumerate(self.makers) if key in needed}
        sources = {
            key: {self.makers[name].outputs[0] for name in operation.inputs if name in self.makers}
            for key, operation in needed.items()
        }
        readers: dict[str, list[str]] = {}
        for key, before in sources.items():
            for source in before:
                readers.setdefault(source, []).append(key)
        missing = {key: len(before) for key, before in sources.items()}
        ready = [(places[key], key) for key, count in missing.items() if not count]
        heapify(ready)
        order = []
        while ready:
            _, key = heappop(ready)
            order.append(needed[key])
            for reader in readers.get(key, ()):
                missing[reader] -= 1
                if not missing[reader]:
                    heappush(ready, (places[reader], reader))
        if len(order) < len(needed):
            stuck = {key: before for key, before in sources.items() if missing[key]}
            raise Unsupported(f"The operators of the file run in a circle, through {_on_a_circle(stuck, needed)}.")
        return order


def _on_a_circle(stuck: Mapping[str, set[str]], operations: Mapping[str, Operation]) -> str:
    """Every operator that a circle holds back has another before it, so that walking back must come round."""
    key, seen = next(iter(stuck)), set()
    while key not in seen:
        seen.add(key)
        key = next(source for source in sorted(stuck[key]) if source in stuck)
    return operations[key].short_name


def shortened(text: str) -> str:
    """A name from the file, fit for a sentence."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text[:200])
    return clean if len(clean) <= 60 else f"{clean[:57]}…"


def _operation(node: NodeProto) -> Operation:
    inputs = list(node.input)
    while inputs and not inputs[-1]:
        inputs.pop()
    domain = "" if node.domain in {"", "ai.onnx"} else f"{shortened(node.domain)}."
    attributes = {each.name: _attribute(each) for each in node.attribute}
    return Operation(f"{domain}{shortened(node.op_type)}", node.name, tuple(inputs), tuple(node.output), attributes)


def _attribute(found: AttributeProto) -> Any:
    """Its value; real numbers as the shortest that are the same float32."""
    if found.type == AttributeProto.FLOAT:
        return shortest(found.f)
    if found.type == AttributeProto.INT:
        return found.i
    if found.type == AttributeProto.STRING:
        return found.s.decode("utf-8", "replace")
    if found.type == AttributeProto.TENSOR:
        return stored(found.t)
    if found.type == AttributeProto.INTS:
        return list(found.ints)
    if found.type == AttributeProto.FLOATS:
        return [shortest(value) for value in found.floats]
    return None


def shortest(value: float) -> float:
    """0.10000000149011612, a float32, as 0.1."""
    return float(str(np.float32(value)))


def stored(tensor: TensorProto) -> Stored:
    """Dimensions, and values where they are few and inside the file. Nothing is allocated that is not there."""
    dims = tuple(tensor.dims)
    count = prod(dims)
    if any(side < 0 for side in dims):
        raise Unsupported(f"The tensor '{shortened(tensor.name)}' has a negative dimension.")
    if count > MAX_VALUES or tensor.data_location == TensorProto.EXTERNAL or tensor.data_type not in _RAW:
        return Stored(dims, None)
    kind, field = _RAW[tensor.data_type]
    if tensor.raw_data:
        if len(tensor.raw_data) != count * np.dtype(kind).itemsize:
            return Stored(dims, None)
        values: NDArray[Any] = np.frombuffer(tensor.raw_data, kind)
    else:
        listed = getattr(tensor, field)
        if len(listed) != count:
            return Stored(dims, None)
        values = np.array(listed, kind)
    if tensor.data_type in {TensorProto.FLOAT, TensorProto.DOUBLE}:
        if not np.isfinite(values).all():
            return Stored(dims, None)
        exact = tensor.data_type == TensorProto.DOUBLE
        return Stored(dims, tuple(float(value) if exact else shortest(value) for value in values))
    return Stored(dims, tuple(int(value) for value in values))


def computed(operation: Operation, inputs: Sequence[Stored | None], opset: int) -> Stored | None:
    """What an operator makes of constants; None where that is not known here. Weights keep their dimensions alone."""
    if operation.op == "Constant":
        return _constant(operation.attributes)
    rule = FOLDED.get(operation.op)
    first = inputs[0] if inputs else None
    if rule is None or first is None:
        return None
    try:
        if first.values is None:
            dims = _dims_alone(operation, first.dims, inputs)
            return None if dims is None else Stored(dims, None)
        if any(each is None or each.values is None or len(each.dims) > 1 for each in inputs[1:]):
            return None
        arrays = [_array(each) for each in inputs if each is not None]
        with np.errstate(all="ignore"):
            found = np.asarray(rule(arrays, operation.attributes))
    except (ValueError, IndexError, OverflowError, ZeroDivisionError, TypeError, KeyError):
        return None
    if found.size > MAX_VALUES:
        return None
    return Stored(found.shape, tuple(value.item() for value in found.ravel()))


def _constant(attributes: Mapping[str, Any]) -> Stored | None:
    for name, value in attributes.items():
        if isinstance(value, Stored):
            return value
        if name in {"value_float", "value_int"}:
            return Stored((), (value,))
        if name in {"value_floats", "value_ints"} and len(value) <= MAX_VALUES:
            return Stored((len(value),), tuple(value))
    return None


def _dims_alone(operation: Operation, dims: tuple[int, ...], inputs: Sequence[Stored | None]) -> tuple[int, ...] | None:
    """Of weights that are only turned round or renamed."""
    if operation.op in {"Identity", "Cast"}:
        return dims
    if operation.op == "Transpose":
        order = operation.attributes.get("perm") or list(range(len(dims)))[::-1]
        return tuple(dims[axis] for axis in order) if sorted(order) == list(range(len(dims))) else None
    target = inputs[1] if len(inputs) == 2 else None
    if operation.op == "Reshape" and target and target.values is not None:
        wanted = [int(side) for side in target.values]
        known = prod(side for side in wanted if side > 0)
        if wanted.count(-1) == 1 and known and prod(dims) % known == 0:
            wanted[wanted.index(-1)] = prod(dims) // known
        return tuple(wanted) if prod(wanted) == prod(dims) and all(side > 0 for side in wanted) else None
    return None


def _array(constant: Stored) -> NDArray[Any]:
    assert constant.values is not None
    return np.array(constant.values).reshape(constant.dims)


def _axes(arrays: Sequence[NDArray[Any]], attributes: Mapping[str, Any]) -> tuple[int, ...]:
    given = attributes.get("axes") if len(arrays) < 2 else arrays[1].ravel()
    return tuple(int(axis) for axis in given) if given is not None else ()


def _slice(arrays: Sequence[NDArray[Any]], attributes: Mapping[str, Any]) -> Any:
    values = arrays[0]
    starts, ends = (
        (arrays[1].ravel(), arrays[2].ravel()) if len(arrays) > 2 else (attributes["starts"], attributes["ends"])
    )
    steps = arrays[4].ravel() if len(arrays) > 4 else [1]
    if values.ndim != 1 or len(starts) != 1:
        raise ValueError
    return values[int(starts[0]) : int(ends[0]) : int(steps[0])]


def _calculated(arrays: Sequence[NDArray[Any]], how: Any) -> Any:
    """Of two lists, or a list and a number: nothing that grows."""
    first, second = arrays
    if first.ndim > 1 or second.ndim > 1:
        raise ValueError
    return how(first, second)


def _filled(arrays: Sequence[NDArray[Any]], attributes: Mapping[str, Any]) -> Any:
    sides = [int(side) for side in arrays[0].ravel()]
    if any(side < 0 for side in sides) or prod(sides) > MAX_VALUES:
        raise ValueError
    value = attributes.get("value")
    return np.full(sides, value.values[0] if isinstance(value, Stored) and value.values else 0.0)


def _gathered(arrays: Sequence[NDArray[Any]], attributes: Mapping[str, Any]) -> Any:
    if arrays[0].ndim != 1 or attributes.get("axis", 0) not in {0, -1}:
        raise ValueError
    return arrays[0][arrays[1].astype(int)]


def _divided(first: NDArray[Any], second: NDArray[Any]) -> Any:
    if not np.all(second):
        raise ZeroDivisionError
    whole = first.dtype.kind == second.dtype.kind == "i"
    return np.trunc(first / second).astype(int) if whole else first / second


FOLDED: Mapping[str, Any] = {
    "Identity": lambda arrays, attributes: arrays[0],
    "Cast": lambda arrays, attributes: arrays[0].astype(
        int if attributes.get("to") in {TensorProto.INT64, TensorProto.INT32} else float
    ),
    "Gather": _gathered,
    "Slice": _slice,
    "Concat": lambda arrays, attributes: np.concatenate([each.reshape(-1) for each in arrays]),
    "Unsqueeze": lambda arrays, attributes: np.expand_dims(arrays[0], _axes(arrays, attributes)),
    "Squeeze": lambda arrays, attributes: np.squeeze(arrays[0], _axes(arrays, attributes) or None),
    "Transpose": lambda arrays, attributes: np.transpose(arrays[0], attributes.get("perm")),
    "Reshape": lambda arrays, attributes: arrays[0].reshape([int(side) for side in arrays[1]]),
    "ConstantOfShape": _filled,
    "ReduceProd": lambda arrays, attributes: np.prod(arrays[0]).reshape([1] * bool(attributes.get("keepdims", 1))),
    "Mul": lambda arrays, attributes: _calculated(arrays, np.multiply),
    "Add": lambda arrays, attributes: _calculated(arrays, np.add),
    "Sub": lambda arrays, attributes: _calculated(arrays, np.subtract),
    "Div": lambda arrays, attributes: _calculated(arrays, _divided),
}
"""What is computed where all inputs are known: the small arithmetic of shapes."""
