"""What is unwise is told with a number and a way out that takes it away."""

from __future__ import annotations

from typing import Any

import pytest

from playground.analysis import Notice, analyse
from playground.datasets import DATASETS
from playground.network import Network, read_network
from playground.recipe import Recipe
from playground.zoo import ZOO
from playground.zoo.scaled import scaled
from tests.playground.drawing import chain, image, wired

HEAVY = {"alexnet", "vgg-m", "vgg-16", "vgg-19"}
DEEP = {"plain-32", "plain-34", "plain-44", "plain-56", "plain-110"}
DENSE = ("dense", {"units": 10})
MANY = {"padding": "same", "filters": 128}
BIG = ("dense", {"units": 1200})
TEN = {"padding": "same", "filters": 10}


def advice(network: Network, recipe: Recipe | None = None) -> list[Notice]:
    analysis = analyse(network, recipe=recipe)
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
        chain(i=image(1, 32), c=("conv2d", {**TEN, "kernel_size": 5}), r="relu",
              p=("max_pool", {"kernel_size": 4, "stride": 4}), f="flatten", d=DENSE, o="output"),
        "p",
        "Max pool 4 takes 10,240 values down to 640: a 16-fold fall in one block.",
    ),
    (
        "bottleneck.W001",
        chain(i=image(1, 32), c=("conv2d", {**TEN, "kernel_size": 5}), r="relu", p="max_pool", q="avg_pool",
              f="flatten", d=DENSE, o="output"),
        "q",
        "Max pool 2 and Average pool 2 take 10,240 values down to 640: a 16-fold fall in a row.",
    ),
    (
        "bottleneck.W001",
        chain(i=image(64, 8), c=("conv2d", {"kernel_size": 1, "filters": 4}), r="relu", e=("conv2d", TEN), s="relu",
              f="flatten", d=DENSE, o="output"),
        "c",
        "1×1 takes 4,096 values down to 256: a 16-fold fall in one block.",
    ),
    (
        "activations.W003",
        chain(i=image(1, 8), f="flatten", d=("dense", {"units": 30}), s="softmax", e=DENSE, o="output"),
        "s",
        "Softmax stands inside the network: its 30 outputs are shares that sum to 1, and hardly any gradient passes"
        " it.",
    ),
    (
        "activations.W003",
        chain(i=image(1, 8), f="flatten", d=DENSE, s="softmax", t="dropout", o="output"),
        "s",
        "Softmax stands inside the network: its 10 outputs are shares that sum to 1, and hardly any gradient passes"
        " it.",
    ),
    (
        "activations.W002",
        chain(i=image(1, 6), c=("conv2d", TEN), g="global_avg_pool", f="flatten", d=DENSE, o="output"),
        "d",
        "Conv 3×3 and Dense 10 have no activation between them, so together they can do no more than one layer.",
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
        chain(i=image(1, 32), c=("conv2d", TEN), t="relu", e=("conv2d", TEN), u="relu", g=("conv2d", TEN), v="relu",
              h=("conv2d", TEN), r="relu", f="flatten", d=BIG, s="relu", z=DENSE, o="output"),
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


IDS = [f"{place}-{each[0]}" for place, each in enumerate(UNWISE)]


@pytest.mark.parametrize(("id", "network", "node", "message"), UNWISE, ids=IDS)
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
    two = chain(i=image(3, 20), c=first, e=second, r="relu", **ends)
    (notice,) = advice(two)
    assert notice.hint.startswith("They equal one 9×5 convolution with stride 2 to 7 channels. Insert ReLU before")
    together, alone = analyse(two).nodes["r"], analyse(chain(i=image(3, 20), c=one, r="relu", **ends)).nodes["r"]
    assert (together.shape, together.receptive_field) == (alone.shape, alone.receptive_field)
    (notice,) = advice(chain(i=image(1, 8), f="flatten", a=("dense", {"units": 30}), d=DENSE, o="output"))
    assert notice.hint == "They equal one dense layer of 10 units. Insert ReLU before Dense 10."


def test_a_branch_between_two_layers_keeps_them_apart() -> None:
    network = wired(
        "i>c c>a c>e e>a a>f f>d d>o",
        i=image(1, 8), c=("conv2d", TEN), e=("conv2d", TEN), a="add", f="flatten", d=DENSE, o="output",
    )  # fmt: skip
    assert advice(network) == []


@pytest.mark.parametrize("name", [name for name in ZOO if name not in {*HEAVY, *DEEP, "empty"}])
def test_good_networks_are_left_in_peace(name: str) -> None:
    assert advice(ZOO[name].network, ZOO[name].full_recipe) == []


SCALED = {
    "lenet-1990": {"filters.W001"},  # over the three channels of the shapes a chain is the cheaper one
    "alexnet": {"head.W003", "border.W001"},
    "vgg-m": {"head.W003"},
    "vgg-16": {"border.W001"},  # 28 → 14 → 7 → 3 → 1
    "vgg-19": {"border.W001"},
    "googlenet-auxiliary": {"border.W001"},  # the heads' pools over what is left of a small image
    **{name: {"depth.W001"} for name in DEEP},
}


@pytest.mark.parametrize("dataset", [name for name, record in DATASETS.items() if record.height <= 32])
def test_networks_scaled_for_small_images_are_told_only_what_is_so(dataset: str) -> None:
    for name, exhibit in ZOO.items():
        if name != "empty":
            told = {each.id for each in advice(scaled(exhibit, DATASETS[dataset])[0], exhibit.full_recipe)}
            assert told <= SCALED.get(name, set()), name


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
    (notice,) = advice(ZOO[name].network, ZOO[name].full_recipe)
    assert notice.id == "head.W003"
    assert notice.fix and notice.fix.network
    assert advice(read_network(notice.fix.network), ZOO[name].full_recipe) == []


def test_an_average_that_is_not_enough_takes_the_hidden_dense_layers_out_as_well() -> None:
    (notice,) = advice(ZOO["alexnet"].network, ZOO["alexnet"].full_recipe)
    assert notice.hint == "Take a global average of each channel and keep one dense layer, of 257,000 parameters."
    assert notice.fix and notice.fix.after
    made = read_network(notice.fix.network)
    assert [node.block for node in made.nodes][-5:] == ["global_avg_pool", "flatten", "dropout", "dense", "output"]
    assert notice.fix.after.parameters == 60_965_224 - 37_752_832 - 16_781_312 - 4_097_000 + 257_000


def test_filters_are_spread_where_that_lets_an_average_see_enough() -> None:
    ends: dict[str, Any] = {"g": "global_avg_pool", "f": "flatten", "d": DENSE, "o": "output"}
    layers = {f"{letter}{what}": block for letter in "cdr" for what, block in (("1", ("conv2d", TEN)), ("2", "relu"))}
    network = chain(i=image(1, 28), **layers, **ends)
    (notice,) = advice(network)
    assert (notice.id, notice.node) == ("sight.W001", "r2")
    assert "with dilation 1, 2, 4 it sees 15×15 at the same cost." in notice.hint
    assert notice.fix and notice.fix.network
    assert analyse(read_network(notice.fix.network)).nodes["r2"].receptive_field.size == (15, 15)  # type: ignore[union-attr]


def test_a_pool_that_cannot_round_up_is_padded_where_that_fits() -> None:
    """Beside a branch of 4×4, 8×8 pooled by 3 with stride 2 gives 4×4 either way, and 3×3 as it is."""
    network = wired(
        "i>p i>c c>r r>a p>g g>a a>f f>d d>o",
        i=image(4, 8), p=("max_pool", {"kernel_size": 3, "stride": 2}), g=("conv2d", {"filters": 4, "kernel_size": 2}),
        c=("conv2d", {"filters": 4, "kernel_size": 7}), r="relu", a="add", f="flatten", d=DENSE, o="output",
    )  # fmt: skip
    notices = [each for each in advice(network) if each.id == "border.W001"]
    assert [each.fix for each in notices] == [None], "either way out would part what add joins"
    free = chain(i=image(4, 8), p=("max_pool", {"kernel_size": 3, "stride": 2}), f="flatten", d=DENSE, o="output")
    (notice,) = advice(free)
    assert notice.hint == "Round up, which gives 4×4 in place of 3×3."
    assert notice.fix and notice.fix.label == "Round up"


def test_a_sum_of_many_images_is_no_bottleneck_and_neither_are_small_steps() -> None:
    paths = {f"c{place}": ("conv2d", {"filters": 8, "padding": 1}) for place in range(9)}
    ends: dict[str, Any] = {"r": "relu", "f": "flatten", "d": DENSE, "o": "output"}
    wires = " ".join(f"i>{name} {name}>a" for name in paths)
    network = wired(f"{wires} a>r r>f f>d d>o", i=image(8, 8), **paths, a="add", **ends)
    assert [each.id for each in advice(network)] == []
    pools = chain(i=image(4, 32), c=("conv2d", {"filters": 8, "kernel_size": 7}), r="relu", p="max_pool", t="tanh",
                  e=("conv2d", {"filters": 8, "padding": 1}), s="relu", q="max_pool", f="flatten", d=DENSE,
                  o="output")  # fmt: skip
    assert [each.id for each in advice(pools) if each.id.startswith("bottleneck")] == []


def test_three_pools_in_a_row_are_told_as_one_fall() -> None:
    pools = {"p": "max_pool", "t": "relu", "q": "max_pool", "s": "max_pool"}
    network = chain(i=image(1, 32), c=("conv2d", {**TEN, "kernel_size": 7}), **pools, f="flatten", d=DENSE, o="output")
    told = [each for each in advice(network) if each.id == "bottleneck.W001"]
    assert [each.node for each in told] == ["q", "s"]
    assert told[1].message.startswith(
        "The 2 pools from Max pool 2 (p) on and Max pool 2 (s) take 10,240 values down to 160: a 64-fold fall in a row."
    )
    assert all(each.fix and each.fix.label == "Insert 3×3 between them" for each in told)


def test_a_softmax_before_the_output_is_not_one_inside() -> None:
    network = chain(i=image(1, 8), f="flatten", d=DENSE, s="softmax", t="softmax", o="output")
    assert [(each.id, each.node) for each in advice(network)] == [("activations.W003", "s"), ("head.W001", "t")]
