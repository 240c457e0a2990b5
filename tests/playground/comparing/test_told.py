"""The difference of two runs in words that a person would use."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from playground.comparing.told import SAME, told
from playground.network import Network, read_network
from playground.recipe import Recipe
from tests.playground.random_networks import networks


def network(*blocks: tuple[str, str, dict[str, Any]]) -> Network:
    """A chain on 8×8 images."""
    chain = [("input", "input", {"channels": 1, "height": 8, "width": 8}), *blocks, ("output", "output", {})]
    return read_network(
        {
            "format": 1,
            "name": "Chain",
            "nodes": [{"id": name, "block": block, "params": params} for name, block, params in chain],
            "edges": [{"source": one[0], "target": other[0]} for one, other in pairwise(chain)],
        }
    )


CONV = ("c1", "conv2d", {"filters": 16, "kernel_size": 3})
RELU = ("r1", "relu", {})
HEAD = [("flat", "flatten", {}), ("head", "dense", {"units": 10})]
PLAIN = network(CONV, RELU, *HEAD)


def said(after: Network = PLAIN, before: Network = PLAIN, **recipe: Any) -> str:
    return told((before, Recipe()), (after, Recipe(**recipe)))


def test_a_setting_of_the_recipe_is_told_with_both_values() -> None:
    assert said(learning_rate=0.1) == "Rate 0.1 instead of 0.05"
    assert said(optimiser="adam", epochs=5) == "Epochs 5 instead of 3; optimiser Adam instead of SGD"
    assert said(nesterov=True) == "Nesterov on instead of off"


def test_what_is_set_aside_is_not_told() -> None:
    assert told((PLAIN, Recipe()), (PLAIN, Recipe(seed=2)), aside=("seed",)) == SAME


def test_blocks_more_and_fewer_are_counted_and_named() -> None:
    deeper = network(CONV, RELU, ("c2", "conv2d", {"filters": 8}), ("r2", "relu", {}), *HEAD)
    assert said(deeper) == "2 blocks more (Conv 3×3 and ReLU)"
    assert said(PLAIN, deeper) == "2 blocks fewer (Conv 3×3 and ReLU)"


def test_a_block_set_differently_is_named_with_its_setting() -> None:
    wide = network(("c1", "conv2d", {"filters": 32, "kernel_size": 3}), RELU, *HEAD)
    assert said(wide) == "Channels out 32 instead of 16 in Conv 3×3"


def test_a_block_of_another_kind_is_told() -> None:
    assert said(network(CONV, ("r1", "sigmoid", {}), *HEAD)).startswith("Block Sigmoid instead of ReLU")


def test_blocks_with_like_changes_are_told_together() -> None:
    def two(kind: str) -> Network:
        return network(CONV, ("r1", kind, {}), ("c2", "conv2d", {"filters": 8}), ("r2", kind, {}), *HEAD)

    assert said(two("tanh"), two("relu")).endswith("in 2 blocks")


@given(document=networks())
def test_a_network_does_not_differ_from_itself(document: Any) -> None:
    same = read_network(document) if isinstance(document, dict) else document
    assert told((same, Recipe()), (same, Recipe())) == SAME


@given(seed=st.integers(2, 1000))
def test_a_seed_is_told(seed: int) -> None:
    assert said(seed=seed) == f"Seed {seed} instead of 1"
