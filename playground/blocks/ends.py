"""Where the network begins and where it ends."""

from __future__ import annotations

from typing import ClassVar

from playground.blocks.base import Block, Category, Family, Shape
from playground.fields import real, whole


class Input(Block):
    """The image as the data set gives it."""

    kind = "input"
    label = "Input"
    summary = "The image, as the data set gives it."
    category: ClassVar[Category] = "Ends"
    family: ClassVar[Family] = "data"
    takes = "nothing"
    min_inputs = 0
    max_inputs = 0
    only_one = True
    keywords = ("image", "data", "start")

    channels: int = whole(1, low=1, high=1024, label="Channels", help="1 for grey, 3 for colour.", common=[1, 3])
    height: int = whole(28, low=1, high=4096, label="Height", unit="px", help="Rows of the image.")
    width: int = whole(28, low=1, high=4096, label="Width", unit="px", help="Columns of the image.")

    def shape(self, *inputs: Shape) -> Shape:
        """The image's own shape."""
        return (self.channels, self.height, self.width)


class Output(Block):
    """The classifier's end: one score for each class."""

    kind = "output"
    label = "Output"
    summary = "One score for each class; the loss is the cross-entropy of their softmax."
    formula = "loss = −log(exp(x_class) / Σ exp(x_j))"
    category: ClassVar[Category] = "Ends"
    family: ClassVar[Family] = "data"
    takes = "vector"
    has_output = False
    only_one = True
    keywords = ("classes", "loss", "end", "cross-entropy", "scores")


class AuxiliaryOutput(Block):
    """A second classifier further down, which learns with the others and is thrown away at inference."""

    kind = "auxiliary_output"
    label = "Auxiliary output"
    summary = (
        "A classifier part way: its loss is added while training, so that early layers learn; later it is left out."
    )
    formula = "loss = loss of the output + Σ weight · loss of each auxiliary output"
    source = "Szegedy et al., Going Deeper with Convolutions, 2015, section 5"
    category: ClassVar[Category] = "Ends"
    family: ClassVar[Family] = "data"
    takes = "vector"
    has_output = False
    rank = 1
    keywords = ("auxiliary head", "auxiliary classifier", "deep supervision", "side", "loss")

    weight: float = real(
        0.3,
        low=0.0,
        high=10.0,
        label="Weight",
        help="What its loss counts beside the output's, which counts 1.",
        common=[0.1, 0.3, 1],
    )

    def default_label(self) -> str:
        """ "Auxiliary output 0.3" """
        return f"Auxiliary output {self.weight:g}"
