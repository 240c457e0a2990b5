"""Stacks whose units die are told with the rate and the start weights, and they do die."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import torch

from benchmarks.dying_relus import run, stack
from playground.analysis import Notice, analyse
from playground.guidelines.dying import _states
from playground.network import Network, read_network
from playground.plan import plan
from playground.recipe import INITIALISATIONS, Recipe
from playground.walk import walk
from tests.playground.drawing import chain, image
from worker.build import build
from worker.data import load
from worker.initialise import initialise

DENSE = ("dense", {"units": 10})


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Steps this small are faster on one, and much faster where other programs run."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def dying(network: Network, **recipe: Any) -> list[Notice]:
    notices = analyse(network, recipe=Recipe(**recipe)).notices
    return [each for each in notices if each.id.startswith("dying.")]


def test_the_rate_is_told_with_one_that_would_do() -> None:
    (notice,) = dying(stack("dense", 16, "ReLU"), learning_rate=0.05)
    assert (notice.id, notice.node, notice.level) == ("dying.W001", "n33", "warning")
    assert notice.message == (
        "ReLU (n33) ends a stack of 16 ReLUs without batch norm; at a rate of 0.05 SGD will leave many of their units"
        " dead."
    )
    assert notice.hint.startswith("Use a rate of 0.03 or less.")
    assert dying(stack("dense", 16, "ReLU"), learning_rate=0.03) == []


@pytest.mark.parametrize(
    ("layers", "recipe", "told"),
    [
        (2, {"learning_rate": 0.1}, False),
        (2, {"learning_rate": 0.3}, True),
        (2, {"learning_rate": 0.3, "momentum": 0.0}, False),
        (2, {"learning_rate": 1.0, "momentum": 0.0}, True),
        (8, {"learning_rate": 0.1}, True),
        (8, {"learning_rate": 0.01, "optimiser": "adam"}, False),
        (8, {"learning_rate": 0.03, "optimiser": "adamw"}, True),
        (20, {"learning_rate": 0.01, "optimiser": "adam"}, True),
        (4, {"learning_rate": 0.001, "optimiser": "rmsprop"}, False),
        (4, {"learning_rate": 0.003, "optimiser": "rmsprop"}, True),
        (4, {"learning_rate": 0.003, "optimiser": "rmsprop", "momentum": 0.0}, False),
    ],
)
def test_depth_optimiser_and_momentum_decide(layers: int, recipe: dict[str, Any], told: bool) -> None:
    assert [each.id for each in dying(stack("dense", layers, "ReLU"), **recipe)] == ["dying.W001"] * told


def test_batch_norm_and_leaky_relu_are_the_ways_out() -> None:
    for bend in ("batch norm and ReLU", "leaky ReLU"):
        assert dying(stack("conv", 12, bend), learning_rate=0.3) == []
    (notice,) = dying(stack("dense", 16, "ReLU"))
    assert notice.fix and notice.fix.network
    made = read_network(notice.fix.network)
    assert dying(made) == []
    blocks = [node.block for node in made.nodes]
    assert blocks[:5] == ["input", "flatten", "dense", "batch_norm", "relu"]
    assert blocks.count("batch_norm") == 16
    assert [node.params.get("bias", True) for node in made.nodes if node.block == "dense"] == [False] * 16 + [True]


def test_relus_in_a_group_of_the_user_are_told_without_a_press() -> None:
    inside: dict[str, Any] = {"nodes": [], "edges": []}
    names = ["in", *(f"{kind}{place}" for place in range(16) for kind in ("dense", "relu")), "out"]
    for name in names[1:-1]:
        inside["nodes"].append({"id": name, "block": name.rstrip("0123456789")})
    inside["edges"] = [{"source": a, "target": b} for a, b in pairwise(names)]
    network = chain(i=image(1, 8), f="flatten", g=("group", {"name": "Stack", "network": inside}), d=DENSE, o="output")
    (notice,) = dying(network)
    assert (notice.id, notice.node, notice.fix) == ("dying.W001", "g", None)


def test_shortcuts_are_ways_round_the_stack() -> None:
    inside: dict[str, Any] = {"filters": 8, "normalise": False}
    plain = {f"r{place}": ("residual_basic", {**inside, "shortcut": "none"}) for place in range(8)}
    short = {f"r{place}": ("residual_basic", inside) for place in range(8)}
    ends: dict[str, Any] = {"f": "flatten", "d": DENSE, "o": "output"}
    (notice,) = dying(chain(i=image(8, 8), **plain, **ends))
    assert "a stack of 16 ReLUs" in notice.message
    assert notice.fix and dying(read_network(notice.fix.network)) == []
    assert dying(chain(i=image(8, 8), **short, **ends)) == []


def test_start_weights_that_fade_are_told_and_batch_norm_mends_them() -> None:
    network = stack("conv", 6, "ReLU")
    assert dying(network) == []
    (notice,) = dying(network, initialisation="torch")
    assert (notice.id, notice.node, notice.level) == ("dying.W002", "n12", "warning")
    assert notice.message == (
        "With the start weights “As torch does” 0.5 % of the signal is left at ReLU (n12); many of its units will be"
        " zero for every image."
    )
    assert notice.fix and notice.fix.network
    made = analyse(read_network(notice.fix.network), recipe=Recipe(initialisation="torch"))
    assert made.notices == []
    assert made.order[1:4] == ["n1", "batch_norm", "n2"]


@pytest.mark.parametrize("kind", [each.value for each in INITIALISATIONS])
def test_the_signal_that_is_left_is_what_torch_measures(kind: str) -> None:
    wide = ("dense", {"units": 800, "bias": False})
    layers = {f"{name}{place}": block for place in range(3) for name, block in (("c", wide), ("r", "relu"))}
    network = chain(i=image(100, 2), f="flatten", **layers, d=DENSE, o="output")
    states = _states(walk(network, Recipe(initialisation=kind)))

    torch.manual_seed(5)
    built = build(plan(network))
    initialise(built, kind)
    with torch.no_grad():
        _, values = built.run(torch.randn(50, 100, 2, 2), range(len(built.steps)))
    for place in range(3):
        value = values[built.index[f"r{place}"]]
        assert value is not None
        assert math.exp(states[f"r{place}"].signal) == pytest.approx(float(value.square().mean()), rel=0.25)


@pytest.mark.parametrize(
    ("layers", "start", "rate"),
    [(4, "he_normal", 0.3), (8, "he_normal", 0.1), (8, "torch", 0.03), (8, "small_normal", 0.03)],
)
@pytest.mark.usefixtures("one_thread")
def test_stacks_that_are_told_do_die(layers: int, start: str, rate: float) -> None:
    recipe = Recipe(dataset="digits", learning_rate=rate, initialisation=start)
    assert dying(stack("dense", layers, "ReLU"), **recipe.model_dump())
    assert run(stack("dense", layers, "ReLU"), recipe, load("digits")).dead > 0.25


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("bend", ["ReLU", "batch norm and ReLU"])
def test_stacks_that_are_not_told_live_and_learn(bend: str) -> None:
    recipe = Recipe(dataset="digits", learning_rate=0.03)
    assert dying(stack("dense", 8, bend), **recipe.model_dump()) == []
    found = run(stack("dense", 8, bend), recipe, load("digits"))
    assert found.dead < 0.1 and found.right > 0.9
