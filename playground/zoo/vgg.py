"""The networks of the Visual Geometry Group: VGG-M, and VGG-16 and -19 with nothing but chains of 3×3 filters."""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.zoo.alexnet import LARGE_RECIPE
from playground.zoo.registry import exhibit
from playground.zoo.sketch import Sketch

DEEP = "Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2015"


@exhibit(
    "vgg-m",
    title="VGG-M",
    question="What do smaller filters and strides change in AlexNet?",
    source="Chatfield, Simonyan, Vedaldi and Zisserman, Return of the Devil in the Details, 2014, table 1 (CNN-M)",
    place=21,
    dataset="shapes",
    recipe=LARGE_RECIPE,
    parameters=102_908_520,
    macs=1_676_172_320,
    also=("cnn-m",),
)
def vgg_m(sketch: Sketch) -> None:
    """Counts follow from the paper's table, which gives none; pools round up, as in the authors' framework (Caffe)."""
    norm: dict[str, Any] = {"size": 5, "alpha": 5e-4, "beta": 0.75, "k": 2.0}
    pool: dict[str, Any] = {"kernel_size": 3, "stride": 2, "ceil_mode": True}
    sketch.input(3, 224, 224)
    for filters, size, padding in ((96, 7, 0), (256, 5, 1)):
        sketch.add("conv2d", filters=filters, kernel_size=size, stride=2, padding=padding)
        sketch.add("relu")
        sketch.add("local_response_norm", **norm)
        sketch.add("max_pool", **pool)
    for _ in range(3):
        sketch.add("conv2d", filters=512, kernel_size=3, padding=1)
        sketch.add("relu")
    sketch.add("max_pool", **pool)
    _head(sketch)


def _head(sketch: Sketch) -> None:
    sketch.add("flatten")
    for _ in range(2):
        sketch.add("dense", units=4096)
        sketch.add("relu")
        sketch.add("dropout", p=0.5)
    sketch.output(1000)


def very_deep(sketch: Sketch, *, depths: tuple[int, ...]) -> None:
    """Five stages; the filters double where the image halves."""
    sketch.input(3, 224, 224)
    for filters, depth in zip((64, 128, 256, 512, 512), depths, strict=True):
        for _ in range(depth):
            sketch.add("conv2d", filters=filters, kernel_size=3, padding=1)
            sketch.add("relu")
        sketch.add("max_pool", kernel_size=2, stride=2)
    _head(sketch)


exhibit(
    "vgg-16",
    title="VGG-16",
    question="What do chains of 3×3 filters cost?",
    source=DEEP,
    place=21,
    dataset="shapes",
    recipe=LARGE_RECIPE,
    parameters=138_357_544,
    macs=15_470_264_320,
    also=("vgg", "vgg-vd-16"),
)(partial(very_deep, depths=(2, 2, 3, 3, 3)))
exhibit(
    "vgg-19",
    title="VGG-19",
    question="Do three more layers pay?",
    source=DEEP,
    place=21,
    dataset="shapes",
    recipe=LARGE_RECIPE,
    parameters=143_667_240,
    macs=19_632_062_464,
    also=("vgg-vd-19",),
)(partial(very_deep, depths=(2, 2, 4, 4, 4)))
