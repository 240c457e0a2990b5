"""LeNet: the first convolutional networks, which read digits on cheques and letters."""

from __future__ import annotations

from playground.protocol.page import Published
from playground.zoo.registry import exhibit
from playground.zoo.sketch import Sketch

TANH_RECIPE = {
    "epochs": 2,
    "optimiser": "adam",
    "learning_rate": 0.003,
    "schedule": "cosine",
    "initialisation": "glorot_uniform",
}
PAPER = "LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998"
WIRED_FULLY = (
    "The paper counts 60,000. Its C3 reads only some of the maps (1,516 parameters in place of 2,416), its averages S2"
    " and S4 have 44, and its outputs compare with ten fixed patterns instead of being a dense layer of 850:"
    " 61,706 − 900 + 44 − 850."
)


@exhibit(
    "lenet-1990",
    title="LeNet 1990",
    question="What could a network read in 1990, with tanh and averages?",
    source="LeCun et al., Handwritten Digit Recognition with a Back-Propagation Network, 1990",
    place=2,
    template=True,
    recipe=TANH_RECIPE,
    year=1990,
    remark="The paper's network has 2,578 parameters. Its second filters read 20 of the 48 pairs of maps, its averages"
    " have a weight and a bias for each map (32 in all), and its ten outputs stand right behind the last average:"
    " 104 + 512 + 1,930 + 32. Here all pairs are read, averages have no weights, and a third layer of filters"
    " comes before the outputs.",
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
    source=f"{PAPER}; with ReLU and max pooling",
    place=3,
    template=True,
    recipe={"epochs": 2, "optimiser": "adam", "learning_rate": 0.003, "schedule": "cosine"},
    year=1998,
    published=Published(
        parameters=61_706, source="As usually rebuilt, C3 reading all maps, with a dense layer at the end"
    ),
    remark=f"{WIRED_FULLY} ReLU and maxima are of today; LeNet-5 with tanh has what the paper has.",
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


@exhibit(
    "lenet-5-tanh",
    title="LeNet-5 with tanh",
    question="What do ReLU and maxima change in the network of 1998?",
    source=PAPER,
    place=10,
    recipe=TANH_RECIPE,
    year=1998,
    published=Published(
        parameters=61_706, source="As usually rebuilt, C3 reading all maps, with a dense layer at the end"
    ),
    remark=f"{WIRED_FULLY} The paper's images are padded to 32×32; here C1 pads.",
    also=("lenet-5-1998",),
)
def lenet_5_tanh(sketch: Sketch) -> None:
    """Filters, tanh, average, tanh; twice; filters, tanh; then two dense layers, as the paper orders them."""
    sketch.input(1, 28, 28)
    for stage, filters, padding in ((1, 6, 2), (3, 16, 0)):
        sketch.add("conv2d", f"c{stage}", filters=filters, kernel_size=5, padding=padding)
        sketch.add("tanh")
        sketch.add("avg_pool", f"s{stage + 1}", kernel_size=2, stride=2)
        sketch.add("tanh")
    sketch.add("conv2d", "c5", filters=120, kernel_size=5)
    sketch.add("tanh")
    sketch.add("flatten")
    sketch.add("dense", "f6", units=84)
    sketch.add("tanh")
    sketch.output(10)
