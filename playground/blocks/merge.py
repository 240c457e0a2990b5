"""Where branches meet, and the shortcut that lets them."""

from __future__ import annotations

from typing import ClassVar

from playground.blocks.base import Block, Category, Family, Layer, Settings, Shape, ShapeError, Window
from playground.fields import whole
from playground.formulas import both_sides, summed
from playground.operators import PADS, Match, Operator, Unreadable, around_all_axes, names_of_inputs, whole_numbers
from playground.shapes import JoinError


class Add(Block):
    """The sum of its inputs, which must have one shape."""

    kind = "add"
    label = "Add"
    summary = "Adds its inputs value by value; all must have the same shape."
    formula = "y = x₁ + x₂ + …"
    source = "He et al., Deep Residual Learning for Image Recognition, 2016"
    rank = 1
    category: ClassVar[Category] = "Compose"
    family: ClassVar[Family] = "join"
    min_inputs = 2
    max_inputs = None
    keywords = ("sum", "residual", "shortcut", "skip", "merge", "plus")
    reads = ("Add(x, x1)", "Sum(*x)")

    def shape(self, *inputs: Shape) -> Shape:
        """The common shape."""
        for place, other in enumerate(inputs):
            if other != inputs[0]:
                raise JoinError("Add needs equal shapes", inputs, place, _way_out(inputs[0], other), id="shape.E005")
        return inputs[0]

    def torch(self, *inputs: Shape) -> Layer:
        """The function add."""
        return Layer(function="add")

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Add for two, Sum for more."""
        return (Operator("Add" if len(inputs) == 2 else "Sum", names_of_inputs(len(inputs))),)

    @classmethod
    def from_onnx(cls, match: Match) -> list[tuple[str, Settings]]:
        """A sum of one is that one."""
        return [("add", {})] if len(match.shapes) > 1 else []


def _way_out(first: Shape, other: Shape) -> str:
    if len(first) != len(other):
        return "Flatten both branches, or none."
    if len(first) == 3 and first[1:] == other[1:]:
        return f"Put a 1×1 convolution with {first[0]} channels out on the branch that has {other[0]}."
    if len(first) == 3:
        return "Give both branches the same strides and padding, or join them before the image shrinks."
    return f"Put a dense layer with {first[0]} units on the branch that has {other[0]}."


class Concat(Block):
    """Channels side by side."""

    kind = "concat"
    label = "Concat"
    summary = "Puts the channels of its inputs one after another; all images must have the same size."
    formula = "channels = channels₁ + channels₂ + …"
    source = "Szegedy et al., Going Deeper with Convolutions, 2015"
    rank = 1
    category: ClassVar[Category] = "Compose"
    family: ClassVar[Family] = "join"
    min_inputs = 2
    max_inputs = None
    keywords = ("concatenate", "merge", "stack", "inception", "densenet")
    reads = ("Concat(*x)",)

    def shape(self, *inputs: Shape) -> Shape:
        """(sum of channels, height, width), or (sum of units,)"""
        for place, other in enumerate(inputs):
            if len(other) != len(inputs[0]):
                hint = "Flatten both branches, or none."
            elif other[1:] != inputs[0][1:]:
                hint = "Give both branches the same strides, and padding that keeps the size."
            else:
                continue
            raise JoinError("Concat needs images of one size", inputs, place, hint, id="shape.E006")
        return (sum(each[0] for each in inputs), *inputs[0][1:])

    def formulas(self, *inputs: Shape) -> dict[str, str]:
        """The channels that are joined."""
        count = sum(each[0] for each in inputs)
        words = "channels" if len(inputs[0]) == 3 else "values"
        return {"channels": f"{summed(each[0] for each in inputs)} = {count} {words}"}

    def torch(self, *inputs: Shape) -> Layer:
        """The function concat."""
        return Layer(function="concat")

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Concat along channels or units."""
        return (Operator("Concat", names_of_inputs(len(inputs)), {"axis": 1}),)

    @classmethod
    def from_onnx(cls, match: Match) -> list[tuple[str, Settings]]:
        """Only along channels or units; one alone is left as it is."""
        if match.get("Concat", "axis", 1) % (len(match.shapes[0]) + 1) != 1:
            raise Unreadable("joins along another axis than the channels")
        return [("concat", {})] if len(match.shapes) > 1 else []


_CUT = "Slice(x, starts, ends, along, steps)"


class PadShortcut(Block):
    """A shortcut without weights across a change of size."""

    kind = "pad_shortcut"
    label = "Pad shortcut"
    summary = "Keeps every stride-th pixel and appends channels of zeros: a shortcut that needs no weights."
    formula = "y[c, i, j] = x[c, i·stride, j·stride], 0 for new channels"
    source = "He et al., Deep Residual Learning for Image Recognition, 2016, option A"
    rank = 1
    category: ClassVar[Category] = "Compose"
    family: ClassVar[Family] = "join"
    takes = "image"
    keywords = ("residual", "identity", "skip", "zero padding")
    reads = (
        _CUT,
        *PADS,
        *(pad.replace("(x", f"({_CUT}") for pad in PADS),
    )

    channels: int = whole(64, low=1, high=8192, label="Channels out", help="At least as many as come in.")
    stride: int = whole(1, low=1, high=32, label="Stride", help="Keeps every stride-th pixel.", common=[1, 2])

    def shape(self, *inputs: Shape) -> Shape:
        """(channels, ⌈height/stride⌉, ⌈width/stride⌉)"""
        channels, rows, columns = inputs[0]
        if channels > self.channels:
            raise ShapeError(
                f"A padded shortcut cannot take {channels} channels down to {self.channels}.",
                f"Use at least {channels} channels out, or a projection.",
                {"set": {"channels": channels}, "label": f"Use channels out {channels}"},
                id="shape.E007",
            )
        return (self.channels, -(-rows // self.stride), -(-columns // self.stride))

    def formulas(self, *inputs: Shape) -> dict[str, str]:
        """Zeros behind the channels, every stride-th pixel."""
        vertical, horizontal = (
            f"{size} / {self.stride} = {out}" + (", rounded up" if size % self.stride else "")
            for size, out in zip(inputs[0][1:], self.shape(*inputs)[1:], strict=True)
        )
        channels = inputs[0][0]
        return {
            "channels": f"{channels} + {self.channels - channels} of zeros = {self.channels} channels",
            "sides": both_sides(vertical, horizontal),
        }

    def window(self, *inputs: Shape) -> Window:
        """One pixel."""
        return Window(stride=(self.stride, self.stride))

    def torch(self, *inputs: Shape) -> Layer:
        """The function pad_shortcut."""
        return Layer(function="pad_shortcut", arguments={"channels": self.channels, "stride": self.stride})

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Slice with a step, then Pad."""
        _, rows, columns = inputs[0]
        cut = ("x", whole_numbers(0, 0), whole_numbers(rows, columns), whole_numbers(2, 3))
        steps = whole_numbers(self.stride, self.stride)
        return (
            Operator("Slice", (*cut, steps), output="kept"),
            Operator("Pad", ("kept", whole_numbers(0, 0, 0, 0, 0, self.channels - inputs[0][0], 0, 0))),
        )

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """Zeros behind the channels alone, every stride-th pixel alone."""
        channels, stride = match.shapes[0][0], 1
        if "Pad" in match.attributes:
            around = around_all_axes(match)
            if any(size for axis, size in enumerate(around) if axis != 5):
                raise Unreadable("pads more than channels")
            channels += around[5]
        if "Slice" in match.attributes:
            stride = _every(match)
        return {"channels": channels, "stride": stride}


def _every(match: Match) -> int:
    """The stride of a Slice that keeps every stride-th pixel of whole images."""
    starts, ends, axes, steps = (match.wholes(name) or () for name in ("starts", "ends", "along", "steps"))
    sides = match.shapes[0][1:]
    whole = (
        len(sides) == len(starts) == len(ends) == len(steps) == 2
        and {axis % 4 for axis in axes} == {2, 3}
        and not any(starts)
        and len(set(steps)) == 1
        and all(end >= sides[axis % 4 - 2] for end, axis in zip(ends, axes, strict=True))
    )
    if not whole:
        raise Unreadable("cuts a part out")
    return steps[0]
