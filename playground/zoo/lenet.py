"""LeNet: the first convolutional networks, which read digits on cheques and letters."""

from __future__ import annotations

from playground.zoo.registry import exhibit
from playground.zoo.sketch import Sketch


@exhibit(
    "lenet-1990",
    title="LeNet 1990",
    question="What could a network read in 1990, with tanh and averages?",
    source="LeCun et al., Handwritten Digit Recognition with a Back-Propagation Network, 1990",
    place=2,
    template=True,
    recipe={
        "epochs": 2,
        "optimiser": "adam",
        "learning_rate": 0.003,
        "schedule": "cosine",
        "initialisation": "glorot_uniform",
    },
)
def lenet_1990(sketch: Sketch) -> None:
    """Filters, tanh, average, tanh; twice; then filters that see all that is left."""
    sketch.input(1, 28, 28)
    for stage, filters in ((1, 4), (3, 12)):
        sketch.add("conv2d", f"c{stage}", filters=filters, kernel_size=5)
        sketch.add("tanh")
        sketch.add("avg_pool", f"p{stage + 1}", kernel_size=2, stride=2)
        sketch.add("tanh")
    sketch.add("conv2d", "c5", filters=40, kernel_size=4)
    sketch.add("tanh")
    sketch.add("flatten")
    sketch.output(10)


@exhibit(
    "lenet-5",
    title="LeNet-5",
    question="Which digits look alike to the network that read cheques?",
    source="LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998;"
    " with ReLU and max pooling",
    place=3,
    template=True,
    recipe={"epochs": 2, "optimiser": "adam", "learning_rate": 0.003, "schedule": "cosine"},
    parameters=61_706,
    also=("lenet",),
)
def lenet_5(sketch: Sketch) -> None:
    """6 and 16 filters of 5×5, then 120, 84 and 10 units. Layers carry the names of the paper."""
    sketch.input(1, 28, 28)
    sketch.add("conv2d", "c1", filters=6, kernel_size=5, padding=2)
    sketch.add("relu", "r1")
    sketch.add("max_pool", "s2", kernel_size=2, stride=2)
    sketch.add("conv2d", "c3", filters=16, kernel_size=5)
    sketch.add("relu", "r3")
    sketch.add("max_pool", "s4", kernel_size=2, stride=2)
    sketch.add("flatten")
    sketch.add("dense", "c5", units=120)
    sketch.add("relu", "r5")
    sketch.add("dense", "f6", units=84)
    sketch.add("relu", "r6")
    sketch.output(10)
