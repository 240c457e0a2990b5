"""Functions that are no layers, as blocks: sums, joints, cuts, and layers whose weights the module holds itself."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from torch import fx

from playground.shapes import Shape
from worker.importing.layers import NoBlock, block_of
from worker.importing.operations import Chain, Operations
from worker.importing.trace import is_image

Taken = tuple[Chain, list[fx.Node]]
"""Blocks in a row, and the operations whose values they take."""


def reshaped(before: Shape, after: Shape) -> Chain:
    """Raises NoBlock for what is no flattening."""
    if after == before:
        return []
    if after != (prod(before),):
        raise NoBlock("gives neither one vector for each image nor the image as it was")
    return [("flatten", {})]


def adaptive(layer: str, before: Shape, after: Shape) -> Chain:
    """A pool to a size, which is an ordinary pool where the image divides into that."""
    if before == after:
        return []
    kind = {"AdaptiveAvgPool2d": "avg_pool", "AdaptiveMaxPool2d": "max_pool"}.get(layer)
    if kind == "avg_pool" and after[1:] == (1, 1):
        return [("global_avg_pool", {})]
    if kind is None or len(before) != 3 or any(side % small for side, small in zip(before[1:], after[1:], strict=True)):
        raise NoBlock(
            f"makes {'×'.join(map(str, after[1:]))} of {'×'.join(map(str, before[1:]))}, by windows of many sizes"
        )
    window: list[int] = [side // small for side, small in zip(before[1:], after[1:], strict=True)]
    size = window[0] if window[0] == window[1] else window
    return [(kind, {"kernel_size": size, "stride": size})]


def _passes(operations: Operations, node: fx.Node) -> Taken:
    if _is_step(operations, node):
        source = node.args[0].args[0]  # type: ignore[union-attr]
        return [("step", {})], [source]  # type: ignore[list-item]
    return [], [node.args[0]]  # type: ignore[list-item]


def _is_step(operations: Operations, node: fx.Node) -> bool:
    """(x > 0) as numbers."""
    before = node.args[0]
    if not isinstance(before, fx.Node) or operations.name(before) != "gt":
        return False
    split = operations.split(before)
    return (
        split is not None
        and split[0] is before.args[0]
        and split[1] == 0
        and operations.values[node].is_floating_point()
    )


def _waits(operations: Operations, node: fx.Node) -> Taken:
    raise NoBlock("")


def _reshape(operations: Operations, node: fx.Node) -> Taken:
    first: Any = node.args[0]
    return reshaped(operations.shape(first), operations.shape(node)), [first]


def _add(operations: Operations, node: fx.Node) -> Taken:
    values: list[Any] = list(node.args[:2])
    if not all(isinstance(each, fx.Node) and is_image(operations.values[each]) for each in values):
        raise NoBlock("adds a constant, which no block here does")
    if len(node.args) > 2 or operations.known(node.kwargs.get("alpha", 1)) != 1:
        raise NoBlock("scales what it adds")
    first = values[0]
    while first in operations.sums and len(first.users) == 1:  # a + b + c is one sum
        values[:1] = operations.sums[first]
        first = values[0]
    operations.sums[node] = values
    return [("add", {})], values


def _cat(operations: Operations, node: fx.Node) -> Taken:
    given: Any = node.args[0] if node.args else node.kwargs["tensors"]
    axis = node.args[1] if len(node.args) > 1 else node.kwargs.get("dim", node.kwargs.get("axis", 0))
    values = list(given)
    if int(operations.known(axis)) % (len(operations.shape(values[0])) + 1) != 1:
        raise NoBlock("joins along another axis than the channels")
    return ([("concat", {})] if len(values) > 1 else []), values


def _mul(operations: Operations, node: fx.Node) -> Taken:
    split = operations.split(node)
    if split:
        value, number = split
        return _logistic(operations, value, number) or ([("linear_activation", {"c": number})], [value])
    first, second = node.args[:2]
    for value, gate in ((first, second), (second, first)):
        if isinstance(gate, fx.Node) and operations.name(gate) == "sigmoid" and gate.args[0] is value:
            return [("swish", {})], [value]  # type: ignore[list-item]
    raise NoBlock("multiplies two values, which no block here does")


def _logistic(operations: Operations, value: fx.Node, height: float) -> Taken | None:
    """L · sigmoid(k · (x − x0))"""
    inner = value.args[0] if operations.name(value) == "sigmoid" and value.args else None
    scaled = operations.split(inner) if isinstance(inner, fx.Node) and operations.name(inner) == "mul" else None
    shifted = operations.split(scaled[0]) if scaled and operations.name(scaled[0]) == "sub" else None
    if not scaled or not shifted or shifted[0] is not scaled[0].args[0]:
        return None
    return [("sigmoid", {"k": scaled[1], "x0": shifted[1], "L": height})], [shifted[0]]


def _conv2d(operations: Operations, node: fx.Node) -> Taken:
    """With weights that the module holds itself."""
    given = _bound(node, ("input", "weight", "bias", "stride", "padding", "dilation", "groups"))
    outputs, inner, *kernel = _own_weights(operations, given)
    known = {name: operations.known(given[name]) for name in ("stride", "padding", "dilation") if name in given}
    groups = operations.known(given.get("groups", 1))
    arguments = {
        "in_channels": inner * groups, "out_channels": outputs, "kernel_size": tuple(kernel), "stride": 1, "padding": 0,
        "dilation": 1, "groups": groups, "bias": given.get("bias") is not None, **known,
    }  # fmt: skip
    return [block_of("Conv2d", arguments, [operations.shape(given["input"])])], [given["input"]]


def _linear(operations: Operations, node: fx.Node) -> Taken:
    """With weights that the module holds itself."""
    given = _bound(node, ("input", "weight", "bias"))
    outputs, inputs = _own_weights(operations, given)
    arguments = {"in_features": inputs, "out_features": outputs, "bias": given.get("bias") is not None}
    return [block_of("Linear", arguments, [operations.shape(given["input"])])], [given["input"]]


def _bound(node: fx.Node, names: tuple[str, ...]) -> dict[str, Any]:
    return {**dict(zip(names, node.args, strict=False)), **node.kwargs}


def _own_weights(operations: Operations, given: dict[str, Any]) -> tuple[int, ...]:
    """Dimensions of weights that are a tensor of the module, not the outcome of something."""
    weight = given["weight"]
    if not isinstance(weight, fx.Node) or weight.op != "get_attr":
        raise NoBlock("works with weights that are computed")
    return tuple(operations.values[weight].shape)


def _div(operations: Operations, node: fx.Node) -> Taken:
    split = operations.split(node)
    if not split or split[0] is not node.args[0] or not split[1]:
        raise NoBlock("divides by something else than a number")
    return [("linear_activation", {"c": 1 / split[1]})], [split[0]]


def _neg(operations: Operations, node: fx.Node) -> Taken:
    return [("linear_activation", {"c": -1.0})], [node.args[0]]  # type: ignore[list-item]


def _mean(operations: Operations, node: fx.Node) -> Taken:
    first: Any = node.args[0]
    axes = operations.known(node.args[1] if len(node.args) > 1 else node.kwargs.get("dim"))
    keeps = bool(node.args[2] if len(node.args) > 2 else node.kwargs.get("keepdim", False))
    axes = (axes,) if isinstance(axes, int) else axes
    if len(operations.shape(first)) != 3 or not axes or sorted(axis % 4 for axis in axes) != [2, 3]:
        raise NoBlock("takes the mean over something else than all pixels")
    return [("global_avg_pool", {}), *([] if keeps else [("flatten", {})])], [first]


def _pad(operations: Operations, node: fx.Node) -> Taken:
    """Channels of zeros behind the others; every stride-th pixel if the value before is such a cut."""
    first: Any = node.args[0]
    around = operations.known(node.args[1] if len(node.args) > 1 else node.kwargs.get("pad"))
    mode = node.args[2] if len(node.args) > 2 else node.kwargs.get("mode", "constant")
    value = node.args[3] if len(node.args) > 3 else node.kwargs.get("value")
    if mode != "constant" or value or len(around) != 6 or any(around[:5]) or around[5] < 0:
        raise NoBlock("pads something else than channels, with zeros")
    stride = 1
    if operations.name(first) == "getitem" and (found := _stride(operations, first)):
        stride, first = found, first.args[0]
    return [("pad_shortcut", {"channels": operations.shape(first)[0] + around[5], "stride": stride})], [first]


def _getitem(operations: Operations, node: fx.Node) -> Taken:
    first: Any = node.args[0]
    stride = _stride(operations, node)
    if not stride:
        raise NoBlock("cuts a part out")
    return [("pad_shortcut", {"channels": operations.shape(first)[0], "stride": stride})], [first]


def _stride(operations: Operations, node: fx.Node) -> int:
    """2 for x[:, :, ::2, ::2]; 0 for another cut."""
    cut = operations.known(node.args[1])
    if not isinstance(cut, tuple) or len(cut) != 4 or not all(isinstance(each, slice) for each in cut):
        return 0
    steps = [each.step or 1 for each in cut]
    whole = all(not each.start and each.stop is None for each in cut)
    return steps[2] if whole and steps[0] == steps[1] == 1 and steps[2] == steps[3] else 0


Rule = Callable[[Operations, fx.Node], Taken]
PASSING = {"contiguous", "clone", "detach", "to", "float", "type", "type_as", "identity"}
RULES: dict[str, Rule] = {
    **dict.fromkeys(PASSING, _passes),
    **dict.fromkeys(("flatten", "view", "reshape", "squeeze", "unsqueeze", "view_as", "reshape_as"), _reshape),
    **dict.fromkeys(("gt", "sub"), _waits),
    "add": _add,
    "cat": _cat,
    "mul": _mul,
    "div": _div,
    "neg": _neg,
    "mean": _mean,
    "pad": _pad,
    "getitem": _getitem,
    "conv2d": _conv2d,
    "linear": _linear,
}
"""By the name of the function or method, however it is reached."""
