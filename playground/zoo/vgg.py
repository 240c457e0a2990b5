"""VGG: nothing but 3×3 filters, one behind the other."""

from __future__ import annotations

from playground.zoo.registry import exhibit
from playground.zoo.sketch import Sketch


@exhibit(
    "vgg-16",
    title="VGG-16",
    question="What do chains of 3×3 filters cost?",
    source="Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2015",
    place=21,
    dataset="shapes",
    parameters=138_357_544,
    macs=15_470_264_320,
    also=("vgg", "vgg-vd-16"),
)
def vgg_16(sketch: Sketch) -> None:
    """Five stages; the filters double where the image halves."""
    sketch.input(3, 224, 224)
    for filters, depth in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(depth):
            sketch.add("conv2d", filters=filters, kernel_size=3, padding=1)
            sketch.add("relu")
        sketch.add("max_pool", kernel_size=2, stride=2)
    sketch.add("flatten")
    for _ in range(2):
        sketch.add("dense", units=4096)
        sketch.add("relu")
        sketch.add("dropout", p=0.5)
    sketch.output(1000)
