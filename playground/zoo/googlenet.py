"""GoogLeNet and a small relative: filters of several sizes side by side."""

from __future__ import annotations

from typing import Any

from playground.zoo.registry import exhibit
from playground.zoo.sketch import Sketch

TABLE = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
"""The paper's table 1: 1×1, 3×3 reduce, 3×3, 5×5 reduce, 5×5, pool projection."""


def _inception(sketch: Sketch, name: str, row: tuple[int, ...], *, normalise: bool = False) -> None:
    one, reduce_3, three, reduce_5, five, pool = row
    sketch.add(
        "inception",
        f"inception_{name}",
        filters_1x1=one,
        reduce_3x3=reduce_3,
        filters_3x3=three,
        reduce_5x5=reduce_5,
        filters_5x5=five,
        pool_projection=pool,
        normalise=normalise,
    )


@exhibit(
    "googlenet",
    title="GoogLeNet",
    question="How do 7 million parameters beat 61 million?",
    source="Szegedy et al., Going Deeper with Convolutions, 2015; without the two auxiliary heads",
    place=22,
    dataset="shapes",
    recipe={"epochs": 5, "optimiser": "adam", "learning_rate": 0.001, "schedule": "cosine"},
    parameters=6_998_552,
    macs=1_582_671_872,
    also=("inception-v1",),
)
def googlenet(sketch: Sketch) -> None:
    """Two plain stages, then nine inception blocks. Pools round up, as in the authors' framework."""
    norm: dict[str, Any] = {"size": 5, "alpha": 1e-4, "beta": 0.75, "k": 1.0}
    pool: dict[str, Any] = {"kernel_size": 3, "stride": 2, "ceil_mode": True}
    sketch.input(3, 224, 224)
    sketch.add("conv2d", filters=64, kernel_size=7, stride=2, padding=3)
    sketch.add("relu")
    sketch.add("max_pool", **pool)
    sketch.add("local_response_norm", **norm)
    sketch.add("conv2d", filters=64, kernel_size=1)
    sketch.add("relu")
    sketch.add("conv2d", filters=192, kernel_size=3, padding=1)
    sketch.add("relu")
    sketch.add("local_response_norm", **norm)
    sketch.add("max_pool", **pool)
    for name, row in TABLE.items():
        if name in {"4a", "5a"}:
            sketch.add("max_pool", **pool)
        _inception(sketch, name, row)
    sketch.add("global_avg_pool")
    sketch.add("flatten")
    sketch.add("dropout", p=0.4)
    sketch.output(1000)


@exhibit(
    "small-inception",
    title="Small inception",
    question="Which filter size do shapes need, if the network may choose?",
    source="After Szegedy et al., Going Deeper with Convolutions, 2015",
    place=4,
    dataset="shapes",
    template=True,
    recipe={"epochs": 4, "optimiser": "adam", "learning_rate": 0.005, "schedule": "cosine"},
)
def small_inception(sketch: Sketch) -> None:
    """One plain stage and two inception blocks with batch norm."""
    sketch.input(3, 32, 32)
    sketch.add("conv2d", filters=32, kernel_size=3, padding="same")
    sketch.add("relu")
    sketch.add("max_pool", kernel_size=2, stride=2)
    _inception(sketch, "a", (16, 16, 32, 8, 16, 16), normalise=True)
    sketch.add("max_pool", kernel_size=2, stride=2)
    _inception(sketch, "b", (32, 24, 48, 8, 24, 24), normalise=True)
    sketch.add("global_avg_pool")
    sketch.add("flatten")
    sketch.output(10)
