"""ResNets and their plain twins, for digits and for photographs, from one builder."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from playground.zoo.registry import exhibit
from playground.zoo.sketch import Sketch

PAPER = "He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016"


def stages(
    sketch: Sketch, filters: int, blocks: tuple[int, ...], *, bottleneck: bool = False, shortcut: str = "projection"
) -> None:
    """Stages of residual blocks; each but the first doubles the filters and halves the image."""
    for stage, count in enumerate(blocks):
        width = filters * 2**stage
        for block in range(count):
            stride = 2 if stage and not block else 1
            name = f"stage{stage + 1}_{block + 1}"
            if bottleneck:
                sketch.add(
                    "residual_bottleneck",
                    name,
                    filters=4 * width,
                    bottleneck_filters=width,
                    stride=stride,
                    shortcut=shortcut,
                )
            else:
                sketch.add("residual_basic", name, filters=width, stride=stride, shortcut=shortcut)


def _head(sketch: Sketch, classes: int) -> None:
    sketch.add("global_avg_pool")
    sketch.add("flatten")
    sketch.output(classes)


def small(sketch: Sketch, *, image: tuple[int, int, int], blocks: int, shortcut: str) -> None:
    """The paper's networks for small images, section 4.2: 6n + 2 layers. `image`: (channels, height, width)."""
    sketch.input(*image)
    sketch.add("conv2d", filters=16, kernel_size=3, padding=1, bias=False)
    sketch.add("batch_norm")
    sketch.add("relu")
    stages(sketch, 16, (blocks, blocks, blocks), shortcut=shortcut)
    _head(sketch, 10)


def large(sketch: Sketch, *, blocks: tuple[int, ...], bottleneck: bool, shortcut: str) -> None:
    """The paper's networks for photographs of 224×224."""
    sketch.input(3, 224, 224)
    sketch.add("conv2d", filters=64, kernel_size=7, stride=2, padding=3, bias=False)
    sketch.add("batch_norm")
    sketch.add("relu")
    sketch.add("max_pool", kernel_size=3, stride=2, padding=1)
    stages(sketch, 64, blocks, bottleneck=bottleneck, shortcut=shortcut)
    _head(sketch, 1000)


SMALL_RECIPE = {"epochs": 2, "learning_rate": 0.05, "momentum": 0.9, "weight_decay": 1e-4, "schedule": "cosine"}

exhibit(
    "resnet-8",
    title="ResNet-8",
    question="What do shortcuts do for the first layers?",
    source=PAPER,
    place=5,
    template=True,
    recipe=SMALL_RECIPE,
)(partial(small, image=(1, 28, 28), blocks=1, shortcut="projection"))
exhibit(
    "plain-8",
    title="Plain twin of ResNet-8",
    question="Does the same network learn without its shortcuts?",
    source=PAPER,
    place=6,
    template=True,
    recipe=SMALL_RECIPE,
    also=("resnet-8-plain",),
)(partial(small, image=(1, 28, 28), blocks=1, shortcut="none"))


class _Published(NamedTuple):
    depth: int
    blocks: tuple[int, ...]
    bottleneck: bool
    parameters: int
    macs: int


PUBLISHED = (
    _Published(18, (2, 2, 2, 2), False, 11_689_512, 1_814_073_344),
    _Published(34, (3, 4, 6, 3), False, 21_797_672, 3_663_761_408),
    _Published(50, (3, 4, 6, 3), True, 25_557_032, 4_089_184_256),
    _Published(101, (3, 4, 23, 3), True, 44_549_160, 7_801_405_440),
    _Published(152, (3, 8, 36, 3), True, 60_192_808, 11_513_626_624),
)
"""Multiply-adds with a bottleneck's stride in its 3×3."""

PAPER_RECIPE = {
    "epochs": 4,
    "batch_size": 128,
    "learning_rate": 0.1,
    "momentum": 0.9,
    "weight_decay": 1e-4,
    "schedule": "cosine",
    "warmup_steps": 40,
}
"""Batch, rate, momentum and decay of section 4.2; the paper warms up for 110 layers alone; its rate falls in steps."""

for _place, _each in enumerate(PUBLISHED):
    exhibit(
        f"resnet-{_each.depth}",
        title=f"ResNet-{_each.depth}",
        question=f"How do {_each.depth} layers learn at all?",
        source=PAPER,
        place=23 + _place,
        dataset="shapes",
        recipe=PAPER_RECIPE,
        parameters=_each.parameters,
        macs=_each.macs,
    )(partial(large, blocks=_each.blocks, bottleneck=_each.bottleneck, shortcut="projection"))

for _place, _each in enumerate(PUBLISHED[:2]):
    exhibit(
        f"plain-{_each.depth}",
        title=f"Plain {_each.depth}",
        question=f"Why is it worse than ResNet-{_each.depth}, with the same filters?",
        source=PAPER,
        place=30 + _place,
        dataset="shapes",
        recipe=PAPER_RECIPE,
    )(partial(large, blocks=_each.blocks, bottleneck=False, shortcut="none"))

CIFAR = {20: 269_722, 32: 464_154, 44: 658_586, 56: 853_018, 110: 1_727_962}
"""Depth and parameters; the paper's table 6 rounds them to 0.27M, 0.46M, 0.66M, 0.85M and 1.7M."""

for _place, (_depth, _count) in enumerate(CIFAR.items()):
    _blocks = (_depth - 2) // 6
    exhibit(
        f"resnet-{_depth}",
        title=f"ResNet-{_depth}",
        question=f"What do shortcuts do for {_depth} layers on small images?",
        source=f"{PAPER}, section 4.2",
        place=40 + _place,
        dataset="shapes",
        recipe=PAPER_RECIPE,
        parameters=_count,
    )(partial(small, image=(3, 32, 32), blocks=_blocks, shortcut="pad"))
    if _depth < 110:
        exhibit(
            f"plain-{_depth}",
            title=f"Plain {_depth}",
            question=f"Why does a plain network of {_depth} layers train worse, with the same filters?",
            source=f"{PAPER}, section 4.2",
            place=50 + _place,
            dataset="shapes",
            recipe=PAPER_RECIPE,
            parameters=_count,
        )(partial(small, image=(3, 32, 32), blocks=_blocks, shortcut="none"))
