"""What every block is: a frozen record of settings that knows its shape rule, its cost and its torch layer."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from playground.fields import FieldSpec, describe
from playground.operators import Match, Operator
from playground.shapes import Shape, ShapeError

Category = Literal["Ends", "Convolve", "Pool", "Compose", "Activate", "Steady", "Head"]
Family = Literal["data", "conv", "pool", "join", "dense", "activation", "steadying"]

__all__ = ["CATALOGUE", "Block", "Category", "Family", "Layer", "Shape", "ShapeError", "Step", "Window"]

Settings = dict[str, Any]
CATALOGUE: dict[str, type[Block]] = {}
"""Every block by its kind, filled when a subclass of Block is defined; in palette order."""


class Layer(BaseModel):
    """How torch makes the block: a class of torch.nn with keyword arguments, or one of the few functions it lacks.

    The names come from our own classes, never from a user's document, so the worker may getattr them.
    """

    model_config = ConfigDict(frozen=True)
    module: str | None = None
    """Class name in torch.nn."""
    function: Literal["identity", "add", "concat", "step", "scale", "logistic", "pad_shortcut"] | None = None
    """identity(x); add(*xs); concat(*xs) along channels; step(x) = 1 where x > 0; scale(x, c) = c·x;
    logistic(x, k, x0, L) = L / (1 + exp(−k(x − x0)));
    pad_shortcut(x, channels, stride) = every stride-th pixel, then channels of zeros."""
    arguments: dict[str, Any] = {}


class Window(BaseModel):
    """What a sliding window does to the receptive field; (vertical, horizontal) in pixels of its input."""

    model_config = ConfigDict(frozen=True)
    size: tuple[int, int] = (1, 1)
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)
    everything: bool = False
    """The block looks at its whole input (dense, flatten, global average pooling)."""


class Step(BaseModel):
    """One primitive inside a composite block. Inputs name earlier steps, or "in" for the block's own input."""

    model_config = ConfigDict(frozen=True)
    name: str
    block: str
    params: dict[str, Any] = {}
    inputs: tuple[str, ...] = ("in",)


class Block(BaseModel):
    """A block of the palette. Subclasses declare fields and the methods below; defining one registers it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    kind: ClassVar[str] = ""
    label: ClassVar[str]
    """Name in the palette, sentence case."""
    summary: ClassVar[str]
    """One sentence: what it computes."""
    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""
    """Paper and section, where the block has one."""
    category: ClassVar[Category]
    family: ClassVar[Family]
    takes: ClassVar[Literal["image", "vector", "any", "nothing"]] = "any"
    has_output: ClassVar[bool] = True
    rectifies: ClassVar[bool] = False
    """An activation that weakens or stops what is not above zero and gives more than zero only for what is."""
    only_one: ClassVar[bool] = False
    """A network has exactly one: its input and its output."""
    composite: ClassVar[bool] = False
    """Opens into primitives, see expand()."""
    min_inputs: ClassVar[int] = 1
    max_inputs: ClassVar[int | None] = 1
    """None: any number (add, concat)."""
    rank: ClassVar[int] = 0
    """Place in its category: lower first; equal ones by file and place in it."""
    reads: ClassVar[tuple[str, ...]] = ()
    """Operators of ONNX that are this block: "Mul(x, Sigmoid(x))". x, x1… are its inputs and *x any number of them;
    other names are constants, which from_onnx sees."""
    keywords: ClassVar[tuple[str, ...]] = ()
    """Other names people search for."""
    _fields: ClassVar[tuple[FieldSpec, ...]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.kind and "kind" in cls.__dict__:
            if cls.kind in CATALOGUE:
                raise TypeError(f"A block named '{cls.kind}' exists already. Choose another kind for {cls.__name__}.")
            CATALOGUE[cls.kind] = cls

    @classmethod
    def fields(cls) -> tuple[FieldSpec, ...]:
        """The settings in the order of the form."""
        if "_fields" not in cls.__dict__:
            cls._fields = tuple(describe(cls))
        return cls._fields

    @model_validator(mode="after")
    def _values_in_range(self) -> Self:
        for spec in self.fields():
            value = getattr(self, spec.name)
            if spec.kind in {"pair", "padding"}:
                for part in value if isinstance(value, tuple) else (value,):
                    low, high = spec.minimum or 0, spec.maximum or math.inf
                    if part != "same" and not low <= part <= high:
                        raise ValueError(f"{spec.label} is {part}; it must be between {low:g} and {high:g}.")
            elif spec.kind == "choice" and value not in {choice.value for choice in spec.choices}:
                raise ValueError(f"{spec.label} is '{value}'; it must be one of the choices.")
        return self

    def shape(self, *inputs: Shape) -> Shape:
        """Output shape for one image. Raises ShapeError where the input does not fit."""
        return inputs[0]

    def parameters(self, *inputs: Shape) -> int:
        """Trainable values: weights, biases, batch-norm scale and shift; not running statistics."""
        return 0

    def macs(self, *inputs: Shape) -> int:
        """Multiply-adds for one image. One multiply-add counts 1; biases and activations are not counted."""
        return 0

    def statistics(self, *inputs: Shape) -> int:
        """Values kept beside the weights that are not trained: running means and variances."""
        return 0

    def formulas(self, *inputs: Shape) -> dict[str, str]:
        """How the numbers are made, values put in: {"parameters": "3·3·3·64 + 64", "macs": "3·3·3·64 · 32·32"}.

        "channels" and "sides" tell what changes of the shape: "64 filters", "(32 + 2·1 − 3) / 2 + 1 = 16, rounded
        down". playground/formulas.py has the words, playground/stated.py adds what follows from the other numbers.
        """
        return {}

    def window(self, *inputs: Shape) -> Window:
        """What the block does to the receptive field."""
        return Window()

    def steepest(self) -> float | None:
        """Of an activation the largest |dy/dx|, by which a gradient grows at most on its way back; else None."""
        return None

    def torch(self, *inputs: Shape) -> Layer:
        """The torch layer as data. Composite blocks have none: they expand()."""
        raise TypeError(f"The block '{self.kind}' has no torch layer of its own.")

    def onnx(self, *inputs: Shape) -> tuple[Operator, ...] | None:
        """The operators of ONNX that compute it, as data; None where there are none. Composite blocks expand()."""
        return None

    @classmethod
    def from_onnx(cls, match: Match) -> Settings | list[tuple[str, Settings]] | None:
        """The settings that make the block of operators that fit one of `reads`; or blocks in a row, with none for
        operators that change nothing. None: these are not the block. Raises Unreadable: they nearly are, but not quite.
        """
        return {}

    @classmethod
    def from_torch(cls, arguments: Settings) -> Settings | None:
        """The settings for which torch() gives a layer with these arguments; settings of other names override this.

        Whoever asks compares what torch() then gives with what was found.
        """
        return {spec.name: arguments[spec.name] for spec in cls.fields() if spec.name in arguments}

    def expand(self, *inputs: Shape) -> tuple[Step, ...] | None:
        """The primitives inside a composite block, the last one being its output; None for a primitive."""
        return None

    def default_label(self) -> str:
        """The name on the drawing while the user has given none: "Conv 3×3"."""
        return self.label

    def code_name(self) -> str:
        """What its class is called in generated code, before it is put into Python's form."""
        return self.kind

    def sentence(self) -> str:
        """The summary as it fits these settings."""
        return self.summary
