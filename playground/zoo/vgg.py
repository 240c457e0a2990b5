"""The networks of the Visual Geometry Group: VGG-M, and VGG-16 and -19 with nothing but chains of 3×3 filters."""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.protocol.page import Published
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
    year=2014,
    published=Published(
        parameters=102_908_520,
        macs=1_676_172_320,
        top5_error=13.7,
        evaluation="crops as in the paper",
        source="Chatfield et al. 2014, CNN-M; counts follow from its table 1",
    ),
    remark="The paper gives no counts; these follow from its table 1 with pools that round up, as the authors'"
    " framework does, so that the first dense layer reads 512×6×6 values and holds 75,501,568 of all parameters.",
    also=("cnn-m",),
)
def vgg_m(sketch: Sketch) -> None:
    """Counts follow from the paper's table, which gives none; pools round up, as in the authors' framework (Caffe)."""
    norm: dict[str, Any] = {"size": 5, "alpha": 5e-4, "beta": 0.75, "k": 2.0}
    pool: dict[str, Any] = {"kernel_size": 3, "stride": 2, "ceil_mode": True}
    sketch.input(3, 224, 224)
    for stage, filters, size, padding in ((1, 96, 7, 0), (2, 256, 5, 1)):
        sketch.stage(f"Conv {stage}")
        sketch.add("conv2d", filters=filters, kernel_size=size, stride=2, padding=padding)
        sketch.add("relu")
        sketch.add("local_response_norm", **norm)
        sketch.add("max_pool", **pool)
    sketch.stage("Conv 3–5")
    for _ in range(3):
        sketch.add("conv2d", filters=512, kernel_size=3, padding=1)
        sketch.add("relu")
    sketch.add("max_pool", **pool)
    _head(sketch, "Dense 6–8")


def _head(sketch: Sketch, stage: str) -> None:
    sketch.stage(stage)
    sketch.add("flatten")
    for _ in range(2):
        sketch.add("dense", units=4096)
        sketch.add("relu")
        sketch.add("dropout", p=0.5)
    sketch.output(1000)


def very_deep(sketch: Sketch, *, depths: tuple[int, ...]) -> None:
    """Five stages; the filters double where the image halves."""
    sketch.input(3, 224, 224)
    for stage, (filters, depth) in enumerate(zip((64, 128, 256, 512, 512), depths, strict=True), 1):
        sketch.stage(f"Conv {stage}")
        for _ in range(depth):
            sketch.add("conv2d", filters=filters, kernel_size=3, padding=1)
            sketch.add("relu")
        sketch.add("max_pool", kernel_size=2, stride=2)
    _head(sketch, "Dense")


exhibit(
    "vgg-16",
    title="VGG-16",
    question="What do chains of 3×3 filters cost?",
    source=DEEP,
    place=21,
    dataset="shapes",
    recipe=LARGE_RECIPE,
    year=2014,
    published=Published(
        parameters=138_357_544,
        macs=15_470_264_320,
        top1_error=28.07,
        top5_error=9.33,
        evaluation="10 crops",
        source="He et al. 2016, table 3 (the released weights); counts: Simonyan and Zisserman 2015, table 2 (138M)",
    ),
    single_crop=Published(
        parameters=138_357_544,
        macs=15_470_264_320,
        top1_error=28.408,
        top5_error=9.618,
        evaluation="1 crop",
        source="torchvision 0.28, vgg16",
    ),
    remark="Its dense layers hold 123,642,856 of all parameters, 89 %, but do less than 1 % of the multiply-adds. The"
    " authors measure with the network slid over the whole image: 27.0 % top-1 and 8.8 % top-5 error at one size (256),"
    " 25.6 % and 8.1 % when trained on many sizes (their table 3).",
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
    year=2014,
    published=Published(
        parameters=143_667_240,
        macs=19_632_062_464,
        top1_error=27.3,
        top5_error=9.0,
        evaluation="slid over the whole image, one size (256)",
        source="Simonyan and Zisserman 2015, table 3, E; counts: table 2 (144M)",
    ),
    single_crop=Published(
        parameters=143_667_240,
        macs=19_632_062_464,
        top1_error=27.624,
        top5_error=9.124,
        evaluation="1 crop",
        source="torchvision 0.28, vgg19",
    ),
    remark="Its paper gives no error with 10 crops. Slid over the whole image at one size, VGG-16 has 27.0 % top-1 and"
    " 8.8 % top-5 error beside 27.3 % and 9.0 % here: three more layers do not pay by themselves.",
    also=("vgg-vd-19",),
)(partial(very_deep, depths=(2, 2, 4, 4, 4)))
