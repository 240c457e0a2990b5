"""What is unwise is told with a number and a way out that takes it away."""

from __future__ import annotations

import pytest

from playground.analysis import Notice, analyse
from playground.network import Network, read_network
from playground.zoo import ZOO
from tests.playground.drawing import chain, image, wired

HEAVY = {"alexnet", "vgg-m", "vgg-16", "vgg-19"}
DENSE = ("dense", {"units": 10})
BIG = ("dense", {"units": 1200})
TEN = {"padding": "same", "filters": 10}


def advice(network: Network) -> list[Notice]:
    analysis = analyse(network)
    assert analysis.trainable, analysis.notices
    return analysis.notices


UNWISE: list[tuple[str, Network, str, str]] = [
    (
        "activations.W001",
        chain(i=image(1, 8), f="flatten", d=DENSE, s="step", e=DENSE, o="output"),
        "s",
        "Step has gradient zero everywhere, so nothing before it learns.",
    ),
    (
        "activations.W002",
        chain(i=image(1, 8), c=("conv2d", TEN), b="linear_activation", e=("conv2d", TEN), r="relu", f="flatten",
              d=DENSE, o="output"),
        "e",
        "Conv 3×3 (c) and Conv 3×3 (e) have no activation between them, so together they can do no more than one"
        " layer.",
    ),
    (
        "bottleneck.W001",
        chain(i=image(1, 32), c=("conv2d", TEN), r="relu", p=("max_pool", {"kernel_size": 4, "stride": 4}),
              f="flatten", d=DENSE, o="output"),
        "p",
        "Max pool 4 takes 10,240 values down to 640: a 16-fold fall in one block.",
    ),
    (
        "normalisation.W001",
        chain(i=image(1, 8), c=("conv2d", TEN), b="batch_norm", r="relu", f="flatten", d=DENSE, o="output"),
        "c",
        "The 10 biases of Conv 3×3 do nothing: batch norm subtracts them again.",
    ),
    (
        "head.W001",
        chain(i=image(1, 8), f="flatten", d=DENSE, s="softmax", o="output"),
        "s",
        "Softmax is not needed here: the loss applies softmax itself.",
    ),
    (
        "head.W002",
        chain(i=image(1, 8), f="flatten", d=DENSE, r="relu", o="output"),
        "r",
        "ReLU limits the scores just before the loss, which wants them free.",
    ),
    (
        "head.W003",
        chain(i=image(1, 32), c=("conv2d", TEN), r="relu", f="flatten", d=BIG, s="relu", e=DENSE, o="output"),
        "d",
        "Dense layers hold 100% of all parameters; Dense 1200 alone has 12,289,200.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("id", "network", "node", "message"), UNWISE, ids=[each[0] for each in UNWISE])
def test_it_is_told_and_its_fix_takes_it_away(id: str, network: Network, node: str, message: str) -> None:
    (notice,) = advice(network)
    assert (notice.id, notice.node, notice.message) == (id, node, message)
    assert notice.level in {"warning", "advice"}
    if notice.fix:
        assert id not in [each.id for each in advice(read_network(notice.fix.network))]


def test_a_branch_between_two_layers_keeps_them_apart() -> None:
    network = wired(
        "i>c c>a c>e e>a a>f f>d d>o",
        i=image(1, 8), c=("conv2d", TEN), e=("conv2d", TEN), a="add", f="flatten", d=DENSE, o="output",
    )  # fmt: skip
    assert advice(network) == []


@pytest.mark.parametrize("name", [name for name in ZOO if name not in {*HEAVY, "empty"}])
def test_good_networks_are_left_in_peace(name: str) -> None:
    assert advice(ZOO[name].network) == []


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_heavy_heads_are_told(name: str) -> None:
    assert [notice.id for notice in advice(ZOO[name].network)] == ["head.W003"]
