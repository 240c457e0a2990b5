"""Inception: filters of several sizes side by side, joined in depth."""

from __future__ import annotations

from typing import ClassVar

from playground.blocks.base import Category, Family, Shape, Step
from playground.blocks.composite import Composite, activation_field, filtered
from playground.fields import switch, whole


def _filters(default: int, label: str, help: str) -> int:
    count: int = whole(default, low=1, high=8192, label=label, help=help)
    return count


class _Inception(Composite):
    category: ClassVar[Category] = "Compose"
    family: ClassVar[Family] = "join"
    takes = "image"
    source = "Szegedy et al., Going Deeper with Convolutions, 2015"


class InceptionNaive(_Inception):
    """Three filter sizes and a pool, with no reduction of channels."""

    kind = "inception_naive"
    label = "Inception, naive"
    summary = "1×1, 3×3 and 5×5 filters and a max pool side by side, all of one size, joined in depth."
    formula = "channels = 1×1 + 3×3 + 5×5 + channels in"
    keywords = ("googlenet", "parallel", "branches")

    filters_1x1: int = _filters(16, "1×1", "Channels of the 1×1 branch.")
    filters_3x3: int = _filters(32, "3×3", "Channels of the 3×3 branch.")
    filters_5x5: int = _filters(8, "5×5", "Channels of the 5×5 branch.")
    activation: str = activation_field()

    def expand(self, *inputs: Shape) -> tuple[Step, ...]:
        """Four branches and a concat."""
        steps: list[Step] = []
        ends = [
            filtered(steps, f"conv_{size}x{size}", size, filters, "in", activation=self.activation)
            for size, filters in ((1, self.filters_1x1), (3, self.filters_3x3), (5, self.filters_5x5))
        ]
        steps.append(_pool())
        return (*steps, Step(name="concat", block="concat", inputs=(*ends, "pool")))


class Inception(_Inception):
    """Three filter sizes and a pool; 1×1 filters keep the channels at bay."""

    kind = "inception"
    label = "Inception"
    summary = (
        "Like the naive one, with 1×1 filters before 3×3 and 5×5 and after the pool, which saves most of the work."
    )
    formula = "channels = 1×1 + 3×3 + 5×5 + pool projection"
    keywords = ("googlenet", "parallel", "branches", "reduction")

    filters_1x1: int = _filters(16, "1×1", "Channels of the 1×1 branch.")
    reduce_3x3: int = _filters(16, "1×1 before 3×3", "Channels that the 3×3 filters see.")
    filters_3x3: int = _filters(32, "3×3", "Channels of the 3×3 branch.")
    reduce_5x5: int = _filters(4, "1×1 before 5×5", "Channels that the 5×5 filters see.")
    filters_5x5: int = _filters(8, "5×5", "Channels of the 5×5 branch.")
    pool_projection: int = _filters(8, "1×1 after the pool", "Channels of the pool's branch.")
    activation: str = activation_field()
    normalise: bool = switch(False, label="Batch norm", help="Batch norm after each convolution, in place of its bias.")

    def expand(self, *inputs: Shape) -> tuple[Step, ...]:
        """Four branches and a concat."""
        steps: list[Step] = []

        def conv(name: str, size: int, filters: int, source: str) -> str:
            return filtered(steps, name, size, filters, source, activation=self.activation, normalise=self.normalise)

        one = conv("conv_1x1", 1, self.filters_1x1, "in")
        three = conv("conv_3x3", 3, self.filters_3x3, conv("reduce_3x3", 1, self.reduce_3x3, "in"))
        five = conv("conv_5x5", 5, self.filters_5x5, conv("reduce_5x5", 1, self.reduce_5x5, "in"))
        steps.append(_pool())
        pooled = conv("pool_projection", 1, self.pool_projection, "pool")
        return (*steps, Step(name="concat", block="concat", inputs=(one, three, five, pooled)))


def _pool() -> Step:
    return Step(name="pool", block="max_pool", params={"kernel_size": 3, "stride": 1, "padding": 1})
