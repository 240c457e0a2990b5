"""Dropout."""

from __future__ import annotations

from typing import ClassVar

from playground.blocks.base import Block, Category, Family, Layer, Settings, Shape
from playground.fields import real
from playground.operators import Constant, Match, Operator


class Dropout(Block):
    """A thinned network at each step."""

    kind = "dropout"
    label = "Dropout"
    summary = "Silences a random share of the values at each training step; does nothing at test time."
    formula = "y = x · mask / (1 − p) while training, x at test time"
    source = "Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014"
    category: ClassVar[Category] = "Steady"
    family: ClassVar[Family] = "steadying"
    keywords = ("regularisation", "regularization", "thinned")
    reads = ("Dropout(x)", "Dropout(x, ratio)", "Dropout(x, ratio, training)")

    p: float = real(0.5, low=0.0, high=0.95, label="Share", help="Share of values silenced.", common=[0.1, 0.25, 0.5])

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.Dropout"""
        return Layer(module="Dropout", arguments={"p": self.p})

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Dropout, which does nothing at inference."""
        return (Operator("Dropout", ("x", Constant((self.p,)))),)

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """The ratio, an attribute in old files."""
        ratio = match.numbers("ratio")
        return {"p": ratio[0] if ratio else match.get("Dropout", "ratio", 0.5)}

    def default_label(self) -> str:
        """ "Dropout 0.5" """
        return f"Dropout {self.p:g}"
