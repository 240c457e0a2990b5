"""Convolutions: a filter slides over the image."""

from __future__ import annotations

from abc import abstractmethod
from math import gcd, prod
from typing import Any, ClassVar, NamedTuple

from playground.blocks.base import Block, Category, Family, Layer, Settings, Shape, ShapeError, Window
from playground.fields import Padding, Pair, padding, pair, switch, whole
from playground.formulas import both_sides, factors, window_side
from playground.operators import PADS, Match, Operator, Unreadable, Weight, padding_around, pair_of, symmetric
from playground.shapes import PaddingValue, both, convolved, explicit_padding, require_fit, times


def _kernel() -> Any:
    return pair(3, low=1, high=63, label="Kernel", help="Height and width of the filter.", common=[1, 3, 5, 7])


def _stride() -> Any:
    return pair(1, low=1, high=32, label="Stride", help="Pixels between two positions.", common=[1, 2, 4])


def _padding() -> Any:
    return padding(
        0,
        high=64,
        help='Zeros around the image; "same" keeps the size at stride 1 and gives ⌈size/stride⌉ otherwise.',
        common=["same", 0, 1, 2],
    )


def _dilation() -> Any:
    return pair(
        1, low=1, high=32, label="Dilation", help="Spacing of the filter's taps; 1 leaves no gaps.", common=[1, 2, 4]
    )


class _Filter(NamedTuple):
    """A convolution over a given image, every setting resolved."""

    outputs: int
    kernel: tuple[int, int]
    stride: tuple[int, int]
    padding: PaddingValue
    dilation: tuple[int, int]
    groups: int
    bias: bool

    @property
    def uneven(self) -> bool:
        """ "same" around an even reach: one pixel more after the image than before it."""
        return self.padding == "same" and any((k - 1) * d % 2 for k, d in zip(self.kernel, self.dilation, strict=True))

    @property
    def pads(self) -> tuple[int, int]:
        """Pixels of padding before the image."""
        return explicit_padding(self.padding, self.kernel, self.stride, self.dilation)

    def over(self, image: Shape) -> Shape:
        """Output shape."""
        pads = self.pads
        if self.uneven:
            return (self.outputs, *image[1:])
        require_fit(image, self.kernel, pads, self.dilation)
        axes = zip(image[1:], self.kernel, self.stride, pads, self.dilation, strict=True)
        return (self.outputs, *(convolved(*axis) for axis in axes))

    def sides(self, image: Shape) -> str:
        """How height and width are made."""
        axes = zip(image[1:], self.over(image)[1:], self.kernel, self.stride, self.pads, self.dilation, strict=True)
        vertical, horizontal = (
            window_side(
                size, out, window=kernel, stride=stride, padding=pad, dilation=dilation,
                extra=(kernel - 1) * dilation % 2 if self.uneven else 0,
            )
            for size, out, kernel, stride, pad, dilation in axes
        )  # fmt: skip
        return both_sides(vertical, horizontal)

    def weights(self, image: Shape) -> tuple[int, int, int, int]:
        """Kernel height, kernel width, channels each filter sees, filters."""
        return (*self.kernel, image[0] // self.groups, self.outputs)


class _Convolution(Block):
    """What conv2d and depthwise_conv2d share."""

    reads = (
        *(f"Conv({x}, {weights})" for x in ("x", *PADS) for weights in ("weight", "weight, bias")),
        "Add(Conv(x, weight), bias)",
    )

    category: ClassVar[Category] = "Convolve"
    family: ClassVar[Family] = "conv"
    takes = "image"

    @abstractmethod
    def _filter(self, image: Shape) -> _Filter:
        """The settings as they apply to this image."""

    def shape(self, *inputs: Shape) -> Shape:
        """(filters, height, width)"""
        return self._filter(inputs[0]).over(inputs[0])

    def parameters(self, *inputs: Shape) -> int:
        """Kernel × channels of one group × filters, and one bias for each filter."""
        filters = self._filter(inputs[0])
        return prod(filters.weights(inputs[0])) + (filters.outputs if filters.bias else 0)

    def macs(self, *inputs: Shape) -> int:
        """Every weight once for each output position."""
        filters = self._filter(inputs[0])
        return prod(filters.weights(inputs[0])) * prod(filters.over(inputs[0])[1:])

    def formulas(self, *inputs: Shape) -> dict[str, str]:
        """Kernel height · kernel width · channels in (of one group) · filters, then the positions."""
        filters = self._filter(inputs[0])
        outputs, rows, columns = filters.over(inputs[0])
        weights = factors(*filters.weights(inputs[0]))
        return {
            "channels": f"{outputs} filters",
            "sides": filters.sides(inputs[0]),
            "parameters": f"{weights} + {outputs}" if filters.bias else weights,
            "macs": f"{weights} · {rows}·{columns}",
        }

    def window(self, *inputs: Shape) -> Window:
        """The filter."""
        filters = self._filter(inputs[0])
        return Window(size=filters.kernel, stride=filters.stride, padding=filters.pads, dilation=filters.dilation)

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.Conv2d"""
        filters = self._filter(inputs[0])
        return Layer(
            module="Conv2d",
            arguments={
                "in_channels": inputs[0][0],
                "out_channels": filters.outputs,
                "kernel_size": filters.kernel,
                "stride": filters.stride,
                "padding": "same" if filters.uneven else filters.pads,
                "dilation": filters.dilation,
                "groups": filters.groups,
                "bias": filters.bias,
            },
        )

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Conv"""
        filters = self._filter(inputs[0])
        reach = [(size - 1) * gap for size, gap in zip(filters.kernel, filters.dilation, strict=True)]
        after = [far - pad for far, pad in zip(reach, filters.pads, strict=True)] if filters.uneven else filters.pads
        weight = Weight("weight", (filters.outputs, inputs[0][0] // filters.groups, *filters.kernel))
        bias = (Weight("bias", (filters.outputs,)),) if filters.bias else ()
        attributes = {
            "kernel_shape": list(filters.kernel),
            "strides": list(filters.stride),
            "pads": [*filters.pads, *after],
            "dilations": list(filters.dilation),
            "group": filters.groups,
        }
        return (Operator("Conv", ("x", weight, *bias), attributes),)

    @classmethod
    def from_onnx(cls, match: Match) -> Settings | None:
        """The geometry of either; groups and channels are the subclass's."""
        weight = match.dims("weight")
        if len(weight) != 4:
            raise Unreadable("works on something else than images")
        kernel = weight[2:]
        strides, dilation = match.get("Conv", "strides", [1, 1]), match.get("Conv", "dilations", [1, 1])
        pads = padding_around(match, "Conv", kernel, dilation)
        if match.shapes[0][0] != weight[1] * match.get("Conv", "group", 1):
            raise Unreadable("has weights for another number of channels than it gets")
        if "bias" in match.constants and prod(match.dims("bias")) not in {1, weight[0]}:
            raise Unreadable("adds something else than one bias for each filter")
        return {
            "kernel_size": pair_of(kernel),
            "stride": pair_of(strides),
            "padding": symmetric(pads, kernel, dilation, strides),
            "dilation": pair_of(dilation),
            "bias": "bias" in match.constants,
        }

    @classmethod
    def from_torch(cls, arguments: Settings) -> Settings | None:
        """torch's out_channels."""
        if "out_channels" not in arguments:
            return None
        return {**(super().from_torch(arguments) or {}), "filters": arguments["out_channels"]}


def _one_filter_a_channel(match: Match) -> bool:
    channels = match.shapes[0][0]
    return bool(match.get("Conv", "group", 1) == channels == match.dims("weight")[0] and channels > 1)


class Conv2d(_Convolution):
    """Filters that look at every channel (or at those of their group)."""

    kind = "conv2d"
    label = "Conv"
    summary = "Slides filters over the image; each gives one channel of the output."
    formula = "y[k, i, j] = Σ w[k, c, u, v] · x[c, i·stride + u, j·stride + v] + b[k]"
    source = "LeCun et al., Backpropagation Applied to Handwritten Zip Code Recognition, 1989"
    keywords = ("convolution", "filter", "kernel", "1x1", "1×1", "pointwise", "dilated", "grouped")

    filters: int = whole(
        32, low=1, high=8192, label="Channels out", help="Number of filters.", common=[16, 32, 64, 128]
    )
    kernel_size: Pair = _kernel()
    stride: Pair = _stride()
    padding: Padding = _padding()
    dilation: Pair = _dilation()
    groups: int = whole(
        1, low=1, high=8192, label="Groups", help="Parts of the channels that do not see each other (AlexNet: 2)."
    )
    bias: bool = switch(True, label="Bias", help="A learned constant for each filter; of no use before batch norm.")

    def _filter(self, image: Shape) -> _Filter:
        geometry = both(self.kernel_size), both(self.stride), self.padding, both(self.dilation)
        return _Filter(self.filters, *geometry, self.groups, self.bias)

    def shape(self, *inputs: Shape) -> Shape:
        """(filters, height, width)"""
        for count, what in ((inputs[0][0], "channels in"), (self.filters, "channels out")):
            if count % self.groups:
                raise self._uneven_groups(inputs[0][0], count, what)
        return super().shape(*inputs)

    def _uneven_groups(self, channels: int, count: int, what: str) -> ShapeError:
        common = gcd(channels, self.filters)
        best = max(n for n in range(1, min(common, self.groups) + 1) if common % n == 0)
        return ShapeError(
            f"{self.groups} groups do not divide {count} {what}.",
            f"Use {best} group{'s' if best > 1 else ''} or a multiple of {self.groups} {what}.",
            {"set": {"groups": best}, "label": f"Use groups {best}"},
            id="shape.E004",
        )

    @classmethod
    def from_onnx(cls, match: Match) -> Settings | None:
        """Conv, unless each channel has its own filter."""
        settings = super().from_onnx(match)
        if settings is None or _one_filter_a_channel(match):
            return None
        return {**settings, "filters": match.dims("weight")[0], "groups": match.get("Conv", "group", 1)}

    def default_label(self) -> str:
        """ "1×1" or "Conv 3×3" """
        size = times(self.kernel_size)
        return size if size == "1×1" else f"Conv {size}"


class DepthwiseConv2d(_Convolution):
    """One filter for each channel, which sees that channel alone."""

    kind = "depthwise_conv2d"
    label = "Depthwise"
    summary = "Filters each channel on its own; a 1×1 convolution after it mixes them."
    formula = "y[c, i, j] = Σ w[c, u, v] · x[c, i·stride + u, j·stride + v] + b[c]"
    source = "Howard et al., MobileNets, 2017"
    keywords = ("convolution", "separable", "mobilenet", "channelwise")

    kernel_size: Pair = _kernel()
    stride: Pair = _stride()
    padding: Padding = _padding()
    dilation: Pair = _dilation()
    bias: bool = switch(True, label="Bias", help="A learned constant for each channel; of no use before batch norm.")

    def _filter(self, image: Shape) -> _Filter:
        geometry = both(self.kernel_size), both(self.stride), self.padding, both(self.dilation)
        return _Filter(image[0], *geometry, image[0], self.bias)

    @classmethod
    def from_onnx(cls, match: Match) -> Settings | None:
        """Conv with a filter for each channel."""
        settings = super().from_onnx(match)
        return settings if settings is not None and _one_filter_a_channel(match) else None

    @classmethod
    def from_torch(cls, arguments: Settings) -> Settings | None:
        """A Conv2d with as many groups as channels."""
        if not 1 < arguments.get("groups", 0) == arguments.get("in_channels") == arguments.get("out_channels"):
            return None
        settings = super().from_torch(arguments) or {}
        return {name: settings[name] for name in cls.model_fields}

    def default_label(self) -> str:
        """ "Depthwise 3×3" """
        return f"Depthwise {times(self.kernel_size)}"
