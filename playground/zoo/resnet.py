"""ResNets and their plain twins, for digits and for photographs, from one builder."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from playground.protocol.page import Published
from playground.zoo.registry import exhibit
from playground.zoo.sketch import Sketch

PAPER = "He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016"


def stages(
    sketch: Sketch, filters: int, blocks: tuple[int, ...], *, bottleneck: bool = False, shortcut: str = "projection"
) -> None:
    """Stages of residual blocks; each but the first doubles the filters and halves the image."""
    for stage, count in enumerate(blocks):
        sketch.stage(f"Stage {stage + 1}")
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
    sketch.stage("Head")
    sketch.add("global_avg_pool")
    sketch.add("flatten")
    sketch.output(classes)


def small(sketch: Sketch, *, image: tuple[int, int, int], blocks: int, shortcut: str) -> None:
    """The paper's networks for small images, section 4.2: 6n + 2 layers. `image`: (channels, height, width)."""
    sketch.staged = blocks > 1
    sketch.input(*image)
    sketch.stage("Stem")
    sketch.add("conv2d", filters=16, kernel_size=3, padding=1, bias=False)
    sketch.add("batch_norm")
    sketch.add("relu")
    stages(sketch, 16, (blocks, blocks, blocks), shortcut=shortcut)
    _head(sketch, 10)


def large(sketch: Sketch, *, blocks: tuple[int, ...], bottleneck: bool, shortcut: str) -> None:
    """The paper's networks for photographs of 224×224."""
    sketch.input(3, 224, 224)
    sketch.stage("Stem")
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
    year=2015,
    remark="Smaller than any of the paper's: one block in each of three stages, projections where the filters double.",
)(partial(small, image=(1, 28, 28), blocks=1, shortcut="projection"))
exhibit(
    "plain-8",
    title="Plain twin of ResNet-8",
    question="Does the same network learn without its shortcuts?",
    source=PAPER,
    place=6,
    template=True,
    recipe=SMALL_RECIPE,
    year=2015,
    remark="ResNet-8 without its shortcuts; the two projections among them have 2,752 parameters.",
    also=("resnet-8-plain",),
)(partial(small, image=(1, 28, 28), blocks=1, shortcut="none"))


class _Published(NamedTuple):
    depth: int
    blocks: tuple[int, ...]
    bottleneck: bool
    parameters: int
    macs: int
    top1: float
    top5: float | None
    """Errors in percent with 10 crops, the paper's tables 2 and 3."""
    one_crop: tuple[float, float]
    """Of torchvision's weights."""
    remark: str


STRIDE = (
    "With a bottleneck's stride in its first 1×1, as in the paper, it does {paper:,} multiply-adds (its table 1 says"
    " {rounded}×10⁹); with the stride in the 3×3, as here and in torchvision, {macs:,}. The block's setting moves it."
)
PUBLISHED = (
    _Published(
        18, (2, 2, 2, 2), False, 11_689_512, 1_814_073_344, 27.88, None, (30.242, 10.922),
        "The error is of shortcuts padded with zeros (option A), which have 173,824 parameters less; here they are"
        " projections (option B), as in the deeper networks. The plain network of 18 layers has 27.94 %.",
    ),
    _Published(
        34, (3, 4, 6, 3), False, 21_797_672, 3_663_761_408, 24.52, 7.46, (26.686, 8.58),
        "The error is of projections where the filters double (option B), as here. Padded with zeros (option A) it is"
        " 25.03 %, the figure usually set beside the plain network's 28.54 %; with projections everywhere (option C)"
        " 24.19 %.",
    ),
    _Published(
        50, (3, 4, 6, 3), True, 25_557_032, 4_089_184_256, 22.85, 6.71, (23.87, 7.138),
        STRIDE.format(paper=3_857_973_248, macs=4_089_184_256, rounded="3.8"),
    ),
    _Published(
        101, (3, 4, 23, 3), True, 44_549_160, 7_801_405_440, 21.75, 6.05, (22.626, 6.454),
        STRIDE.format(paper=7_570_194_432, macs=7_801_405_440, rounded="7.6"),
    ),
    _Published(
        152, (3, 8, 36, 3), True, 60_192_808, 11_513_626_624, 21.43, 5.71, (21.688, 5.954),
        STRIDE.format(paper=11_282_415_616, macs=11_513_626_624, rounded="11.3"),
    ),
)  # fmt: skip
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
        year=2015,
        published=Published(
            parameters=_each.parameters,
            macs=_each.macs,
            top1_error=_each.top1,
            top5_error=_each.top5,
            evaluation="10 crops" if _each.top5 else "10 crops, zero-padded shortcuts",
            source=f"He et al. 2016, table {3 if _each.top5 else 2}; counts: torchvision 0.28",
        ),
        single_crop=Published(
            parameters=_each.parameters,
            macs=_each.macs,
            top1_error=_each.one_crop[0],
            top5_error=_each.one_crop[1],
            evaluation="1 crop",
            source=f"torchvision 0.28, resnet{_each.depth}, its first weights",
        ),
        remark=_each.remark,
    )(partial(large, blocks=_each.blocks, bottleneck=_each.bottleneck, shortcut="projection"))


class _Plain(NamedTuple):
    parameters: int
    macs: int
    top1: float
    top5: float | None


PLAIN = {18: _Plain(11_515_688, 1_794_805_760, 27.94, None), 34: _Plain(21_623_848, 3_644_493_824, 28.54, 10.02)}
"""The paper's tables 2 and 3; counts are those of the residual networks less their three projections."""

for _place, _each in enumerate(PUBLISHED[:2]):
    _plain = PLAIN[_each.depth]
    exhibit(
        f"plain-{_each.depth}",
        title=f"Plain {_each.depth}",
        question=f"Why is it worse than ResNet-{_each.depth}, with the same filters?",
        source=PAPER,
        place=30 + _place,
        dataset="shapes",
        recipe=PAPER_RECIPE,
        year=2015,
        published=Published(
            parameters=_plain.parameters,
            macs=_plain.macs,
            top1_error=_plain.top1,
            top5_error=_plain.top5,
            evaluation="10 crops",
            source=f"He et al. 2016, table {3 if _plain.top5 else 2}; counts: ResNet's less its projections",
        ),
        remark="The residual network's three projections have 173,824 parameters and 19,267,584 multiply-adds."
        " Without shortcuts it has 27.94 % top-1 error at 18 layers and 28.54 % at 34: deeper is worse.",
    )(partial(large, blocks=_each.blocks, bottleneck=False, shortcut="none"))


class _Small(NamedTuple):
    parameters: int
    rounded: str
    """In the paper's table 6."""
    error: str
    """In percent on CIFAR-10, the same table."""


CIFAR = {
    20: _Small(269_722, "0.27", "8.75"),
    32: _Small(464_154, "0.46", "7.51"),
    44: _Small(658_586, "0.66", "7.17"),
    56: _Small(853_018, "0.85", "6.97"),
    110: _Small(1_727_962, "1.7", "6.43 (6.61 ± 0.16 over five runs)"),
}

for _place, (_depth, _cifar) in enumerate(CIFAR.items()):
    _blocks = (_depth - 2) // 6
    _counts = Published(
        parameters=_cifar.parameters,
        source=f"He et al. 2016, table 6, which rounds to {_cifar.rounded}M; exact: section 4.2",
    )
    exhibit(
        f"resnet-{_depth}",
        title=f"ResNet-{_depth}",
        question=f"What do shortcuts do for {_depth} layers on small images?",
        source=f"{PAPER}, section 4.2",
        place=40 + _place,
        dataset="shapes",
        recipe=PAPER_RECIPE,
        year=2015,
        published=_counts,
        remark=f"The paper measures it on CIFAR-10, not ImageNet: {_cifar.error} % top-1 error. Shortcuts are padded"
        " with zeros (option A), so that its plain twin has as many parameters.",
    )(partial(small, image=(3, 32, 32), blocks=_blocks, shortcut="pad"))
    exhibit(
        f"plain-{_depth}",
        title=f"Plain {_depth}",
        question=f"Why does a plain network of {_depth} layers train worse, with the same filters?",
        source=f"{PAPER}, section 4.2",
        place=50 + _place,
        dataset="shapes",
        recipe=PAPER_RECIPE,
        year=2015,
        published=_counts,
        remark=f"ResNet-{_depth} without its shortcuts, which have no parameters."
        + (" In the paper more than 60 % of its answers on CIFAR-10 stay wrong (figure 6)." if _depth == 110 else ""),
    )(partial(small, image=(3, 32, 32), blocks=_blocks, shortcut="none"))
