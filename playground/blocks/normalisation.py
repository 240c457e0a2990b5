"""Normalisation: keeps values in a range that later layers can rely on."""

from __future__ import annotations

from typing import ClassVar

from playground.blocks.base import Block, Category, Family, Layer, Shape
from playground.fields import real, whole
from playground.formulas import factors


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
