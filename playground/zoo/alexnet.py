"""AlexNet: the network that won ImageNet 2012."""

from __future__ import annotations

from typing import Any

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
    parameters=60_965_224,
    macs=724_406_816,
)
def alexnet(sketch: Sketch) -> None:
    """Two GPUs are two groups. The paper's α is torch's divided by the size: 5e-4."""
    norm: dict[str, Any] = {"size": 5, "alpha": 5e-4, "beta": 0.75, "k": 2.0}
    sketch.input(3, 227, 227)
    sketch.add("conv2d", filters=96, kernel_size=11, stride=4)
    sketch.add("relu")
    sketch.add("local_response_norm", **norm)
    sketch.add("max_pool", kernel_size=3, stride=2)
    sketch.add("conv2d", filters=256, kernel_size=5, padding=2, groups=2)
    sketch.add("relu")
    sketch.add("local_response_norm", **norm)
    sketch.add("max_pool", kernel_size=3, stride=2)
    for filters, groups in ((384, 1), (384, 2), (256, 2)):
        sketch.add("conv2d", filters=filters, kernel_size=3, padding=1, groups=groups)
        sketch.add("relu")
    sketch.add("max_pool", kernel_size=3, stride=2)
    sketch.add("flatten")
    for _ in range(2):
        sketch.add("dense", units=4096)
        sketch.add("relu")
        sketch.add("dropout", p=0.5)
    sketch.output(1000)
