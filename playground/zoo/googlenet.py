"""GoogLeNet and a small relative: filters of several sizes side by side."""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.protocol.page import Published
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


PAPER = "Szegedy et al., Going Deeper with Convolutions, 2015"
RECIPE = {"epochs": 5, "optimiser": "adam", "learning_rate": 0.001, "schedule": "cosine"}
ABOUT_COUNTS = (
    "The “4 million parameters” of some slides are too few: the layers of the paper's table 1 sum to 6.8 million. It"
    " gives the first layer 2.7 thousand parameters and 34 million multiply-adds; a full 7×7 has 9,472 and 118,013,952."
)
ABOUT_TORCHVISION = (
    "torchvision's version has 3×3 filters in place of 5×5 and batch norm in place of response normalisation."
)
HEADS = ("4a", "4d")


def googlenet(sketch: Sketch, *, heads: tuple[str, ...]) -> None:
    """Two plain stages, then nine inception blocks. Pools round up, as in the authors' framework.

    `heads`: blocks that an auxiliary classifier reads.
    """
    norm: dict[str, Any] = {"size": 5, "alpha": 1e-4, "beta": 0.75, "k": 1.0}
    pool: dict[str, Any] = {"kernel_size": 3, "stride": 2, "ceil_mode": True}
    sketch.input(3, 224, 224)
    sketch.stage("Stem")
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
        sketch.stage(f"Inception {name[0]}")
        if name in {"4a", "5a"}:
            sketch.add("max_pool", **pool)
        _inception(sketch, name, row)
        if name in heads:
            _auxiliary_head(sketch, name)
            sketch.back_to(f"inception_{name}")
    sketch.stage("Head")
    sketch.add("global_avg_pool")
    sketch.add("flatten")
    sketch.add("dropout", p=0.4)
    sketch.output(1000)


def _auxiliary_head(sketch: Sketch, name: str) -> None:
    """Section 5 of the paper: 70 % of the values are dropped, and its loss counts 0.3."""
    sketch.stage(f"Auxiliary head {name}")
    sketch.add("avg_pool", f"pool_{name}", kernel_size=5, stride=3)
    sketch.add("conv2d", f"conv_{name}", filters=128, kernel_size=1)
    sketch.add("relu")
    sketch.add("flatten", f"flatten_{name}")
    sketch.add("dense", f"dense_{name}", units=1024)
    sketch.add("relu")
    sketch.add("dropout", f"dropout_{name}", p=0.7)
    sketch.add("dense", f"scores_{name}", units=1000)
    sketch.add("auxiliary_output", f"auxiliary_{name}", weight=0.3)


exhibit(
    "googlenet",
    title="GoogLeNet",
    question="How do 7 million parameters beat 61 million?",
    source=f"{PAPER}; without the two auxiliary heads",
    place=22,
    dataset="shapes",
    recipe=RECIPE,
    year=2014,
    published=Published(
        parameters=6_998_552,
        macs=1_582_671_872,
        top5_error=9.15,
        evaluation="10 crops",
        source="Szegedy et al. 2015, table 3, one network; counts follow from its table 1",
    ),
    single_crop=Published(
        parameters=6_624_904,
        macs=1_498_376_192,
        top1_error=30.222,
        top5_error=10.47,
        evaluation="1 crop",
        source="torchvision 0.28, googlenet: 3×3 in place of 5×5, batch norm",
    ),
    remark=f"{ABOUT_COUNTS} {ABOUT_TORCHVISION} With one crop the paper has 10.07 % top-5 error, with 144 crops 7.89 %;"
    " the 6.67 % that won are of seven networks. The paper trained it with two auxiliary heads.",
    also=("inception-v1",),
)(partial(googlenet, heads=()))
exhibit(
    "googlenet-auxiliary",
    title="GoogLeNet with auxiliary heads",
    question="Do classifiers part way help the early layers to learn?",
    source=f"{PAPER}, section 5",
    place=22,
    dataset="shapes",
    recipe=RECIPE,
    year=2014,
    published=Published(
        parameters=13_378_280,
        macs=1_591_044_096,
        source="Szegedy et al. 2015; counts follow from table 1 and section 5",
    ),
    remark="6,998,552 of the parameters and 1,582,671,872 of the multiply-adds are left at inference: the heads behind"
    " 4a and 4d, with 3,188,840 and 3,190,888 parameters, work while training and are then thrown away. The paper saw"
    f" them add about 0.5 % and one do as well as two. {ABOUT_COUNTS} {ABOUT_TORCHVISION}",
    also=("googlenet-aux",),
)(partial(googlenet, heads=HEADS))


@exhibit(
    "small-inception",
    title="Small inception",
    question="Which filter size do shapes need, if the network may choose?",
    source=f"After {PAPER}",
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
