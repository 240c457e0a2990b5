"""AlexNet: the network that won ImageNet 2012."""

from __future__ import annotations

from typing import Any

from playground.protocol.page import Published
from playground.zoo.registry import exhibit
from playground.zoo.sketch import Sketch

LARGE_RECIPE = {"epochs": 5, "learning_rate": 0.01, "momentum": 0.9, "weight_decay": 5e-4, "schedule": "cosine"}
"""Rate, momentum and decay of the paper, and of VGG's after it; here the rate falls along a cosine."""


@exhibit(
    "alexnet",
    title="AlexNet",
    question="Where do 61 million parameters sit?",
    source="Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep CNNs, 2012",
    place=20,
    dataset="shapes",
    recipe=LARGE_RECIPE,
    year=2012,
    published=Published(
        parameters=60_965_224,
        macs=724_406_816,
        top1_error=40.7,
        top5_error=18.2,
        evaluation="10 crops",
        source="Krizhevsky et al. 2012, table 2, one network; counts follow from section 3.5",
    ),
    single_crop=Published(
        parameters=61_100_840,
        macs=714_188_480,
        top1_error=43.478,
        top5_error=20.934,
        evaluation="1 crop",
        source="torchvision 0.28, alexnet: one tower with other widths, no response normalisation",
    ),
    remark="The 832 million multiply-adds of the lecture leave out the two groups of the fourth convolution, which then"
    " takes 224,280,576 in place of 112,140,288, and round each layer down: 105 + 223 + 149 + 224 + 74 + 37 + 16 + 4."
    " Images are 227×227 because 55×55 positions of an 11×11 filter with stride 4 need that; the paper's 224 does not"
    " come out even. torchvision's version has one tower with other widths and 61,100,840 parameters. The 15.3 % that"
    " won are of seven networks together, on the test set.",
)
def alexnet(sketch: Sketch) -> None:
    """Two GPUs are two groups. The paper's α is torch's divided by the size: 5e-4."""
    norm: dict[str, Any] = {"size": 5, "alpha": 5e-4, "beta": 0.75, "k": 2.0}
    sketch.input(3, 227, 227)
    sketch.stage("Conv 1")
    sketch.add("conv2d", filters=96, kernel_size=11, stride=4)
    sketch.add("relu")
    sketch.add("local_response_norm", **norm)
    sketch.add("max_pool", kernel_size=3, stride=2)
    sketch.stage("Conv 2")
    sketch.add("conv2d", filters=256, kernel_size=5, padding=2, groups=2)
    sketch.add("relu")
    sketch.add("local_response_norm", **norm)
    sketch.add("max_pool", kernel_size=3, stride=2)
    sketch.stage("Conv 3–5")
    for filters, groups in ((384, 1), (384, 2), (256, 2)):
        sketch.add("conv2d", filters=filters, kernel_size=3, padding=1, groups=groups)
        sketch.add("relu")
    sketch.add("max_pool", kernel_size=3, stride=2)
    sketch.stage("Dense 6–8")
    sketch.add("flatten")
    for _ in range(2):
        sketch.add("dense", units=4096)
        sketch.add("relu")
        sketch.add("dropout", p=0.5)
    sketch.output(1000)
