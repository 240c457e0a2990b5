"""Pooling: neighbouring pixels become one."""

from __future__ import annotations

from typing import ClassVar

from playground.blocks.base import Block, Category, Family, Layer, Shape, ShapeError, Window
from playground.fields import Padding, Pair, padding, pair, switch
from playground.formulas import both_sides, volume, window_side
from playground.shapes import both, explicit_padding, pooled, require_fit, times


class _Pool(Block):
    """What max_pool and avg_pool share."""

    category: ClassVar[Category] = "Pool"
    family: ClassVar[Family] = "pool"
    takes = "image"

    kernel_size: Pair = pair(2, low=1, high=63, label="Window", help="Height and width pooled into one.", common=[2, 3])
    stride: Pair = pair(2, low=1, high=63, label="Stride", help="Pixels between two windows.", common=[1, 2, 3])
    padding: Padding = padding(
        0, high=31, help='At most half the window; "same" needs an odd window.', common=["same", 0, 1]
    )
    ceil_mode: bool = switch(
        False,
        label="Round up",
        help="Keeps a last window that hangs over the edge; otherwise those pixels are dropped.",
    )

    def _pads(self) -> tuple[int, int]:
        pads = explicit_padding(self.padding, self.kernel_size, self.stride, what="window")
        kernel = both(self.kernel_size)
        if any(pad > size // 2 for pad, size in zip(pads, kernel, strict=True)):
            given = pads[0] if pads[0] == pads[1] else times(pads)
            raise ShapeError(
                f"Padding {given} is more than half of a {times(kernel)} window.",
                f"Use at most {min(kernel) // 2}, or a larger window.",
                {"set": {"padding": min(kernel) // 2}, "label": f"Use padding {min(kernel) // 2}"},
                id="shape.E003",
            )
        return pads

    def shape(self, *inputs: Shape) -> Shape:
        """(channels, height, width)"""
        image = inputs[0]
        pads = self._pads()
        rows, columns = (
            pooled(*axis, self.ceil_mode)
            for axis in zip(image[1:], both(self.kernel_size), both(self.stride), pads, strict=True)
        )
        if rows < 1 or columns < 1:
            require_fit(image, self.kernel_size, pads, what="window")
        return (image[0], rows, columns)

    def formulas(self, *inputs: Shape) -> dict[str, str]:
        """Height and width."""
        axes = zip(
            inputs[0][1:], self.shape(*inputs)[1:], both(self.kernel_size), both(self.stride), self._pads(), strict=True
        )
        vertical, horizontal = (
            window_side(size, out, window=window, stride=stride, padding=pad, up=self.ceil_mode)
            for size, out, window, stride, pad in axes
        )
        return {"sides": both_sides(vertical, horizontal)}

    def window(self, *inputs: Shape) -> Window:
        """The pooling window."""
        return Window(size=both(self.kernel_size), stride=both(self.stride), padding=self._pads())

    def _arguments(self) -> dict[str, object]:
        return {
            "kernel_size": both(self.kernel_size),
            "stride": both(self.stride),
            "padding": self._pads(),
            "ceil_mode": self.ceil_mode,
        }

    def default_label(self) -> str:
        """ "Max pool 2" """
        rows, columns = both(self.kernel_size)
        return f"{self.label} pool {rows}" if rows == columns else f"{self.label} pool {rows}×{columns}"


class MaxPool(_Pool):
    """The largest value of each window."""

    kind = "max_pool"
    label = "Max"
    summary = "Keeps the largest value of each window."
    formula = "y[c, i, j] = max x[c, i·stride + u, j·stride + v]"
    source = "Ranzato et al., Unsupervised Learning of Invariant Feature Hierarchies, 2007"
    keywords = ("pooling", "subsampling", "downsample", "maximum")

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.MaxPool2d"""
        return Layer(module="MaxPool2d", arguments=self._arguments())


class AvgPool(_Pool):
    """The mean of each window."""

    kind = "avg_pool"
    label = "Average"
    summary = "Takes the mean of each window."
    formula = "y[c, i, j] = mean x[c, i·stride + u, j·stride + v]"
    source = "LeCun et al., Handwritten Digit Recognition with a Back-Propagation Network, 1990"
    keywords = ("pooling", "subsampling", "downsample", "mean")

    count_include_pad: bool = switch(
        True, label="Count padding", help="Zeros of the padding count in the mean, as torch does."
    )

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.AvgPool2d"""
        return Layer(module="AvgPool2d", arguments={**self._arguments(), "count_include_pad": self.count_include_pad})


class GlobalAvgPool(Block):
    """One mean for each channel."""

    kind = "global_avg_pool"
    label = "Global average"
    summary = "Takes the mean of each whole channel; the image shrinks to one pixel."
    formula = "y[c] = mean over all i, j of x[c, i, j]"
    source = "Lin, Chen and Yan, Network in Network, 2014"
    category: ClassVar[Category] = "Pool"
    family: ClassVar[Family] = "pool"
    takes = "image"
    keywords = ("pooling", "gap", "mean", "adaptive")

    def shape(self, *inputs: Shape) -> Shape:
        """(channels, 1, 1)"""
        return (inputs[0][0], 1, 1)

    def formulas(self, *inputs: Shape) -> dict[str, str]:
        """One pixel."""
        return {"sides": f"1×1, the mean of all {volume(inputs[0][1:])}"}

    def window(self, *inputs: Shape) -> Window:
        """The whole image."""
        return Window(everything=True)

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.AdaptiveAvgPool2d(1)"""
        return Layer(module="AdaptiveAvgPool2d", arguments={"output_size": 1})
