"""Every remedy changes one thing and leaves a network that trains; where it would change nothing it is not offered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from playground.analysis import analyse
from playground.doctor import REMEDIES, Patient
from playground.fixes import document
from playground.network import read_network
from playground.recipe import Recipe
from playground.walk import walk
from playground.zoo import ZOO
from tests.networks import documents
from tests.playground.doctor.ward import CHAIN, Layer, network


def patient(*layers: Layer, value: float | None = None, **recipe: Any) -> Patient:
    made = Recipe(dataset="digits", **recipe)
    return Patient(walk(network(*(layers or CHAIN))), made, made.learning_rate, None, value)


def kinds(change: Any) -> list[str]:
    """Blocks of the changed network in the order of their wires."""
    wiring = walk(read_network(change.network)).wiring
    nodes = {node["id"]: node["block"] for node in change.network["nodes"]}
    return [nodes[id] for id in wiring.order]


def test_leaky_relu_takes_the_place_of_every_relu() -> None:
    change = REMEDIES["leaky_relu"](patient())
    assert change and (change.label, change.twin) == ("Use leaky ReLU", "leaky ReLU")
    assert kinds(change).count("leaky_relu") == 2 and "relu" not in kinds(change)
    assert "tanh" in kinds(change) and change.recipe == {}


def test_relu_takes_the_place_of_what_squeezes() -> None:
    change = REMEDIES["relu"](
        patient(("flatten", {}), ("dense", {"units": 10}), ("sigmoid", {}), ("dense", {"units": 10}))
    )
    assert change and kinds(change) == ["input", "flatten", "dense", "relu", "dense", "output"]
    assert REMEDIES["relu"](patient(("flatten", {}), ("dense", {"units": 10}))) is None


def test_batch_norm_stands_behind_every_convolution_and_takes_its_bias() -> None:
    change = REMEDIES["batch_norm"](patient())
    assert change and kinds(change)[1:3] == ["conv2d", "batch_norm"]
    assert kinds(change).count("batch_norm") == 2
    biases = [node["params"]["bias"] for node in change.network["nodes"] if node["block"] == "conv2d"]
    assert biases == [False, False]


def test_batch_norm_without_convolutions_stands_behind_dense_layers_but_not_the_scores() -> None:
    change = REMEDIES["batch_norm"](
        patient(("flatten", {}), ("dense", {"units": 12}), ("tanh", {}), ("dense", {"units": 10}))
    )
    assert change and kinds(change) == ["input", "flatten", "dense", "batch_norm", "tanh", "dense", "output"]


def test_batch_norm_is_switched_on_inside_of_residual_blocks() -> None:
    block = ("residual_basic", {"filters": 4, "normalise": False})
    change = REMEDIES["batch_norm"](patient(block, ("flatten", {}), ("dense", {"units": 10})))
    assert change and change.network["nodes"][1]["params"]["normalise"] is True


def test_a_step_becomes_a_relu() -> None:
    change = REMEDIES["smooth_step"](
        patient(("flatten", {}), ("dense", {"units": 10}), ("step", {}), ("dense", {"units": 10}))
    )
    assert change and "step" not in kinds(change)


def test_what_comes_in_is_normalised_before_the_first_weights() -> None:
    change = REMEDIES["normalise_input"](patient(("linear_activation", {"c": 50.0}), *CHAIN))
    assert change and kinds(change)[:4] == ["input", "linear_activation", "batch_norm", "conv2d"]


def test_a_plain_stack_becomes_residual() -> None:
    pairs = [("conv2d", {"filters": 1, "kernel_size": 3, "padding": 1}), ("relu", {})] * 4
    change = REMEDIES["shortcuts"](patient(*pairs, ("flatten", {}), ("dense", {"units": 10})))
    assert change and kinds(change).count("residual_basic") == 2


def test_dropout_stands_before_the_scores_once() -> None:
    change = REMEDIES["dropout"](patient())
    assert change and kinds(change)[-3:] == ["dropout", "dense", "output"]
    assert REMEDIES["dropout"](patient(("flatten", {}), ("dropout", {}), ("dense", {"units": 10}))) is None


@pytest.mark.parametrize(
    ("id", "recipe", "value", "expected"),
    [
        ("slower", {"learning_rate": 5.0}, None, {"learning_rate": 0.05}),
        ("slower", {"learning_rate": 0.03, "optimiser": "adam"}, None, {"learning_rate": 0.003}),
        ("faster", {"learning_rate": 1e-6}, 1e-7, {"learning_rate": 0.01}),
        ("faster", {"learning_rate": 0.001}, None, {"learning_rate": 0.01}),
        ("faster", {"learning_rate": 2.0}, 1e-7, None),
        ("warm_up", {}, None, {"warmup_steps": 200}),
        ("warm_up", {"warmup_steps": 300}, None, None),
        ("he_weights", {"initialisation": "small_normal"}, None, {"initialisation": "he_normal"}),
        ("he_weights", {"initialisation": "he_normal"}, None, None),
        ("glorot_weights", {}, None, {"initialisation": "glorot_uniform"}),
        ("weight_decay", {}, None, {"weight_decay": 5e-4}),
        ("weight_decay", {"weight_decay": 0.01}, None, None),
        ("stop_early", {"epochs": 20}, 4.0, {"epochs": 4}),
        ("stop_early", {"epochs": 4}, 4.0, None),
    ],
)
def test_settings_that_change(
    id: str, recipe: dict[str, Any], value: float | None, expected: dict[str, Any] | None
) -> None:
    change = REMEDIES[id](patient(value=value, **recipe))
    assert (change and change.recipe) == expected
    if change:
        assert change.twin and change.network is None
        Recipe.model_validate({"dataset": "digits", **recipe, **change.recipe})


def test_commands_change_the_rate_of_the_moment() -> None:
    now = patient()
    assert REMEDIES["slower_now"](now).rate == pytest.approx(now.rate / 10)  # type: ignore[union-attr]
    assert REMEDIES["faster_now"](now).twin == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("id", REMEDIES)
@settings(max_examples=8, deadline=None)
@given(made=documents())
def test_what_trains_still_trains(id: str, made: dict[str, Any]) -> None:
    given_network = read_network(made)
    if not analyse(given_network).trainable:
        return
    recipe = Recipe(dataset="digits")
    change = REMEDIES[id](Patient(walk(given_network), recipe, recipe.learning_rate, None, 1e-5))
    if change is None or change.network is None:
        return
    assert change.network != document(given_network)
    after = analyse(read_network(change.network))
    assert after.trainable, [notice.message for notice in after.notices if notice.level == "error"]


NOTHING_TO_REMEDY = {
    ("lenet-5", "shortcuts"),
    ("resnet-8", "batch_norm"),
    ("resnet-8", "shortcuts"),
    ("plain-8", "batch_norm"),
    ("small-inception", "shortcuts"),
}
"""They have it already, or are too shallow to need it."""


@pytest.mark.parametrize("name", ["lenet-5", "resnet-8", "plain-8", "small-inception"])
@pytest.mark.parametrize("id", ["leaky_relu", "batch_norm", "shortcuts", "normalise_input"])
def test_networks_of_the_zoo_can_be_remedied(name: str, id: str) -> None:
    recipe = Recipe()
    change = REMEDIES[id](Patient(walk(ZOO[name].network), recipe, recipe.learning_rate))
    assert (change is not None) == ((name, id) not in NOTHING_TO_REMEDY)
    if change is not None:
        assert change.network and analyse(read_network(change.network)).trainable
