"""What is unwise is told with a number and a way out that takes it away."""

from __future__ import annotations

from typing import Any

import pytest

from playground.analysis import Notice, analyse
from playground.network import Network, read_network
from playground.zoo import ZOO
from tests.playground.drawing import chain, image, wired

HEAVY = {"alexnet", "vgg-m", "vgg-16", "vgg-19"}
DEEP = {"plain-32", "plain-34", "plain-44", "plain-56", "plain-110"}
DENSE = ("dense", {"units": 10})
MANY = {"padding": "same", "filters": 128}
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
    (
        "normalisation.W002",
        chain(i=image(1, 8), c=("conv2d", {**TEN, "bias": False}), p="dropout", b="batch_norm", r="relu", f="flatten",
              d=DENSE, o="output"),
        "p",
        "Dropout 0.5 stands before Batch norm, which then learns a variance that does not hold at test time, when"
        " nothing is dropped.",
    ),
    (
        "filters.W001",
        chain(i=image(10, 8), c=("conv2d", {**TEN, "kernel_size": 5}), r="relu", f="flatten", d=DENSE, o="output"),
        "c",
        "Conv 5×5 takes 2,510 parameters and 160,000 multiply-adds.",
    ),
    (
        "channels.W001",
        chain(i=image(128, 8), c=("conv2d", MANY), r="relu", f="flatten", d=DENSE, o="output"),
        "c",
        "Conv 3×3 does 99% of all multiply-adds: 128 channels in times 128 out make 147,584 parameters and 9,437,184"
        " multiply-adds.",
    ),
    (
        "vanishing.W001",
        chain(i=image(1, 8), f="flatten", a=DENSE, s="sigmoid", b=DENSE, t="sigmoid", c=DENSE, u="sigmoid", d=DENSE,
              o="output"),
        "u",
        "Sigmoid (u) ends a stack of 3 activations of sigmoid or tanh; their slopes are below 1 (a sigmoid's at most"
        " 1/4) and multiply, so hardly any gradient reaches the first layers.",
    ),
    (
        "sight.W001",
        chain(i=image(1, 32), c=("conv2d", TEN), r="relu", g="global_avg_pool", f="flatten", d=DENSE, o="output"),
        "r",
        "A value of ReLU sees 3×3 of the image's 32×32 pixels, and Global average only averages such patches.",
    ),
    (
        "border.W001",
        chain(i=image(1, 8, 9), p=("max_pool", {"kernel_size": 3, "stride": 2}), f="flatten", d=DENSE, o="output"),
        "p",
        "Max pool 3 never looks at the last row of its 8×9 input.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("id", "network", "node", "message"), UNWISE, ids=[each[0] for each in UNWISE])
def test_it_is_told_and_its_fix_takes_it_away(id: str, network: Network, node: str, message: str) -> None:
    (notice,) = advice(network)
    assert (notice.id, notice.node, notice.message) == (id, node, message)
    assert notice.level in {"warning", "advice"}
    if notice.fix:
        assert notice.fix.network
        assert id not in [each.id for each in advice(read_network(notice.fix.network))]


def test_the_one_layer_is_named_that_two_without_an_activation_equal() -> None:
    first = ("conv2d", {"filters": 4, "kernel_size": 5, "stride": 2, "padding": 1})
    second = ("conv2d", {"filters": 7, "kernel_size": [3, 1]})
    one = ("conv2d", {"filters": 7, "kernel_size": [9, 5], "stride": 2, "padding": 1})
    ends: dict[str, Any] = {"f": "flatten", "d": DENSE, "o": "output"}
    two = chain(i=image(3, 32), c=first, e=second, r="relu", **ends)
    (notice,) = advice(two)
    assert notice.hint.startswith("They equal one 9×5 convolution with stride 2 to 7 channels. Insert ReLU before")
    together, alone = analyse(two).nodes["r"], analyse(chain(i=image(3, 32), c=one, r="relu", **ends)).nodes["r"]
    assert (together.shape, together.receptive_field) == (alone.shape, alone.receptive_field)
    (notice,) = advice(chain(i=image(1, 8), f="flatten", a=("dense", {"units": 30}), d=DENSE, o="output"))
    assert notice.hint == "They equal one dense layer of 10 units. Insert ReLU before Dense 10."


def test_a_branch_between_two_layers_keeps_them_apart() -> None:
    network = wired(
        "i>c c>a c>e e>a a>f f>d d>o",
        i=image(1, 8), c=("conv2d", TEN), e=("conv2d", TEN), a="add", f="flatten", d=DENSE, o="output",
    )  # fmt: skip
    assert advice(network) == []


OF_THEIR_TIME = {
    "lenet-5-tanh": ["vanishing.W001"],  # six tanhs, as in the paper
    "googlenet-auxiliary": ["bottleneck.W001", "bottleneck.W001"],  # each head begins with a 5×5 average of stride 3
}


@pytest.mark.parametrize("name", OF_THEIR_TIME)
def test_what_a_paper_did_is_told_all_the_same(name: str) -> None:
    assert [notice.id for notice in advice(ZOO[name].network)] == OF_THEIR_TIME[name]


@pytest.mark.parametrize("name", [name for name in ZOO if name not in {*HEAVY, *DEEP, *OF_THEIR_TIME, "empty"}])
def test_good_networks_are_left_in_peace(name: str) -> None:
    assert advice(ZOO[name].network) == []


@pytest.mark.parametrize("name", sorted(DEEP))
def test_a_deep_plain_network_becomes_residual(name: str) -> None:
    (notice,) = advice(ZOO[name].network)
    layers = name.split("-")[1]
    assert (notice.id, notice.node) == ("depth.W001", "scores")
    assert f"is the last of {layers} layers with no shortcut" in notice.message
    assert notice.fix
    twin = read_network(notice.fix.network)
    assert advice(twin) == []
    assert all(node.params["shortcut"] == "pad" for node in twin.nodes if node.block == "residual_basic")


def test_shortcuts_keep_a_stack_of_sigmoids_alive() -> None:
    inside: dict[str, object] = {"filters": 4, "activation": "sigmoid"}
    bend = ("residual_basic", {**inside, "shortcut": "none"})
    plain = chain(i=image(4, 8), a=bend, b=bend, f="flatten", d=DENSE, o="output")
    (notice,) = advice(plain)
    assert (notice.id, notice.node) == ("vanishing.W001", "b")
    assert notice.fix and advice(read_network(notice.fix.network)) == []
    bent = ("residual_basic", inside)
    assert advice(chain(i=image(4, 8), a=bent, b=bent, f="flatten", d=DENSE, o="output")) == []


def test_padding_that_no_window_reaches_is_no_loss() -> None:
    pool = ("max_pool", {"kernel_size": 3, "stride": 2, "padding": 1})
    assert advice(chain(i=image(1, 8), p=pool, f="flatten", d=DENSE, o="output")) == []


def test_a_dropout_behind_batch_norm_may_stay() -> None:
    network = chain(i=image(1, 8), f="flatten", d=BIG, b="batch_norm", r="relu", p="dropout", e=DENSE, o="output")
    assert "normalisation.W002" not in [each.id for each in advice(network)]


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_heavy_heads_are_told(name: str) -> None:
    assert [notice.id for notice in advice(ZOO[name].network)] == ["head.W003"]
