"""How far an output value sees into the image (Araujo, Norris and Sim, Computing Receptive Fields, Distill 2019).

Followed as whole numbers: along each direction the first and last image pixel that the first output sees, and the
distance in image pixels between the fields of neighbouring outputs. Pixels left of the image have negative numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from playground.blocks.base import Shape, Window


class Reach(NamedTuple):
    """Along one direction."""

    first: int
    last: int
    stride: int

    def after(self, step: Reach) -> Reach:
        """The reach of a block whose own reach is `step`, put behind this one."""
        return Reach(
            self.first + step.first * self.stride, self.last + step.last * self.stride, self.stride * step.stride
        )


class Field(NamedTuple):
    """Along both directions."""

    vertical: Reach
    horizontal: Reach

    def after(self, step: Field) -> Field:
        """The field of a block whose own field is `step`, put behind this one."""
        return Field(self.vertical.after(step.vertical), self.horizontal.after(step.horizontal))


PIXEL = Field(Reach(0, 0, 1), Reach(0, 0, 1))
"""One pixel of the image sees itself."""


def union(fields: Sequence[Field]) -> Field:
    """What a block sees that joins several branches."""
    if len(fields) == 1:
        return fields[0]
    return Field(_union([field.vertical for field in fields]), _union([field.horizontal for field in fields]))


def _union(reaches: list[Reach]) -> Reach:
    return Reach(
        min(reach.first for reach in reaches),
        max(reach.last for reach in reaches),
        max(reach.stride for reach in reaches),
    )


def of_window(window: Window, shape: Shape) -> Field:
    """What one output of a window sees of its own input, which has this shape."""
    if window.everything:
        rows, columns = shape[1:] if len(shape) == 3 else (1, 1)
        return Field(Reach(0, rows - 1, 1), Reach(0, columns - 1, 1))
    vertical, horizontal = (
        Reach(-padding, (size - 1) * dilation - padding, stride)
        for size, stride, padding, dilation in zip(
            window.size, window.stride, window.padding, window.dilation, strict=True
        )
    )
    return Field(vertical, horizontal)
