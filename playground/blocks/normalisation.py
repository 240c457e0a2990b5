"""Normalisation: keeps values in a range that later layers can rely on."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from playground.blocks.base import Block, Category, Family, Layer, Settings, Shape
from playground.fields import real, whole
from playground.formulas import factors
from playground.operators import Constant, Match, Operator, Unreadable, Weight, whole_numbers


class BatchNorm(Block):
    """Each channel shifted and scaled by the mean and variance of the batch."""

    kind = "batch_norm"
    label = "Batch norm"
    summary = "Gives each channel mean 0 and variance 1 over the batch, then a learned scale and shift."
    formula = "y = γ · (x − mean) / √(variance + ε) + β"
    source = "Ioffe and Szegedy, Batch Normalization, 2015"
    category: ClassVar[Category] = "Steady"
    family: ClassVar[Family] = "steadying"
    keywords = ("normalisation", "normalization", "bn")
    reads = ("BatchNormalization(x, weight, bias, mean, variance)",)

    momentum: float = real(
        0.1, low=0.0, high=1.0, label="Momentum", help="Share of the newest batch in the running mean and variance."
    )
    eps: float = real(1e-5, low=1e-12, high=1.0, label="ε", help="Keeps the division away from zero.")

    def parameters(self, *inputs: Shape) -> int:
        """A scale and a shift for each channel; running statistics are not trained and not counted."""
        return 2 * inputs[0][0]

    def statistics(self, *inputs: Shape) -> int:
        """A running mean and a running variance for each channel."""
        return 2 * inputs[0][0]

    def formulas(self, *inputs: Shape) -> dict[str, str]:
        """Twice the channels."""
        return {"parameters": factors(2, inputs[0][0])}

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.BatchNorm2d for images, BatchNorm1d for vectors."""
        return Layer(
            module="BatchNorm2d" if len(inputs[0]) == 3 else "BatchNorm1d",
            arguments={"num_features": inputs[0][0], "momentum": self.momentum, "eps": self.eps},
        )

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """BatchNormalization, whose momentum is the share of the old mean."""
        names = ("weight", "bias", "running_mean", "running_var")
        weights = tuple(Weight(name, (inputs[0][0],)) for name in names)
        attributes = {"epsilon": self.eps, "momentum": 1 - self.momentum}
        return (Operator("BatchNormalization", ("x", *weights), attributes),)

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """ε and momentum."""
        old = Decimal(repr(match.get("BatchNormalization", "momentum", 0.9)))
        return {"momentum": float(1 - old), "eps": match.get("BatchNormalization", "epsilon", 1e-5)}


class LocalResponseNorm(Block):
    """Neighbouring channels hold each other down."""

    kind = "local_response_norm"
    label = "Local response norm"
    summary = "Divides each value by the strength of neighbouring channels at the same pixel."
    formula = "y = x / (k + α/size · Σ x² over neighbouring channels)^β"
    source = "Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep CNNs, 2012, section 3.3"
    category: ClassVar[Category] = "Steady"
    family: ClassVar[Family] = "steadying"
    takes = "image"
    keywords = ("normalisation", "normalization", "lrn", "alexnet")
    reads = (
        "LRN(x)",
        "Div(x, Pow(Add(Mul(Squeeze(AveragePool(Unsqueeze(Mul(x, x), axis)), axis_2), alpha), k), beta))",
    )

    size: int = whole(5, low=1, high=255, label="Size", unit="channels", help="Neighbouring channels in the sum.")
    alpha: float = real(1e-4, low=0.0, high=100.0, label="α", help="Strength; torch divides it by the size.")
    beta: float = real(0.75, low=0.0, high=5.0, label="β", help="Exponent.")
    k: float = real(1.0, low=0.001, high=100.0, label="k", help="Keeps the division away from zero (AlexNet: 2).")

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.LocalResponseNorm"""
        return Layer(
            module="LocalResponseNorm",
            arguments={"size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k},
        )

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """LRN; an even size, which LRN centres otherwise, is torch's own mean over the neighbours."""
        if self.size % 2:
            values = {"size": self.size, "alpha": self.alpha, "beta": self.beta, "bias": self.k}
            return (Operator("LRN", attributes=values),)
        before, after = self.size // 2, self.size // 2 - 1
        mean = {"kernel_shape": [self.size, 1, 1], "pads": [before, 0, 0, after, 0, 0], "count_include_pad": 1}
        return (
            Operator("Mul", ("x", "x"), output="squares"),
            Operator("Unsqueeze", ("squares", whole_numbers(1)), output="depth"),
            Operator("AveragePool", ("depth",), mean, output="means"),
            Operator("Squeeze", ("means", whole_numbers(1)), output="strength"),
            Operator("Mul", ("strength", Constant((self.alpha,))), output="scaled"),
            Operator("Add", ("scaled", Constant((self.k,))), output="raised"),
            Operator("Pow", ("raised", Constant((self.beta,))), output="divisor"),
            Operator("Div", ("x", "divisor")),
        )

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """Either form."""
        if "LRN" in match.attributes:
            size = match.get("LRN", "size", 5)
            if size % 2 == 0:
                raise Unreadable("counts one neighbour more after a channel than before it")
            settings = {"alpha": ("alpha", 1e-4), "beta": ("beta", 0.75), "k": ("bias", 1.0)}
            return {"size": size, **{name: match.get("LRN", *where) for name, where in settings.items()}}
        kernel = match.get("AveragePool", "kernel_shape", [])
        size = kernel[0] if len(kernel) == 3 else 0
        pads = [size // 2, 0, 0, (size - 1) // 2, 0, 0]
        if kernel != [size, 1, 1] or match.get("AveragePool", "pads", None) != pads:
            raise Unreadable("divides by something else than the strength of neighbouring channels")
        return {"size": size, **{name: match.number(name) for name in ("alpha", "beta", "k")}}
