"""The head: from an image to a vector, and layers in which every value sees every other."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from playground.blocks.base import Block, Category, Family, Layer, Settings, Shape, Window
from playground.fields import switch, whole
from playground.formulas import factors
from playground.operators import Match, Operator, Unreadable, Weight


class Flatten(Block):
    """The image as one long vector."""

    kind = "flatten"
    label = "Flatten"
    summary = "Lays the image out as one vector, channel by channel."
    formula = "units = channels · height · width"
    category: ClassVar[Category] = "Head"
    family: ClassVar[Family] = "dense"
    keywords = ("reshape", "vector", "view")
    reads = ("Flatten(x)", "Reshape(x, shape)", "Squeeze(x)", "Squeeze(x, axes)")

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

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Flatten, which keeps the batch."""
        return (Operator("Flatten", attributes={"axis": 1}),)

    @classmethod
    def from_onnx(cls, match: Match) -> list[tuple[str, Settings]]:
        """Nothing where the shape stays as it is."""
        before = match.shapes[0]
        after = _reshaped(match, before)
        if after == before:
            return []
        if after != (prod(before),):
            raise Unreadable("gives neither one vector for each image nor the image as it was")
        return [("flatten", {})]


def _reshaped(match: Match, image: Shape) -> Shape:
    """What Flatten, Reshape or Squeeze make of one image. Raises Unreadable where images are mixed with one another."""
    if "Flatten" in match.attributes:
        if match.get("Flatten", "axis", 1) not in {1, -len(image)}:
            raise Unreadable("does not keep the images of a batch apart")
        return (prod(image),)
    if "Squeeze" in match.attributes:
        axes = match.wholes("axes") or match.get("Squeeze", "axes", None)
        if axes is None:
            axes = [axis + 1 for axis, side in enumerate(image) if side == 1]
        gone = {axis % (len(image) + 1) for axis in axes}
        return tuple(side for axis, side in enumerate(image, 1) if axis not in gone)
    target = match.wholes("shape")
    if not target:
        raise Unreadable("reshapes to something that is not fixed")
    keep_zeros = bool(match.get("Reshape", "allowzero", 0))
    wanted = [
        image[place - 1] if side == 0 and not keep_zeros and 0 < place <= len(image) else side
        for place, side in enumerate(target)
    ]
    rest = wanted[1:]
    known = prod(side for side in rest if side > 0)
    if rest.count(-1) == 1 and wanted[0] != -1 and known and prod(image) % known == 0:
        rest = [prod(image) // known if side == -1 else side for side in rest]
    if any(side < 1 for side in rest) or prod(rest) != prod(image):
        raise Unreadable("does not keep the images of a batch apart")
    return tuple(rest)


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
    reads = (
        "Gemm(x, weight)", "Gemm(x, weight, bias)", "MatMul(x, weight)", "Add(MatMul(x, weight), bias)",
    )  # fmt: skip

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

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Gemm with torch's weights, which lie the other way round."""
        weight, bias = Weight("weight", (self.units, inputs[0][0])), Weight("bias", (self.units,))
        return (Operator("Gemm", ("x", weight, bias) if self.bias else ("x", weight), {"transB": 1}),)

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """Units from the weights' dimensions."""
        weight = match.dims("weight")
        if len(weight) != 2 or match.get("Gemm", "transA", 0):
            raise Unreadable("multiplies something else than a vector and a table of weights")
        if match.get("Gemm", "alpha", 1.0) != 1 or ("bias" in match.constants and match.get("Gemm", "beta", 1.0) != 1):
            raise Unreadable("scales its weights")
        units, inputs = weight if match.get("Gemm", "transB", 0) else weight[::-1]
        if len(match.shapes[0]) == 1 and match.shapes[0][0] != inputs:
            raise Unreadable(f"has weights for {inputs} inputs, but gets {match.shapes[0][0]}")
        if "bias" in match.constants and prod(match.dims("bias")) not in {1, units}:
            raise Unreadable("adds something else than one bias for each unit")
        return {"units": units, "bias": "bias" in match.constants}

    @classmethod
    def from_torch(cls, arguments: Settings) -> Settings | None:
        """torch's out_features."""
        if "out_features" not in arguments:
            return None
        return {"units": arguments["out_features"], "bias": arguments["bias"]}

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
    reads = ("Softmax(x)",)

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.Softmax over channels or units."""
        return Layer(module="Softmax", arguments={"dim": 1})

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Softmax over channels or units."""
        return (Operator("Softmax", attributes={"axis": 1}),)

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """Only over channels or units."""
        size = len(match.shapes[0]) + 1
        if match.get("Softmax", "axis", -1 if match.opset >= 13 else 1) % size != 1:
            raise Unreadable("goes along another axis than the channels")
        return {}
