"""Activations: a function of each value on its own."""

from __future__ import annotations

import math
from typing import ClassVar

from playground.blocks.base import Block, Category, Family, Layer, Settings, Shape
from playground.fields import real
from playground.operators import Constant, Match, Operator, Unreadable

FLOAT = 1
"""ONNX's number for float32."""


class _Activation(Block):
    """A function of each value; the shape stays."""

    category: ClassVar[Category] = "Activate"
    family: ClassVar[Family] = "activation"


class ReLU(_Activation):
    """max(0, x)"""

    kind = "relu"
    rectifies = True
    label = "ReLU"
    summary = "Passes what is positive and stops the rest."
    formula = "y = max(0, x)"
    source = "Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010"
    keywords = ("rectifier", "rectified linear unit")
    reads = ("Relu(x)",)

    def steepest(self) -> float:
        """1, for all that is positive."""
        return 1.0

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.ReLU"""
        return Layer(module="ReLU")

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Relu"""
        return (Operator("Relu"),)


class LeakyReLU(_Activation):
    """ReLU that lets a little of the negative side through."""

    kind = "leaky_relu"
    rectifies = True
    label = "Leaky ReLU"
    summary = "Passes what is positive and a small share of the rest, so that no unit dies."
    formula = "y = x for x ≥ 0, slope·x for x < 0"
    source = "Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013"
    keywords = ("rectifier", "lrelu")
    reads = ("LeakyRelu(x)",)

    slope: float = real(
        0.01, low=0.0, high=1.0, label="Slope", help="Slope on the negative side.", common=[0.01, 0.1, 0.2]
    )

    def steepest(self) -> float:
        """1: the slope on the negative side is at most that."""
        return max(1.0, self.slope)

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.LeakyReLU"""
        return Layer(module="LeakyReLU", arguments={"negative_slope": self.slope})

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """LeakyRelu"""
        return (Operator("LeakyRelu", attributes={"alpha": self.slope}),)

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """Its attribute alpha."""
        return {"slope": match.get("LeakyRelu", "alpha", 0.01)}

    @classmethod
    def from_torch(cls, arguments: Settings) -> Settings | None:
        """torch's negative_slope."""
        return {"slope": arguments["negative_slope"]} if "negative_slope" in arguments else None


class Sigmoid(_Activation):
    """The logistic function."""

    kind = "sigmoid"
    label = "Sigmoid"
    summary = "The logistic curve: squeezes every value between 0 and L; flat at both ends."
    formula = "y = L / (1 + exp(−k·(x − x0)))"
    source = "Rumelhart, Hinton and Williams, Learning Representations by Back-Propagating Errors, 1986"
    keywords = ("logistic", "squash")
    reads = ("Sigmoid(x)", "Mul(Sigmoid(Mul(Sub(x, x_0), k)), L)")

    k: float = real(1.0, low=-100.0, high=100.0, label="k", help="Steepness.")
    x0: float = real(0.0, low=-1000.0, high=1000.0, label="x₀", help="Where the curve is half-way up.")
    L: float = real(1.0, low=-1000.0, high=1000.0, label="L", help="Height of the curve.")

    def steepest(self) -> float:
        """|k·L| / 4, half-way up: y′ = k·y·(1 − y/L)."""
        return abs(self.k * self.L) / 4

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.Sigmoid for k = 1, x0 = 0, L = 1, else the function logistic."""
        if (self.k, self.x0, self.L) == (1.0, 0.0, 1.0):
            return Layer(module="Sigmoid")
        return Layer(function="logistic", arguments={"k": self.k, "x0": self.x0, "L": self.L})

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Sigmoid; shifted and scaled before and after it unless k = 1, x0 = 0, L = 1."""
        if (self.k, self.x0, self.L) == (1.0, 0.0, 1.0):
            return (Operator("Sigmoid"),)
        return (
            Operator("Sub", ("x", Constant((self.x0,))), output="shifted"),
            Operator("Mul", ("shifted", Constant((self.k,))), output="scaled"),
            Operator("Sigmoid", ("scaled",), output="curve"),
            Operator("Mul", ("curve", Constant((self.L,)))),
        )

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """The constants of the longer form."""
        if "k" not in match.constants:
            return {}
        return {"k": match.number("k"), "x0": match.number("x_0"), "L": match.number("L")}


class Tanh(_Activation):
    """The hyperbolic tangent."""

    kind = "tanh"
    label = "Tanh"
    summary = "Squeezes every value between −1 and 1, centred on zero; flat at both ends."
    formula = "y = tanh(x) = 2·sigmoid(2x) − 1"
    source = "LeCun et al., Efficient BackProp, 1998"
    keywords = ("hyperbolic tangent", "squash")
    reads = ("Tanh(x)",)

    def steepest(self) -> float:
        """1, at zero: y′ = 1 − y²."""
        return 1.0

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.Tanh"""
        return Layer(module="Tanh")

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Tanh"""
        return (Operator("Tanh"),)


class Swish(_Activation):
    """x · sigmoid(x)"""

    kind = "swish"
    rectifies = True
    label = "Swish"
    summary = "A smooth ReLU that dips below zero before it rises."
    formula = "y = x · sigmoid(x)"
    source = "Ramachandran, Zoph and Le, Searching for Activation Functions, 2017"
    keywords = ("silu",)
    reads = ("Mul(x, Sigmoid(x))", "Swish(x)")

    def steepest(self) -> float:
        """1.0998, where y″ = 0, which is x·tanh(x/2) = 2: y′ = s + x·s·(1 − s) with s = sigmoid(x)."""
        x = 2.0
        for _ in range(60):
            x = 2 / math.tanh(x / 2)
        s = 1 / (1 + math.exp(-x))
        return s + x * s * (1 - s)

    def torch(self, *inputs: Shape) -> Layer:
        """torch.nn.SiLU"""
        return Layer(module="SiLU")

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """x · Sigmoid(x); the operator Swish is too new for many programs."""
        return (Operator("Sigmoid", output="gate"), Operator("Mul", ("x", "gate")))

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """Only without a factor inside."""
        if match.get("Swish", "alpha", 1.0) != 1.0:
            raise Unreadable("has a factor inside its sigmoid")
        return {}


class Step(_Activation):
    """Fires or not."""

    kind = "step"
    rectifies = True
    label = "Step"
    summary = "Fires for positive values, is silent otherwise; its gradient is zero, so nothing before it learns."
    formula = "y = 1 for x > 0, else 0"
    source = "McCulloch and Pitts, A Logical Calculus of the Ideas Immanent in Nervous Activity, 1943"
    keywords = ("threshold", "heaviside", "binary", "fire")
    reads = ("Cast(Greater(x, threshold))",)

    def steepest(self) -> float:
        """0: flat on both sides."""
        return 0.0

    def torch(self, *inputs: Shape) -> Layer:
        """The function step."""
        return Layer(function="step")

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """x > 0 as a number."""
        above = Operator("Greater", ("x", Constant((0.0,))), output="above")
        return (above, Operator("Cast", ("above",), {"to": FLOAT}))

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """Only with the threshold 0."""
        if match.number("threshold") != 0 or match.get("Cast", "to", FLOAT) != FLOAT:
            raise Unreadable("compares with something else than 0")
        return {}


class LinearActivation(_Activation):
    """A straight line."""

    kind = "linear_activation"
    label = "Linear"
    summary = "A straight line: layers joined by it collapse into one layer."
    formula = "y = c·x"
    keywords = ("identity", "scale")
    reads = ("Mul(x, c)", "Div(x, divisor)", "Neg(x)")

    c: float = real(1.0, low=-1000.0, high=1000.0, label="c", help="Slope of the line.")

    def steepest(self) -> float:
        """|c|, everywhere."""
        return abs(self.c)

    def torch(self, *inputs: Shape) -> Layer:
        """The function scale."""
        return Layer(function="scale", arguments={"c": self.c})

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...]:
        """Mul by c."""
        return (Operator("Mul", ("x", Constant((self.c,)))),)

    @classmethod
    def from_onnx(cls, match: Match) -> Settings:
        """The one factor."""
        if "divisor" in match.constants:
            divisor = match.number("divisor")
            if not divisor:
                raise Unreadable("divides by zero")
            return {"c": 1 / divisor}
        return {"c": match.number("c") if "c" in match.constants else -1.0}
