"""Opening composite blocks: the primitives inside, each with its settings and shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from playground import settings
from playground.blocks import base
from playground.shapes import in_words

MAX_LEVELS = 3
"""How deep groups may lie in groups."""


class Primitive(NamedTuple):
    """One primitive inside a composite block."""

    name: str
    """Path inside the block: "conv1", or "tail/conv1" in a group within a group."""
    block: base.Block
    inputs: tuple[str, ...]
    """Names of primitives of the same block, or "in"."""
    input_shapes: tuple[base.Shape, ...]
    shape: base.Shape


def primitives(block: base.Block, inputs: Sequence[base.Shape], level: int = 1) -> tuple[Primitive, ...]:
    """The primitives inside a composite block for one input shape, in order; the last is the output.

    Raises ShapeError where one of them does not fit; its message names the inner block.
    """
    if level > MAX_LEVELS:
        raise base.ShapeError(
            f"Groups lie more than {MAX_LEVELS} deep in one another.",
            "Open one of them and use its blocks directly.",
            id="group.E007",
        )
    found: list[Primitive] = []
    ends: dict[str, tuple[str, base.Shape]] = {"in": ("in", inputs[0])}
    for step in block.expand(*inputs) or ():
        sources = [ends[name] for name in step.inputs]
        names, shapes = tuple(name for name, _ in sources), tuple(shape for _, shape in sources)
        try:
            inner = settings.make_block(step.block, step.params)
            check_inputs(inner, shapes)
            if inner.composite:
                for each in primitives(inner, shapes, level + 1):
                    outer = tuple(names[0] if name == "in" else f"{step.name}/{name}" for name in each.inputs)
                    found.append(each._replace(name=f"{step.name}/{each.name}", inputs=outer))
            else:
                found.append(Primitive(step.name, inner, names, shapes, inner.shape(*shapes)))
        except (base.ShapeError, settings.SettingError) as error:
            raise base.ShapeError(
                f"Inside {block.default_label()}, at '{step.name}': {error.message}", error.hint, id="group.E008"
            ) from error
        ends[step.name] = (found[-1].name, found[-1].shape)
    return tuple(found)


def check_inputs(block: base.Block, shapes: Sequence[base.Shape]) -> None:
    """Refuse too few or too many inputs, and a vector where an image is needed or the reverse."""
    name = block.default_label()
    if len(shapes) < block.min_inputs:
        raise base.ShapeError(
            f"{name} joins at least {block.min_inputs} inputs, but gets {len(shapes)}.",
            "Draw another wire to it, or remove it.",
            id="wiring.E008",
        )
    plural = "" if block.max_inputs == 1 else "s"
    if block.max_inputs is not None and len(shapes) > block.max_inputs:
        raise base.ShapeError(
            f"{name} takes {block.max_inputs or 'no'} input{plural}, but gets {len(shapes)}.",
            "Join them with add or concat before it." if block.max_inputs else "Remove the wires to it.",
            id="wiring.E009",
        )
    for shape in shapes:
        if block.takes == "image" and len(shape) != 3:
            raise base.ShapeError(
                f"{name} takes an image, but gets a vector of {shape[0]} values.",
                "Move it before the block that flattens the image.",
                id="shape.E008",
            )
        if block.takes == "vector" and len(shape) != 1:
            raise base.ShapeError(
                f"{name} takes a vector, but gets {in_words(shape)}.",
                f"Insert flatten before {name}.",
                {"insert": "flatten", "label": "Insert flatten"},
                id="shape.E009",
            )
