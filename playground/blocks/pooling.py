"""Pooling: neighbouring pixels become one."""

from __future__ import annotations

from typing import ClassVar

from playground.blocks.base import Block, Category, Family, Layer, Settings, Shape, ShapeError, Window
from playground.fields import Padding, Pair, padding, pair, switch
from playground.formulas import both_sides, volume, window_side
from playground.operators import PADS, Match, Operator, Unreadable, padding_around, pair_of, whole_numbers
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

    def _attributes(self, image: Shape) -> Settings:
        """What the operators of both pools have."""
        pads = self._pads()
        return {
            "kernel_shape": list(both(self.kernel_size)),
            "strides": list(both(self.stride)),
            "pads": [*pads, *pads],
            "ceil_mode": int(any(self._behind(image))),
        }

    def _behind(self, image: Shape) -> list[int]:
        """Pixels that the last window hangs over the padding, where it does because sizes are rounded up."""
        axes = zip(
            image[1:], both(self.kernel_size), both(self.stride), self._pads(), self.shape(image)[1:], strict=True
        )
        return [max(0, (out - 1) * stride + size - side - 2 * pad) for side, size, stride, pad, out in axes]

    def _unclear(self, image: Shape) -> bool:
        """Whether programs differ: torch drops a last window that would start behind the image, in one direction, while
        it rounds up in the other. Then the padding is written out."""
        axes = zip(
            image[1:], both(self.kernel_size), both(self.stride), self._pads(), self.shape(image)[1:], strict=True
        )
        dropped = any(out < -(-(side + 2 * pad - size) // stride) + 1 for side, size, stride, pad, out in axes)
        return dropped and any(self._behind(image))

    def _written_out(self, image: Shape, pads: tuple[int, int]) -> Settings:
        """The attributes with what hangs over as padding behind the image, beside `pads` on each side."""
        behind = [pad + more for pad, more in zip(pads, self._behind(image), strict=True)]
        return {**self._attributes(image), "pads": [*pads, *behind], "ceil_mode": 0}

    @classmethod
    def _read(cls, match: Match, op: str) -> Settings:
        """What both pools have; more padding behind the image than before it is rounding up, if it comes to that."""
        kernel = match.get(op, "kernel_shape", [])
        strides = match.get(op, "strides", [1, 1])
        if any(gap != 1 for gap in match.get(op, "dilations", [1])):
            raise Unreadable("pools over pixels that lie apart")
        settings = {
            "kernel_size": pair_of(kernel),
            "stride": pair_of(strides),
            "ceil_mode": bool(match.get(op, "ceil_mode", 0)),
        }
        pads = padding_around(match, op, kernel, [1, 1])
        settings["padding"] = pair_of(pads[:2])
        if pads[:2] == pads[2:]:
            return settings
        padded = zip(match.shapes[0][1:], kernel, strides, pads[:2], pads[2:], strict=True)
        wanted = tuple((side + before + after - size) // stride + 1 for side, size, stride, before, after in padded)
        axes = zip(match.shapes[0][1:], kernel, strides, pads[:2], strict=True)
        if settings["ceil_mode"] or wanted != tuple(pooled(*axis, True) for axis in axes):
            raise Unreadable(f"pads unevenly ({pads[0]}, {pads[1]} before and {pads[2]}, {pads[3]} after)")
        return {**settings, "ceil_mode": True}

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
    reads = ("MaxPool(x)",)

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.MaxPool2d"""
        return Layer(module="MaxPool2d", arguments=self._arguments())

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """MaxPool"""
        image = inputs[0]
        unclear = self._unclear(image)
        return (
            Operator(
                "MaxPool", attributes=(self._written_out(image, self._pads()) if unclear else self._attributes(image))
            ),
        )

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """Window, stride, padding, rounding."""
        return cls._read(match, "MaxPool")


class AvgPool(_Pool):
    """The mean of each window."""

    kind = "avg_pool"
    label = "Average"
    summary = "Takes the mean of each window."
    formula = "y[c, i, j] = mean x[c, i·stride + u, j·stride + v]"
    source = "LeCun et al., Handwritten Digit Recognition with a Back-Propagation Network, 1990"
    keywords = ("pooling", "subsampling", "downsample", "mean")
    reads = ("AveragePool(x)", *(f"AveragePool({pad})" for pad in PADS))

    count_include_pad: bool = switch(
        True, label="Count padding", help="Zeros of the padding count in the mean, as torch does."
    )

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.AvgPool2d"""
        return Layer(module="AvgPool2d", arguments={**self._arguments(), "count_include_pad": self.count_include_pad})

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """AveragePool; padding that counts is a Pad before it where the rest must be written out."""
        image, pads = inputs[0], self._pads()
        if not self._unclear(image):
            attributes = {**self._attributes(image), "count_include_pad": int(self.count_include_pad)}
            return (Operator("AveragePool", attributes=attributes),)
        if not (self.count_include_pad and any(pads)):
            return (Operator("AveragePool", attributes=self._written_out(image, pads)),)
        around = whole_numbers(0, 0, *pads, 0, 0, *pads)
        return (
            Operator("Pad", ("x", around), output="padded"),
            Operator("AveragePool", ("padded",), self._written_out(image, (0, 0))),
        )

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """As the max pool; zeros that a Pad brought count in the mean."""
        settings = cls._read(match, "AveragePool")
        counted = bool(match.get("AveragePool", "count_include_pad", 0))
        if "Pad" in match.attributes:
            own = match.get("AveragePool", "pads", [0, 0, 0, 0])
            if match.get("AveragePool", "ceil_mode", 0) or any(own[:2]) or (any(own) and counted):
                raise Unreadable("pads twice, in two ways")
            counted = True
        elif settings["ceil_mode"] and counted and not match.get("AveragePool", "ceil_mode", 0):
            raise Unreadable("counts more padding behind the image than before it")
        return {**settings, "count_include_pad": counted}


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
    reads = ("GlobalAveragePool(x)", "ReduceMean(x)", "ReduceMean(x, axes)")

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

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """GlobalAveragePool"""
        return (Operator("GlobalAveragePool"),)

    @classmethod
    def from_onnx(cls, match: Match) -> list[tuple[str, Settings]]:
        """A mean over all pixels; one that keeps no image is flattened behind it."""
        if "ReduceMean" in match.attributes:
            axes = match.wholes("axes") or match.get("ReduceMean", "axes", ())
            if len(match.shapes[0]) != 3 or sorted(axis % 4 for axis in axes) != [2, 3]:
                raise Unreadable("takes the mean over something else than all pixels")
            if not match.get("ReduceMean", "keepdims", 1):
                return [("global_avg_pool", {}), ("flatten", {})]
        return [("global_avg_pool", {})]
