"""The head: from an image to a vector, and layers in which every value sees every other."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from playground.blocks.base import Block, Category, Family, Layer, Shape, Window
from playground.fields import switch, whole
from playground.formulas import factors


class Flatten(Block):
    """The image as one long vector."""

    kind = "flatten"
    label = "Flatten"
    summary = "Lays the image out as one vector, channel by channel."
    formula = "units = channels · height · width"
    category: ClassVar[Category] = "Head"
    family: ClassVar[Family] = "dense"
    keywords = ("reshape", "vector", "view")

    def shape(self, *inputs: Shape) -> Shape:
        """(units,)"""
        return (prod(inputs[0]),)

    def formulas(self, *inputs: Shape) -> dict[str, str]:
        """The product of the sides."""
        return {"channels": f"{factors(*inputs[0])} = {prod(inputs[0])} values"}

    def window(self, *inputs: Shape) -> Window:
        """The vector as a whole sees the whole image."""
        return Window(everything=True)

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.Flatten"""
        return Layer(module="Flatten")


class Dense(Block):
    """Every output is a weighted sum of all inputs."""

    kind = "dense"
    label = "Dense"
    summary = "Every output is a weighted sum of all inputs."
    formula = "y = W·x + b"
    source = "Rosenblatt, The Perceptron, 1958"
    category: ClassVar[Category] = "Head"
    family: ClassVar[Family] = "dense"
    takes = "vector"
    keywords = ("fully connected", "linear", "fc", "perceptron", "classifier")

    units: int = whole(10, low=1, high=65536, label="Units", help="Number of outputs.", common=[10, 64, 128])
    bias: bool = switch(True, label="Bias", help="A learned constant for each unit.")

    def shape(self, *inputs: Shape) -> Shape:
        """(units,)"""
        return (self.units,)

    def parameters(self, *inputs: Shape) -> int:
        """Inputs × units, and one bias for each unit."""
        return inputs[0][0] * self.units + (self.units if self.bias else 0)

    def macs(self, *inputs: Shape) -> int:
        """Every weight once."""
        return inputs[0][0] * self.units

    def formulas(self, *inputs: Shape) -> dict[str, str]:
        """Inputs · units."""
        weights = factors(inputs[0][0], self.units)
        return {
            "channels": f"{self.units} units",
            "parameters": f"{weights} + {self.units}" if self.bias else weights,
            "macs": weights,
        }

    def window(self, *inputs: Shape) -> Window:
        """All of its input."""
        return Window(everything=True)

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.Linear"""
        return Layer(
            module="Linear",
            arguments={"in_features": inputs[0][0], "out_features": self.units, "bias": self.bias},
        )

    def default_label(self) -> str:
        """ "Dense 10" """
        return f"Dense {self.units}"


class Softmax(Block):
    """Scores become probabilities."""

    kind = "softmax"
    label = "Softmax"
    summary = "Turns scores into probabilities that sum to 1 (over the channels of an image)."
    formula = "y_k = exp(x_k) / Σ exp(x_j)"
    source = "Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs, 1990"
    category: ClassVar[Category] = "Head"
    family: ClassVar[Family] = "activation"
    keywords = ("probabilities", "classifier", "normalise")

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.Softmax over channels or units."""
        return Layer(module="Softmax", arguments={"dim": 1})
