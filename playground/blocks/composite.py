"""What composite blocks share: their numbers are the sums over the primitives they open into."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from playground import expansion
from playground.blocks.base import CATALOGUE, Block, Shape, Step, Window
from playground.fields import Choice, choice


class Composite(Block):
    """A block that opens into primitives."""

    composite = True

    @abstractmethod
    def expand(self, *inputs: Shape) -> tuple[Step, ...]:
        """The steps inside, the last one being the output."""

    def shape(self, *inputs: Shape) -> Shape:
        """The shape of the last primitive."""
        return expansion.primitives(self, inputs)[-1].shape

    def parameters(self, *inputs: Shape) -> int:
        """Sum over the primitives."""
        return sum(each.block.parameters(*each.input_shapes) for each in expansion.primitives(self, inputs))

    def macs(self, *inputs: Shape) -> int:
        """Sum over the primitives."""
        return sum(each.block.macs(*each.input_shapes) for each in expansion.primitives(self, inputs))

    def window(self, *inputs: Shape) -> Window:
        """A composite has no one window; its field is followed through the primitives."""
        raise TypeError(f"The block '{self.kind}' has no window of its own.")


def activation_field() -> Any:
    """The activation inside a composite block: any block of the category Activate, or none."""
    kinds = [Choice(value=kind, label=block.label) for kind, block in CATALOGUE.items() if block.category == "Activate"]
    return choice(
        "relu",
        choices=[*kinds, Choice(value="none", label="None")],
        label="Activation",
        help="Follows each convolution.",
    )


def filtered(
    steps: list[Step],
    name: str,
    size: int,
    filters: int,
    source: str,
    *,
    stride: int = 1,
    activation: str = "none",
    normalise: bool = False,
) -> str:
    """Append a size-keeping convolution, batch norm in place of its bias where wanted, and the activation.

    Returns the name of the last step appended.
    """
    params = {"filters": filters, "kernel_size": size, "stride": stride, "padding": size // 2, "bias": not normalise}
    steps.append(Step(name=name, block="conv2d", params=params, inputs=(source,)))
    if normalise:
        steps.append(Step(name=f"{name}_norm", block="batch_norm", inputs=(steps[-1].name,)))
    if activation != "none":
        steps.append(Step(name=f"{name}_{activation}", block=activation, inputs=(steps[-1].name,)))
    return steps[-1].name
