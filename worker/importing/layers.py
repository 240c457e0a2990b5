"""Layers of torch as blocks: a block is the one whose torch() gives the same class with the same arguments."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from torch import nn

from playground.blocks import CATALOGUE
from playground.blocks.base import Settings
from playground.expansion import check_inputs
from playground.settings import SettingError, make_block
from playground.shapes import Shape, ShapeError

IGNORED = {"self", "inplace", "device", "dtype"}
"""Arguments that say how, not what."""


class NoBlock(ValueError):
    """No block is this operation. The message says why, half a sentence; it may be empty."""


def arguments_of(module: nn.Module) -> dict[str, Any]:
    """What the layer was made with, as its constructor names it; a bias as whether there is one."""
    found = {}
    for name, parameter in _parameters(type(module)).items():
        value = getattr(module, name, parameter.default)
        found[name] = value is not None if name == "bias" else value
    return found


@cache
def _parameters(layer: type[nn.Module]) -> Mapping[str, inspect.Parameter]:
    parameters = inspect.signature(layer).parameters
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {name: each for name, each in parameters.items() if name not in IGNORED and each.kind not in several}


def called(name: str, positional: Sequence[Any], named: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """relu(x) as the layer ReLU, max_pool2d(x, 2) as MaxPool2d(2); None for a function that is no layer."""
    layer = _layer_classes().get(name.strip("_").replace("_", ""))
    if layer is None:
        return None
    parameters = _parameters(layer)
    order = ORDERS.get(name) or tuple(parameters)
    given = {**dict(zip(order, positional, strict=False)), **named}
    defaults = {key: each.default for key, each in parameters.items() if each.default is not each.empty}
    return layer.__name__, {**defaults, **{key: value for key, value in given.items() if key in parameters}}


ORDERS = {
    "max_pool2d": ("kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices"),
    "leaky_relu": ("negative_slope", "inplace"),
    "dropout": ("p", "training"),
}
"""Functions that take their arguments in another order than the layer."""


@cache
def _layer_classes() -> dict[str, type[nn.Module]]:
    """Without weights of their own: a function's weights are tensors that no layer holds."""
    weighted = (nn.Conv2d, nn.Linear, nn.BatchNorm2d, nn.BatchNorm1d)
    found = {name.lower(): value for name, value in vars(nn).items() if isinstance(value, type)}
    return {
        name: value for name, value in found.items() if issubclass(value, nn.Module) and not issubclass(value, weighted)
    }


def block_of(layer: str, arguments: Mapping[str, Any], shapes: Sequence[Shape]) -> tuple[str, Settings]:
    """The block and its settings. Raises NoBlock."""
    wanted = _settled(layer, arguments, shapes[0])
    found: list[tuple[str, Settings]] = []
    near = ""
    for kind, block in CATALOGUE.items():
        if block.composite or block.family == "data":
            continue
        settings = block.from_torch({name: _written(value) for name, value in wanted.items()})
        if settings is None:
            continue
        try:
            made = make_block(kind, settings)
            check_inputs(made, shapes)
            made.shape(*shapes)
            given = made.torch(*shapes)
        except (SettingError, ShapeError) as error:
            near = near or (f": {error.message} {error.hint}" if _is_like(kind, layer) else "")
            continue
        if given.module != layer:
            continue
        known = given.arguments
        odd = [name for name, value in wanted.items() if not _same(value, known.get(name, _default(layer, name)))]
        if odd:
            near = near or f"with {odd[0]}={wanted[odd[0]]!r} is no block here"
            continue
        found.append((kind, settings))
    if not found:
        raise NoBlock(near)
    return min(found, key=lambda each: len(each[1]))


def _is_like(kind: str, layer: str) -> bool:
    """Whether the block's troubles are worth telling of this layer."""
    return kind.replace("_", "") in layer.lower() or (kind, layer) == ("dense", "Linear")


def _default(layer: str, name: str) -> Any:
    parameter = _parameters(getattr(nn, layer)).get(name)
    return None if parameter is None or parameter.default is parameter.empty else parameter.default


def _settled(layer: str, arguments: Mapping[str, Any], image: Shape) -> dict[str, Any]:
    """Arguments in the form in which blocks give them."""
    found = dict(arguments)
    if "Pool2d" in layer and found.get("stride") is None:
        found["stride"] = found.get("kernel_size")
    if layer == "Conv2d" and isinstance(found["padding"], str):
        reach = [(size - 1) * gap for size, gap in zip(found["kernel_size"], found["dilation"], strict=True)]
        if found["padding"] == "valid":
            found["padding"] = (0, 0)
        elif not any(far % 2 for far in reach):
            found["padding"] = (reach[0] // 2, reach[1] // 2)
    if layer == "Softmax" and isinstance(found.get("dim"), int):
        found["dim"] %= len(image) + 1
    found.pop("start_dim", None)
    found.pop("end_dim", None)
    return found


def _written(value: Any) -> Any:
    """(3, 3) as 3, (1, 7) as [1, 7]: as documents write pairs."""
    if isinstance(value, tuple) and len(value) == 2:
        return value[0] if value[0] == value[1] else list(value)
    return value


def _same(value: Any, other: Any) -> bool:
    """2 and (2, 2) are the same; True and 1 are not."""
    value, other = _written(value), _written(other)
    return bool(value == other) and isinstance(value, bool) == isinstance(other, bool)
