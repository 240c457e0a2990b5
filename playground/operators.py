"""ONNX as data: how a block is written as operators, and how operators are read as a block.

Blocks declare both beside their torch layer; the site turns them into files and back. Nothing here imports onnx.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from playground.shapes import PaddingValue, Shape

PADS = ("Pad(x)", "Pad(x, pads)", "Pad(x, pads, value)", "Pad(x, pads, value, axes)")
"""Patterns of padding; a Pad before a window belongs to it."""
OPSET = 20
"""Version of the operators that blocks are written in."""


class Weight(NamedTuple):
    """A trained tensor: torch's name for it in its module, and its shape as torch keeps it."""

    name: str
    shape: tuple[int, ...]


class Constant(NamedTuple):
    """Numbers that belong to the operator: one alone is a scalar where `scalar` is set, else a list."""

    values: tuple[float, ...]
    type: Literal["int64", "float32"] = "float32"
    scalar: bool = True


def whole_numbers(*values: int) -> Constant:
    """A list of whole numbers, as axes and paddings are given."""
    return Constant(values, "int64", scalar=False)


class Operator(NamedTuple):
    """One operator of ONNX. Inputs are "x" (the block's first), "x1", "x2"…, outputs of operators before it, weights
    or constants. The last operator's output is the block's."""

    op: str
    inputs: tuple[str | Weight | Constant, ...] = ("x",)
    attributes: Mapping[str, Any] = {}
    output: str = "y"


def names_of_inputs(count: int) -> tuple[str, ...]:
    """("x", "x1", "x2")"""
    return ("x", *(f"x{place}" for place in range(1, count)))


class Unreadable(ValueError):
    """The operators are near to the block, but it cannot do this. The message is half a sentence: "pads unevenly"."""


class Stored(NamedTuple):
    """A constant of a file: its dimensions, and its values where they are few."""

    dims: tuple[int, ...]
    values: tuple[float, ...] | None


class Match(NamedTuple):
    """Operators of a file that fit one of a block's patterns."""

    shapes: tuple[Shape, ...]
    """Of the block's inputs, for one image."""
    attributes: Mapping[str, Mapping[str, Any]]
    """By operator."""
    constants: Mapping[str, Stored | None]
    """By their names in the pattern; None for an optional one that is left out."""
    opset: int

    def get(self, op: str, name: str, default: Any) -> Any:
        """An attribute of an operator of the pattern."""
        return self.attributes.get(op, {}).get(name, default)

    def dims(self, name: str) -> tuple[int, ...]:
        """Dimensions of a constant; () where it is left out."""
        found = self.constants.get(name)
        return found.dims if found else ()

    def numbers(self, name: str) -> tuple[float, ...] | None:
        """The values of a constant; None where it is left out or holds too many to be read."""
        found = self.constants.get(name)
        return found.values if found else None

    def wholes(self, name: str) -> tuple[int, ...] | None:
        """The same as whole numbers."""
        found = self.numbers(name)
        return None if found is None else tuple(int(value) for value in found)

    def number(self, name: str) -> float:
        """The one value of a constant. Raises Unreadable where there are several."""
        found = self.numbers(name)
        if found is None or len(found) != 1:
            raise Unreadable("works with many different constants")
        return found[0]


def pair_of(values: Sequence[int]) -> Any:
    """(3, 3) as 3, (1, 7) as [1, 7]: as documents write pairs."""
    if len(values) != 2:
        raise Unreadable(f"works along {len(values)} directions in place of two")
    return values[0] if values[0] == values[1] else list(values)


def padding_around(match: Match, op: str, kernel: Sequence[int], dilation: Sequence[int]) -> list[int]:
    """[top, left, bottom, right] of a window's operator, a Pad before it included. Raises Unreadable."""
    reach = [(size - 1) * gap for size, gap in zip(kernel, dilation, strict=True)]
    strides = match.get(op, "strides", [1, 1])
    pads = [int(pad) for pad in match.get(op, "pads", [0, 0, 0, 0])]
    automatic = match.get(op, "auto_pad", "NOTSET")
    if automatic.startswith("SAME"):
        sides = match.shapes[0][1:]
        whole = [
            max(0, (-(-side // stride) - 1) * stride + far + 1 - side)
            for side, stride, far in zip(sides, strides, reach, strict=True)
        ]
        less = [total // 2 for total in whole]
        more = [total - part for total, part in zip(whole, less, strict=True)]
        pads = [*less, *more] if automatic == "SAME_UPPER" else [*more, *less]
    elif automatic == "VALID":
        pads = [0, 0, 0, 0]
    if len(pads) != 4:
        raise Unreadable(f"works along {len(pads) // 2} directions in place of two")
    if "Pad" in match.attributes:
        pads = [a + b for a, b in zip(pads, padded_sides(match), strict=True)]
    return pads


def padded_sides(match: Match) -> list[int]:
    """[top, left, bottom, right] of zeros that a Pad puts around images. Raises Unreadable for another kind of Pad."""
    around = around_all_axes(match)
    if any(around[axis] for axis in (0, 1, 4, 5)):
        raise Unreadable("pads channels")
    return [around[2], around[3], around[6], around[7]]


def around_all_axes(match: Match) -> list[int]:
    """What a Pad of zeros puts before and after each of the four axes: (b, c, h, w, b, c, h, w)."""
    if match.get("Pad", "mode", "constant") != "constant":
        raise Unreadable("pads with something else than zeros")
    value = match.numbers("value") or (match.get("Pad", "value", 0.0),)
    pads = match.wholes("pads") or match.get("Pad", "pads", None)
    if any(value) or pads is None:
        raise Unreadable("pads with something else than zeros" if any(value) else "pads by an amount that is not fixed")
    if "axes" in match.constants:
        axes = [axis % 4 for axis in match.wholes("axes") or ()]
        full = [0] * 8
        for place, axis in enumerate(axes):
            full[axis], full[axis + 4] = pads[place], pads[place + len(axes)]
        pads = full
    if len(pads) != 8 or any(pad < 0 for pad in pads):
        raise Unreadable("cuts or pads something that is not an image")
    return [int(pad) for pad in pads]


def symmetric(
    pads: Sequence[int], kernel: Sequence[int], dilation: Sequence[int], strides: Sequence[int]
) -> PaddingValue:
    """The padding of a convolution, as documents write it. Raises Unreadable where it is uneven."""
    if pads[:2] == pads[2:]:
        padding: PaddingValue = pair_of(pads[:2])
        return padding
    reach = [(size - 1) * gap for size, gap in zip(kernel, dilation, strict=True)]
    less = [total // 2 for total in reach]
    if list(strides) == [1, 1] and list(pads) == [
        *less,
        *(total - part for total, part in zip(reach, less, strict=True)),
    ]:
        return "same"
    raise Unreadable(f"pads unevenly ({pads[0]}, {pads[1]} before and {pads[2]}, {pads[3]} after)")
