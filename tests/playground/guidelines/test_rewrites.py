"""Rewrites keep the shapes, and their stated numbers are what a recount gives, on random networks."""

from __future__ import annotations

import re
from typing import Any

import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from playground.analysis import Analysis, Notice, analyse
from playground.network import Network, read_network
from playground.plan import plan
from tests.playground.drawing import BlockOrSettings, chain, image
from worker.build import build

COSTS = re.compile(r"([\d,]+) parameters and ([\d,]+) multiply-adds")
SAME_NUMBERS = {"depth.W001", "vanishing.W001", "normalisation.W002"}
RANDOM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@st.composite
def convolutions(draw: st.DrawFn) -> list[BlockOrSettings]:
    """A convolution with or without batch norm, and an activation."""
    norm = draw(st.booleans())
    size = draw(st.sampled_from([3, 3, 5, 7]))
    params: dict[str, Any] = {
        "filters": draw(st.sampled_from([8, 16, 64, 96])),
        "kernel_size": size,
        "stride": draw(st.sampled_from([1, 1, 1, 2, [1, 2]])),
        "padding": draw(st.one_of(st.just("same"), st.integers(0, size // 2), st.just([1, 0]))),
        "bias": draw(st.booleans()),
    }
    dropout: list[BlockOrSettings] = ["dropout"] if draw(st.integers(0, 5)) == 0 else []
    bent = draw(st.sampled_from(["relu", "relu", "tanh", "sigmoid", "leaky_relu"]))
    return [("conv2d", params), *dropout, *(["batch_norm"] if norm else []), bent]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    layers = [block for part in draw(st.lists(convolutions(), min_size=1, max_size=5)) for block in part]
    side = draw(st.integers(20, 40))
    return _whole(draw(st.sampled_from([3, 32, 128])), side, layers)


@st.composite
def deep(draw: st.DrawFn) -> Network:
    """Plain stacks of equal convolutions, some of them with strides or more filters."""
    norm = draw(st.booleans())
    layers: list[BlockOrSettings] = []
    width = 4
    for _ in range(draw(st.integers(20, 26))):
        width *= draw(st.sampled_from([1] * 11 + [2]))
        stride = draw(st.sampled_from([1] * 9 + [2]))
        layers.append(("conv2d", {"filters": width, "padding": 1, "stride": stride, "bias": not norm}))
        layers += ["batch_norm", "relu"] if norm else ["relu"]
    assume(width <= 256)
    return _whole(4, draw(st.integers(16, 40)), layers)


def _whole(channels: int, side: int, layers: list[BlockOrSettings]) -> Network:
    named = {f"n{place}": block for place, block in enumerate(layers)}
    return chain(i=image(channels, side), **named, f="flatten", d=("dense", {"units": 10}), o="output")


def _check(before: Analysis, notice: Notice) -> None:
    assert notice.fix and notice.fix.network
    network = read_network(notice.fix.network)
    after = analyse(network)
    assert after.trainable, (notice, after.notices)
    kept = {"o"} if notice.id == "head.W003" else set(before.nodes) & set(after.nodes)
    moved = {notice.node} if notice.id == "normalisation.W002" else set()
    for node in kept - moved:
        assert after.nodes[node].shape == before.nodes[node].shape
    with torch.device("meta"):
        built = build(plan(network))
    assert sum(each.numel() for each in built.parameters()) == after.totals.parameters
    change = (
        after.totals.parameters - before.totals.parameters,
        after.totals.macs - before.totals.macs,
    )
    if notice.id in SAME_NUMBERS:
        assert change == (0, 0)
    elif notice.id in {"filters.W001", "channels.W001"}:
        ((old, work),) = COSTS.findall(notice.message)
        ((new, less),) = COSTS.findall(notice.hint)
        assert change == (_number(new) - _number(old), _number(less) - _number(work))
        assert change[0] < 0 and change[1] < 0
    if notice.id == "filters.W001":
        assert notice.node
        assert after.nodes[notice.node].receptive_field == before.nodes[notice.node].receptive_field


def _number(text: str) -> int:
    return int(text.replace(",", ""))


@RANDOM
@given(networks())
def test_rewrites_keep_shapes_and_have_the_numbers_they_state(network: Network) -> None:
    before = analyse(network)
    assume(before.trainable)
    for notice in before.notices:
        if notice.fix and notice.fix.network:
            _check(before, notice)


@settings(RANDOM, max_examples=30)
@given(deep())
def test_a_deep_stack_made_residual_keeps_its_numbers(network: Network) -> None:
    before = analyse(network)
    assume(before.trainable)
    notices = [each for each in before.notices if each.id == "depth.W001"]
    assert len(notices) == 1
    if notices[0].fix:
        _check(before, notices[0])
