"""Small networks to start from."""

from __future__ import annotations

from playground.zoo.registry import exhibit
from playground.zoo.sketch import Sketch


@exhibit(
    "first-digits",
    title="First digits",
    question="How do a few small filters learn to read digits?",
    source="A small modern network: 3×3 filters, ReLU, max pooling, dropout",
    place=1,
    template=True,
    recipe={"epochs": 2, "optimiser": "adam", "learning_rate": 0.002, "schedule": "cosine"},
)
def first_digits(sketch: Sketch) -> None:
    """Two stages of 3×3 filters and a small head."""
    sketch.input(1, 28, 28)
    for filters in (16, 32):
        sketch.add("conv2d", filters=filters, kernel_size=3, padding="same")
        sketch.add("relu")
        sketch.add("max_pool", kernel_size=2, stride=2)
    sketch.add("flatten")
    sketch.add("dense", units=64)
    sketch.add("relu")
    sketch.add("dropout", p=0.25)
    sketch.output(10)


@exhibit(
    "mlp",
    title="Dense only",
    question="How far does one get without any filters?",
    source="Rumelhart, Hinton and Williams, Learning Representations by Back-Propagating Errors, 1986",
    place=8,
    template=True,
    recipe={"epochs": 3, "learning_rate": 0.02, "momentum": 0.9, "schedule": "cosine"},
    also=("multilayer perceptron", "dense"),
)
def dense_only(sketch: Sketch) -> None:
    """Three dense layers."""
    sketch.input(1, 28, 28)
    sketch.add("flatten")
    for units in (128, 64):
        sketch.add("dense", units=units)
        sketch.add("relu")
    sketch.output(10)


@exhibit(
    "empty",
    title="Empty canvas",
    question="What would you build?",
    source="",
    place=9,
    template=True,
    also=("blank",),
)
def empty(sketch: Sketch) -> None:
    """Input and output, and room between them."""
    sketch.loose_ends(1, 28, 28)
