"""Shape, cost and field of one block for given inputs. Equal questions are answered from memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

from playground import memory, receptive_field, stated
from playground.blocks.base import Block, Shape, ShapeError
from playground.expansion import Primitive, check_inputs, primitives
from playground.formulas import FLOAT_BYTES
from playground.receptive_field import PIXEL, Field
from playground.settings import MAX_CACHED_TEXT, make_block

MAX_PARAMETERS = 200_000_000
"""VGG-16 has 138 million."""
MAX_ACTIVATION_BYTES = 2_000_000_000
MAX_MACS = 10_000_000_000_000


class Part(NamedTuple):
    """One primitive of a block, measured. A primitive block has one part, itself, with an empty name."""

    primitive: Primitive
    parameters: int
    macs: int
    activation_bytes: int
    weight_bytes: int
    field: Field
    """What it sees of the owner's input."""
    depth: int
    """Layers with weights on the longest path inside the owner, itself included."""


@dataclass(frozen=True, eq=False)
class Measure:
    """A block for given inputs. Equal to itself alone, so that what is told of it can be kept by it."""

    block: Block
    label: str
    inputs: tuple[Shape, ...]
    shape: Shape
    parameters: int
    macs: int
    activation_bytes: int
    """Of all outputs inside."""
    weight_bytes: int
    """Parameters and running statistics as float32."""
    output_bytes: int
    field: Field
    """What an output sees of the block's own input."""
    sees_all: bool
    """Some part on the way looks at its whole input: a global average, flatten, dense."""
    depth: int
    parts: tuple[Part, ...]
    remembered: bool
    """The same question will be answered by the same object."""

    @cached_property
    def formulas(self) -> dict[str, str]:
        """How each number is made that follows from the settings and the inputs."""
        return stated.of_parts(self.inputs, self.parts)

    @cached_property
    def inner_formulas(self) -> list[dict[str, str]]:
        """The same for each part on its own."""
        return [stated.of_parts(part.primitive.input_shapes, (part,)) for part in self.parts]

    @cached_property
    def inner_params(self) -> list[dict[str, Any]]:
        """Settings of each part, as JSON-like data."""
        return [part.primitive.block.model_dump(mode="json") for part in self.parts]

    @cached_property
    def peak_with_input(self) -> memory.Peak:
        """The most that is alive while it runs, its input let go after the last reader inside."""
        return memory.inside(self.parts, prod(self.inputs[0]) * FLOAT_BYTES if self.inputs else 0)

    @cached_property
    def peak_beside_input(self) -> memory.Peak:
        """The same without the input, which others still need."""
        return memory.inside(self.parts, 0)


_KNOWN: dict[tuple[str, str, tuple[Shape, ...]], Measure] = {}
_KNOWN_SIZE = 8_192


def measure(kind: str, params: Mapping[str, Any], inputs: tuple[Shape, ...]) -> Measure:
    """Raises SettingError for settings that cannot be, ShapeError for inputs that do not fit or sizes too large."""
    text = repr(params)
    key = (kind, text, inputs)
    known = _KNOWN.get(key)
    if known is not None:
        return known
    remembered = len(text) <= MAX_CACHED_TEXT
    found = _measured(make_block(kind, params), inputs, remembered)
    if remembered:
        if len(_KNOWN) >= _KNOWN_SIZE:
            _KNOWN.clear()
        _KNOWN[key] = found
    return found


def _measured(block: Block, inputs: tuple[Shape, ...], remembered: bool) -> Measure:
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
        inputs=inputs,
        shape=inside[-1].shape,
        parameters=parameters,
        macs=macs,
        activation_bytes=volume,
        weight_bytes=sum(part.weight_bytes for part in parts),
        output_bytes=parts[-1].activation_bytes,
        field=parts[-1].field,
        sees_all=_sees_all(inside),
        depth=parts[-1].depth,
        parts=parts,
        remembered=remembered,
    )


def _sees_all(inside: tuple[Primitive, ...]) -> bool:
    found = {"in": False}
    for each in inside:
        whole = bool(each.input_shapes) and each.block.window(*each.input_shapes).everything
        found[each.name] = whole or any(found[name] for name in each.inputs)
    return found[inside[-1].name]


def _parts(inside: tuple[Primitive, ...]) -> tuple[Part, ...]:
    fields, depths = {"in": PIXEL}, {"in": 0}
    parts = []
    for each in inside:
        block, shapes = each.block, each.input_shapes
        field, depth = PIXEL, 0
        if shapes:
            field = receptive_field.union([fields[name] for name in each.inputs], shapes[0])
            field = field.after(receptive_field.of_window(block.window(*shapes), shapes[0]))
            depth = max(depths[name] for name in each.inputs)
        parameters = block.parameters(*shapes)
        weight_bytes = (parameters + block.statistics(*shapes)) * FLOAT_BYTES
        volume = prod(each.shape) * FLOAT_BYTES
        depth += parameters > 0 and block.family in {"conv", "dense"}
        fields[each.name], depths[each.name] = field, depth
        parts.append(Part(each, parameters, block.macs(*shapes), volume, weight_bytes, field, depth))
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
