"""Shape, cost and field of one block for given inputs. Equal questions are answered from memory."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

from playground import receptive_field
from playground.blocks.base import Block, Shape, ShapeError
from playground.expansion import Primitive, check_inputs, primitives
from playground.receptive_field import PIXEL, Field
from playground.settings import MAX_CACHED_TEXT, make_block

MAX_PARAMETERS = 200_000_000
"""VGG-16 has 138 million."""
MAX_ACTIVATION_BYTES = 2_000_000_000
MAX_MACS = 10_000_000_000_000
FLOAT_BYTES = 4


class Part(NamedTuple):
    """One primitive of a block, measured. A primitive block has one part, itself, with an empty name."""

    primitive: Primitive
    parameters: int
    macs: int
    activation_bytes: int
    field: Field
    """What it sees of the owner's input."""
    depth: int
    """Layers with weights on the longest path inside the owner, itself included."""


class Measure(NamedTuple):
    """A block for given inputs."""

    block: Block
    label: str
    shape: Shape
    parameters: int
    macs: int
    activation_bytes: int
    field: Field
    """What an output sees of the block's own input."""
    depth: int
    formulas: dict[str, str]
    parts: tuple[Part, ...]


_KNOWN: dict[tuple[str, str, tuple[Shape, ...]], Measure] = {}
_KNOWN_SIZE = 8_192


def measure(kind: str, params: Mapping[str, Any], inputs: tuple[Shape, ...]) -> Measure:
    """Raises SettingError for settings that cannot be, ShapeError for inputs that do not fit or sizes too large."""
    text = repr(params)
    key = (kind, text, inputs)
    known = _KNOWN.get(key)
    if known is not None:
        return known
    found = _measured(make_block(kind, params), inputs)
    if len(text) <= MAX_CACHED_TEXT:
        if len(_KNOWN) >= _KNOWN_SIZE:
            _KNOWN.clear()
        _KNOWN[key] = found
    return found


def _measured(block: Block, inputs: tuple[Shape, ...]) -> Measure:
    check_inputs(block, inputs)
    if block.composite:
        inside = primitives(block, inputs)
    else:
        names = tuple("in" for _ in inputs)
        inside = (Primitive("", block, names, inputs, block.shape(*inputs)),)
    parts = _parts(inside)
    parameters, macs = sum(part.parameters for part in parts), sum(part.macs for part in parts)
    volume = sum(part.activation_bytes for part in parts)
    check_size(block.default_label(), parameters, macs, volume)
    return Measure(
        block=block,
        label=block.default_label(),
        shape=inside[-1].shape,
        parameters=parameters,
        macs=macs,
        activation_bytes=volume,
        field=parts[-1].field,
        depth=parts[-1].depth,
        formulas=block.formulas(*inputs),
        parts=parts,
    )


def _parts(inside: tuple[Primitive, ...]) -> tuple[Part, ...]:
    fields, depths = {"in": PIXEL}, {"in": 0}
    parts = []
    for each in inside:
        block, shapes = each.block, each.input_shapes
        field, depth = PIXEL, 0
        if shapes:
            field = receptive_field.union([fields[name] for name in each.inputs])
            field = field.after(receptive_field.of_window(block.window(*shapes), shapes[0]))
            depth = max(depths[name] for name in each.inputs)
        parameters = block.parameters(*shapes)
        depth += parameters > 0 and block.family in {"conv", "dense"}
        fields[each.name], depths[each.name] = field, depth
        parts.append(Part(each, parameters, block.macs(*shapes), prod(each.shape) * FLOAT_BYTES, field, depth))
    return tuple(parts)


def check_size(name: str, parameters: int, macs: int, activation_bytes: int) -> None:
    """Refuse sizes that no machine here could train, before anything is allocated. Raises ShapeError."""
    if parameters > MAX_PARAMETERS:
        raise ShapeError(
            f"{name} has {parameters:,} parameters; at most {MAX_PARAMETERS:,} can be trained here.",
            "Use fewer channels or units, or shrink the image with pooling first.",
            id="size.E001",
        )
    if activation_bytes > MAX_ACTIVATION_BYTES:
        limit = MAX_ACTIVATION_BYTES // 10**9
        raise ShapeError(
            f"{name} makes {activation_bytes // 10**9:,} GB of values for one image; at most {limit} GB fit.",
            "Use fewer channels, or shrink the image with a stride or pooling first.",
            id="size.E002",
        )
    if macs > MAX_MACS:
        raise ShapeError(
            f"{name} does {macs:,} multiply-adds for one image; at most {MAX_MACS:,} are reasonable here.",
            "Use fewer channels, smaller kernels, or shrink the image first.",
            id="size.E003",
        )
