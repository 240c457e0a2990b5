"""The catalogue as the palette shows it."""

from __future__ import annotations

from itertools import groupby

import pytest

from playground.blocks import CATALOGUE, Block

WORDS = """input output conv2d depthwise_conv2d max_pool avg_pool global_avg_pool flatten dense dropout batch_norm
local_response_norm add concat step linear_activation sigmoid tanh relu leaky_relu swish softmax inception_naive
inception residual_basic residual_bottleneck group"""


def test_every_documented_block_is_there() -> None:
    assert set(CATALOGUE) >= set(WORDS.split())


def test_categories_come_in_the_order_of_the_palette() -> None:
    order = [category for category, _ in groupby(block.category for block in CATALOGUE.values())]
    assert order == ["Ends", "Convolve", "Pool", "Compose", "Activate", "Steady", "Head"]


def test_a_name_is_given_once() -> None:
    with pytest.raises(TypeError, match=r"A block named 'relu' exists already. Choose another kind for Twice"):
        type("Twice", (Block,), {"kind": "relu"})


def test_activations_inside_composites_are_those_of_the_palette() -> None:
    wanted = [kind for kind, block in CATALOGUE.items() if block.category == "Activate"]
    for kind in ("inception", "residual_basic"):
        (field,) = (spec for spec in CATALOGUE[kind].fields() if spec.name == "activation")
        assert [choice.value for choice in field.choices] == [*wanted, "none"]


def test_blocks_come_in_the_order_of_the_palette() -> None:
    compose = [kind for kind, block in CATALOGUE.items() if block.category == "Compose"]
    assert compose == [
        "inception_naive", "inception", "residual_basic", "residual_bottleneck", "add", "concat", "pad_shortcut",
        "group",
    ]  # fmt: skip
