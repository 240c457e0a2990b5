"""Whether two networks compute the same: equal layers wired alike, whatever they are called and however grouped."""

from __future__ import annotations

import hashlib
import json
import struct
from typing import Any

from playground.blocks.base import Layer
from playground.plan import Plan, PlanStep

SHAPING = {"flatten", "pad_shortcut", "global_avg_pool"}
"""Blocks that leave the values as they were where they leave the shape: the mean of one pixel is that pixel."""


def signature(plan: Plan) -> str:
    """Equal for plans whose outputs are the same function of the image and of weights given in the same order.

    Numbers are compared as float32, which is what files of other programs keep.
    """
    found: dict[str, str] = {}
    sums: dict[str, list[str]] = {}
    """What a sum adds, from left to right; (a + b) + c is a + b + c."""
    for step in plan.steps:
        inputs = [found[name] for name in step.inputs]
        if _passes_on(step):
            found[step.id] = inputs[0]
            continue
        if step.layer is not None and step.layer.function == "add":
            inputs = [*sums.get(inputs[0], inputs[:1]), *inputs[1:]]
        text = json.dumps([_layer(step), inputs])
        found[step.id] = hashlib.sha256(text.encode()).hexdigest()
        if step.layer is not None and step.layer.function == "add":
            sums[found[step.id]] = inputs
    return found[plan.steps[-1].id]


def _passes_on(step: PlanStep) -> bool:
    """The output, and what is there for the drawing alone."""
    if not step.inputs or step.layer is None:
        return bool(step.inputs)
    unchanged = step.block in SHAPING and step.shape == step.input_shapes[0]
    return unchanged or step.layer.function == "identity"


def _layer(step: PlanStep) -> list[Any]:
    if step.layer is None:
        return [list(step.shape)]
    layer: Layer = step.layer
    arguments = {name: _float32(value) for name, value in layer.arguments.items()}
    if "ceil_mode" in arguments:
        arguments["ceil_mode"] = _rounds_up(step)
    if arguments.get("padding") == [0, 0]:
        arguments.pop("count_include_pad", None)
    return [layer.module, layer.function, arguments]


def _rounds_up(step: PlanStep) -> bool:
    """Whether rounding up makes a difference on this image."""
    assert step.layer is not None
    given = step.layer.arguments
    axes = zip(step.input_shapes[0][1:], *(given[name] for name in ("kernel_size", "stride", "padding")), strict=True)
    return step.shape[1:] != tuple((side + 2 * pad - size) // stride + 1 for side, size, stride, pad in axes)


def _float32(value: Any) -> Any:
    if isinstance(value, float):
        return struct.unpack("f", struct.pack("f", value))[0]
    return [_float32(part) for part in value] if isinstance(value, tuple) else value
