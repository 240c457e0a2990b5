"""Rewrites keep the output's shape, state what a recount gives, and do what they say; on random networks."""

from __future__ import annotations

import copy
import re
from itertools import pairwise
from typing import Any

import torch
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from playground.analysis import Cost, Notice, analyse, fixed
from playground.fixes import document
from playground.guidelines import PAGES
from playground.network import Network, read_network
from playground.plan import plan
from playground.recipe import Recipe
from playground.zoo import ZOO
from tests.playground.drawing import BlockOrSettings, chain, image, wired
from worker.build import build

COSTS = re.compile(r"([\d,]+) parameters and ([\d,]+) multiply-adds")
SAME_NUMBERS = {"depth.W001", "vanishing.W001", "normalisation.W002", "sight.W001", "activations.W001"}
RANDOM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
BENT = ["relu", "relu", "relu", "tanh", "sigmoid", "leaky_relu", "softmax", "step", "linear_activation"]
STRIDES = [1, 1, 1, 1, 2, 4, [1, 2]]

recipes = st.builds(
    Recipe,
    optimiser=st.sampled_from(["sgd", "rmsprop", "adam"]),
    learning_rate=st.sampled_from([0.001, 0.05, 1.0]),
    initialisation=st.sampled_from(["he_normal", "torch", "small_normal"]),
)


@st.composite
def layers(draw: st.DrawFn) -> list[BlockOrSettings]:
    """A convolution with what may stand behind it: dropout, batch norm, an activation or none, a pool or two."""
    size = draw(st.sampled_from([3, 3, 5, 7]))
    params: dict[str, Any] = {
        "filters": draw(st.sampled_from([1, 8, 16, 64, 96])),
        "kernel_size": size,
        "stride": draw(st.sampled_from(STRIDES)),
        "padding": draw(st.one_of(st.just("same"), st.integers(0, size // 2), st.just([1, 0]))),
        "bias": draw(st.booleans()),
    }
    found: list[BlockOrSettings] = [("conv2d", params)]
    found += ["dropout"] if draw(st.integers(0, 5)) == 0 else []
    found += ["batch_norm"] if draw(st.booleans()) else []
    found += [draw(st.sampled_from(BENT))] if draw(st.integers(0, 5)) else []
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        pool = {"kernel_size": draw(st.integers(2, 4)), "stride": draw(st.sampled_from([2, 2, 3, 4]))}
        found.append((draw(st.sampled_from(["max_pool", "avg_pool"])), pool))
    return found


@st.composite
def networks(draw: st.DrawFn) -> Network:
    body = [block for part in draw(st.lists(layers(), min_size=1, max_size=5)) for block in part]
    for _ in range(draw(st.sampled_from([0, 0, 1]))):
        body.append(("residual_basic", {"filters": 16, "normalise": draw(st.booleans()), "activation": draw(_ACTIVE)}))
    head = draw(st.lists(st.sampled_from(HEADS), max_size=2))
    average: list[BlockOrSettings] = ["global_avg_pool"] if draw(st.integers(0, 2)) == 0 else []
    last: list[BlockOrSettings] = draw(st.sampled_from([[], [], ["softmax"], ["relu"], ["softmax", "softmax"]]))
    body += [*average, "flatten", *(block for part in head for block in part), DENSE, *last]
    return _whole(draw(st.sampled_from([1, 3, 32, 128])), draw(st.integers(20, 40)), body)


_ACTIVE = st.sampled_from(["relu", "sigmoid"])
DENSE: BlockOrSettings = ("dense", {"units": 10})
HEADS: list[list[BlockOrSettings]] = [
    [("dense", {"units": 300}), "relu", "dropout"],
    [("dense", {"units": 8000}), "relu"],
    [("dense", {"units": 50}), "batch_norm"],
]


@st.composite
def stacks(draw: st.DrawFn) -> Network:
    """Equal convolutions that keep the image's size, with one activation throughout."""
    bend = draw(st.sampled_from(["relu", "relu", "sigmoid", "tanh"]))
    norm: list[BlockOrSettings] = draw(st.sampled_from([[], [], ["batch_norm"]]))
    filters = draw(st.sampled_from([8, 24]))
    one: list[BlockOrSettings] = [("conv2d", {"filters": filters, "padding": "same"}), *norm, bend]
    head: list[BlockOrSettings] = [*draw(st.sampled_from([[], ["global_avg_pool"]])), "flatten", DENSE]
    return _whole(3, draw(st.integers(16, 40)), [*one * draw(st.integers(1, 8)), *head])


@st.composite
def branched(draw: st.DrawFn) -> Network:
    """Two pools side by side whose images are joined: what mends one of them may part them."""
    side = draw(st.integers(9, 20))
    pools = [("max_pool", {"kernel_size": draw(st.integers(2, 3)), "stride": 2}) for _ in range(2)]
    join = draw(st.sampled_from(["add", "concat"]))
    return wired(
        "i>p i>q p>a q>a a>f f>d d>o",
        i=image(4, side),
        p=pools[0],
        q=pools[1],
        a=join,
        f="flatten",
        d=DENSE,
        o="output",
    )


@st.composite
def deep(draw: st.DrawFn) -> Network:
    """Plain stacks of equal convolutions, some of them with strides or more filters."""
    norm = draw(st.booleans())
    body: list[BlockOrSettings] = []
    width = 4
    for _ in range(draw(st.integers(20, 26))):
        width *= draw(st.sampled_from([1] * 11 + [2]))
        stride = draw(st.sampled_from([1] * 9 + [2]))
        body.append(("conv2d", {"filters": width, "padding": 1, "stride": stride, "bias": not norm}))
        body += ["batch_norm", "relu"] if norm else ["relu"]
    assume(width <= 256)
    return _whole(4, draw(st.integers(16, 40)), [*body, "flatten", DENSE])


def _whole(channels: int, side: int, body: list[BlockOrSettings]) -> Network:
    named = {f"n{place}": block for place, block in enumerate(body)}
    return chain(i=image(channels, side), **named, o="output")


def recount(network: Network) -> tuple[int, int]:
    """Parameters and multiply-adds of the module that the worker builds, by torch."""
    with torch.device("meta"):
        built = build(plan(network)).eval()
        macs = 0

        def count(module: nn.Module, _: Any, output: Tensor) -> None:
            nonlocal macs
            weight = module.weight
            assert isinstance(weight, Tensor)
            macs += output.numel() * weight[0].numel()

        for module in built.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                module.register_forward_hook(count)
        built(torch.empty(1, *built.steps[0].shape))
    return sum(each.numel() for each in built.parameters()), macs


def _check(network: Network, notice: Notice, recipe: Recipe) -> None:
    fix = notice.fix
    assert fix and fix.network and fix.before and fix.after
    event(notice.id)
    changed = read_network(fix.network)
    before, after = analyse(network, recipe=recipe), analyse(changed, recipe=recipe)
    assert after.trainable, (notice, after.notices)
    assert after.nodes["o"].shape == before.nodes["o"].shape

    assert recount(network) == (fix.before.parameters, fix.before.macs)
    assert recount(changed) == (fix.after.parameters, fix.after.macs)
    for which, cost in ((network, fix.before), (changed, fix.after)):
        assert cost.receptive_field == _last_field(which)

    assert (notice.id, notice.node) not in [(each.id, each.node) for each in after.notices]
    assert fixed(network, notice.id, notice.node, recipe=recipe) == fix
    if notice.id in SAME_NUMBERS:
        assert (fix.before.parameters, fix.before.macs) == (fix.after.parameters, fix.after.macs)
    if notice.id in {"filters.W001", "channels.W001"}:
        _check_words(notice, fix.before, fix.after)
    if notice.id == "filters.W001":
        assert notice.node
        assert after.nodes[notice.node].receptive_field == before.nodes[notice.node].receptive_field


def _last_field(network: Network) -> tuple[int, int] | None:
    """Of the last block that makes an image and is not a global average, as the analysis of the document has it.

    None where no block makes one: the network's own input sees nothing.
    """
    found = analyse(network)
    images = [found.nodes[node] for node in found.order if len(found.nodes[node].shape or []) == 3]
    without = {"input", "global_avg_pool"}
    fields = [node.receptive_field for node in images if node.block not in without and node.receptive_field]
    return fields[-1].size if fields else None


def _check_words(notice: Notice, before: Cost, after: Cost) -> None:
    ((old, work),) = COSTS.findall(notice.message)
    ((new, less),) = COSTS.findall(notice.hint)
    change = (after.parameters - before.parameters, after.macs - before.macs)
    assert change == (_number(new) - _number(old), _number(less) - _number(work))
    assert change[0] < 0 and change[1] < 0


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _check_all(network: Network, recipe: Recipe) -> None:
    before = copy.deepcopy(document(network))
    found = analyse(network, recipe=recipe)
    assume(found.trainable)
    for notice in found.notices:
        assert notice.id in PAGES
        if notice.fix and notice.fix.network:
            _check(network, notice, recipe)
    assert document(network) == before, "undo gives the old document back"


@settings(RANDOM, max_examples=50)
@given(networks(), recipes)
def test_rewrites_keep_shapes_and_have_the_numbers_they_state(network: Network, recipe: Recipe) -> None:
    _check_all(network, recipe)


@RANDOM
@given(stacks(), recipes)
def test_rewrites_of_stacks_keep_shapes_and_numbers(network: Network, recipe: Recipe) -> None:
    _check_all(network, recipe)


@settings(RANDOM, max_examples=25)
@given(branched())
def test_pools_that_are_joined_are_mended_only_where_they_still_fit(network: Network) -> None:
    _check_all(network, Recipe())


@settings(RANDOM, max_examples=15)
@given(deep(), recipes)
def test_a_deep_stack_made_residual_keeps_its_numbers(network: Network, recipe: Recipe) -> None:
    found = analyse(network)
    assume(found.trainable)
    assert len([each for each in found.notices if each.id == "depth.W001"]) == 1
    _check_all(network, recipe)


@settings(RANDOM, max_examples=10)
@given(st.sampled_from([name for name in ZOO if name != "empty" and ZOO[name].totals.parameters < 2_000_000]), recipes)
def test_rewrites_of_small_networks_of_the_zoo(name: str, recipe: Recipe) -> None:
    network = ZOO[name].network
    renamed = document(network)
    ends = {"output": "o"}
    nodes = [{**node, "id": ends.get(node["id"], node["id"])} for node in renamed["nodes"]]
    edges = [{**edge, "target": ends.get(edge["target"], edge["target"])} for edge in renamed["edges"]]
    _check_all(read_network({**renamed, "nodes": nodes, "edges": edges}), recipe)


@settings(RANDOM, max_examples=12)
@given(
    st.sampled_from([5, 7, 9]),
    st.integers(0, 4),
    st.sampled_from([1, 2, [2, 1]]),
    st.sampled_from([8, 24]),
    st.booleans(),
)
def test_a_chain_sees_the_very_pixels_that_the_large_filter_sees(
    size: int, pad: int, stride: Any, channels: int, relu: bool
) -> None:
    params = {"filters": channels, "kernel_size": size, "padding": min(pad, size // 2), "stride": stride}
    ends: dict[str, BlockOrSettings] = {"f": "flatten", "d": DENSE, "o": "output"}
    network = chain(i=image(channels, 21), c=("conv2d", params), r="relu" if relu else "tanh", **ends)
    fixes = [each.fix for each in analyse(network).notices if each.id == "filters.W001"]
    assume(fixes)  # with a stride the large filter is the cheaper one
    (fix,) = fixes
    assert fix and fix.network
    assert torch.equal(_seen(network), _seen(read_network(fix.network)))


def _seen(network: Network) -> Tensor:
    """[places, rows, columns]: where the gradient of each of some outputs of block c is not zero; all weights are 1."""
    built = build(plan(network)).double().eval()
    for each in built.parameters():
        nn.init.constant_(each, 1e-3)
    images = torch.ones(1, *built.steps[0].shape, dtype=torch.float64, requires_grad=True)
    _, values = built.run(images, [built.index["c"]])
    output = values[built.index["c"]]
    assert output is not None
    flat = output[0, 0].flatten()
    places = [0, len(flat) // 2, len(flat) - 1]
    return torch.stack([torch.autograd.grad(flat[at], images, retain_graph=True)[0][0, 0] != 0 for at in places])


@st.composite
def filters(draw: st.DrawFn) -> dict[str, Any]:
    sizes = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(list)
    pairs = st.tuples(st.integers(1, 2), st.integers(1, 2)).map(list)
    return {
        "filters": draw(st.integers(1, 4)),
        "kernel_size": draw(sizes),
        "stride": draw(pairs),
        "dilation": draw(pairs),
    }


ONE_LAYER = re.compile(r"They equal one (\d+)×(\d+) convolution(?: with stride (\d+)(?:×(\d+))?)? to (\d+) channels\.")


@settings(RANDOM, max_examples=25)
@given(filters(), filters())
def test_two_convolutions_without_an_activation_equal_the_one_that_is_named(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    ends: dict[str, BlockOrSettings] = {"r": "relu", "f": "flatten", "d": DENSE, "o": "output"}
    network = chain(i=image(3, 30), c=("conv2d", first), e=("conv2d", second), **ends)
    (notice,) = [each for each in analyse(network).notices if each.id == "activations.W002"]
    found = ONE_LAYER.match(notice.hint)
    assert found
    rows, columns, down, across, outputs = (int(each) if each else None for each in found.groups())
    strides = (down or 1, across or down or 1)

    torch.manual_seed(1)
    built = build(plan(network)).double()
    layers = [module for step, module in ((s, built.module_of(s)) for s in built.steps) if step.id in {"c", "e"}]
    one, two = layers
    assert isinstance(one, nn.Conv2d) and isinstance(two, nn.Conv2d) and rows and columns
    # the Jacobian of one output over a patch of the named size is the kernel of the one layer
    patch = torch.zeros(1, 3, rows, columns, dtype=torch.float64)
    kernel = torch.autograd.functional.jacobian(lambda x: two(one(x)), patch)
    assert kernel.shape == (1, outputs, 1, 1, 1, 3, rows, columns)
    kernel = kernel.reshape(outputs or 0, 3, rows, columns)
    bias = two(one(patch)).flatten()
    images = torch.randn(2, 3, 30, 30, dtype=torch.float64)
    assert torch.allclose(two(one(images)), functional.conv2d(images, kernel, bias, stride=strides))


@settings(RANDOM, max_examples=15)
@given(st.lists(st.integers(1, 9), min_size=3, max_size=3))
def test_two_dense_layers_without_an_activation_equal_the_one_that_is_named(widths: list[int]) -> None:
    first, second = (("dense", {"units": units}) for units in widths[1:])
    network = chain(i=image(widths[0], 2), f="flatten", a=first, b=second, o="output")
    (notice,) = [each for each in analyse(network).notices if each.id == "activations.W002"]
    assert notice.hint.startswith(f"They equal one dense layer of {widths[2]} units.")
    built = build(plan(network)).double()
    one, two = (module for module in built.modules() if isinstance(module, nn.Linear))
    images = torch.randn(5, widths[0] * 4, dtype=torch.float64)
    merged = functional.linear(images, two.weight @ one.weight, two(one.bias))
    assert torch.allclose(two(one(images)), merged)


def test_no_fix_is_offered_that_parts_what_is_joined() -> None:
    network = wired(
        "i>p i>q p>a q>a a>f f>d d>o",
        i=image(4, 9), p=("max_pool", {"kernel_size": 2, "stride": 2}), q=("max_pool", {"kernel_size": 2, "stride": 2}),
        a="add", f="flatten", d=DENSE, o="output",
    )  # fmt: skip
    assert [(each.id, each.fix) for each in analyse(network).notices] == [("border.W001", None)] * 2


def test_what_random_networks_are_told_covers_the_rewrites() -> None:
    """The strategy is worth something only if it meets them."""
    told: set[str] = set()

    @settings(RANDOM, max_examples=250, derandomize=True, database=None)
    @given(st.one_of(networks(), networks(), stacks()), recipes)
    def collect(network: Network, recipe: Recipe) -> None:
        found = analyse(network, recipe=recipe)
        if found.trainable:
            told.update(each.id for each in found.notices if each.fix)

    collect()
    assert told >= set(PAGES) - {"depth.W001"}


def test_pairs_of_neighbours_are_wired_as_before() -> None:
    """A rewrite in the middle of a chain leaves the rest of the chain in its order."""
    network = _whole(16, 24, [("conv2d", {"filters": 16, "kernel_size": 5}), "relu", "flatten", DENSE])
    (notice,) = [each for each in analyse(network).notices if each.id == "filters.W001"]
    assert notice.fix and notice.fix.network
    made = read_network(notice.fix.network)
    order = analyse(made).order
    assert {(edge.source, edge.target) for edge in made.edges} == set(pairwise(order))
