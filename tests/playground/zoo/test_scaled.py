"""Every network of the zoo can be trained on every data set, by a laptop, and says what was changed."""

from __future__ import annotations

import pytest
import torch

from playground.analysis import analyse
from playground.datasets import DATASETS
from playground.plan import plan
from playground.zoo import ZOO
from playground.zoo.scaled import MAX_MACS, MAX_PARAMETERS, scaled
from worker.build import build

NAMES = [name for name in ZOO if name != "empty"]
IMAGENET = [name for name in NAMES if ZOO[name].network.nodes[-2].params == {"units": 1000}]


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("name", NAMES)
def test_it_suits_the_data(name: str, dataset: str) -> None:
    data = DATASETS[dataset]
    network, words = scaled(ZOO[name], dataset)
    analysis = analyse(network, classes=len(data.classes), images=data.shape)
    assert analysis.trainable, analysis.notices
    assert bool(words) == (network != ZOO[name].network)
    if name in IMAGENET:
        assert analysis.totals.macs <= MAX_MACS
        assert analysis.totals.parameters <= MAX_PARAMETERS
        assert analysis.totals.depth == ZOO[name].totals.depth


def test_what_was_changed_is_told() -> None:
    assert scaled(ZOO["alexnet"], "shapes")[1] == (
        "AlexNet, scaled: images of 3×32×32 in place of 3×227×227; conv2d1 is 3×3 with stride 1 in place of 11×11 with"
        " stride 4; 10 classes in place of 1,000; half of the filters and units, so that a laptop can train it."
    )
    assert scaled(ZOO["lenet-5"], "mnist") == (ZOO["lenet-5"].network, "")


@pytest.mark.parametrize("name", ["vgg-m", "googlenet", "resnet-50"])
def test_torch_counts_the_same(name: str) -> None:
    network, _ = scaled(ZOO[name], "shapes")
    built = build(plan(network)).eval()
    assert sum(each.numel() for each in built.parameters()) == analyse(network).totals.parameters
    assert tuple(built(torch.zeros(1, 3, 32, 32)).shape) == (1, 10)
