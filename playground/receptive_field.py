"""How far an output value sees into the image (Araujo, Norris and Sim, Computing Receptive Fields, Distill 2019).

Followed as whole numbers: along each direction the first and last image pixel that the first output sees, and the
distance in image pixels between the fields of neighbouring outputs. Pixels left of the image have negative numbers.

The field of every output is the first one's, moved by the stride from output to output. Nothing outside it reaches
the output, and a field that lies inside the image reaches out to its border. Where branches of unequal strides meet,
no one window that moves evenly is right for all outputs: there the field is the smallest one, moving by the largest of
the strides, that misses nothing at any output.
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

    @property
    def size(self) -> int:
        """Pixels from the first to the last."""
        return self.last - self.first + 1

    def after(self, step: Reach) -> Reach:
        """The reach of a block whose own reach is `step`, put behind this one."""
        first, last, stride = self
        return Reach(first + step[0] * stride, last + step[1] * stride, stride * step[2])


class Field(NamedTuple):
    """Along both directions."""

    vertical: Reach
    horizontal: Reach

    def after(self, step: Field) -> Field:
        """The field of a block whose own field is `step`, put behind this one."""
        return self if step is PIXEL else Field(self[0].after(step[0]), self[1].after(step[1]))


PIXEL = Field(Reach(0, 0, 1), Reach(0, 0, 1))
"""One pixel of the image sees itself."""


def union(fields: Sequence[Field], shape: Shape) -> Field:
    """What the outputs of a block see that joins several branches; `shape` is that of the branches' ends."""
    if len(fields) == 1 or all(field == fields[0] for field in fields):
        return fields[0]
    rows, columns = shape[1:] if len(shape) == 3 else (1, 1)
    return Field(
        joined([each.vertical for each in fields], rows), joined([each.horizontal for each in fields], columns)
    )


def joined(reaches: Sequence[Reach], count: int) -> Reach:
    """The reach that covers those of all branches at each of `count` outputs."""
    covering = covered(reaches, count)
    return Reach(min(each.first for each in covering), max(each.last for each in covering), covering[0].stride)


def covered(reaches: Sequence[Reach], count: int) -> list[Reach]:
    """Each branch's reach as it must be widened where it moves by the largest of the strides."""
    stride = max(each.stride for each in reaches)
    return [Reach(each.first - (stride - each.stride) * (count - 1), each.last, stride) for each in reaches]


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
    return PIXEL if (vertical, horizontal) == PIXEL else Field(vertical, horizontal)
