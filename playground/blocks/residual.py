"""Residual blocks: what the layers learn is added to what came in."""

from __future__ import annotations

from typing import ClassVar, Literal

from playground.blocks.base import Category, Family, Shape, Step
from playground.blocks.composite import Composite, activation_field, filtered
from playground.fields import Choice, choice, switch, whole

Shortcut = Literal["projection", "pad", "none"]
SHORTCUTS = (
    Choice(value="projection", label="Projection", help="Identity; a 1×1 convolution where the shape changes."),
    Choice(value="pad", label="Zero padding", help="Identity; subsampled, zero channels appended where it changes."),
    Choice(value="none", label="None", help="No shortcut: the plain twin, for comparison."),
)
STRIDES_IN = (
    Choice(value="3x3", label="3×3", help="As torchvision does: a little more work, a little more accurate."),
    Choice(value="1x1", label="First 1×1", help="As the paper does."),
)


class _Residual(Composite):
    category: ClassVar[Category] = "Compose"
    family: ClassVar[Family] = "join"
    takes = "image"
    formula = "y = activation(F(x) + x)"
    source = "He et al., Deep Residual Learning for Image Recognition, 2016"
    shortcut: Shortcut

    def code_name(self) -> str:
        """A block without its shortcut is plain."""
        return self.kind.replace("residual", "plain") if self.shortcut == "none" else self.kind

    def sentence(self) -> str:
        """A block without its shortcut adds nothing."""
        added = ", added to what came in"
        return self.summary.replace(added, "; the plain twin") if self.shortcut == "none" else self.summary


def _joined(
    steps: list[Step], end: str, *, image: Shape, filters: int, stride: int, shortcut: str, activation: str, bn: bool
) -> tuple[Step, ...]:
    """Close the block: shortcut, sum, activation. `end` names the last step of F."""
    if shortcut != "none":
        side = "in"
        if image[0] != filters or stride != 1:
            if shortcut == "projection":
                side = filtered(steps, "shortcut", 1, filters, "in", stride=stride, normalise=bn)
            else:
                side = "shortcut"
                steps.append(Step(name=side, block="pad_shortcut", params={"channels": filters, "stride": stride}))
        steps.append(Step(name="add", block="add", inputs=(end, side)))
        end = "add"
    if activation != "none":
        steps.append(Step(name=f"out_{activation}", block=activation, inputs=(end,)))
    elif steps[-1].name != end:
        steps.append(Step(name="out", block="linear_activation", inputs=(end,)))
    return tuple(steps)


class ResidualBasic(_Residual):
    """Two 3×3 convolutions and a shortcut."""

    kind = "residual_basic"
    label = "Residual"
    summary = "Two 3×3 convolutions, added to what came in (ResNet-18 and -34)."
    keywords = ("resnet", "shortcut", "skip", "basic")

    filters: int = whole(64, low=1, high=8192, label="Channels out", help="Filters of both convolutions.")
    stride: int = whole(1, low=1, high=8, label="Stride", help="Of the first convolution.", common=[1, 2])
    shortcut: Shortcut = choice("projection", choices=SHORTCUTS, label="Shortcut", help="How the input gets past.")
    activation: str = activation_field()
    normalise: bool = switch(True, label="Batch norm", help="Batch norm after each convolution, in place of its bias.")

    def expand(self, *inputs: Shape) -> tuple[Step, ...]:
        """F(x) = conv, activation, conv; then the sum."""
        steps: list[Step] = []
        first = filtered(
            steps,
            "conv1",
            3,
            self.filters,
            "in",
            stride=self.stride,
            activation=self.activation,
            normalise=self.normalise,
        )
        end = filtered(steps, "conv2", 3, self.filters, first, normalise=self.normalise)
        return _joined(
            steps,
            end,
            image=inputs[0],
            filters=self.filters,
            stride=self.stride,
            shortcut=self.shortcut,
            activation=self.activation,
            bn=self.normalise,
        )


class ResidualBottleneck(_Residual):
    """1×1 down, 3×3, 1×1 up, and a shortcut."""

    kind = "residual_bottleneck"
    label = "Residual bottleneck"
    summary = "1×1 to few channels, 3×3 there, 1×1 back, added to what came in (ResNet-50, -101 and -152)."
    keywords = ("resnet", "shortcut", "skip", "1x1")

    filters: int = whole(256, low=1, high=8192, label="Channels out", help="Filters of the last 1×1.")
    bottleneck_filters: int = whole(64, low=1, high=8192, label="Channels inside", help="Filters of the 3×3.")
    stride: int = whole(1, low=1, high=8, label="Stride", help="Of the block.", common=[1, 2])
    stride_in: Literal["3x3", "1x1"] = choice(
        "3x3", choices=STRIDES_IN, label="Stride in", help="The convolution that strides."
    )
    shortcut: Shortcut = choice("projection", choices=SHORTCUTS, label="Shortcut", help="How the input gets past.")
    activation: str = activation_field()
    normalise: bool = switch(True, label="Batch norm", help="Batch norm after each convolution, in place of its bias.")

    def expand(self, *inputs: Shape) -> tuple[Step, ...]:
        """F(x) = 1×1, activation, 3×3, activation, 1×1; then the sum."""
        steps: list[Step] = []
        strides = (self.stride, 1) if self.stride_in == "1x1" else (1, self.stride)
        end = "in"
        for name, size, stride in (("conv1", 1, strides[0]), ("conv2", 3, strides[1])):
            end = filtered(
                steps,
                name,
                size,
                self.bottleneck_filters,
                end,
                stride=stride,
                activation=self.activation,
                normalise=self.normalise,
            )
        end = filtered(steps, "conv3", 1, self.filters, end, normalise=self.normalise)
        return _joined(
            steps,
            end,
            image=inputs[0],
            filters=self.filters,
            stride=self.stride,
            shortcut=self.shortcut,
            activation=self.activation,
            bn=self.normalise,
        )
